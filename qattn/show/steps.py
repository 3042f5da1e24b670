"""What `qattn.step` recorded: a circuit's stages, and the page, the frame in a notebook and the figures they make."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qattn.arrays import Bits
from qattn.search.rotation import hit_probability
from qattn.show.naming import Column

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Complex = NDArray[np.complex128]
DIGITS = 13  # of an amplitude in the page


@dataclass(frozen=True)
class Register:
    """A register: its name, its qubits, and whether its bits are read as two's complement."""

    name: str
    size: int
    signed: bool

    def integer(self, value: int) -> int:
        """What these bits mean."""
        return value - (1 << self.size) if self.signed and value >> (self.size - 1) else value


@dataclass(frozen=True, eq=False)
class Stage:
    """The state after some gates.

    Attributes:
        name: what they are.
        note: what they did.
        iteration: Grover iterations completed.
        reads: registers that they act on.
        writes: registers whose bits they may change.
        columns: each register in every row.
        amplitudes: (rows,); 0 where a row has no branch.
    """

    name: str
    note: str
    iteration: int
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    columns: Mapping[str, Column]
    amplitudes: Complex


@dataclass(frozen=True, eq=False)
class Steps:
    """A circuit's stages, recorded; shows itself in a notebook.

    Attributes:
        title: what the circuit is.
        registers: in the circuit's order.
        label: the register whose value names a row; None where a row is a whole basis state.
        rows: what names each row, sorted.
        stages: in order.
        n: indices searched; 0 for a circuit that searches none.
        marked: (rows,) whether the search is to find the row's index.
        wanted: how many indices it is to find.
        plain: A.K_j of each row by plain integers, and T; None where nothing is compared.
    """

    title: str
    registers: tuple[Register, ...]
    label: str | None
    rows: tuple[int, ...]
    stages: tuple[Stage, ...] = field(repr=False)
    n: int = 0
    marked: Bits = field(default_factory=lambda: np.zeros(0, dtype=bool), repr=False)
    wanted: int = 0
    plain: tuple[tuple[int, ...], int] | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.stages)

    @property
    def qubits(self) -> int:
        """Width of the circuit."""
        return sum(own.size for own in self.registers)

    def probability(self, i: int) -> float:
        """P(marked) after stage i."""
        return float(np.sum(np.abs(self.stages[i].amplitudes[self.marked]) ** 2))

    def theory(self, i: int) -> float:
        """sin^2((2m+1) theta) for the m iterations completed after stage i."""
        return hit_probability(self.n, self.wanted, self.stages[i].iteration)

    def integers(self, i: int, name: str) -> list[int | None]:
        """A register after stage i, as integers.

        Args:
            i: number of the stage.
            name: of the register.

        Returns:
            One integer a row, two's complement for `score`; None where the row has no branch.
        """
        own = next(own for own in self.registers if own.name == name)
        return [None if v is None else own.integer(v) for v in self.stages[i].columns[name].values]

    def data(self) -> dict[str, object]:
        """What the page shows, as plain data; equal columns are stored once and named by their number."""
        pool: dict[object, int] = {}
        stored: list[object] = []

        def number(key: object, made: object) -> int:
            if key not in pool:
                pool[key] = len(stored)
                stored.append(made)
            return pool[key]

        stages = []
        for stage in self.stages:
            columns = [
                number(column, {"v": [None if v is None else f"{v:x}" for v in column.values], "f": column.fourier})
                for column in (stage.columns[own.name] for own in self.registers)
            ]
            real, imaginary = (np.round(part, DIGITS) + 0.0 for part in (stage.amplitudes.real, stage.amplitudes.imag))
            amplitudes = {"re": real.tolist(), "im": imaginary.tolist() if imaginary.any() else None}
            stages.append({
                "name": stage.name, "note": stage.note, "m": stage.iteration, "reads": stage.reads,
                "writes": stage.writes, "c": columns,
                "a": number((real.tobytes(), imaginary.tobytes()), amplitudes),
            })  # fmt: skip
        return {
            "title": self.title, "qubits": self.qubits, "label": self.label, "n": self.n,
            "registers": [{"name": own.name, "size": own.size, "signed": own.signed} for own in self.registers],
            "rows": [f"{row:x}" for row in self.rows], "marked": np.flatnonzero(self.marked).tolist(),
            "wanted": self.wanted,
            "plain": self.plain and {"scores": self.plain[0], "T": self.plain[1]}, "pool": stored, "stages": stages,
        }  # fmt: skip

    @cached_property
    def html(self) -> str:
        """The page: one file that asks for nothing else."""
        from jinja2 import Environment

        template = Path(__file__).with_name("step.html").read_text(encoding="utf-8")
        data = json.dumps(self.data(), separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
        page: str = Environment(autoescape=True).from_string(template).render(title=self.title, data=data)
        return page

    def save(self, path: str | Path) -> Path:
        """Write the page.

        Args:
            path: of the file; its folder is made when it is missing.

        Returns:
            The path.
        """
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.html, encoding="utf-8")
        return path

    def frame(self, i: int) -> Figure:
        """Stage i as a picture for slides; see `qattn.show.frame`."""
        from qattn.show.frame import frame

        return frame(self, i)

    def _repr_html_(self) -> str:
        """In a notebook: the page in a frame of its own."""
        return (
            f'<iframe title="{html.escape(self.title)}" sandbox="allow-scripts" loading="lazy" '
            f'style="width:100%;height:760px;border:0" srcdoc="{html.escape(self.html)}"></iframe>'
        )
