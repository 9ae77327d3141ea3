/* Random words as archsearch/draws.py has them: Philox4x32-10 (Salmon et al. 2011), bit by bit. The words of a block
   stand below each other: out[4 * block + word][item]. */
#include <stdint.h>

#define AT_ONCE 16 /* items: a compiler makes vectors of them */

void philox(uint64_t key, uint32_t block, uint32_t blocks, uint32_t call, uint64_t item, long items, uint32_t *out) {
  for (uint32_t b = 0; b < blocks; b++, out += 4 * items)
    for (long first = 0; first < items; first += AT_ONCE) {
      uint32_t c0[AT_ONCE], c1[AT_ONCE], c2[AT_ONCE], c3[AT_ONCE];
      for (int i = 0; i < AT_ONCE; i++) {
        const uint64_t number = item + first + i;
        c0[i] = block + b, c1[i] = call, c2[i] = (uint32_t)number, c3[i] = (uint32_t)(number >> 32);
      }
      uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
      for (int round = 0; round < 10; round++, k0 += 0x9E3779B9u, k1 += 0xBB67AE85u)
        for (int i = 0; i < AT_ONCE; i++) {
          const uint64_t left = (uint64_t)0xD2511F53u * c0[i], right = (uint64_t)0xCD9E8D57u * c2[i];
          c0[i] = (uint32_t)(right >> 32) ^ c1[i] ^ k0, c1[i] = (uint32_t)right;
          c2[i] = (uint32_t)(left >> 32) ^ c3[i] ^ k1, c3[i] = (uint32_t)left;
        }
      const long some = items - first < AT_ONCE ? items - first : AT_ONCE;
      for (long i = 0; i < some; i++) {
        uint32_t *const to = out + first + i;
        to[0] = c0[i], to[items] = c1[i], to[2 * items] = c2[i], to[3 * items] = c3[i];
      }
    }
}
