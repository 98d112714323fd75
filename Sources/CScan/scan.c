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
  if (__builtin_cpu_supports("avx512bw")) return __builtin_cpu_supports("avx512vbmi") ? 4 : 3;
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
  if (level >= 3) scan_avx512(text, words, newlines, stops);
#endif
  // What does not fill a word is looked at byte by byte.
  rollcall_scan_plain(text + words * 64, count - words * 64, newlines + words, stops + words);
  return 1;
}

void rollcall_scan(const uint8_t *text, size_t count, uint64_t *newlines, uint64_t *stops) {
  rollcall_scan_at(rollcall_scan_level(), text, count, newlines, stops);
}

// MARK: needles

static inline uint32_t needle_hash(const uint8_t *text) {
  uint32_t four;
  memcpy(&four, text, 4);
  return ((four | 0x20202020u) * 0x9E3779B1u) >> 16;
}

void rollcall_needles_add(rollcall_needles *needles, const uint8_t *four, int group) {
  for (int place = 0; place < 4; place++) {
    uint8_t byte = four[place], other = byte;
    if ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') other = byte ^ 0x20;
    for (int turn = 0; turn < 2; turn++, byte = other) {
      needles->low[place][byte & 15] |= (uint8_t)(1 << group);
      needles->high[place][byte >> 4] |= (uint8_t)(1 << group);
      needles->whole[place][byte & 127] |= (uint8_t)(1 << group);
    }
  }
  uint32_t hash = needle_hash(four);
  needles->bits[hash >> 6] |= 1ull << (hash & 63);
}

typedef struct {
  const rollcall_needles *needles;
  const uint8_t *text;
  int backslashes;
  uint32_t *offsets;
  size_t room, count;
} needle_search;

static inline void needle_look(needle_search *search, size_t offset) {
  uint32_t hash = needle_hash(search->text + offset);
  int is_candidate = (int)(search->needles->bits[hash >> 6] >> (hash & 63) & 1);
  if (!is_candidate && !(search->backslashes && search->text[offset] == '\\')) return;
  if (search->count < search->room) search->offsets[search->count] = (uint32_t)offset;
  search->count++;
}

static void needles_plain(needle_search *search, size_t from, size_t count) {
  size_t offset = from;
  for (; offset + 4 <= count; offset++) needle_look(search, offset);
  for (; search->backslashes && offset < count; offset++) {
    if (search->text[offset] != '\\') continue;
    if (search->count < search->room) search->offsets[search->count] = (uint32_t)offset;
    search->count++;
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static size_t needles_avx2(needle_search *search, size_t count) {
  const __m256i nibble = _mm256_set1_epi8(15), slash = _mm256_set1_epi8('\\');
  __m256i low[4], high[4];
  for (int place = 0; place < 4; place++) {
    low[place] = _mm256_broadcastsi128_si256(
        _mm_loadu_si128((const __m128i *)search->needles->low[place]));
    high[place] = _mm256_broadcastsi128_si256(
        _mm_loadu_si128((const __m128i *)search->needles->high[place]));
  }
  size_t offset = 0;
  for (; offset + 35 <= count; offset += 32) {
    __m256i groups = _mm256_set1_epi8(-1), first = _mm256_setzero_si256();
    for (int place = 0; place < 4; place++) {
      __m256i bytes =
          _mm256_loadu_si256((const __m256i *)(search->text + offset + (size_t)place));
      if (place == 0) first = bytes;
      __m256i upper = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble);
      groups = _mm256_and_si256(
          groups, _mm256_and_si256(
                      _mm256_shuffle_epi8(low[place], _mm256_and_si256(bytes, nibble)),
                      _mm256_shuffle_epi8(high[place], upper)));
    }
    uint32_t hits =
        ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(groups, _mm256_setzero_si256()));
    if (search->backslashes)
      hits |= (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(first, slash));
    for (; hits; hits &= hits - 1) needle_look(search, offset + (size_t)__builtin_ctz(hits));
  }
  return offset;
}

__attribute__((target("avx512f,avx512bw"))) static size_t needles_avx512(
    needle_search *search, size_t count) {
  const __m512i nibble = _mm512_set1_epi8(15), slash = _mm512_set1_epi8('\\');
  __m512i low[4], high[4];
  for (int place = 0; place < 4; place++) {
    low[place] = _mm512_broadcast_i32x4(
        _mm_loadu_si128((const __m128i *)search->needles->low[place]));
    high[place] = _mm512_broadcast_i32x4(
        _mm_loadu_si128((const __m128i *)search->needles->high[place]));
  }
  size_t offset = 0;
  for (; offset + 67 <= count; offset += 64) {
    __m512i groups = _mm512_set1_epi8(-1), first = _mm512_setzero_si512();
    for (int place = 0; place < 4; place++) {
      __m512i bytes = _mm512_loadu_si512((const void *)(search->text + offset + (size_t)place));
      if (place == 0) first = bytes;
      __m512i upper = _mm512_and_si512(_mm512_srli_epi16(bytes, 4), nibble);
      groups = _mm512_and_si512(
          groups, _mm512_and_si512(
                      _mm512_shuffle_epi8(low[place], _mm512_and_si512(bytes, nibble)),
                      _mm512_shuffle_epi8(high[place], upper)));
    }
    uint64_t hits = _mm512_test_epi8_mask(groups, groups);
    if (search->backslashes) hits |= _mm512_cmpeq_epi8_mask(first, slash);
    for (; hits; hits &= hits - 1) needle_look(search, offset + (size_t)__builtin_ctzll(hits));
  }
  return offset;
}

// A byte's groups are looked up whole, so that far fewer places pass than by its halves.
__attribute__((target("avx512f,avx512bw,avx512vbmi"))) static size_t needles_vbmi(
    needle_search *search, size_t count) {
  const __m512i slash = _mm512_set1_epi8('\\');
  __m512i lower[4], upper[4];
  for (int place = 0; place < 4; place++) {
    lower[place] = _mm512_loadu_si512((const void *)search->needles->whole[place]);
    upper[place] = _mm512_loadu_si512((const void *)(search->needles->whole[place] + 64));
  }
  size_t offset = 0;
  for (; offset + 67 <= count; offset += 64) {
    const uint8_t *text = search->text + offset;
    __m512i first = _mm512_loadu_si512((const void *)text);
    __m512i groups = _mm512_permutex2var_epi8(lower[0], first, upper[0]);
    for (int place = 1; place < 4; place++) {
      __m512i bytes = _mm512_loadu_si512((const void *)(text + place));
      groups = _mm512_and_si512(
          groups, _mm512_permutex2var_epi8(lower[place], bytes, upper[place]));
    }
    uint64_t hits = _mm512_test_epi8_mask(groups, groups);
    if (search->backslashes) hits |= _mm512_cmpeq_epi8_mask(first, slash);
    for (; hits; hits &= hits - 1) needle_look(search, offset + (size_t)__builtin_ctzll(hits));
  }
  return offset;
}
#endif

size_t rollcall_needles_find(
    int level, const rollcall_needles *needles, const uint8_t *text, size_t count, int backslashes,
    uint32_t *offsets, size_t room) {
  needle_search search = {needles, text, backslashes, offsets, room, 0};
  size_t done = 0;
#if defined(__x86_64__)
  if (level == 2) done = needles_avx2(&search, count);
  if (level == 3) done = needles_avx512(&search, count);
  if (level == 4) done = needles_vbmi(&search, count);
#endif
  needles_plain(&search, done, count);
  return search.count;
}
