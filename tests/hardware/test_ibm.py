"""IBM Quantum: which file knows the runtime, its options, and accounts that no longer work."""

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from qattn.hardware import ibm
from qattn.hardware.errors import AccountError

ROOT = Path(ibm.__file__).parents[1]
TOKEN = "s3cret-t0ken"


def test_only_one_file_knows_the_runtime() -> None:
    knowing = [p.name for p in ROOT.rglob("*.py") if "import qiskit_ibm_runtime" in (text := p.read_text()) or
               "from qiskit_ibm_runtime" in text]  # fmt: skip
    assert knowing == ["ibm.py"]
    script = "import sys, qattn, qattn.cli.run, qattn.hardware.run; sys.exit('qiskit_ibm_runtime' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False, cwd=ROOT.parent).returncode == 0


def test_without_the_runtime_the_extra_is_named(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "qiskit_ibm_runtime", None)
    with pytest.raises(ImportError, match=r'pip install -e "\.\[ibm\]"'):
        ibm.connect("fake_torino")


def test_a_provider_is_not_pickled_and_does_not_show_its_token() -> None:
    provider = ibm.IbmProvider(None, "ibm_torino", TOKEN)
    assert TOKEN not in repr(provider)
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(provider)


def saved(path: Path, monkeypatch: pytest.MonkeyPatch, **accounts: str) -> None:
    """Accounts, channel by name, in the file that the runtime reads; none in the environment."""
    from qiskit_ibm_runtime.accounts import management

    file = path / "qiskit-ibm.json"
    file.write_text(json.dumps({name: {"channel": channel, "token": TOKEN} for name, channel in accounts.items()}))
    monkeypatch.setattr(management, "_DEFAULT_ACCOUNT_CONFIG_JSON_FILE", str(file))
    for name in ("QISKIT_IBM_TOKEN", "QISKIT_IBM_CHANNEL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("name", ["ibm_torino", "simulated_ibm_torino"])
def test_an_account_of_the_retired_channel_is_named(name: str, tmp_path: Path, monkeypatch) -> None:
    saved(tmp_path, monkeypatch, **{"default-ibm-quantum": "ibm_quantum"})
    with pytest.raises(
        AccountError, match="the saved account uses the channel ibm_quantum, which IBM has retired"
    ) as e:
        ibm.connect(name)
    assert "channel='ibm_quantum_platform'" in str(e.value)
    assert "\n" not in str(e.value)
    assert TOKEN not in str(e.value)


def test_the_retired_channel_in_the_environment_is_named(tmp_path: Path, monkeypatch) -> None:
    saved(tmp_path, monkeypatch)
    monkeypatch.setenv("QISKIT_IBM_TOKEN", TOKEN)
    monkeypatch.setenv("QISKIT_IBM_CHANNEL", "ibm_quantum")
    with pytest.raises(AccountError, match="QISKIT_IBM_CHANNEL names the channel ibm_quantum, which IBM has retired"):
        ibm.connect("ibm_torino")


def test_no_account_is_another_message(tmp_path: Path, monkeypatch) -> None:
    saved(tmp_path, monkeypatch)
    with pytest.raises(AccountError, match="no IBM Quantum account"):
        ibm.connect("ibm_torino")


def test_a_fake_backend_needs_no_account(tmp_path: Path, monkeypatch) -> None:
    saved(tmp_path, monkeypatch, **{"default-ibm-quantum": "ibm_quantum"})
    assert ibm.connect("fake_manila_v2").target.num_qubits == 5
