"""`archsearch schema`: what an editor needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cli.conftest import Call

KINDS = ("cell", "wiring", "space", "study")


def patterns(part: Any) -> Iterator[str]:
    """Every pattern in a schema."""
    if isinstance(part, dict):
        if isinstance(part.get("pattern"), str):
            yield part["pattern"]
        for value in part.values():
            yield from patterns(value)
    elif isinstance(part, list):
        for value in part:
            yield from patterns(value)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_schema_that_knows_its_name_key(call: Call, kind: str) -> None:
    schema = call("schema", kind).json
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert kind in schema["properties"]
    assert kind in schema["required"]
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("kind", KINDS)
def test_patterns_are_such_that_editors_know_them(call: Call, kind: str) -> None:
    found = set(patterns(call("schema", kind).json))
    assert found
    for pattern in found:
        assert pattern.startswith("^")
        assert pattern.endswith("$")
        assert not re.search(r"\\[AzZ]", pattern)
        re.compile(pattern)


def test_a_study_has_one_task_or_several_and_one_size_or_matched_ones(call: Call) -> None:
    schema = call("schema", "study").json
    model = schema["$defs"]["StudyModel"]
    assert schema["oneOf"] == [{"required": ["task"]}, {"required": ["tasks"]}]
    assert "task" not in schema["required"]
    assert schema["properties"]["tasks"]["minProperties"] == 1
    assert model["oneOf"] == [{"required": ["hidden_size"]}, {"required": ["parameters"]}]
    assert [model["properties"][size]["type"] for size in ("hidden_size", "parameters")] == ["integer", "integer"]
    assert "required" not in model


def test_references_point_at_definitions(call: Call) -> None:
    schema = call("schema", "study").json
    references = set(re.findall(r'"\$ref": "#/\$defs/([^"]+)"', call("schema", "study").out))
    assert references
    assert references <= set(schema["$defs"])
