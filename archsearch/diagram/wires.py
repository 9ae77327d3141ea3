"""The lines on the grid: for each point, the nets there and the directions in which they leave it."""

from __future__ import annotations

import dataclasses
import itertools

from archsearch.diagram.grid import STEPS, Pin, Point

_ACROSS, _ALONG = 0b0101, 0b1010  # right and left; down and up


@dataclasses.dataclass(frozen=True)
class Route:
    """One line from a net to one of its readers: points in order, on the way out of the net; `None`: from the net."""

    points: tuple[Point, ...]
    start: Pin | None
    end: Pin
    cost: float


class Wires:
    """The nets' lines on the grid. Two nets share a point only where both go straight on, one across the other."""

    def __init__(self) -> None:
        self.at: dict[Point, dict[str, int]] = {}
        self.points: dict[str, set[Point]] = {}
        self.pins: dict[Point, str] = {}

    def lay(self, net: str, route: Route) -> None:
        """Add a route to a net."""
        self._mark(net, route.points)
        for pin in (route.start, route.end):
            if pin is not None:
                self.pins[pin.point] = net

    def _mark(self, net: str, points: tuple[Point, ...]) -> None:
        for one, other in itertools.pairwise(points):
            way = STEPS.index((other[0] - one[0], other[1] - one[1]))
            for point, bit in ((one, 1 << way), (other, 1 << (way ^ 2))):
                masks = self.at.setdefault(point, {})
                masks[net] = masks.get(net, 0) | bit
                self.points.setdefault(net, set()).add(point)

    def lift(self, net: str) -> None:
        """Take a net off the grid."""
        for point in self.points.pop(net, set()):
            del self.at[point][net]
            if not self.at[point]:
                del self.at[point]
        self.pins = {point: owner for point, owner in self.pins.items() if owner != net}

    def crossable(self, net: str, point: Point, way: int) -> int:
        """The number of other nets that a line straight through a point crosses; -1 where it may not cross them."""
        crossed = 0
        for other, mask in self.at.get(point, {}).items():
            if other != net:
                if mask != (_ALONG if way in (0, 2) else _ACROSS):
                    return -1
                crossed += 1
        return crossed

    def is_straight(self, net: str) -> bool:
        """Whether a net neither bends nor branches nor crosses another one."""
        here = (self.at[point] for point in self.points.get(net, ()))
        return all(len(masks) == 1 and _is_plain(masks[net]) for masks in here)

    @property
    def penalty(self) -> float:
        """How hard the lines are to follow: crossings, corners, branches, lengths."""
        total = 0.0
        for masks in self.at.values():
            total += 5 * (len(masks) > 1) + 0.1 * len(masks)
            for mask in masks.values():
                total += 0 if _is_plain(mask) else 2
        return total


def _is_plain(mask: int) -> bool:
    """Whether a line ends or goes straight on."""
    return mask in (_ACROSS, _ALONG) or mask.bit_count() < 2
