"""IBM Quantum: the only file that knows qiskit-ibm-runtime (extra `ibm`), imported when a backend is asked for.

The token comes from the environment (QISKIT_IBM_TOKEN) or from the account saved with
`QiskitRuntimeService.save_account`, never from an argument. It is checked to be text before the service sees it, and
kept out of everything that is logged, warned or raised while the service is used.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from qiskit.transpiler import Target

from qattn.arrays import missing_extra
from qattn.hardware.errors import AccountError, JobFailed
from qattn.hardware.execution import Execution
from qattn.hardware.post_selection import ANCILLA, INDEX, Shots
from qattn.hardware.provider import Provider, Work
from qattn.hardware.secrets import guarded, redact
from qattn.hardware.simulated import noisy_simulator, onto, used_qubits
from qattn.machines.sampler import integers

SIMULATED = "simulated_"
WAITING = ("INITIALIZING", "QUEUED", "VALIDATING", "RUNNING")
NO_ACCOUNT = (
    "no IBM Quantum account: set QISKIT_IBM_TOKEN, or save one once with "
    "QiskitRuntimeService.save_account(token=..., set_as_default=True); fake backends such as fake_torino need none"
)
RETIRED = "ibm_quantum"
RETIRED_ACCOUNT = object()
RETIRED_CHANNEL = (
    "{} the channel ibm_quantum, which IBM has retired: make a token on quantum.cloud.ibm.com and save it with "
    "QiskitRuntimeService.save_account(channel='ibm_quantum_platform', token=..., set_as_default=True)"
)
NOT_TEXT = "the IBM Quantum token is not a text; save the account again, the token in quotes"


def connect(name: str, execution: Execution | None = None) -> Provider:
    """The provider behind a backend's name.

    Args:
        name: `fake_torino` and its like are simulated here, without an account; `simulated_NAME` simulates the noise
            of the account's backend NAME as calibrated now; any other name is a backend of the account, which is looked
            up when circuits are made for it: what a retired one has measured can still be collected.
        execution: how circuits are executed.

    Returns:
        Where circuits run.

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
    token = _token()

    def connected() -> Provider:
        from qiskit_ibm_runtime import QiskitRuntimeService

        service = QiskitRuntimeService(instance="auto")  # the saved instance if there is one, without a warning
        if name.startswith(SIMULATED):
            return SimulatedProvider.of(service.backend(name.removeprefix(SIMULATED)), execution)
        return IbmProvider(service, name, token, execution)

    return guarded(token, connected)


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
        """The simulation of a backend as calibrated now.

        Args:
            backend: any `BackendV2`.
            execution: options of the sampler; None: the defaults.

        Returns:
            A provider that needs no account.
        """
        return cls(backend.target, _calibrated(backend), execution or Execution())

    def submit(self, work: Work, *, together: bool) -> str:
        """Nothing to send; the work is done when it is collected.

        Args:
            work: what is to run.
            together: not needed.

        Returns:
            An id with the work's tag.
        """
        return f"simulated-{work.tag}"

    def find(self, tag: str) -> str | None:
        """Nothing: submitting again costs nothing, and gives the same id."""
        return None

    def collect(self, job_id: str, work: Work) -> list[Shots] | str:
        """Simulate the circuits with the noise of their qubits.

        Args:
            job_id: not needed.
            work: the circuits.

        Returns:
            What each circuit measured.
        """
        from qiskit_ibm_runtime.executor_sampler import Sampler

        execution = replace(self.execution, dynamical_decoupling=None)
        measured = []
        for i, (circuit, copies) in enumerate(zip(work.circuits, work.copies, strict=True)):
            qubits = used_qubits([circuit])  # one at a time: each has qubits of its own, and few qubits simulate fast
            options = execution.options(work.tag, work.shots * copies)
            options["simulator"] = {"seed_simulator": work.seed + i}
            sampler = Sampler(mode=noisy_simulator(self.target, qubits), options=options)
            result = sampler.run([(onto(circuit, qubits), None, work.shots * copies)]).result()
            measured.append(_shots(result[0].data))
        return measured

    def cancel(self, job_id: str) -> None:
        """Nothing runs."""

    def close(self) -> None:
        """Nothing is open."""


