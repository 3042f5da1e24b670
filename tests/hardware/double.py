"""A double of IBM Quantum on disk: the real service, backend, sampler and job objects over a REST client of files.

Every call may be told to fail, and the process to die, by name (`faults.json`, QATTN_KILL). Jobs run without noise and
with a seed from their inputs, so that a job gives the same counts whenever and however often it is read.

As a script it is the shell of qattn against the double: python double.py FOLDER submit ...
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

TOKEN = "s3cret-t0ken/+=%&do-not-print"
CRN = "crn:v1:bluemix:public:quantum-computing:us-east:a/1234:5678::"
NAME = "ibm_double"


def die_here(point: str) -> None:
    """Kill -9 of this process when QATTN_KILL names this point."""
    if os.environ.get("QATTN_KILL") == point:
        os.kill(os.getpid(), signal.SIGKILL)


class Client:
    """The REST client: jobs, faults and calls are files under `root`."""

    root: Path

    def __init__(self, params: Any) -> None:
        self._instance = params.instance
        self.token = params.token

    # the service's endpoints -------------------------------------------------------------------------------------

    def list_backends(self, include_mocks: bool = False) -> list[dict[str, Any]]:
        self._call("list_backends")
        if self._setting("retired", False):
            return []
        return [{"name": NAME, "status": {"name": "online"}, "queue_length": 0, "qubits": 133}]

    def backend_configuration(self, backend_name: str, **_: Any) -> dict[str, Any]:
        self._call("backend_configuration")
        return {**_fake_file("conf_torino.json"), "backend_name": NAME}

    def backend_properties(self, backend_name: str, **_: Any) -> dict[str, Any]:
        self._call("backend_properties")
        properties = _fake_file("props_torino.json")
        changed = self.root / "calibration.json"
        if changed.exists():
            self._calibrate(properties, json.loads(changed.read_text()))
        return properties

    def backend_status(self, backend_name: str) -> dict[str, Any]:
        status = {"operational": True, "status_msg": "active", "pending_jobs": 0}
        return {"backend_name": NAME, "backend_version": "1", **status}

    def cloud_usage(self) -> dict[str, Any]:
        return {}

    def create_session(self, *_: Any, **__: Any) -> dict[str, Any]:
        self._call("create_session")
        return {"id": "batch-1"}

    def close_session(self, session_id: str) -> None:
        self._call("close_session")

    def program_run(self, program_id: str, backend_name: str, params: dict[str, Any], **options: Any) -> dict[str, Any]:
        self._call("program_run")
        jobs = sorted((self.root / "jobs").glob("*.json"))
        job_id = f"job-{len(jobs) + 1}"
        job = {
            "id": job_id, "backend": NAME, "program": {"id": program_id}, "tags": options["job_tags"],
            "session_id": options.get("session_id"), "max_time": options.get("max_execution_time"),
            "created": datetime.now(UTC).isoformat(), "params": params, "polls": self._setting("polls", 0),
            "state": {"status": "Queued"},
        }  # fmt: skip
        self._save(job)
        self._call("after program_run")
        return {"id": job_id, "backend": NAME}

    def job_get(self, job_id: str, exclude_params: bool = True) -> dict[str, Any]:
        self._call("job_get")
        job = self._load(job_id)
        if job["state"]["status"] == "Queued":
            job["polls"] -= 1
            if job["polls"] < 0:
                job["state"] = self._setting("end", {"status": "Completed"})
                self._set("end", None)
            self._save(job)
        self._call("after job_get")
        return {key: value for key, value in job.items() if key != "params"}

    def jobs_get(self, job_tags: list[str] | None = None, **_: Any) -> dict[str, Any]:
        self._call("jobs_get")
        jobs = [json.loads(path.read_text()) for path in sorted((self.root / "jobs").glob("*.json"))]
        jobs = [job for job in jobs if set(job_tags or []) <= set(job["tags"])]
        return {"jobs": [{k: v for k, v in job.items() if k != "params"} for job in jobs], "count": len(jobs)}

    def job_results(self, job_id: str) -> str:
        self._call("job_results")
        job = self._load(job_id)
        if job["state"]["status"] != "Completed":
            return f"the machine caught fire while serving {self.token}"
        results = _run(job["params"])
        self._call("after job_results")
        return results

    def job_cancel(self, job_id: str) -> None:
        self._call("job_cancel")
        job = self._load(job_id)
        if job["state"]["status"] == "Completed":
            from qiskit_ibm_runtime.api.exceptions import RequestsApiError

            raise RequestsApiError(f"409 Client Error: job {job_id} is over, apikey {self.token}", 409)
        job["state"] = {"status": "Cancelled"}
        self._save(job)

    def job_metadata(self, job_id: str) -> dict[str, Any]:
        return {"usage": {"qpu_charge_time_seconds": 3, "status": "complete"}}

    # faults and files --------------------------------------------------------------------------------------------

    def _call(self, point: str) -> None:
        """Log the call; die, refuse or fail when told to."""
        with (self.root / "calls.txt").open("a") as file:
            file.write(point + "\n")
        die_here(point)
        from qiskit_ibm_runtime.api.exceptions import RequestsApiError
        from qiskit_ibm_runtime.exceptions import IBMNotAuthorizedError

        faults = self._setting("faults", {})
        if faults.get(point):
            how = faults[point].pop(0)
            self._set("faults", faults)
            if how == "unauthorized":
                raise IBMNotAuthorizedError(f"401 Client Error: apikey {self.token} is not known")
            if how == "drop":
                raise RequestsApiError(f"Connection reset by peer, apikey {self.token}")
            raise RequestsApiError(f"{how} Error for apikey {self.token}", int(how.split()[0]))

    def _calibrate(self, properties: dict[str, Any], change: dict[str, Any]) -> None:
        """A later calibration: two-qubit gates among the qubits `broken` are gone, CZ errors are at least `error`."""
        properties["last_update_date"] = "2031-01-01T00:00:00+00:00"
        for gate in properties["gates"]:
            if gate["gate"] == "cz":
                for parameter in gate["parameters"]:
                    if parameter["name"] == "gate_error":
                        parameter["value"] = max(parameter["value"], change.get("error", 0))
        off = {"name": "operational", "value": 0, "unit": "", "date": properties["last_update_date"]}
        for gate in properties["gates"]:
            if len(gate["qubits"]) == 2 and set(gate["qubits"]) <= set(change.get("broken", [])):
                gate["parameters"].append(dict(off))

    def _setting(self, name: str, default: Any) -> Any:
        path = self.root / f"{name}.json"
        value = json.loads(path.read_text()) if path.exists() else None
        return default if value is None else value

    def _set(self, name: str, value: Any) -> None:
        (self.root / f"{name}.json").write_text(json.dumps(value))

    def _load(self, job_id: str) -> dict[str, Any]:
        from qiskit_ibm_runtime.api.exceptions import RequestsApiError

        path = self.root / "jobs" / f"{job_id}.json"
        if not path.exists():
            raise RequestsApiError(f"404 Client Error: no job {job_id}", 404)
        return dict(json.loads(path.read_text()))

    def _save(self, job: dict[str, Any]) -> None:
        (self.root / "jobs").mkdir(exist_ok=True)
        path = self.root / "jobs" / f"{job['id']}.json"
        path.with_suffix(".tmp").write_text(json.dumps(job))
        path.with_suffix(".tmp").replace(path)


def install(root: Path) -> None:
    """Put the double in the place of the network for this process; qattn's pauses become short."""
    from qiskit_ibm_runtime import qiskit_runtime_service
    from qiskit_ibm_runtime.accounts import Account, InvalidAccountError

    from qattn.hardware import resumable as rounds
    from qattn.hardware import retry as patience

    root.mkdir(parents=True, exist_ok=True)
    Client.root = root
    patience.PAUSE_S = 0.01
    if (root / "part.json").exists():
        rounds.PART = json.loads((root / "part.json").read_text())

    def instances(account: Account) -> list[dict[str, Any]]:
        if account.token != TOKEN:
            raise InvalidAccountError(f"Unable to retrieve instances for {account.token!r}.")
        return [{"crn": CRN, "plan": "open", "name": "double", "tags": [], "pricing_type": "free"}]

    qiskit_runtime_service.RuntimeClient = Client
    Account.list_instances = instances


