"""What templates do with texts."""

from __future__ import annotations

import pytest

from archsearch.web.rendering import breakable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("gates.forget.bias", "gates.<wbr>forget.<wbr>bias"),
        ("long_order", "long_<wbr>order"),
        ("..a__b", "..<wbr>a__<wbr>b"),
        ("plain", "plain"),
        ("", ""),
        ("<b>.&\n", "&lt;b&gt;.<wbr>&amp;\\n"),
    ],
)
def test_lines_break_behind_dots_and_underscores_alone(text: str, shown: str) -> None:
    assert str(breakable(text)) == shown
