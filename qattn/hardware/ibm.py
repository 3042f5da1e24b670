"""IBM Quantum: the only file that knows qiskit-ibm-runtime (extra `ibm`), imported when a backend is asked for.

The token comes from the environment (QISKIT_IBM_TOKEN) or from the account saved with
`QiskitRuntimeService.save_account`, never from an argument. It is checked to be text before the service sees it, and
kept out of everything that is logged, warned or raised while the service is used.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit.transpiler import Target

from qattn.arrays import missing_extra
from qattn.hardware.errors import AccountError, JobFailed
from qattn.hardware.provider import Provider, Work
from qattn.hardware.secrets import guarded, redact
from qattn.hardware.simulated import noisy_simulator, onto, used_qubits
from qattn.machines.sampler import integers

Integers = NDArray[np.int64]

SIMULATED = "simulated_"
WAITING = ("INITIALIZING", "QUEUED", "VALIDATING", "RUNNING")
NO_ACCOUNT = (
    "no IBM Quantum account: set QISKIT_IBM_TOKEN, or save one once with "
    "QiskitRuntimeService.save_account(token=..., set_as_default=True); fake backends such as fake_torino need none"
)
NOT_TEXT = "the IBM Quantum token is not a text; save the account again, the token in quotes"


@dataclass(frozen=True)
class Execution:
    """How circuits are executed; the defaults are plain sampling.

    Attributes:
        dynamical_decoupling: "XX", "XpXm" or "XY4" on idle qubits, or None.
        twirl_gates: Pauli twirling of two-qubit gates.
        twirl_measure: twirling of readout.
        max_execution_time: seconds after which the service stops a job, or None.
    """

    dynamical_decoupling: str | None = None
    twirl_gates: bool = False
    twirl_measure: bool = False
    max_execution_time: int | None = None

    def __post_init__(self) -> None:
        if self.dynamical_decoupling not in (None, "XX", "XpXm", "XY4"):
            raise ValueError(f"dynamical_decoupling = {self.dynamical_decoupling!r}; choose XX, XpXm, XY4 or None")

    def options(self, tag: str) -> dict[str, Any]:
        """As the runtime's Sampler takes them."""
        options: dict[str, Any] = {
            "environment": {"job_tags": [tag, "qattn"]},
            "twirling": {"enable_gates": self.twirl_gates, "enable_measure": self.twirl_measure},
        }
        if self.dynamical_decoupling:
            options["dynamical_decoupling"] = {"enable": True, "sequence_type": self.dynamical_decoupling}
        if self.max_execution_time:
            options["max_execution_time"] = self.max_execution_time
        return options


def connect(name: str, execution: Execution | None = None) -> Provider:
    """The provider behind a backend's name.

    Args:
        name: `fake_torino` and its like are simulated here, without an account; `simulated_NAME` simulates the noise
            of the account's backend NAME as calibrated now; any other name is a backend of the account.
        execution: how circuits are executed.

    Raises:
        ImportError: names the extra to install.
        ValueError: when there is no backend of that name.
        AccountError: no account, a wrong token, or one that is not text.
        NetworkError: when IBM Quantum cannot be reached.
    """
    _runtime()
    execution = execution or Execution()
    if name.startswith("fake_"):
        return SimulatedProvider.of(fake_backend(name), execution)
    token, simulated = _token(), name.startswith(SIMULATED)
    with guarded(token):
        from qiskit_ibm_runtime import QiskitRuntimeService

        service = QiskitRuntimeService(instance="auto")  # the saved instance if there is one, without a warning
        backend = service.backend(name.removeprefix(SIMULATED))
        if simulated:
            return SimulatedProvider.of(backend, execution)
        return IbmProvider(service, backend, token, execution)


def fake_backend(name: str) -> Any:
    """The fake backend of that name, such as fake_torino: a snapshot of a processor's calibration."""
    _runtime()
    from qiskit_ibm_runtime import fake_provider

    kind = getattr(fake_provider, "".join(part.title() for part in name.split("_")), None)
    if kind is None or not name.startswith("fake_"):
        names = sorted(n for n in dir(fake_provider) if n.startswith("Fake") and not n.startswith("FakeProvider"))
        known = ", ".join("fake" + re.sub(r"([A-Z])", r"_\1", n[4:]).lower() for n in names)
        raise ValueError(f"there is no fake backend {name!r}; there are {known}")
    return kind()


