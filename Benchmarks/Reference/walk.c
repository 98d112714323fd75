// The floor that speed is compared with: reads a log in blocks of 256 KiB, walks every part of every
// line that the kind of log has, keeps nothing and judges nothing.
//
//   cc -O2 -o walk walk.c && ./walk access|combined|auth|rfc5424 FILE
//
// Prints lines, items, marks and malformed lines; the generator knows what they must be.
//   access    items: members of the objects        marks: lines whose "status" is 400 or more
//   combined  items: quoted parts                  marks: the same
//   auth      items: lines with a process id       marks: "Failed password"
//   rfc5424   items: structured-data parameters    marks: facility authpriv (10)
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { block = 256 << 10, room = 8 << 20 };

struct counts { unsigned long lines, items, marks, malformed; };

// The first quote or backslash from `at` on, or `end`. Sixteen bytes behind `end` may be read.
static inline const char *quote(const char *at, const char *end) {
#ifdef __SSE2__
  const __m128i quotes = _mm_set1_epi8('"'), slashes = _mm_set1_epi8('\\');
  for (; at < end; at += 16) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)at);
    int mask = _mm_movemask_epi8(
        _mm_or_si128(_mm_cmpeq_epi8(bytes, quotes), _mm_cmpeq_epi8(bytes, slashes)));
    if (mask) {
      at += __builtin_ctz(mask);
      return at < end ? at : end;
    }
  }
  return end;
#else
  while (at < end && *at != '"' && *at != '\\') at++;
  return at;
#endif
}

// Behind the closing quote of a text that begins at `at`, or NULL.
static inline const char *text(const char *at, const char *end) {
  for (;;) {
    at = quote(at, end);
    if (at == end) return NULL;
    if (*at == '"') return at + 1;
    if (end - at < 2) return NULL;
    at += 2;
  }
}

static int access_line(const char *at, const char *end, struct counts *counts) {
  if (at == end || *at++ != '{') return 0;
  for (;;) {
    if (at == end || *at++ != '"') return 0;
    const char *key = at;
    if (!(at = text(at, end))) return 0;
    size_t length = at - 1 - key;
    if (at == end || *at++ != ':') return 0;
    counts->items++;
    if (at == end) return 0;
    const char *value = at;
    if (*at == '"') {
      if (!(at = text(at + 1, end))) return 0;
    } else {
      while (at < end && *at != ',' && *at != '}') at++;
    }
    if (length == 6 && !memcmp(key, "status", 6) && *value >= '4' && *value <= '5')
      counts->marks++;
    if (at == end) return 0;
    if (*at == '}') return at + 1 == end;
    if (*at++ != ',') return 0;
  }
}

static int combined_line(const char *at, const char *end, struct counts *counts) {
  const char *open = memchr(at, '[', end - at);
  if (!open || !(at = memchr(open, ']', end - open))) return 0;
  for (int part = 0; part < 3; part++) {
    while (at < end && *at != '"') at++;
    if (at == end || !(at = text(at + 1, end))) return 0;
    counts->items++;
    if (part == 0) {
      if (end - at < 5 || *at != ' ') return 0;
      if (at[1] >= '4' && at[1] <= '5') counts->marks++;
    }
  }
  return at == end;
}

static int auth_line(const char *at, const char *end, struct counts *counts) {
  if (end - at < 17 || at[3] != ' ' || at[6] != ' ' || at[9] != ':' || at[15] != ' ') return 0;
  const char *host = at + 16, *program = memchr(host, ' ', end - host);
  if (!program) return 0;
  at = ++program;
  while (at < end && *at != '[' && *at != ':' && *at != ' ') at++;
  if (at == end) return 0;
  if (*at == '[') {
    for (at++; at < end && *at >= '0' && *at <= '9'; at++) {}
    if (at == end || *at++ != ']') return 0;
    counts->items++;
  }
  if (end - at < 2 || *at != ':' || at[1] != ' ') return 0;
  at += 2;
  if (end - at > 16 && !memcmp(at, "Failed password ", 16)) counts->marks++;
  return 1;
}

static int rfc5424_line(const char *at, const char *end, struct counts *counts) {
  unsigned priority = 0;
  if (at == end || *at++ != '<') return 0;
  for (; at < end && *at >= '0' && *at <= '9'; at++) priority = priority * 10 + (*at - '0');
  if (end - at < 3 || memcmp(at, ">1 ", 3)) return 0;
  at += 3;
  for (int field = 0; field < 5; field++) {
    if (!(at = memchr(at, ' ', end - at))) return 0;
    at++;
  }
  if (priority >> 3 == 10) counts->marks++;
  if (at == end) return 0;
  if (*at == '-') return 1;
  while (at < end && *at == '[') {
    while (at < end && *at != ' ' && *at != ']') at++;
    while (at < end && *at == ' ') {
      while (at < end && *at != '=') at++;
      if (end - at < 2 || at[1] != '"' || !(at = text(at + 2, end))) return 0;
      counts->items++;
    }
    if (at == end || *at++ != ']') return 0;
  }
  return at == end || *at == ' ';
}

int main(int count, char **words) {
  static const struct { const char *name; int (*line)(const char *, const char *, struct counts *); }
      kinds[] = {{"access", access_line}, {"combined", combined_line}, {"auth", auth_line},
                 {"rfc5424", rfc5424_line}};
  int kind = -1;
  for (int place = 0; count == 3 && place < 4; place++)
    if (!strcmp(words[1], kinds[place].name)) kind = place;
  if (kind < 0) return fprintf(stderr, "usage: walk access|combined|auth|rfc5424 FILE\n"), 2;
  int file = open(words[2], O_RDONLY);
  if (file < 0) return perror(words[2]), 2;
  char *buffer = malloc(room + block + 16);
  if (!buffer) return 2;
  struct counts counts = {0};
  size_t held = 0;
  for (;;) {
    ssize_t got = read(file, buffer + held, block);
    if (got < 0) return perror(words[2]), 2;
    if (got == 0) break;
    const char *at = buffer, *end = buffer + held + got, *line_end;
    while ((line_end = memchr(at, '\n', end - at))) {
      counts.lines++;
      if (!kinds[kind].line(at, line_end, &counts)) counts.malformed++;
      at = line_end + 1;
    }
    held = end - at;
    if (held > room) return fprintf(stderr, "a line is too long\n"), 2;
    memmove(buffer, at, held);
  }
  printf("lines\t%lu\nitems\t%lu\nmarks\t%lu\nmalformed\t%lu\n", counts.lines, counts.items,
         counts.marks, counts.malformed + (held > 0));
  return 0;
}
