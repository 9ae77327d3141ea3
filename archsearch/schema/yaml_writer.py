"""Plain data as the text of a YAML file."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.representer import SafeRepresenter

from archsearch.schema.yaml_scalars import resolve

_WIDTH = 110
_PLAIN = re.compile(r"[A-Za-z0-9_$(][A-Za-z0-9_$ ()=.,*/+-]*(?<! )")  # a formula or a name; all else is quoted


class _Representer(SafeRepresenter):
    """Quotes every text that is not plainly one: ruamel.yaml writes `?0` as a key that it could not read."""

    def represent_text(self, text: str) -> Any:
        """A name or a formula as it is, lines as a block, in quotes what YAML would take for something else."""
        style = None if _PLAIN.fullmatch(text) and resolve(text) == text else "|" if "\n" in text else '"'
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    def represent_number(self, number: float) -> Any:
        """A number as in a formula: `0`, not `0.0`."""
        whole = number.is_integer() and abs(number) < 1e15 and str(number) != "-0.0"
        return self.represent_int(int(number)) if whole else self.represent_float(number)

    def represent_values(self, values: list[Any]) -> Any:
        """A list, in one line where that is short."""
        return self.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=_is_short(values))

    def represent_table(self, table: dict[str, Any]) -> Any:
        """A table, in one line where that is short; the keys of a file have lines of their own."""
        flow_style = not isinstance(table, _Document) and _is_short(list(table.values()))
        return self.represent_mapping("tag:yaml.org,2002:map", table, flow_style=flow_style)


class _Document(dict[str, Any]):
    """The keys of a file."""


def _is_short(values: list[Any]) -> bool:
    """Whether values, and those in lists among them, fit in a line."""
    inner = [value for value in values if isinstance(value, list)]
    broken = any(isinstance(value, dict) or (isinstance(value, str) and "\n" in value) for value in values)
    return not broken and len(str(values)) <= _WIDTH and all(map(_is_short, inner))


for _kind, _represent in {
    str: _Representer.represent_text,
    float: _Representer.represent_number,
    list: _Representer.represent_values,
    dict: _Representer.represent_table,
    _Document: _Representer.represent_table,
}.items():
    _Representer.add_representer(_kind, _represent)


def spell_yaml(document: Mapping[str, Any]) -> str:
    """Plain data as the text of a file."""
    writer: Any = YAML(typ="safe", pure=True)
    writer.Representer, writer.sort_base_mapping_type_on_output, writer.width = _Representer, False, 1000
    text = io.StringIO()
    writer.dump(_Document(document), text)
    return text.getvalue()