def watch_folder() -> None:
    """Kill points at every durable write of the run folder: before, in the middle of, and after it."""
    from qattn.hardware.run_folder import RunFolder

    def wrapped(method: Any, verb: str) -> Any:
        def call(self: RunFolder, name: str, *args: Any, **facts: Any) -> None:
            die_here(f"before {verb} {name}")
            method(self, name, *args, **facts)
            die_here(f"after {verb} {name}")

        return call

    for verb in ("append", "write", "write_circuits"):
        setattr(RunFolder, verb, wrapped(getattr(RunFolder, verb), verb))
    replace = os.replace

    def replacing(source: Any, target: Any) -> None:
        die_here(f"during {Path(target).name}")
        replace(source, target)

    os.replace = replacing


def _fake_file(name: str) -> dict[str, Any]:
    from qiskit_ibm_runtime.fake_provider import backends

    return dict(json.loads((Path(backends.__file__).parent / "torino" / name).read_text()))


def _run(params: dict[str, Any]) -> str:
    """Run a job's inputs as the server would: decode, sample without noise, encode."""
    from ibm_quantum_schemas.common import CompressedTensorModel
    from ibm_quantum_schemas.executor import version_2_0 as schema
    from ibm_quantum_schemas.executor.version_2_0.models import (
        ItemMetadataModel,
        MetadataModel,
        QuantumProgramResultItemModel,
    )
    from qiskit_aer import AerSimulator
    from qiskit_ibm_runtime.fake_provider.executor.run_quantum_program import run_quantum_program
    from qiskit_ibm_runtime.quantum_program.params_converters import QUANTUM_PROGRAM_PARAMS_CONVERTERS

    from qattn.hardware.simulated import onto, used_qubits

    text = json.dumps(params)
    converter = QUANTUM_PROGRAM_PARAMS_CONVERTERS["v2.0"]
    program, _ = converter.decoder(converter.model.model_validate_json(text))
    for item in program.items:
        item.circuit = onto(item.circuit, used_qubits([item.circuit]))
        if hasattr(item, "samplex"):
            item.samplex.finalize()
    seed = int.from_bytes(hashlib.sha256(_gates(program).encode()).digest()[:3])
    options = SimpleNamespace(seed_simulator=seed, layer_noise_model=None, angle_decimals=5)
    result = run_quantum_program(AerSimulator(method="statevector"), program, options)
    encoded = schema.QuantumProgramResultModel(
        data=[
            QuantumProgramResultItemModel(
                results={name: CompressedTensorModel.from_numpy(array) for name, array in item.items()},
                metadata=ItemMetadataModel(),
            )
            for item in result
        ],
        metadata=MetadataModel(chunk_timing=[]),
        passthrough_data=params["quantum_program"]["passthrough_data"],
        semantic_role=params["quantum_program"]["semantic_role"],
    )
    return str(encoded.model_dump_json())


def _gates(program: Any) -> str:
    """What a job does, without the names that differ from process to process."""
    return repr([
        [(op.name, op.operation.params, [item.circuit.find_bit(q).index for q in op.qubits]) for op in item.circuit]
        for item in program.items
    ])  # fmt: skip


def main(root: Path, arguments: list[str]) -> None:
    """The shell of qattn against the double at `root`."""
    install(root)
    watch_folder()
    from qattn.cli.run import main as shell

    sys.argv = ["qattn", *arguments]
    shell()


if __name__ == "__main__" and "REQUEST" in globals():  # from a fork server: a new process without the imports' cost
    request = globals()["REQUEST"]
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    for descriptor, name in ((1, "stdout.txt"), (2, "stderr.txt")):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
    sys.path[:0] = request["path"]
    main(Path(request["root"]), request["arguments"])
elif __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
