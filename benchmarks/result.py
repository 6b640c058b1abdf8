"""What a benchmark answers: a line each, beside its peer, judged by its goal."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import NamedTuple


class Result(NamedTuple):
    """One figure.

    Attributes:
        name: What was measured.
        ours, peer: Medians, in ``unit``; None when it could not be measured.
        goal: The bound on ``ours / peer``, or on ``ours`` itself when ``peer_name`` is empty.
        is_less_better: Whether ``ours`` must stay at or under the goal; otherwise at or over it.
        peer_name: Who the peer is; empty = the goal is a bound of its own.
        problem: Why there is no figure.
    """

    name: str
    unit: str
    ours: float | None
    peer: float | None
    goal: float
    is_less_better: bool
    peer_name: str = ""
    problem: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours over the peer's; None without a peer or a figure."""
        return self.ours / self.peer if self.ours is not None and self.peer else None

    @property
    def holds(self) -> bool:
        """Whether the goal is met; a figure that is missing does not hold."""
        value = self.ratio if self.peer_name else self.ours
        if value is None or self.problem:
            return False
        return value <= self.goal if self.is_less_better else value >= self.goal

    def line(self) -> str:
        """``name  ours  peer  ratio  goal  holds|short``."""
        goal = f"{'<=' if self.is_less_better else '>='} {self.goal:g}{' x' if self.peer_name else ' ' + self.unit}"
        ratio = f"{self.ratio:.2f}" if self.ratio is not None else "-"
        peer = f"{_figure(self.peer, self.unit)} {self.peer_name}" if self.peer_name else "-"
        verdict = "holds" if self.holds else "short"
        line = f"{self.name:<22} {_figure(self.ours, self.unit):<14} {peer:<28} {ratio:<7} {goal:<11} {verdict}"
        return f"{line}  ({self.problem})" if self.problem else line

    def as_dict(self) -> dict[str, object]:
        """For ``--json``."""
        return {**self._asdict(), "ratio": self.ratio, "holds": self.holds}


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return "missing"
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.1f} {unit}"


def interleave(rounds: int, measures: dict[str, Callable[[], float]]) -> dict[str, float]:
    """The median of each measure, taken in turn so that a busy moment of the machine meets all of them."""
    figures: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            figures[name].append(measure())
    return {name: statistics.median(values) for name, values in figures.items()}
