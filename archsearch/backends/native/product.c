/* The product kernel: the same for all cells, built once.

   out[row][column] = start + sum over operands, k of value[row][k] * weight[k][column], column by column panel of up to
   PANEL vectors, ROWS rows at a time. Each row's sum runs in the same order whatever the number of rows. */
#include "vector.h"

#define ROWS 6
#define PANEL 4

typedef struct {
  const REAL *base; /* of the first row */
  long stride;      /* from row to row */
  long size;        /* values that count */
} Operand;

enum { FROM_BIAS, FROM_ZERO, FROM_OUT };

/* `inner`: from value k to k + 1 of a row; `next`: from weight row k to k + 1. */
INLINE void block(const int rows, const int panel, REAL *out, long stride, int start, const REAL *bias, int operands,
                  const Operand *operand, const long inner, const REAL *weight, const long next) {
  V sum[ROWS][PANEL];
#pragma GCC unroll 6
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 4
    for (int v = 0; v < panel; v++)
      sum[r][v] = start == FROM_BIAS  ? load(bias + v * LANES)
                  : start == FROM_OUT ? load(out + r * stride + v * LANES)
                                      : all(0);
  for (int o = 0; o < operands; o++) {
    const REAL *value = operand[o].base;
    const long step = operand[o].stride, size = operand[o].size;
    for (long k = 0; k < size; k++, weight += next, value += inner) {
      V w[PANEL];
#pragma GCC unroll 4
      for (int v = 0; v < panel; v++) w[v] = load(weight + v * LANES);
#pragma GCC unroll 6
      for (int r = 0; r < rows; r++) {
        const V a = all(value[r * step]);
#pragma GCC unroll 4
        for (int v = 0; v < panel; v++) sum[r][v] += a * w[v];
      }
    }
  }
#pragma GCC unroll 6
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 4
    for (int v = 0; v < panel; v++) store(out + r * stride + v * LANES, sum[r][v]);
}

#define CASE(r, v) \
  case (r) * 8 + (v): block(r, v, out, stride, start, bias, operands, operand, 1, weight, (v) * LANES); return;
#define CASES(r) CASE(r, 1) CASE(r, 2) CASE(r, 3) CASE(r, 4)

static void any_block(long rows, long panel, REAL *out, long stride, int start, const REAL *bias, int operands,
                      const Operand *operand, const REAL *weight) {
  switch (rows * 8 + panel) { CASES(1) CASES(2) CASES(3) CASES(4) CASES(5) CASES(6) }
}

void product(long rows, long vectors, REAL *out, long stride, int start, const REAL *bias, int operands,
             const Operand *operand, const REAL *weight) {
  long depth = 0;
  for (int o = 0; o < operands; o++) depth += operand[o].size;
  for (long v = 0; v < vectors; v += PANEL) {
    const long panel = vectors - v < PANEL ? vectors - v : PANEL;
    for (long r = 0; r < rows; r += ROWS) {
      const long some = rows - r < ROWS ? rows - r : ROWS;
      Operand here[operands];
      for (int o = 0; o < operands; o++) {
        here[o] = operand[o];
        here[o].base += r * operand[o].stride;
      }
      any_block(some, panel, out + r * stride + v * LANES, stride, start, bias + v * LANES, operands, here,
                weight + v * LANES * depth);
    }
  }
}

#define TURNED(r, v) \
  case (r) * 8 + (v): block(r, v, out, stride, start, 0, 1, &from, wide, value, next); return;
#define ALL_TURNED(r) TURNED(r, 1) TURNED(r, 2) TURNED(r, 3) TURNED(r, 4)

static void turned_block(long rows, long panel, REAL *out, long stride, int start, const REAL *adjoint, long wide,
                         long depth, const REAL *value, long next) {
  const Operand from = {adjoint, 1, depth};
  switch (rows * 8 + panel) {
    ALL_TURNED(1) ALL_TURNED(2) ALL_TURNED(3) ALL_TURNED(4) ALL_TURNED(5) ALL_TURNED(6)
  }
}

/* A weight's gradient: out[row][column] += sum over k of adjoint[k * wide + row] * value[k * next + column]. */
void gradient(long rows, long vectors, REAL *out, long depth, const REAL *adjoint, long wide, const REAL *value,
              long next) {
  const long stride = vectors * LANES;
  for (long v = 0; v < vectors; v += PANEL)
    for (long r = 0; r < rows; r += ROWS)
      turned_block(rows - r < ROWS ? rows - r : ROWS, vectors - v < PANEL ? vectors - v : PANEL,
                   out + r * stride + v * LANES, stride, FROM_OUT, adjoint + r, wide, depth, value + v * LANES, next);
}

const long lanes = LANES;
