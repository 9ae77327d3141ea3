/* Vectors of REAL, as wide as the machine's, and the functions that kernels apply to them.
   Defined by the compiler's command line: REAL (float or double), DOUBLE (0 or 1), BYTES (vector width). */
#include <math.h>
#include <stdint.h>
#include <string.h>

#define LANES ((long)(BYTES / sizeof(REAL)))
typedef REAL V __attribute__((vector_size(BYTES), aligned(BYTES), may_alias));
#if DOUBLE
typedef int64_t I __attribute__((vector_size(BYTES)));
#define WORD int64_t
#else
typedef int32_t I __attribute__((vector_size(BYTES)));
#define WORD int32_t
#endif
#define INLINE static inline __attribute__((always_inline))

INLINE V load(const REAL *p) { return *(const V *)p; }
INLINE void store(REAL *p, V v) { *(V *)p = v; }
INLINE V all(REAL a) { return a - (V){0}; }
INLINE V pick(I mask, V a, V b) { return (V)((mask & (I)a) | (~mask & (I)b)); }
INLINE V v_max(V a, V b) { return pick(a > b, a, b); }
INLINE V v_min(V a, V b) { return pick(a < b, a, b); }
INLINE V v_gt(V a, V b) { return pick(a > b, all(1), all(0)); }

/* exp: a = n ln2 + r with |r| <= ln2 / 2; a polynomial for exp(r); n goes into the exponent in two halves, so that
   results below the smallest normal number come out right. NaN passes. */
INLINE V v_exp(V a) {
#if DOUBLE
  const REAL shift = 0x1.8p52, low = -746, high = 710;
  const REAL c[] = {1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320,
                    1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2, 1, 1};
  const REAL hi = 0x1.62e42fee00000p-1, lo = 0x1.a39ef35793c76p-33;
  const int bits = 52, bias = 1023;
#else
  const REAL shift = 0x1.8p23f, low = -104, high = 89;
  const REAL c[] = {1.0f / 5040, 1.0f / 720, 1.0f / 120, 1.0f / 24, 1.0f / 6, 1.0f / 2, 1, 1};
  const REAL hi = 0x1.62e400p-1f, lo = 0x1.7f7d1cp-20f;
  const int bits = 23, bias = 127;
#endif
  V inside = v_min(v_max(a, all(low)), all(high));
  V rounded = inside * all((REAL)1.44269504088896340736) + all(shift);
  I n = (I)rounded - (I)all(shift);
  V whole = rounded - all(shift);
  V r = (inside - whole * all(hi)) - whole * all(lo);
  V p = all(c[0]);
#pragma GCC unroll 16
  for (unsigned k = 1; k < sizeof c / sizeof *c; k++) p = p * r + all(c[k]);
  I half = n >> 1;
  V first = (V)((half + bias) << bits), second = (V)((n - half + bias) << bits);
  return pick(a == a, p * first * second, a);
}

INLINE V v_sigmoid(V a) { return all(1) / (all(1) + v_exp(-a)); }

/* tanh: (e - 1) / (e + 1) with e = exp(2a) loses digits near 0; there a quotient of polynomials (double) or an odd
   polynomial (float) takes over. */
INLINE V v_tanh(V a) {
#if DOUBLE
  const REAL small = 0.3, big = 20;
#else
  const REAL small = 0.3f, big = 9.2f;
#endif
  V x = v_min(v_max(a, all(-big)), all(big));
  V e = v_exp(x + x);
  V far = (e - all(1)) / (e + all(1));
  V s = a * a;
  /* continued fraction a / (1 + s / (3 + s / (5 + ...))) as a quotient: accurate to the last digits for |a| < small */
  V up, down;
#if DOUBLE
  up = s * (s * (s + all(378)) + all(17325)) + all(135135);
  down = s * (s * (all(28) * s + all(3150)) + all(62370)) + all(135135);
#else
  up = s * (s + all(105)) + all(945);
  down = s * (all(15) * s + all(420)) + all(945);
#endif
  V near = a * up / down;
  return pick(a == a, pick((a < all(small)) & (a > all(-small)), near, far), a);
}

/* Rare functions go through the C library, lane by lane. */
#define EACH(name, call)                                         \
  static __attribute__((noinline, unused)) V name(V a) {         \
    V y;                                                         \
    for (long k = 0; k < LANES; k++) y[k] = call(a[k]);          \
    return y;                                                    \
  }
#if DOUBLE
EACH(v_log, log)
EACH(v_sin, sin)
#else
EACH(v_log, logf)
EACH(v_sin, sinf)
#endif
