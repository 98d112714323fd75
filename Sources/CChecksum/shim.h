// Carry-less multiplication, which Swift has no word for, for the CRC-32 of gzip.
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>

/// Whether this processor multiplies without carries.
static inline int checksum_can_fold(void) {
  return __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
}

/// Moves `block` forward over the distance that `factors` stand for, and adds `next`.
__attribute__((target("pclmul,sse4.1"))) static inline __m128i checksum_step(
    __m128i block, __m128i factors, __m128i next) {
  __m128i low = _mm_clmulepi64_si128(block, factors, 0x00);
  __m128i high = _mm_clmulepi64_si128(block, factors, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

/// Writes 16 bytes whose CRC-32, begun with a register of zero, is that of `bytes` begun with
/// `start`. `count` is a multiple of 16 and at least 64.
__attribute__((target("pclmul,sse4.1"))) static inline void checksum_fold(
    uint32_t start, const uint8_t *bytes, size_t count, uint8_t *folded) {
  // Powers of x modulo the polynomial, bits reversed: 544 and 480; 160 and 96.
  const __m128i by_four = _mm_set_epi64x(0x1c6e41596, 0x154442bd4);
  const __m128i by_one = _mm_set_epi64x(0x0ccaa009e, 0x1751997d0);
  const __m128i *from = (const __m128i *)bytes;
  __m128i a = _mm_xor_si128(_mm_loadu_si128(from), _mm_cvtsi32_si128((int)start));
  __m128i b = _mm_loadu_si128(from + 1);
  __m128i c = _mm_loadu_si128(from + 2);
  __m128i d = _mm_loadu_si128(from + 3);
  size_t left = count / 16 - 4;
  for (from += 4; left >= 4; left -= 4, from += 4) {
    a = checksum_step(a, by_four, _mm_loadu_si128(from));
    b = checksum_step(b, by_four, _mm_loadu_si128(from + 1));
    c = checksum_step(c, by_four, _mm_loadu_si128(from + 2));
    d = checksum_step(d, by_four, _mm_loadu_si128(from + 3));
  }
  a = checksum_step(checksum_step(checksum_step(a, by_one, b), by_one, c), by_one, d);
  for (; left > 0; left -= 1, from += 1) a = checksum_step(a, by_one, _mm_loadu_si128(from));
  _mm_storeu_si128((__m128i *)folded, a);
}

#else

static inline int checksum_can_fold(void) { return 0; }

static inline void checksum_fold(
    uint32_t start, const uint8_t *bytes, size_t count, uint8_t *folded) {
  (void)start, (void)bytes, (void)count, (void)folded;
}

#endif
