"""One line of `adversary.py`: a stated bound and what was counted against it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from scipy.stats import binom

LEAST_P = 1e-3


@dataclass(frozen=True)
class Line:
    """A bound held against counts.

    Attributes:
        claim: what was promised, and of what.
        bound: the largest stated probability that one trial breaks the promise.
        count: trials that broke it.
        trials: how many there were.
        wrong: trials that broke a promise without any allowance, such as a wrong key; one is too many.
        refused: the words of a refusal, in place of trials.
        may_refuse: whether a refusal passes.
    """

    claim: str
    bound: float
    count: int
    trials: int
    wrong: int = 0
    refused: str = ""
    may_refuse: bool = False

    @property
    def p(self) -> float:
        """Chance of so many broken promises or more, if each trial broke it with the bound."""
        return float(binom.sf(self.count - 1, self.trials, min(self.bound, 1.0))) if self.trials else 1.0

    @property
    def passed(self) -> bool:
        """True when the counts do not speak against the bound, or the refusal is allowed."""
        if self.refused:
            return self.may_refuse
        return self.trials > 0 and not self.wrong and self.p > LEAST_P

    def to_dict(self) -> dict[str, object]:
        """Plain numbers for JSON."""
        return asdict(self) | {"p": self.p, "passed": self.passed}

    def __str__(self) -> str:
        verdict = "ok    " if self.passed else "FAILED"
        if self.refused:
            return f"{verdict} {self.claim}: refused ({self.refused[:60]}...)"
        wrong = f", {self.wrong} wrong" if self.wrong else ""
        return f"{verdict} {self.claim}: {self.count} of {self.trials} at a bound of {self.bound:.4f}{wrong}"
