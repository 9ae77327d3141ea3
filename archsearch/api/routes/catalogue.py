"""What may be named in a study: shipped cells and tasks."""

from __future__ import annotations

from archsearch.api.drawings import Svg
from archsearch.api.parameters import DrawingsHere, ReaderHere, Size
from archsearch.findings import cells, tasks
from archsearch.ir import lower
from archsearch.schema.sizes import HIDDEN_SIZE, INPUT_SIZE
from archsearch.server.problems import Declined
from archsearch.server.table import Table
from archsearch.space.library import cell_names

ROUTES = Table("/api/v1", "catalogue")


@ROUTES.get("/cells", errors=())
async def list_cells(
    reader: ReaderHere, input_size: Size = INPUT_SIZE, hidden_size: Size = HIDDEN_SIZE
) -> cells.ShippedCells:
    """List the shipped cells and wirings, with what one layer of these sizes costs."""
    return await reader.read(lambda store: cells.shipped_cells(input_size, hidden_size))


@ROUTES.get("/cells/{name}")
async def get_cell(
    reader: ReaderHere, name: str, input_size: Size = INPUT_SIZE, hidden_size: Size = HIDDEN_SIZE
) -> cells.CellFinding:
    """Explain a shipped cell or wiring: equations, instructions, cost, the nearest textbook cell."""
    check_shipped(name)

    def explain(store: object) -> cells.CellFinding:
        cell, source = cells.open_cell(name)
        return cells.explain(cell, input_size, hidden_size, source)

    return await reader.read(explain)


@ROUTES.get("/cells/{name}/diagram.svg", response_class=Svg)
async def draw_cell(reader: ReaderHere, drawings: DrawingsHere, name: str) -> Svg:
    """Draw one step of a shipped cell or wiring; 409 where there is no way to draw it."""
    check_shipped(name)
    ir = await reader.read(lambda store: str(lower(cells.open_cell(name)[0])))
    return Svg((await drawings.draw(ir)).styled)


def check_shipped(name: str) -> None:
    """Raise `Declined` (404) where no cell or wiring of this name is shipped."""
    if name not in cell_names():
        raise Declined(404, "no shipped cell or wiring has this name")


@ROUTES.get("/tasks", errors=())
async def list_tasks(reader: ReaderHere) -> tasks.Tasks:
    """List the shipped tasks with their options."""
    return await reader.read(lambda store: tasks.list_tasks())


@ROUTES.get("/tasks/{name}")
async def get_task(reader: ReaderHere, name: str) -> tasks.TaskFinding:
    """Explain a shipped task."""
    from archsearch.study.task_choice import task_names

    if name not in task_names():
        raise Declined(404, "no shipped task has this name")
    return await reader.read(lambda store: tasks.find_task(name))