@dataclass(frozen=True)
class SimulatedProvider:
    """A backend's noise on this machine, through the runtime's local mode: the circuits of the real path, no account.

    Attributes:
        target: of any backend, fake or real.
        calibration: when its errors were measured.
        execution: dynamical decoupling has no effect here (idle qubits have no noise) and is left out.
    """

    target: Target
    calibration: str
    execution: Execution = field(default_factory=Execution)

    @classmethod
    def of(cls, backend: Any, execution: Execution | None = None) -> SimulatedProvider:
        """The simulation of a backend as calibrated now."""
        return cls(backend.target, _calibrated(backend), execution or Execution())

    def submit(self, work: Work, *, together: bool) -> str:
        """Nothing to send; the id says that the work is done when it is collected."""
        return f"simulated-{work.tag}"

    def find(self, tag: str) -> str | None:
        """The id that `submit` gives."""
        return f"simulated-{tag}"

    def collect(self, job_id: str, work: Work) -> list[Integers] | str:
        """Simulate the circuits with the noise of their qubits."""
        from qiskit_ibm_runtime.executor_sampler import Sampler

        circuits = work.circuits
        options = Execution(None, self.execution.twirl_gates, self.execution.twirl_measure).options(work.tag)
        options["simulator"] = {"seed_simulator": work.seed}
        measured = []
        for circuit in circuits:  # one at a time: each has qubits of its own, and few qubits simulate fast
            qubits = used_qubits([circuit])
            sampler = Sampler(mode=noisy_simulator(self.target, qubits), options=options)
            result = sampler.run([(onto(circuit, qubits), None, work.shots)]).result()
            measured.append(integers(result[0].data.found)[0])
            options["simulator"]["seed_simulator"] += 1
        return measured

    def cancel(self, job_id: str) -> None:
        """Nothing runs."""

    def close(self) -> None:
        """Nothing is open."""


@dataclass(eq=False)
class IbmProvider:
    """One backend of IBM Quantum.

    Attributes:
        service: the runtime's service.
        backend: the processor.
        execution: options of the sampler.
    """

    service: Any
    backend: Any
    _token: str = field(repr=False)
    execution: Execution = field(default_factory=Execution)
    _batch: Any = field(default=None, init=False, repr=False)

    @property
    def target(self) -> Target:
        """The processor as last calibrated."""
        with guarded(self._token):
            return self.backend.target

    @property
    def calibration(self) -> str:
        """The date of the last calibration, asked anew; a new one also refreshes `target`."""
        with guarded(self._token):
            known = _calibrated(self.backend)
            self.backend.refresh()
            return _calibrated(self.backend) or known

    def submit(self, work: Work, *, together: bool) -> str:
        """Submit one job with the work's tag; the parts of one round share a batch where the plan allows it."""
        with guarded(self._token):
            from qiskit_ibm_runtime.executor_sampler import Sampler

            mode = self._together() if together else self.backend
            sampler = Sampler(mode=mode, options=self.execution.options(work.tag))
            job = sampler.run([(circuit, None, work.shots) for circuit in work.circuits])
            return str(job.job_id())

    def find(self, tag: str) -> str | None:
        """The oldest job with this tag; a second one, should there ever be one, is cancelled."""
        with guarded(self._token):
            jobs = sorted(self.service.jobs(limit=10, job_tags=[tag]), key=lambda job: str(job.creation_date))
            for spare in jobs[1:]:
                if spare.status() in WAITING:
                    spare.cancel()
            return str(jobs[0].job_id()) if jobs else None

    def collect(self, job_id: str, work: Work) -> list[Integers] | str:
        """What was measured, or the status.

        Raises:
            JobFailed: failed, cancelled, out of time, or no longer known to the service.
        """
        with guarded(self._token):
            job = self.service.job(job_id)
            status = str(job.status())
            if status in WAITING:
                return status
            if status != "DONE":
                why = "was cancelled" if status == "CANCELLED" else f"failed: {_reason(job)}"
                raise JobFailed(f"job {job_id} {redact(why, self._token)}")
            return [integers(pub.data.found)[0] for pub in job.result()]

    def cancel(self, job_id: str) -> None:
        """Cancel a job.

        Raises:
            JobFailed: when it cannot be cancelled any more.
        """
        with guarded(self._token):
            self.service.job(job_id).cancel()

    def close(self) -> None:
        """All parts of a round are submitted: close its batch."""
        batch, self._batch = self._batch, None
        if batch is not None and batch is not self.backend:
            with guarded(self._token):
                batch.close()

    def _together(self) -> Any:
        """The batch of this round, or the backend alone where the plan has no batches."""
        from qiskit_ibm_runtime import Batch
        from qiskit_ibm_runtime.exceptions import IBMError

        if self._batch is None:
            try:
                self._batch = Batch(backend=self.backend)
            except IBMError:
                self._batch = self.backend
        return self._batch


def _runtime() -> None:
    try:
        import qiskit_ibm_runtime  # noqa: F401
    except ImportError as error:
        raise missing_extra("IBM Quantum", "ibm") from error


def _token() -> str:
    """The token of the account in the environment or on disk, proven to be text."""
    token: object = os.environ.get("QISKIT_IBM_TOKEN")
    if token is None:
        from qiskit_ibm_runtime.accounts import AccountManager

        try:
            account = AccountManager.get()
        except Exception:
            raise AccountError(NO_ACCOUNT) from None  # what the file holds must not be quoted
        token = getattr(account, "token", None)
    if token in (None, ""):
        raise AccountError(NO_ACCOUNT)
    if not isinstance(token, str):
        raise AccountError(NOT_TEXT)
    if token != token.strip() or not token.isprintable():
        raise AccountError("the IBM Quantum token has blanks or line ends around it; set it again without them")
    return token


def _reason(job: Any) -> str:
    words = str(job.error_message() or "no reason given")
    if "1305" in words or "maximum execution time" in words.lower() or "ran too long" in words.lower():
        return f"it ran into its maximal execution time; raise --max-execution-time ({words})"
    return words


def _calibrated(backend: Any) -> str:
    properties = backend.properties() if hasattr(backend, "properties") else None
    return str(getattr(properties, "last_update_date", "") or "")
