"""The LaTeX of our equations as HTML: letters, subscripts and fractions, which browsers show and wrap by themselves.

It reads what `explain/latex.py` writes, and nothing more.
"""

from __future__ import annotations

import re

from markupsafe import escape

_TOKENS = re.compile(r"\\[A-Za-z]+|\\.|[0-9][0-9.]*|[A-Za-z]|\s+|.", re.DOTALL)
_SIGNS = {r"\sigma": "σ", r"\odot": "⊙", r"\cdot": "·", r"\left": "", r"\right": "", "-": "−"}
_UPRIGHT = {r"\mathrm": "span", r"\operatorname": "span", r"\mathbf": "b"}


def formula_html(latex: str) -> str:
    """A side of an equation."""
    return _LatexReader(latex).sequence()


class _LatexReader:
    def __init__(self, latex: str) -> None:
        self._tokens = _TOKENS.findall(latex)[::-1]

    def sequence(self) -> str:
        """What stands before the end or the closing brace."""
        pieces = []
        while self._tokens and self._tokens[-1] != "}":
            pieces.append(self._piece())
        return "".join(pieces)

    def _piece(self) -> str:
        read = self._tokens.pop()
        if read == "{":
            inside = self.sequence()
            self._tokens.pop()
            return inside
        if read in "_^":
            tag = "sub" if read == "_" else "sup"
            return f"<{tag}>{self._piece()}</{tag}>"
        if read in _UPRIGHT:
            return f"<{_UPRIGHT[read]}>{self._name()}</{_UPRIGHT[read]}>"
        if read == r"\frac":
            above, below = self._piece(), self._piece()
            return (
                f'<span class="fraction"><span>{above}</span><span class="unseen"> / </span><span>{below}</span></span>'
            )
        if read in _SIGNS:
            return _SIGNS[read]
        if read.isalpha():
            return f"<i>{read}</i>"
        return str(escape(read.removeprefix("\\")))

    def _name(self) -> str:
        """The text in the braces that follow."""
        self._tokens.pop()
        letters = []
        while (read := self._tokens.pop()) != "}":
            letters.append(read.removeprefix("\\"))
        return str(escape("".join(letters)))
