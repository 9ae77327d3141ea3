/* Vectors of REAL, as wide as the machine's, and the functions that kernels apply to them.
   Defined on the compiler's command line: REAL (float or double), DOUBLE (0 or 1), BYTES (vector width).
   It includes no header of the system: reading those takes a tenth of a cell's compilation. */
#pragma once

#define LANES ((long)(BYTES / sizeof(REAL)))
#define INLINE static inline __attribute__((always_inline))
/* Called, not put where it is used: a chain of a hundred would take a second to compile. */
#define FUNCTION static __attribute__((noinline, unused))
typedef REAL V __attribute__((vector_size(BYTES), aligned(BYTES), may_alias));
#if DOUBLE
typedef __INT64_TYPE__ I __attribute__((vector_size(BYTES)));
#else
typedef __INT32_TYPE__ I __attribute__((vector_size(BYTES)));
#endif

INLINE V load(const REAL *p) { return *(const V *)p; }
INLINE void store(REAL *p, V v) { *(V *)p = v; }
INLINE V all(REAL a) { return a - (V){0}; }
INLINE V pick(I mask, V a, V b) { return (V)((mask & (I)a) | (~mask & (I)b)); }

/* larger(a, b) is a > b ? a : b, smaller(a, b) is a < b ? a : b, with ties and NaN: just what x86 calls max and min.
   Written as assembly: their functions stand in a header of the system. */
#if DOUBLE
#define KIND "pd"
#else
#define KIND "ps"
#endif
#if BYTES == 64 && defined __AVX512F__ || BYTES == 32 && defined __AVX__
#define MACHINE(name) V y; __asm__("v" name KIND " %2, %1, %0" : "=v"(y) : "v"(a), "v"(b)); return y
#elif BYTES == 16 && defined __SSE2__
#define MACHINE(name) __asm__(name KIND " %1, %0" : "+x"(a) : "x"(b)); return a
#endif
#ifdef MACHINE
INLINE V larger(V a, V b) { MACHINE("max"); }
INLINE V smaller(V a, V b) { MACHINE("min"); }
#else
INLINE V larger(V a, V b) { return pick(a > b, a, b); }
INLINE V smaller(V a, V b) { return pick(a < b, a, b); }
#endif
INLINE V v_max(V a, V b) { return pick(a != a, a, larger(a, b)); }
INLINE V v_min(V a, V b) { return pick(a != a, a, smaller(a, b)); }
INLINE V v_gt(V a, V b) { return pick(a > b, all(1), all(0)); }
INLINE V v_where_le(V a, V b, V c, V d) { return pick(a <= b, c, d); }

/* a, moved into [low, high]; NaN stays NaN. */
INLINE V within(V a, REAL low, REAL high) { return smaller(all(high), larger(all(low), a)); }

INLINE V polynomial(const REAL *c, unsigned count, V x) {
  V p = all(c[0]);
#pragma GCC unroll 16
  for (unsigned k = 1; k < count; k++) p = p * x + all(c[k]);
  return p;
}
#define POLYNOMIAL(x, ...) polynomial((const REAL[]){__VA_ARGS__}, sizeof((REAL[]){__VA_ARGS__}) / sizeof(REAL), x)

/* exp(a) = 2^n exp(r) with |r| <= ln2 / 2, exp(r) by its series. The pair is returned apart. */
typedef struct {
  V mantissa;
  I n;
} Scaled;

INLINE Scaled exp_parts(V a) {
#if DOUBLE
  const REAL shift = 0x1.8p52, hi = 0x1.62e42fee00000p-1, lo = 0x1.a39ef35793c76p-33;
#else
  const REAL shift = 0x1.8p23f, hi = 0x1.62e400p-1f, lo = 0x1.7f7d1cp-20f;
#endif
  V rounded = a * all((REAL)1.44269504088896340736) + all(shift);
  V whole = rounded - all(shift);
  V r = (a - whole * all(hi)) - whole * all(lo);
#if DOUBLE
  V p = POLYNOMIAL(r, 1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320,
                   1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2, 1, 1);
#else
  V p = POLYNOMIAL(r, 1.0f / 5040, 1.0f / 720, 1.0f / 120, 1.0f / 24, 1.0f / 6, 1.0f / 2, 1, 1);
#endif
  return (Scaled){p, (I)rounded - (I)all(shift)};
}