@dataclass(eq=False)
class IbmProvider:
    """One backend of IBM Quantum. It holds an account, so it cannot be pickled; `connect` again instead.

    Attributes:
        service: the runtime's service.
        name: of the processor.
        execution: options of the sampler.
    """

    service: Any
    name: str
    _token: str = field(repr=False)
    execution: Execution = field(default_factory=Execution)
    _backend: Any = field(default=None, init=False, repr=False)
    _batch: Any = field(default=None, init=False, repr=False)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a provider holds an account and is not pickled; connect again where it is needed")

    @property
    def target(self) -> Target:
        """The processor as last calibrated."""
        return guarded(self._token, lambda: self._processor().target)

    @property
    def calibration(self) -> str:
        """The date of the last calibration, asked anew; a new one also refreshes `target`."""

        def asked() -> str:
            backend = self._processor()
            known = _calibrated(backend)
            backend.refresh()
            return _calibrated(backend) or known

        return guarded(self._token, asked)

    def submit(self, work: Work, *, together: bool) -> str:
        """Submit one job with the work's tag; the parts of one round share a batch where the plan allows it.

        Args:
            work: the circuits, each as often as its copies.
            together: whether other parts of the round follow or came before.

        Returns:
            The job's id.

        Raises:
            HardwareError: when the service refuses it or cannot be reached.
        """

        def submitted() -> str:
            from qiskit_ibm_runtime.executor_sampler import Sampler

            mode = self._together() if together else self._processor()
            sampler = Sampler(mode=mode, options=self.execution.options(work.tag, work.shots))
            pairs = zip(work.circuits, work.copies, strict=True)
            pubs = [(circuit, None, work.shots) for circuit, copies in pairs for _ in range(copies)]
            return str(sampler.run(pubs).job_id())

        return guarded(self._token, submitted)

    def find(self, tag: str) -> str | None:
        """The oldest job with this tag; a second one, should there ever be one, is cancelled."""

        def asked() -> str | None:
            jobs = sorted(self.service.jobs(limit=10, job_tags=[tag]), key=lambda job: str(job.creation_date))
            for spare in jobs[1:]:
                if spare.status() in WAITING:
                    spare.cancel()
            return str(jobs[0].job_id()) if jobs else None

        return guarded(self._token, asked)

    def collect(self, job_id: str, work: Work) -> list[Shots] | str:
        """What was measured, or the status.

        Args:
            job_id: what `submit` gave.
            work: what was submitted.

        Returns:
            What each circuit measured, its copies together; or the status of a job that is not finished.

        Raises:
            JobFailed: failed, cancelled, out of time, or no longer known to the service.
        """

        def asked() -> list[Shots] | str:
            job = self.service.job(job_id)
            status = str(job.status())
            if status in WAITING:
                return status
            if status != "DONE":
                why = "was cancelled" if status == "CANCELLED" else f"failed: {_reason(job)}"
                raise JobFailed(f"job {job_id} {redact(why, self._token)}")
            return together(list(map(_shots, (pub.data for pub in job.result()))), work.copies)

        return guarded(self._token, asked)

    def cancel(self, job_id: str) -> None:
        """Cancel a job.

        Raises:
            JobFailed: when it cannot be cancelled any more.
        """
        guarded(self._token, lambda: self.service.job(job_id).cancel())

    def close(self) -> None:
        """All parts of a round are submitted: close its batch."""
        batch, self._batch = self._batch, None
        if batch is not None and batch is not self._backend:
            guarded(self._token, batch.close)

    def _processor(self) -> Any:
        """The service's object for the processor, looked up on first need."""
        if self._backend is None:
            self._backend = self.service.backend(self.name)
        return self._backend

    def _together(self) -> Any:
        """The batch of this round, or the backend alone where the plan has no batches."""
        from qiskit_ibm_runtime import Batch
        from qiskit_ibm_runtime.exceptions import IBMError

        if self._batch is None:
            try:
                self._batch = Batch(backend=self._processor())
            except IBMError:
                self._batch = self._processor()
        return self._batch


def together(results: list[Shots], copies: tuple[int, ...]) -> list[Shots]:
    """What each circuit measured in all its copies, from results copy by copy.

    Args:
        results: one per copy.
        copies: of each circuit, in order.

    Returns:
        One entry per circuit.

    Raises:
        JobFailed: when there are not as many results as copies.
    """
    if len(results) != sum(copies):
        raise JobFailed(f"the service returned {len(results)} results where {sum(copies)} were due")
    left = iter(results)
    groups = [[next(left) for _ in range(count)] for count in copies]
    return [
        Shots(np.concatenate([s.index for s in group]), np.concatenate([s.ancilla for s in group])) for group in groups
    ]


def _shots(data: Any) -> Shots:
    """The words of the registers of one result; its rows are randomizations of the same circuit."""
    index = integers(getattr(data, INDEX)).reshape(-1)
    ancilla = integers(getattr(data, ANCILLA)).reshape(-1) if ANCILLA in data else np.zeros_like(index)
    return Shots(index, ancilla)


def _runtime() -> None:
    try:
        import qiskit_ibm_runtime  # noqa: F401
    except ImportError as error:
        raise missing_extra("IBM Quantum", "ibm") from error


def _token() -> str:
    """The token of the account in the environment or on disk, proven to be text."""
    if os.environ.get("QISKIT_IBM_CHANNEL") == RETIRED:
        raise AccountError(RETIRED_CHANNEL.format("QISKIT_IBM_CHANNEL names"))
    token: object = os.environ.get("QISKIT_IBM_TOKEN")
    if token is None:
        token = _saved_token()
    if token is RETIRED_ACCOUNT:
        raise AccountError(RETIRED_CHANNEL.format("the saved account uses"))
    if token in (None, ""):
        raise AccountError(NO_ACCOUNT)
    if not isinstance(token, str):
        raise AccountError(NOT_TEXT)
    if token != token.strip() or not token.isprintable():
        raise AccountError("the IBM Quantum token has blanks or line ends around it; set it again without them")
    return token


def _saved_token() -> object:
    """The token of the saved account, None without one; what the file holds is never quoted."""
    from qiskit_ibm_runtime.accounts import AccountManager, management

    with suppress(Exception):
        return getattr(AccountManager.get(), "token", None)
    with suppress(Exception):
        saved = json.loads(Path(management._DEFAULT_ACCOUNT_CONFIG_JSON_FILE).read_text(encoding="utf-8"))
        channels = {account.get("channel") for account in saved.values()}
        if channels == {RETIRED}:
            return RETIRED_ACCOUNT
    return None


def _reason(job: Any) -> str:
    words = str(job.error_message() or "no reason given")
    if "1305" in words or "maximum execution time" in words.lower() or "ran too long" in words.lower():
        return f"it ran into its maximal execution time; raise --max-execution-time ({words})"
    return words


def _calibrated(backend: Any) -> str:
    properties = backend.properties() if hasattr(backend, "properties") else None
    return str(getattr(properties, "last_update_date", "") or "")
