"""What a space is: its size, what its holes do, and cells drawn from it."""

from __future__ import annotations

import dataclasses

from archsearch.ir import cost
from archsearch.ir.identity import arch_id
from archsearch.schema.sizes import Sizes
from archsearch.space import SearchSpace
from archsearch.space.size import SpaceSize, draw, measure


@dataclasses.dataclass(frozen=True)
class DrawnCell:
    """A random cell of a space, and what one layer of it costs. `draw` counts from 1."""

    draw: int
    arch_id: str
    parameters: int
    operations: int
    stages: int
    line: str


@dataclasses.dataclass(frozen=True)
class SpaceFinding(SpaceSize):
    """A space, its size, and cells drawn from it with `seed`. Costs are those of one layer of these sizes."""

    space: str
    seed: int
    input_size: int
    hidden_size: int
    drawn: tuple[DrawnCell, ...]


def describe_space(space: SearchSpace, limit: int, draws: int, seed: int, sizes: Sizes) -> SpaceFinding:
    """The size of a space, counted up to `limit` and else estimated, and `draws` cells of it."""
    size = measure(space, limit, seed=seed, input_size=sizes.input_size, hidden_size=sizes.hidden_size)
    drawn = tuple(
        DrawnCell(
            draw=number,
            arch_id=arch_id(configuration.ir),
            parameters=cost.parameters(configuration.ir, sizes.input_size, sizes.hidden_size),
            operations=cost.operations(configuration.ir, sizes.input_size, sizes.hidden_size),
            stages=cost.stages(configuration.ir),
            line=configuration.line,
        )
        for number, configuration in enumerate(draw(space, draws, seed), start=1)
    )
    return SpaceFinding(
        **vars(size),
        space=space.name,
        seed=seed,
        input_size=sizes.input_size,
        hidden_size=sizes.hidden_size,
        drawn=drawn,
    )
