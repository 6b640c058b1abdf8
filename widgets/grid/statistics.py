"""Figures of one column, each asked of the source by an aggregate query of its own, the cheap ones first.

No row travels, so that a remote table of many millions answers as well; every question is stopped when nobody waits.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from kernel.tables.interrupt import current
from kernel.tables.query import Aggregate, Query, Sort
from widgets.aside import Aside
from widgets.grid.filter_row import kind_of
from widgets.grid.sample import are_nearly_unique
from widgets.grid.summary import source_of
from widgets.grid.value_filter import value_name

if TYPE_CHECKING:
    from widgets.grid.column import GridColumn
    from widgets.grid.grid import Grid

#: Most frequent values that are asked for; bars of a histogram, about.
FREQUENT, BARS = 8, 20
_COUNT = "value count"
#: Digits that a float holds for sure.
_FLOAT_DIGITS = 15
_NUMBERS, _DATES = ("integer", "decimal", "real"), ("date", "datetime")


class Bar(NamedTuple):
    """One bar of a histogram: where it begins and ends, as texts to show, and how many rows are in it."""

    first: str
    last: str
    count: int


class Edge(NamedTuple):
    """Where a bar begins and the one before ends: as an expression writes it, and as it is shown."""

    literal: str
    text: str


class Statistics:
    """Asks for one column's figures. ``tell(name, value)`` gets each as it is ready, or the exception.

    The names are ``rows``, ``filled``, ``minimum``, ``maximum``, ``sum``, ``average``, ``frequent`` (a list of value,
    label, count), ``distinct`` (these two None where nearly all values differ) and ``histogram`` (a list of
    :class:`Bar`).
    """

    def __init__(self, grid: Grid, column: GridColumn, tell: Callable[[str, Any], None]) -> None:
        self._grid, self._column, self._tell = grid, column, tell
        self._aside = Aside(grid.handle, "statistics")
        self._kind = kind_of(column)
        self._source = source_of(column)
        rows = grid.rows.query()
        self._rows = Query(filter=rows.filter, parameters=rows.parameters, computed=rows.computed)
        self._extremes: dict[str, Any] = {}

    @property
    def has_extremes(self) -> bool:
        """Whether least and greatest mean something."""
        return self._kind != "blob" and self._column.labelled is None and self._kind != "boolean"

    @property
    def has_sums(self) -> bool:
        """Whether the values can be added."""
        return self._kind in (*_NUMBERS, "any")

    def ask(self) -> None:
        """Ask for everything."""
        self._aggregate(("count", "", "rows"), ("count", self._source, "filled"))
        if self.has_extremes:
            self._aggregate(("minimum", self._source, "minimum"), ("maximum", self._source, "maximum"))
        if self.has_sums:
            self._aggregate(("sum", self._source, "sum"), ("average", self._source, "average"))
        self._ask_frequent()
        group = msgspec.structs.replace(self._rows, group=(self._source,))
        self._ask_groups(lambda table: table.count(group), lambda answer: self._take("distinct", answer))

    def close(self) -> None:
        """Stop asking."""
        self._aside.close()

    def _ask_groups(self, work: Callable[[Any], Any], done: Callable[[Any], None]) -> None:
        """Group the values, unless nearly every row has its own; then the answer is None."""
        rows, source = self._rows, self._source
        self._aside.ask(lambda table: None if are_nearly_unique(table, rows, source) else work(table), done)

    def _aggregate(self, *parts: tuple[str, str, str]) -> None:
        aggregates = tuple(Aggregate(*part) for part in parts)
        query = msgspec.structs.replace(self._rows, aggregates=aggregates)

        def take(answer: Any) -> None:
            for _, _, name in parts:
                self._take(name, answer if isinstance(answer, Exception) else answer.columns[name][0])

        self._aside.fetch(query, 0, 1, take)

    def _ask_frequent(self) -> None:
        group = tuple(dict.fromkeys([self._source, self._column.shown or self._source]))
        query = msgspec.structs.replace(
            self._rows, group=group, aggregates=(Aggregate("count", "", _COUNT),), sort=(Sort(_COUNT, True),)
        )

        def take(answer: Any) -> None:
            if answer is not None and not isinstance(answer, Exception):
                names = list(answer.columns)
                columns = answer.columns
                answer = list(zip(columns[names[0]], columns[names[-2]], columns[_COUNT], strict=True))
            self._take("frequent", answer)

        self._ask_groups(lambda table: table.fetch(query, 0, FREQUENT), take)

    def _take(self, name: str, value: Any) -> None:
        self._tell(name, value)
        if name in ("minimum", "maximum"):
            self._extremes[name] = value
            if len(self._extremes) == 2:
                self._ask_histogram()

    def _ask_histogram(self) -> None:
        low, high = self._extremes["minimum"], self._extremes["maximum"]
        edges = edges_of(self._kind, low, high)
        if not edges:
            self._tell("histogram", [])
            return
        rows, name = self._rows, value_name(self._column)
        self._aside.ask(lambda table: count_bars(table, rows, name, edges), lambda bars: self._tell("histogram", bars))


def count_bars(table: Any, rows: Query, name: str, edges: list[Edge]) -> list[Bar]:
    """Count the rows between each edge and the next: a plain comparison, which every source does by itself."""
    bars = []
    for first, last in pairwise(edges):
        interrupt = current()
        if interrupt is not None:
            interrupt.check()
        text = f"{name} >= {first.literal} and {name} < {last.literal}"
        both = f"({rows.filter}) and {text}" if rows.filter else text
        bars.append(Bar(first.text, last.text, table.count(msgspec.structs.replace(rows, filter=both))))
    return bars


def edges_of(kind: str, low: Any, high: Any) -> list[Edge]:
    """The edges of bars for values from ``low`` to ``high``; none where there is nothing to divide."""
    if kind in _NUMBERS and _is_number(low) and _is_number(high) and low < high:
        low, high = _exact(low), _exact(high)
        step = Decimal(f"{nice_step(float(high - low) / BARS, is_whole=kind == 'integer'):.12g}")
        first, last = math.floor(low / step), math.floor(high / step) + 1
        return [Edge(_literal(at * step), _plain(at * step)) for at in range(first, last + 1)]
    if kind in _DATES and isinstance(low, datetime.date) and isinstance(high, datetime.date) and low < high:
        return [Edge(f"date({day.isoformat()!r})", day.isoformat()) for day in _days(_as_date(low), _as_date(high))]
    return []


def _days(low: datetime.date, high: datetime.date) -> list[datetime.date]:
    """First days of days, weeks, months or years around both dates: as many as bars fit; none at the end of time."""
    span = (high - low).days
    if high.year > 9900:
        return []
    if span <= 31 * 7:
        step = datetime.timedelta(days=1 if span <= 31 else 7)
        return [low + at * step for at in range(span // step.days + 2)]
    if span <= 31 * 31:
        months = range(low.year * 12 + low.month - 1, high.year * 12 + high.month + 1)
        return [datetime.date(month // 12, month % 12 + 1, 1) for month in months]
    years = int(nice_step((high.year - low.year) / BARS, is_whole=True))
    starts = range(low.year // years * years, high.year + years + 1, years)
    return [datetime.date(max(year, 1), 1, 1) for year in starts]


def nice_step(wanted: float, *, is_whole: bool) -> float:
    """The next step of 1, 2 or 5 times a power of ten; never below 1 for whole numbers."""
    if wanted <= 0 or not math.isfinite(wanted):
        return 1.0
    power = 10.0 ** math.floor(math.log10(wanted))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= wanted * 0.999)
    return max(step, 1.0) if is_whole else step


def _exact(value: Any) -> Decimal:
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}" if abs(value) < 10**15 else f"{value:.3g}"


def _literal(value: Decimal) -> str:
    """The number as an expression writes it, without an exponent; read exactly where a float has fewer digits."""
    text = format(value.normalize(), "f")
    return text if len(value.as_tuple().digits) <= _FLOAT_DIGITS else f"number({text!r})"


def _is_number(value: Any) -> bool:
    is_one = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return is_one and math.isfinite(value)


def _as_date(value: datetime.date) -> datetime.date:
    return value.date() if isinstance(value, datetime.datetime) else value
