#include "CScan.h"

#include <string.h>

void rollcall_scan_plain(const uint8_t *text, size_t count, uint64_t *newlines, uint64_t *stops) {
  for (size_t word = 0; word * 64 < count; word++) {
    uint64_t newline = 0, stop = 0;
    size_t end = count - word * 64 < 64 ? count - word * 64 : 64;
    for (size_t bit = 0; bit < end; bit++) {
      uint8_t byte = text[word * 64 + bit];
      if (byte == '\n') newline |= 1ull << bit;
      if (byte == '"' || byte == '\\' || byte < 0x20 || byte >= 0x80) stop |= 1ull << bit;
    }
    newlines[word] = newline;
    stops[word] = stop;
  }
}

#if defined(__x86_64__)
#include <immintrin.h>

// A signed comparison with 0x20 finds control characters and bytes above 127 at once.

static void scan_sse2(const uint8_t *text, size_t words, uint64_t *newlines, uint64_t *stops) {
  const __m128i feed = _mm_set1_epi8('\n'), quote = _mm_set1_epi8('"');
  const __m128i slash = _mm_set1_epi8('\\'), space = _mm_set1_epi8(0x20);
  for (size_t word = 0; word < words; word++) {
    uint64_t newline = 0, stop = 0;
    for (int part = 0; part < 4; part++) {
      __m128i bytes = _mm_loadu_si128((const __m128i *)(text + word * 64 + part * 16));
      __m128i hits = _mm_or_si128(
          _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, slash)),
          _mm_cmplt_epi8(bytes, space));
      newline |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, feed)) << (part * 16);
      stop |= (uint64_t)(uint32_t)_mm_movemask_epi8(hits) << (part * 16);
    }
    newlines[word] = newline;
    stops[word] = stop;
  }
}

__attribute__((target("avx2"))) static void scan_avx2(
    const uint8_t *text, size_t words, uint64_t *newlines, uint64_t *stops) {
  const __m256i feed = _mm256_set1_epi8('\n'), quote = _mm256_set1_epi8('"');
  const __m256i slash = _mm256_set1_epi8('\\'), space = _mm256_set1_epi8(0x20);
  for (size_t word = 0; word < words; word++) {
    uint64_t newline = 0, stop = 0;
    for (int part = 0; part < 2; part++) {
      __m256i bytes = _mm256_loadu_si256((const __m256i *)(text + word * 64 + part * 32));
      __m256i hits = _mm256_or_si256(
          _mm256_or_si256(_mm256_cmpeq_epi8(bytes, quote), _mm256_cmpeq_epi8(bytes, slash)),
          _mm256_cmpgt_epi8(space, bytes));
      newline |= (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, feed))
                 << (part * 32);
      stop |= (uint64_t)(uint32_t)_mm256_movemask_epi8(hits) << (part * 32);
    }
    newlines[word] = newline;
    stops[word] = stop;
  }
}

__attribute__((target("avx512f,avx512bw"))) static void scan_avx512(
    const uint8_t *text, size_t words, uint64_t *newlines, uint64_t *stops) {
  const __m512i feed = _mm512_set1_epi8('\n'), quote = _mm512_set1_epi8('"');
  const __m512i slash = _mm512_set1_epi8('\\'), space = _mm512_set1_epi8(0x20);
  for (size_t word = 0; word < words; word++) {
    __m512i bytes = _mm512_loadu_si512((const void *)(text + word * 64));
    newlines[word] = _mm512_cmpeq_epi8_mask(bytes, feed);
    stops[word] = _mm512_cmpeq_epi8_mask(bytes, quote) | _mm512_cmpeq_epi8_mask(bytes, slash)
                  | _mm512_cmplt_epi8_mask(bytes, space);
  }
}

__attribute__((target("avx2,popcnt"))) static size_t count_avx2(const uint8_t *text, size_t blocks) {
  const __m256i feed = _mm256_set1_epi8('\n');
  size_t total = 0;
  for (size_t block = 0; block < blocks; block++) {
    __m256i bytes = _mm256_loadu_si256((const __m256i *)(text + block * 32));
    total += (size_t)__builtin_popcount(
        (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, feed)));
  }
  return total;
}
#endif

size_t rollcall_count_newlines(const uint8_t *text, size_t count) {
  size_t total = 0, done = 0;
#if defined(__x86_64__)
  if (rollcall_scan_level() >= 2) {
    done = count / 32 * 32;
    total = count_avx2(text, count / 32);
  }
#endif
  for (; done < count; done++) total += text[done] == '\n';
  return total;
}

int rollcall_scan_level(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bw")) return 3;
  if (__builtin_cpu_supports("avx2")) return 2;
  return 1;
#else
  return 0;
#endif
}

int rollcall_scan_at(
    int level, const uint8_t *text, size_t count, uint64_t *newlines, uint64_t *stops) {
  if (level > rollcall_scan_level()) return 0;
  size_t words = level == 0 ? 0 : count / 64;
#if defined(__x86_64__)
  if (level == 1) scan_sse2(text, words, newlines, stops);
  if (level == 2) scan_avx2(text, words, newlines, stops);
  if (level == 3) scan_avx512(text, words, newlines, stops);
#endif
  // What does not fill a word is looked at byte by byte.
  rollcall_scan_plain(text + words * 64, count - words * 64, newlines + words, stops + words);
  return 1;
}

void rollcall_scan(const uint8_t *text, size_t count, uint64_t *newlines, uint64_t *stops) {
  rollcall_scan_at(rollcall_scan_level(), text, count, newlines, stops);
}
