"""Counters, gauges and histograms in Prometheus' text format: a page of code in place of a dependency."""

import re
import threading
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
Labels = tuple[str, ...]


@dataclass
class _Series:
    """The values of one combination of labels."""

    total: float = 0
    counts: list[int] = field(default_factory=list)


class Metric:
    """One family of values, told apart by its labels. Threads may share it.

    A label's values must come from a short list: each combination is kept for good. Beyond `series_at_most` all others
    count as `other`, so that no caller can fill the memory.
    """

    def __init__(self, name: str, help_text: str, kind: str, labels: Sequence[str], series_at_most: int) -> None:
        """Name the family; raises ValueError for names that Prometheus does not take."""
        for each in (name, *labels):
            if not _NAME.fullmatch(each):
                raise ValueError(f"{each!r} is no name of a metric or label")
        self.name, self.help_text, self.kind, self.labels = name, help_text, kind, tuple(labels)
        self._series_at_most = series_at_most
        self._series: dict[Labels, _Series] = {}
        self._lock = threading.Lock()

    def _find(self, values: Labels) -> _Series:
        if len(values) != len(self.labels):
            raise ValueError(f"{self.name} has the labels {self.labels}")
        if values not in self._series and len(self._series) >= self._series_at_most:
            values = ("other",) * len(values)
        return self._series.setdefault(values, _Series())

    def read(self) -> dict[Labels, tuple[float, list[int]]]:
        """Return a copy of all values, which no other thread changes any more."""
        with self._lock:
            return {labels: (each.total, list(each.counts)) for labels, each in self._series.items()}

    def lines(self) -> Iterator[str]:
        """Yield the family in the text format."""
        yield f"# HELP {self.name} {escape(self.help_text)}"
        yield f"# TYPE {self.name} {self.kind}"
        for labels, (total, _) in sorted(self.read().items()):
            yield sample(self.name, zip(self.labels, labels, strict=True), total)


class Counter(Metric):
    """A number that only grows; `rate()` makes it a speed, and a restart is seen and left out."""

    def __init__(self, name: str, help_text: str, labels: Sequence[str] = (), series_at_most: int = 1_000) -> None:
        """Name the family; the name ends in `_total`."""
        super().__init__(name, help_text, "counter", labels, series_at_most)

    def add(self, *values: str, amount: float = 1) -> None:
        """Add to the number of these labels; raises ValueError for less than nothing."""
        if not amount >= 0:
            raise ValueError("a counter does not shrink")
        with self._lock:
            self._find(values).total += amount


class Gauge(Metric):
    """A number that rises and falls."""

    def __init__(self, name: str, help_text: str, labels: Sequence[str] = (), series_at_most: int = 1_000) -> None:
        """Name the family."""
        super().__init__(name, help_text, "gauge", labels, series_at_most)

    def add(self, *values: str, amount: float = 1) -> None:
        """Raise the number of these labels, or lower it by a negative amount."""
        with self._lock:
            self._find(values).total += amount

    def set(self, *values: str, to: float) -> None:
        """Set the number of these labels."""
        with self._lock:
            self._find(values).total = to


class Histogram(Metric):
    """How values spread, in buckets with upper bounds; unlike averages, those of several instances can be added."""

    def __init__(
        self,
        name: str,
        help_text: str,
        bounds: Sequence[float],
        labels: Sequence[str] = (),
        series_at_most: int = 1_000,
    ) -> None:
        """Name the family; the bounds rise."""
        if not bounds or list(bounds) != sorted(set(bounds)):
            raise ValueError("the bounds of a histogram rise")
        super().__init__(name, help_text, "histogram", labels, series_at_most)
        self.bounds = tuple(bounds)

    def observe(self, *values: str, value: float) -> None:
        """Count a value; it belongs to the first bucket whose bound it does not exceed."""
        with self._lock:
            series = self._find(values)
            series.counts = series.counts or [0] * (len(self.bounds) + 1)
            series.counts[bisect_left(self.bounds, value)] += 1
            series.total += value

    def lines(self) -> Iterator[str]:
        """Yield the family in the text format, each bucket with all that is below its bound."""
        yield f"# HELP {self.name} {escape(self.help_text)}"
        yield f"# TYPE {self.name} histogram"
        bounds = [*(format(bound, "g") for bound in self.bounds), "+Inf"]
        for values, (total, counts) in sorted(self.read().items()):
            labels = list(zip(self.labels, values, strict=True))
            for bound, below in zip(bounds, accumulate(counts), strict=True):
                yield sample(f"{self.name}_bucket", [*labels, ("le", bound)], below)
            yield sample(f"{self.name}_sum", labels, total)
            yield sample(f"{self.name}_count", labels, sum(counts))


def escape(text: str) -> str:
    """Return the text as the format wants it: a newline or a quote must not begin a sample of its own."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def sample(name: str, labels: Iterable[tuple[str, str]], value: float) -> str:
    """Return one line of the text format."""
    inside = ",".join(f'{label}="{escape(text)}"' for label, text in labels)
    # Python's repr loses no digit, but writes infinity as the format does not.
    number = str(int(value)) if float(value).is_integer() else repr(value).replace("inf", "+Inf").replace("-+", "-")
    return f"{name}{{{inside}}} {number}" if inside else f"{name} {number}"


def write_metrics(metrics: Iterable[Metric], read_now: Mapping[Gauge, Callable[[], float]]) -> str:
    """Return the page that Prometheus reads; the gauges of `read_now` are read at this moment."""
    for gauge, read in read_now.items():
        gauge.set(to=read())
    return "\n".join([line for metric in metrics for line in metric.lines()]) + "\n"
