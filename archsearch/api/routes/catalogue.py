"""What may be named in a study: shipped cells and tasks."""

from __future__ import annotations

from archsearch.api.candidates import explained
from archsearch.api.images import Svg
from archsearch.api.parameters import DrawingsHere, ReaderHere, Size
from archsearch.findings import tasks
from archsearch.findings.catalogue import Cell, Cells, CellSummary
from archsearch.schema.sizes import HIDDEN_SIZE, INPUT_SIZE
from archsearch.server.problems import Declined
from archsearch.server.table import Table

ROUTES = Table("/api/v1", "catalogue")

NO_SUCH_CELL = "no shipped cell or wiring has this name"


@ROUTES.get("/cells", errors=())
async def list_cells(reader: ReaderHere, input_size: Size = INPUT_SIZE, hidden_size: Size = HIDDEN_SIZE) -> Cells:
    """List the shipped cells and wirings, with what one layer of these sizes costs."""
    from archsearch.findings.cells import shipped_cells

    rows = await reader.read(lambda store: shipped_cells(input_size, hidden_size))
    return Cells(input_size, hidden_size, tuple(CellSummary(**row) for row in rows))


@ROUTES.get("/cells/{name}")
async def get_cell(
    reader: ReaderHere, name: str, input_size: Size = INPUT_SIZE, hidden_size: Size = HIDDEN_SIZE
) -> Cell:
    """Show a shipped cell or wiring: equations, instructions, cost."""
    from archsearch.findings.cells import cell_values, shipped_cell

    _check_shipped(name)

    def look(store: object) -> Cell:
        shown = shipped_cell(name, input_size, hidden_size)
        values = cell_values(shown)
        shapes = {key: tuple(shape) for key, shape in values["parameter_shapes"].items()}
        return Cell(**values | {"parameter_shapes": shapes} | explained(shown.cell))

    return await reader.read(look)


@ROUTES.get("/cells/{name}/diagram.svg", response_class=Svg)
async def draw_cell(reader: ReaderHere, drawings: DrawingsHere, name: str) -> Svg:
    """Draw one step of a shipped cell or wiring; 409 where there is no way to draw it."""
    from archsearch.findings.cells import shipped_cell

    _check_shipped(name)
    ir = await reader.read(lambda store: str(shipped_cell(name, 1, 1).ir))
    return Svg((await drawings.draw(ir)).styled)


def _check_shipped(name: str) -> None:
    from archsearch.space.library import cell_names

    if name not in cell_names():
        raise Declined(404, NO_SUCH_CELL)


@ROUTES.get("/tasks", errors=())
async def list_tasks(reader: ReaderHere) -> tasks.Tasks:
    """List the shipped tasks with their options."""
    return await reader.read(lambda store: tasks.list_tasks())


@ROUTES.get("/tasks/{name}")
async def get_task(reader: ReaderHere, name: str) -> tasks.Task:
    """Explain a shipped task."""
    from archsearch.study.task_choice import task_names

    if name not in task_names():
        raise Declined(404, "no shipped task has this name")
    return await reader.read(lambda store: tasks.find_task(name))
