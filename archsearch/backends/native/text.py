"""What both kernels of a cell are written with: the head, loops over rows, names of arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

HEAD = """/* {title}
   {source}
   W[v] is a product of the matrix and v, d[v] a vector times v, b a bias.

   Arrays are [time, batch, width] with width = hidden, rounded up to whole vectors (input_width likewise). V is a
   vector of LANES numbers. A call runs the rows first ... last - 1 of the batch, `chunk` of them at a time through all
   steps: rows do not depend on each other. Products, which all cells share, are in product.c. */
#include "vector.h"
#pragma GCC optimize ("Og", "ipa-ra", "ira-region=one")

typedef struct {{ const REAL *base; long stride, size; }} Operand;
typedef struct {{ long time, batch, input, input_width, hidden, width; }} Size;
typedef void Product(long, long, REAL *, long, int, const REAL *, int, const Operand *, const REAL *);
typedef void Gradient(long, long, REAL *, long, const REAL *, long, const REAL *, long);
enum {{ FROM_BIAS, FROM_ZERO, FROM_OUT }};
#define DEPTH 128 /* rows of adjoints that wait for the weights' gradients */
"""

OPEN = """
void {name}(const Size *size, long first, long last, long chunk, long keep, REAL *const *array, REAL *scratch,
{indent}Product *product, Gradient *gradient) {{
  const long time = size->time, batch = size->batch, hidden = size->hidden, width = size->width;
  const long input = size->input, input_width = size->input_width;
  (void)input, (void)input_width, (void)hidden, (void)keep, (void)product, (void)gradient;
  const long wide = {columns} * width;
{arrays}
  for (long row = first; row < last; row += chunk) {{
    const long rows = last - row < chunk ? last - row : chunk;
"""


class Text:
    """Lines with indentation."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def joined(self) -> str:
        """All lines as one text."""
        return "\n".join(self.lines)

    def put(self, depth: int, *lines: str) -> None:
        """Add lines at an indentation depth."""
        self.lines += ["  " * depth + line for line in lines]


def loop(text: Text, lines: Iterable[str], note: str = "") -> None:
    """Add a loop over the chunk's rows and the vectors of each; nothing for no lines."""
    body = list(lines)
    if body:
        text.put(3, *([f"/* {note} */"] if note else []))
        text.put(3, "for (long r = 0; r < rows; r++)", "  for (long j = 0; j < width; j += LANES) {")
        text.put(5, "const long at = r * width + j;", *body)
        text.put(4, "}")


class Names:
    """C names of arrays and of pointers into them."""

    def __init__(self, arrays: Sequence[str]) -> None:
        self.index = {name: number for number, name in enumerate(arrays)}

    def __getitem__(self, name: str) -> str:
        return f"a{self.index[name]}"

    def declarations(self) -> str:
        """A C variable for each array."""
        return "\n".join(
            f"  REAL *const a{number} = array[{number}]; /* {name} */" for name, number in self.index.items()
        )
