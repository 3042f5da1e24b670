"""How circuits are executed on a processor: twirling, decoupling, limits; plain numbers, no client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

RANDOMIZATIONS = 32  # of a twirled circuit, at most


@dataclass(frozen=True)
class Execution:
    """How circuits are executed; all that costs nothing is on.

    Attributes:
        dynamical_decoupling: "XX", "XpXm" or "XY4" on idle qubits, or None.
        twirl_gates: Pauli twirling of two-qubit gates.
        twirl_measure: twirling of readout.
        max_execution_time: seconds after which the service stops a job, or None.
    """

    dynamical_decoupling: str | None = "XY4"
    twirl_gates: bool = True
    twirl_measure: bool = True
    max_execution_time: int | None = None

    def __post_init__(self) -> None:
        if self.dynamical_decoupling not in (None, "XX", "XpXm", "XY4"):
            raise ValueError(f"dynamical_decoupling = {self.dynamical_decoupling!r}; choose XX, XpXm, XY4 or None")

    def options(self, tag: str, shots: int) -> dict[str, Any]:
        """As the runtime's Sampler takes them.

        Args:
            tag: of the job.
            shots: of each of its circuits; left alone, twirling runs at least 64.

        Returns:
            Options, nested.
        """
        twirling: dict[str, Any] = {"enable_gates": self.twirl_gates, "enable_measure": self.twirl_measure}
        if self.twirl_gates or self.twirl_measure:
            each = -(-shots // RANDOMIZATIONS)
            twirling |= {"num_randomizations": -(-shots // each), "shots_per_randomization": each}
        options: dict[str, Any] = {"environment": {"job_tags": [tag, "qattn"]}, "twirling": twirling}
        if self.dynamical_decoupling:
            options["dynamical_decoupling"] = {"enable": True, "sequence_type": self.dynamical_decoupling}
        if self.max_execution_time:
            options["max_execution_time"] = self.max_execution_time
        return options

    def words(self, *, simulated: bool) -> str:
        """What is on.

        Args:
            simulated: whether a simulation runs the circuits; idle qubits have no noise there.
        """
        gates, readout = ("on" if on else "off" for on in (self.twirl_gates, self.twirl_measure))
        parts = [
            f"dynamical decoupling {self.dynamical_decoupling or 'off'}",
            f"twirling of gates {gates}, of readout {readout}",
        ]
        if simulated and self.dynamical_decoupling:
            parts[0] = "no dynamical decoupling, as idle qubits have no noise in a simulation"
        return "; ".join(parts)
