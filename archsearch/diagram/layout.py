"""From routed lines to a drawing: shapes, lines, dots, arrows and labels in pixels."""

from __future__ import annotations

from archsearch.diagram.axes import end_point, places_on
from archsearch.diagram.drawing import Arrow, Box, Drawing, Label, Line, Mark, NodeShape, Xy
from archsearch.diagram.graph import Node
from archsearch.diagram.grid import DOWN, LEFT, RIGHT, STEPS, UP, Pin, Point
from archsearch.diagram.measure import MARK, PORT_SIZE, label_of, shortened, size_of, text_width
from archsearch.diagram.routes import Routed
from archsearch.diagram.trees import LinePiece, branches_of, pieces_of

EDGE = 12.0
"""Between the drawing's edge and what is in it."""
STUB = 18.0
"""How far lines reach out of the frame."""
LABEL_GAP = 6.0
LINE_HEIGHT = 1.3


def lay_out(routed: Routed, title: str, description: str) -> Drawing:
    """The drawing of routed lines."""
    return _Layout(routed).drawing(title, description)


class _Layout:
    def __init__(self, routed: Routed) -> None:
        self.routed = routed
        self.grid = routed.grid
        self.nodes = routed.grid.graph.nodes
        self.pieces = [piece for net, routes in routed.routes.items() if routes for piece in pieces_of(routed, net)]
        self.across = places_on(0, routed, self.pieces)
        self.down = places_on(1, routed, self.pieces, self.across)
        outside = EDGE + LABEL_GAP + STUB
        self.left = outside + self._widest("previous")
        self.top = outside + PORT_SIZE * LINE_HEIGHT
        right, bottom = self.across(self.grid.across.count - 1), self.down(self.grid.down.count - 1)
        self.frame = Box(self.left + right / 2, self.top + bottom / 2, right, bottom)
        self.width = self.frame.right + outside + self._widest("next")
        self.height = self.frame.bottom + outside + PORT_SIZE * LINE_HEIGHT

    def _widest(self, kind: str) -> float:
        names = [shortened(node.name) for node in self.nodes.values() if node.kind == kind]
        return max((text_width(name, PORT_SIZE) for name in names), default=0.0)

    def drawing(self, title: str, description: str) -> Drawing:
        arrows, marks = self._entries()
        pins = self._pins()
        return Drawing(
            title=title,
            description=description,
            width=self.width,
            height=self.height,
            frame=self.frame,
            shapes=tuple(self._shape(self.nodes[key]) for key in self.grid.placement.cells),
            marks=tuple(marks),
            lines=tuple(self._line(piece, pins) for piece in self.pieces),
            dots=tuple(self._xy(point) for net in self.routed.routes for point in self._branches(net)),
            arrows=tuple(arrows),
            labels=tuple(self._labels()),
        )

    def _branches(self, net: str) -> list[Point]:
        return branches_of(self.routed, net) if self.routed.routes[net] else []

    def _xy(self, point: Point) -> Xy:
        return self.left + self.across(point[0]), self.top + self.down(point[1])

    def _box(self, key: str) -> Box:
        return Box(*self._xy(self.grid.middle(key)), *size_of(self.nodes[key]))

    def _shape(self, node: Node) -> NodeShape:
        return NodeShape(node.key, node.kind, self._box(node.key), node.sign, label_of(node))

    def _line(self, piece: LinePiece, pins: dict[Point, Xy]) -> Line:
        points = [pins.get(point) or self._xy(point) for point in piece.points]
        return Line(piece.net, piece.style, tuple(points))

    def _pins(self) -> dict[Point, Xy]:
        """Where lines really end: at the edge of a shape, or outside of the frame."""
        ends: dict[Point, Xy] = {}
        for net, routes in self.routed.routes.items():
            for (key, index), route in routes.items():
                if route.start is not None:
                    ends[route.start.point] = self._edge(net, route.start)
                ends[route.end.point] = self._tip(key, index, route.end)
        return ends

    def _edge(self, key: str, pin: Pin) -> Xy:
        """The point at which a line meets a node's edge."""
        if key not in self.grid.placement.cells:
            return self._beyond(key, pin.point, STUB, STUB)
        box, (x, y) = self._box(key), self._xy(pin.point)
        sides = {RIGHT: (box.left, y), LEFT: (box.right, y), DOWN: (x, box.top), UP: (x, box.bottom)}
        return sides[pin.inward]

    def _beyond(self, key: str, point: Point, wide: float, high: float) -> Xy:
        """The place outside of the frame at the end `key`: `wide` beside the frame, or `high` above or below it."""
        (x, y), frame = self._xy(point), self.frame
        places = {
            "previous": (frame.left - wide, y),
            "next": (frame.right + wide, y),
            "input": (x, frame.bottom + high),
            "output": (x, frame.top - high),
        }
        return places[self.nodes[key].kind]

    def _tip(self, key: str, index: int, pin: Pin) -> Xy:
        x, y = self._edge(key, pin)
        back = MARK / 2 if self.nodes[key].reads[index].mark else 0.0
        dx, dy = STEPS[pin.inward]
        return x - back * dx, y - back * dy

    def _entries(self) -> tuple[list[Arrow], list[Mark]]:
        styles = {piece.points[-1]: piece.style for piece in self.pieces}
        arrows, marks = [], []
        for routes in self.routed.routes.values():
            for (key, index), route in routes.items():
                mark = self.nodes[key].reads[index].mark
                arrows.append(Arrow(self._tip(key, index, route.end), route.end.inward, styles[route.end.point], key))
                if mark:
                    marks.append(Mark(Box(*self._edge(key, route.end), MARK, MARK), mark, key))
        return arrows, marks

    def _labels(self) -> list[Label]:
        labels = []
        for key, node in self.nodes.items():
            point = end_point(self.routed, key)
            if point is not None:
                text = shortened(node.name)
                width, height = text_width(text, PORT_SIZE), PORT_SIZE * LINE_HEIGHT
                place = self._beyond(key, point, STUB + LABEL_GAP + width / 2, STUB + LABEL_GAP + height / 2)
                labels.append(Label(key, text, Box(*place, width, height)))
        return labels
