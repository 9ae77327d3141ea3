"""How large a space is, and what each of its holes does."""

from __future__ import annotations

import dataclasses
import random
from collections import defaultdict
from collections.abc import Iterator

from archsearch.ir.cost import operations, parameters, stages
from archsearch.ir.identity import arch_id
from archsearch.schema.holes import FloatRange, IntRange
from archsearch.space.chooser import PathSizeChooser, RandomChooser, every_chooser
from archsearch.space.space import Configuration, SearchSpace

LIMIT = 5_000


@dataclasses.dataclass(frozen=True)
class OptionEffect:
    """What the configurations with one option of a hole have in common; means over those configurations."""

    hole: str
    option: str
    share: float
    """Of all configurations, those in which the hole is read and has this option."""
    parameters: float
    operations: float
    stages: float


@dataclasses.dataclass(frozen=True)
class SpaceSize:
    """Sizes count the discrete holes; `ranges` names the holes that are ranges of numbers, which are not counted."""

    configurations: int
    architectures: int
    exact: bool
    """Counted by enumeration; otherwise both numbers are estimates from a seeded sample of `sample` configurations."""
    sample: int
    ranges: tuple[str, ...]
    effects: tuple[OptionEffect, ...]


def every_configuration(space: SearchSpace) -> Iterator[Configuration]:
    """Every configuration of the discrete holes, in a fixed order; ranges stand at their low end."""
    return (space.fill(chooser) for chooser in every_chooser())


def count_configurations(space: SearchSpace, limit: int) -> int | None:
    """The number of configurations, None when there are more than `limit`."""
    for count, chooser in enumerate(every_chooser(), start=1):
        if count > limit:
            return None
        space.body.fill(chooser)
    return count


def measure(
    space: SearchSpace,
    limit: int = LIMIT,
    sample: int = 1_000,
    seed: int = 0,
    input_size: int = 8,
    hidden_size: int = 64,
) -> SpaceSize:
    """The size of `space`: exact by enumeration up to `limit` configurations, else estimated from a seeded sample.

    The estimate of configurations is Knuth's (1975, Estimating the efficiency of backtrack programs); that of
    architectures multiplies it with the share of distinct architectures among distinct sampled configurations, and so
    errs upwards.
    """
    ranges = tuple(name for name, hole in space.definition.holes.items() if isinstance(hole, IntRange | FloatRange))
    exact = count_configurations(space, limit)
    if exact is not None:
        configurations = list(every_configuration(space))
        ids = {arch_id(configuration.ir) for configuration in configurations}
        return SpaceSize(exact, len(ids), True, exact, ranges, effects(configurations, input_size, hidden_size))
    estimate = _knuth(space, sample, seed)
    drawn = draw(space, sample, seed)
    distinct = {tuple(sorted(configuration.choices.items(), key=str)): configuration for configuration in drawn}
    ids = {arch_id(configuration.ir) for configuration in distinct.values()}
    architectures = max(len(ids), round(estimate * len(ids) / len(distinct)))
    return SpaceSize(estimate, architectures, False, sample, ranges, effects(drawn, input_size, hidden_size))


def draw(space: SearchSpace, count: int, seed: int) -> list[Configuration]:
    """`count` random configurations from an explicit seed; they may repeat."""
    chooser = RandomChooser(random.Random(seed))
    return [space.fill(chooser) for _ in range(count)]


def effects(configurations: list[Configuration], input_size: int, hidden_size: int) -> tuple[OptionEffect, ...]:
    """What each option of each discrete hole goes with, over these configurations."""
    groups: dict[tuple[str, str], list[Configuration]] = defaultdict(list)
    for configuration in configurations:
        for hole, option in configuration.choices.items():
            if isinstance(option, str):
                groups[hole, option].append(configuration)
    options = [
        OptionEffect(
            hole,
            option,
            len(group) / len(configurations),
            _mean([parameters(configuration.ir, input_size, hidden_size) for configuration in group]),
            _mean([operations(configuration.ir, input_size, hidden_size) for configuration in group]),
            _mean([stages(configuration.ir) for configuration in group]),
        )
        for (hole, option), group in groups.items()
    ]
    order = {hole: index for index, hole in enumerate(dict.fromkeys(effect.hole for effect in options))}
    return tuple(sorted(options, key=lambda effect: (order[effect.hole], effect.option)))


def _knuth(space: SearchSpace, sample: int, seed: int) -> int:
    sizes = []
    for index in range(sample):
        chooser = PathSizeChooser(random.Random(f"{seed} {index}"))
        space.body.fill(chooser)
        sizes.append(chooser.size)
    return round(_mean(sizes))


def _mean(values: list[int]) -> float:
    return sum(values) / len(values)
