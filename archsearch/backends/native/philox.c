/* Random words as archsearch/draws.py has them: Philox4x32-10 (Salmon et al. 2011), bit by bit. The words of a block
   stand below each other: out[4 * block + word][item]. Unrolled loops would take long to compile. */
#include <stdint.h>

typedef uint64_t Wide __attribute__((vector_size(BYTES))); /* 32 bits of an item in each lane */
#define WIDE_LANES ((long)(BYTES / sizeof(uint64_t)))
#define LOW 0xffffffffu

static inline Wide everywhere(uint64_t a) { return (Wide){0} + a; }
static inline Wide times(Wide a, uint64_t b) { return (a & LOW) * everywhere(b); }

void philox(uint64_t key, uint32_t block, uint32_t blocks, uint32_t call, uint64_t item, long items, uint32_t *out) {
  for (uint32_t b = 0; b < blocks; b++, out += 4 * items)
    for (long first = 0; first < items; first += WIDE_LANES) {
      Wide number;
      for (int i = 0; i < WIDE_LANES; i++) number[i] = item + first + i;
      Wide c0 = everywhere((uint32_t)(block + b)), c1 = everywhere(call), c2 = number & LOW, c3 = number >> 32;
      uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
#pragma GCC unroll 1
      for (int round = 0; round < 10; round++, k0 += 0x9E3779B9u, k1 += 0xBB67AE85u) {
        const Wide left = times(c0, 0xD2511F53u), right = times(c2, 0xCD9E8D57u);
        c0 = (right >> 32) ^ c1 ^ k0, c1 = right & LOW;
        c2 = (left >> 32) ^ c3 ^ k1, c3 = left & LOW;
      }
      const long some = items - first < WIDE_LANES ? items - first : WIDE_LANES;
#pragma GCC unroll 1
      for (long i = 0; i < some; i++) {
        uint32_t *const to = out + first + i;
        to[0] = c0[i], to[items] = c1[i], to[2 * items] = c2[i], to[3 * items] = c3[i];
      }
    }
}
