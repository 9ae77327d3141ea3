/* What a call brings and takes away, in and out of the form that kernels read: rows filled up with zeros to whole
   vectors, weights in panels. The same for all cells. `base` holds the addresses of a call's memory blocks. */
#include "vector.h"
#include <string.h>

typedef struct {
  long to, to_offset, to_stride;       /* block, first value, from row to row */
  long from, from_offset, from_stride;
  long rows, columns;                  /* copied, or added where `add` is set */
  long filled;                         /* columns of `to`; those behind `columns` become 0 */
  long add;
} Move;

void move(const Move *moves, long count, REAL *const *base) {
  for (const Move *m = moves; m < moves + count; m++)
    for (long r = 0; r < m->rows; r++) {
      REAL *to = base[m->to] + m->to_offset + r * m->to_stride;
      const REAL *from = base[m->from] + m->from_offset + r * m->from_stride;
      if (m->add)
        for (long c = 0; c < m->columns; c++) to[c] += from[c];
      else if (m->columns)
        memcpy(to, from, m->columns * sizeof(REAL));
      for (long c = m->columns; c < m->filled; c++) to[c] = 0;
    }
}

/* One matrix among the weights that a product reads. A panel holds PANEL vectors of columns, its row k behind row k - 1;
   there are `total` rows and `vectors` vectors of columns in all. */
typedef struct {
  long to, to_offset, from;
  long vectors, total;
  long first, count;    /* the vectors of columns that this matrix fills */
  long before, depth;   /* and the rows */
  long columns;         /* its own number of columns; 0 stands behind them */
  long row, column;     /* distances between its values */
} Pack;

void pack(const Pack *packs, long count, REAL *const *base) {
  for (const Pack *p = packs; p < packs + count; p++)
    for (long v = 0; v < p->count; v++) {
      const long at = p->first + v, begin = at / PANEL * PANEL;
      const long panel = p->vectors - begin < PANEL ? p->vectors - begin : PANEL;
      REAL *to = base[p->to] + p->to_offset + (begin * p->total + p->before * panel + at - begin) * LANES;
      const REAL *from = base[p->from] + v * LANES * p->column;
      const long some = p->columns - v * LANES < LANES ? p->columns - v * LANES : LANES;
      for (long k = 0; k < p->depth; k++, to += panel * LANES, from += p->row) {
        for (long l = 0; l < some; l++) to[l] = from[l * p->column];
        for (long l = some; l < LANES; l++) to[l] = 0;
      }
    }
}
