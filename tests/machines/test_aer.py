"""Aer is loaded with sleeping threads, and the process keeps its environment."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

CHECK = (
    "import os, sys, qattn.machines.sampler, qattn.find; assert 'qiskit_aer' not in sys.modules; "
    "from qattn.machines.aer import load_aer; load_aer(); assert 'qiskit_aer' in sys.modules; "
    "print(os.environ.get('OMP_WAIT_POLICY'))"
)


def spins(code: str) -> str:
    """What OpenMP says of its waiting threads when Aer is loaded; "" where it says nothing."""
    environment = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    environment["OMP_DISPLAY_ENV"] = "VERBOSE"
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return next((line.split("'")[1] for line in run.stderr.splitlines() if "GOMP_SPINCOUNT" in line), "")


def test_threads_sleep_while_they_wait() -> None:
    alone = spins("import qiskit_aer")
    if not alone:
        pytest.skip("this Aer is not built on GNU OpenMP")
    assert spins("from qattn.machines.aer import load_aer; load_aer()") == "0" != alone


@pytest.mark.parametrize("own", [None, "active"])
def test_the_environment_stays_as_it_was(own: str | None) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    if own:
        environment["OMP_WAIT_POLICY"] = own
    run = subprocess.run([sys.executable, "-c", CHECK], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == str(own)