#if DOUBLE
enum { BITS = 52, BIAS = 1023 };
#define LOWEST -746
#define LOWEST_NORMAL -708
#define HIGHEST 710
#define OVERFLOW 709.782712893384
#else
enum { BITS = 23, BIAS = 127 };
#define LOWEST -104
#define LOWEST_NORMAL -87
#define HIGHEST 89
#define OVERFLOW 88.72284f
#endif

/* n enters the exponent in two halves, so that results below the smallest normal number, and infinity, come out right. */
FUNCTION V v_exp(V a) {
  Scaled e = exp_parts(within(a, LOWEST, HIGHEST));
  I half = e.n >> 1;
  return e.mantissa * (V)((half + BIAS) << BITS) * (V)((e.n - half + BIAS) << BITS);
}

/* 1 / (1 + exp(-a)), halved above and below, so that 2^(n - 1) does for every exp(-a) that is finite. */
FUNCTION V v_sigmoid(V a) {
  V x = larger(all(LOWEST_NORMAL), -a);
  Scaled e = exp_parts(x);
  V power = e.mantissa * (V)((e.n + BIAS - 1) << BITS);
  return all((REAL)0.5) / (all((REAL)0.5) + pick(x > all(OVERFLOW), all(__builtin_inf()), power));
}

/* float: a quotient of polynomials in a * a, fitted to tanh(a) / a on [0, 9.1] for the least relative error (2.3e-8 before
   rounding). double: 1 - 2 / (exp(2a) + 1) for a > 0, rounded rightly where it is close to 1, so that 1 - y * y is
   too; it loses digits near 0, and there the continued fraction a / (1 + s / (3 + s / (5 + ...))) takes over, as a quotient. */
FUNCTION V v_tanh(V a) {
#if DOUBLE
  const V sign = all(-0.0);
  V x = smaller(all(20), (V)((I)a & ~(I)sign)), s = x * x;
  V up = s * (s * (s + all(378)) + all(17325)) + all(135135);
  V down = s * (s * (all(28) * s + all(3150)) + all(62370)) + all(135135);
  Scaled e = exp_parts(x + x);
  V power = e.mantissa * (V)((e.n + BIAS) << BITS);
  I near = x < all(0.3);
  V y = pick(near, x * up, all(2)) / pick(near, down, power + all(1));
  return (V)((I)pick(near, y, all(1) - y) | ((I)a & (I)sign));
#else
  V x = within(a, -9.1f, 9.1f), s = x * x;
  V up = POLYNOMIAL(s, 1.3177532979178531e-08f, 2.0481197602694078e-05f, 0.0034878119089244556f, 0.13374476014763068f,
                    0.999999977259475f);
  V down = POLYNOMIAL(s, 7.704051340138633e-07f, 0.00032729214397447944f, 0.025847392135431673f, 0.4670778981135264f, 1);
  return within(x * up / down, -1, 1);
#endif
}

/* Rare functions go through the C library, lane by lane. */
#define EACH(name, call)                                \
  FUNCTION V name(V a) {                                \
    V y;                                                \
    for (long k = 0; k < LANES; k++) y[k] = call(a[k]); \
    return y;                                           \
  }
#if DOUBLE
EACH(v_log, __builtin_log)
EACH(v_log1p, __builtin_log1p)
EACH(v_sin, __builtin_sin)
EACH(v_cos, __builtin_cos)
#else
EACH(v_log, __builtin_logf)
EACH(v_log1p, __builtin_log1pf)
EACH(v_sin, __builtin_sinf)
EACH(v_cos, __builtin_cosf)
#endif
