"""A few cells of a space, drawn: what a person looks at before a search begins."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

from archsearch.api.reports import Sample
from archsearch.diagram import draw_svg
from archsearch.errors import InvalidInput, Refused
from archsearch.explain.text import spell_equations
from archsearch.ir.identity import arch_id
from archsearch.space import Configuration, SearchSpace
from archsearch.space.size import draw

SEARCH_SECONDS, DRAW_SECONDS = 3.0, 6.0
"""Processor time for finding distinct architectures, and for drawing them; the rest is left out."""
_SEED = 0
_DRAWS = 8  # configurations that are drawn for each sample; many may be of the same architecture
_TRIES = 0  # placements beyond the first few: people wait for samples


class _OutOfTime(Exception):
    pass


def samples_of(space: SearchSpace, count: int, *, styled: bool = True) -> tuple[Sample, ...]:
    """At most `count` cells of a space, always the same ones, of different architectures as far as time allows."""
    distinct = _find(space, count)
    drawings: dict[str, str] = {}
    with _processor_time(DRAW_SECONDS):
        for identity, configuration in distinct.items():
            with contextlib.suppress(Refused):
                drawings[identity] = draw_svg(configuration.ir, _TRIES, styled=styled)
    return tuple(
        _sample(configuration, identity, drawings.get(identity)) for identity, configuration in distinct.items()
    )


def _find(space: SearchSpace, count: int) -> dict[str, Configuration]:
    """Configurations by architecture."""
    distinct: dict[str, Configuration] = {}
    with _processor_time(SEARCH_SECONDS):
        for configuration in _drawn(space, count * _DRAWS):
            distinct.setdefault(arch_id(configuration.ir), configuration)
            if len(distinct) == count:
                break
    return distinct


def _drawn(space: SearchSpace, count: int) -> Iterator[Configuration]:
    for index in range(count):
        with contextlib.suppress(InvalidInput):  # a space too large to be proved may hold unsound cells
            yield from draw(space, 1, _SEED + index)


def _sample(configuration: Configuration, identity: str, svg: str | None) -> Sample:
    return Sample(configuration.line, identity, configuration.choices, spell_equations(configuration.cell), svg)


@contextlib.contextmanager
def _processor_time(seconds: float) -> Iterator[None]:
    """End what is done inside after `seconds` of processor time, as if there were no more to do."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise _OutOfTime

    before = signal.signal(signal.SIGVTALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
        yield
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    except _OutOfTime:
        return
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
