"""The cheapest line from a net to a node, over a grid on which other lines lie already (A*)."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Iterable

from archsearch.diagram.grid import STEPS, Axis, Grid, Pin, Point
from archsearch.diagram.wires import Route, Wires

BEND, CROSSING, BRANCH, SECOND_EXIT = 1.6, 3.0, 0.2, 2.5
IN_GAP = 0.5
"""What a step costs between columns, where unused lines take no room in the end; within one it costs 1."""
TRESPASS = 12.0
"""The cost of a point with another line, which will be laid anew."""

BESIDE = 1.2
"""What a step right beside a node costs: nothing can branch off there."""
ABOVE = 0.7
"""What a step costs above the first state's line, where only the output belongs."""

State = tuple[int, int, int]
"""A point, and the direction in which the line arrived there."""


class LineSearch:
    """Searches lines for one net after the other."""

    def __init__(self, grid: Grid, wires: Wires) -> None:
        self.grid = grid
        self.wires = wires
        self.steps = (_step_costs(grid.across), _step_costs(grid.down))
        self.lengths = [list(itertools.accumulate(steps, initial=0.0)) for steps in self.steps]
        self.fought: dict[Point, float] = dict.fromkeys(grid.straight, BESIDE)
        """Points that several nets needed, and their extra cost, which grows (as in PathFinder)."""
        self.limit = math.inf
        """What a line may cost; the search gives up beyond."""
        if grid.graph.spines:
            above = range(1, grid.down.middles[0] - grid.down.halves[0])
            self.fought |= dict.fromkeys(itertools.product(range(grid.across.count), above), ABOVE)

    def route(self, net: str, exits: list[Pin], ends: list[Pin], trespass: bool = False) -> Route | None:
        """The cheapest line from the net's lines, or from one of its exits, to one of `ends`; None where none fits.

        With `trespass`, it may lie on other nets' lines, at a price.
        """
        goals = {(*pin.point, pin.inward): pin for pin in ends if pin.point not in self.wires.pins}
        if not goals:
            return None
        return _OneLine(self, net, goals, TRESPASS if trespass else math.inf).run(self._starts(net, exits))

    def _starts(self, net: str, exits: list[Pin]) -> Iterable[tuple[float, State, Pin | None]]:
        laid = self.wires.points.get(net, set())
        for pin in exits:
            if pin.point not in self.wires.pins:
                yield (SECOND_EXIT if laid else 0.0), (*pin.point, pin.inward ^ 2), pin
        for point in sorted(laid):
            if point not in self.wires.pins and len(self.wires.at[point]) == 1 and point not in self.grid.straight:
                laid_ways = self.wires.at[point][net]
                for way in range(4):
                    if not laid_ways & (1 << way):
                        yield BRANCH, (*point, way), None


class _OneLine:
    """One search, for the cheapest line of one net."""

    def __init__(self, search: LineSearch, net: str, goals: dict[State, Pin], trespass: float) -> None:
        self.grid = search.grid
        self.steps = search.steps
        self.at = search.wires.at
        self.own = search.wires.points.get(net, set())
        self.fought = search.fought
        self.across, self.down = search.lengths
        self.limit = search.limit
        self.crossable = search.wires.crossable
        self.net = net
        self.goals = goals
        self.trespass = trespass
        points = [pin.point for pin in goals.values()]
        self.low = (min(x for x, _ in points), min(y for _, y in points))
        self.high = (max(x for x, _ in points), max(y for _, y in points))
        self.costs: dict[State, float] = {}
        self.parents: dict[State, State | None] = {}
        self.waiting: list[tuple[float, float, State]] = []

    def run(self, starts: Iterable[tuple[float, State, Pin | None]]) -> Route | None:
        pins: dict[State, Pin | None] = {}
        for spent, state, pin in starts:
            pins[state] = pin
            self._reach(spent, state, None)
        while self.waiting:
            least, spent, state = heapq.heappop(self.waiting)
            if least > self.limit:
                return None
            if spent > self.costs[state]:
                continue
            if state in self.goals:
                states = self._way_to(state)
                return Route(tuple((x, y) for x, y, _ in states), pins[states[0]], self.goals[state], spent)
            self._go_on(spent, state, first=self.parents[state] is None)
        return None

    def _go_on(self, spent: float, state: State, first: bool) -> None:
        x, y, came = state
        straight = first or (x, y) in self.grid.straight or (x, y) in self.at
        for way in (came,) if straight else _TURNS[came]:
            dx, dy = STEPS[way]
            point = (x + dx, y + dy)
            price = self._price(point, way)
            if price < math.inf:
                step = self.steps[way & 1][min(x, point[0]) if dx else min(y, point[1])]
                self._reach(spent + step + (BEND if way != came else 0.0) + price, (*point, way), state)

    def _price(self, point: Point, way: int) -> float:
        """What it costs to enter a point beyond the step; infinite where that is not possible."""
        if point in self.grid.blocked:
            return 0.0 if (*point, way) in self.goals else math.inf
        if point in self.own:
            return math.inf
        fought = self.fought.get(point, 0.0)
        if point not in self.at:
            return fought
        crossed = self.crossable(self.net, point, way)
        return fought + (CROSSING * crossed if crossed >= 0 else self.trespass)

    def _reach(self, cost: float, state: State, parent: State | None) -> None:
        known = self.costs.get(state)
        if known is None or cost < known - 1e-9:
            self.costs[state] = cost
            self.parents[state] = parent
            heapq.heappush(self.waiting, (cost + self._still(state), cost, state))

    def _still(self, state: State) -> float:
        x, y, _ = state
        (left, top), (right, bottom) = self.low, self.high
        near_x, near_y = min(max(x, left), right), min(max(y, top), bottom)
        length = abs(self.across[x] - self.across[near_x]) + abs(self.down[y] - self.down[near_y])
        return length + (BEND if x != near_x and y != near_y else 0.0)

    def _way_to(self, state: State) -> list[State]:
        states: list[State] = []
        here: State | None = state
        while here is not None:
            states.append(here)
            here = self.parents[here]
        return states[::-1]


_TURNS = tuple(tuple(way for way in range(4) if way != came ^ 2) for came in range(4))


def _step_costs(axis: Axis) -> list[float]:
    costs = [IN_GAP] * axis.count
    for middle, half in zip(axis.middles, axis.halves, strict=True):
        for line in range(middle - half, middle + half):
            costs[line] = 1.0
    return costs
