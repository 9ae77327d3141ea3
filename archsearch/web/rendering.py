"""Templates: Jinja2 with everything escaped, an undefined name an error, and numbers as people read them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import jinja2
from markupsafe import Markup

from archsearch.errors import counted, printable
from archsearch.findings.columns import architecture, hole_name
from archsearch.spelling import duration
from archsearch.web.assets import assets
from archsearch.web.charts import chart_data, chart_svg
from archsearch.web.formulas import formula_html

TEMPLATES = Path(__file__).parent / "templates"
MISSING = "–"
PAUSE = Markup("<!-- the rest takes longer -->")
_WIDTH = re.compile(r'<svg[^>]* width="([0-9]+)')


def render(template: str, **context: object) -> str:
    """A template of this package as text."""
    return environment().get_template(template).render(context)


def render_parts(template: str, **context: object) -> Iterator[str]:
    """A template as text in parts, each made when it is asked for; a part ends where the template has `{{ pause }}`."""
    part: list[str] = []
    for piece in environment().get_template(template).generate(context):
        if piece == PAUSE:
            yield "".join(part)
            part.clear()
        else:
            part.append(piece)
    yield "".join(part)


def prepare() -> None:
    """Compile all templates now, and not while the first page is asked for."""
    for name in environment().list_templates():
        environment().get_template(name)


@functools.cache
def environment() -> jinja2.Environment:
    """The templates with their filters."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "count": lambda number: MISSING if number is None else f"{number:,}",
        "duration": lambda seconds: MISSING if seconds is None else duration(seconds),
        "score": score,
        "counted": counted,
        "moment": moment,
        "breakable": breakable,
        "visible": lambda text: printable(text, limit=300),
        "formula": formula_html,
        "natural": natural_width,
    }
    templates.globals |= {
        "asset": lambda name: assets()[name],
        "href": href,
        "architecture": architecture,
        "hole_name": hole_name,
        "pause": PAUSE,
        "chart_data": chart_data,
        "chart_svg": chart_svg,
        "static": False,
    }
    return templates


def score(number: float | None, digits: int = 3) -> str:
    """A score in [0, 1]."""
    return MISSING if number is None else f"{number:.{digits}f}"


def moment(text: str | None) -> str:
    """A UTC time in ISO format, to the minute."""
    return MISSING if not text else f"{text[:16].replace('T', ' ')} UTC"


def breakable(text: object) -> Markup:
    """A name as visible characters, in which lines may break behind dots and underscores and nowhere else."""
    return Markup("<wbr>").join(re.findall(r"[^._]*[._]+|[^._]+", printable(text, limit=300)))


def href(path: str, **parameters: object) -> str:
    """An address: names stand in the query, where browsers leave `..` and slashes as they are."""
    given = {key: value for key, value in parameters.items() if value not in (None, "", [], ())}
    return f"{path}?{urlencode(given, doseq=True)}" if given else path


def natural_width(svg: str) -> int:
    """The width of a drawing in hundreds of pixels, rounded down; 0 where it says none."""
    width = _WIDTH.search(svg)
    return int(width[1]) // 100 if width else 0
