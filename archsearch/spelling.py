"""Numbers and words as people read them."""

from __future__ import annotations

import signal

from archsearch.errors import counted

__all__ = ["compact", "counted", "duration", "signal_name"]

_PREFIXES = ("", "k", "M", "G", "T", "P", "E")


def compact(number: float) -> str:
    """Three digits at most after rounding: `950`, `6.4k`, `12.8k`, `128k`, `1.2M`."""
    value, rank = float(number), 0
    while abs(value) >= 999.5 and rank < len(_PREFIXES) - 1:
        value, rank = value / 1000, rank + 1
    if abs(value) >= 999.5:
        return f"{number:.2g}"
    digits = 0 if rank == 0 or abs(value) >= 99.95 else 1
    return f"{value:.{digits}f}".removesuffix(".0") + _PREFIXES[rank]


def duration(seconds: float) -> str:
    """`0.12 s`, `9 s`, `4 min 10 s`, `2 h 5 min`, `3 d 4 h`."""
    if 0 < seconds < 0.995:
        return f"{seconds:.2g} s"
    whole = max(0, round(seconds))
    for unit, size, below, small in (("d", 86_400, "h", 3_600), ("h", 3_600, "min", 60), ("min", 60, "s", 1)):
        if whole >= size:
            rest = whole % size // small
            return f"{whole // size} {unit} {rest} {below}" if rest else f"{whole // size} {unit}"
    return f"{whole} s"


def signal_name(number: int) -> str:
    """`SIGKILL`; `signal 35` for one without a name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
