// The floor that speed is compared with: reads a log in blocks of 256 KiB, walks every part of every
// line that the kind of log has, keeps nothing and judges nothing.
//
//   cc -O2 -o walk walk.c && ./walk KIND FILE
//
// Prints lines, items, marks and malformed lines; the generator knows what they must be.
//   access        items: members of the objects        marks: lines whose "status" is 400 or more
//   access-users  the same, and counts the refused requests of each user
//   combined      items: quoted parts                  marks: the same
//   auth          items: lines with a process id       marks: "Failed password"
//   auth-fields   the same; time, host, program, process id and, of failed passwords, user and
//                 address are decoded or hashed, and addresses with more than ten failures in some
//                 300 seconds are named
//   rfc5424       items: structured-data parameters    marks: facility authpriv (10)
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { block = 256 << 10, room = 8 << 20 };

struct counts { unsigned long lines, items, marks, malformed; };

// A text of a line, and what was counted under it.
struct entry {
  uint64_t hash;
  unsigned long count;
  int32_t seconds[11];
  unsigned char length;
  char name[63];
};

// A table of entries, doubled when half full.
struct table { struct entry *entries; size_t room, used; };

// A hash of a text, eight bytes a step; never zero. Eight bytes behind its beginning may be read.
static inline uint64_t hash_of(const char *at, size_t length) {
  uint64_t hash = 0x9E3779B97F4A7C15u ^ length, word;
  for (; length >= 8; at += 8, length -= 8) {
    memcpy(&word, at, 8);
    hash = (hash ^ word) * 0xD6E8FEB86659FD93u;
    hash ^= hash >> 32;
  }
  if (length) {
    memcpy(&word, at, 8);
    hash = (hash ^ (word & ((1ull << length * 8) - 1))) * 0xD6E8FEB86659FD93u;
    hash ^= hash >> 32;
  }
  return hash | 1;
}

// The entry of a text; a new one holds zeros. Ends the program when memory ends.
static struct entry *entry_of(struct table *table, const char *name, size_t length) {
  if (length > sizeof table->entries->name) length = sizeof table->entries->name;
  if (table->used * 2 >= table->room) {
    struct table larger = {NULL, table->room ? table->room * 2 : 1024, table->used};
    larger.entries = calloc(larger.room, sizeof *larger.entries);
    if (!larger.entries) exit(2);
    for (size_t old = 0; old < table->room; old++) {
      if (!table->entries[old].hash) continue;
      size_t place = table->entries[old].hash >> 1 & (larger.room - 1);
      while (larger.entries[place].hash) place = (place + 1) & (larger.room - 1);
      larger.entries[place] = table->entries[old];
    }
    free(table->entries);
    *table = larger;
  }
  uint64_t hash = hash_of(name, length);
  size_t place = hash >> 1 & (table->room - 1);
  struct entry *entry;
  while ((entry = &table->entries[place])->hash) {
    if (entry->hash == hash && entry->length == length && !memcmp(entry->name, name, length))
      return entry;
    place = (place + 1) & (table->room - 1);
  }
  entry->hash = hash;
  entry->length = (unsigned char)length;
  memcpy(entry->name, name, length);
  table->used++;
  return entry;
}

static struct table answers;
// What was decoded and is not printed by name: that it is used keeps the compiler from leaving it out.
static uint64_t sum;

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

static inline int members(
    const char *at, const char *end, struct counts *counts, int wants_users) {
  const char *user = NULL;
  size_t user_length = 0;
  int is_refused = 0;
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
    if (length == 6 && !memcmp(key, "status", 6) && *value >= '4' && *value <= '5') {
      counts->marks++;
      is_refused = 1;
    } else if (wants_users && length == 11 && !memcmp(key, "remote_user", 11) && *value == '"') {
      user = value + 1;
      user_length = at - 1 - user;
    }
    if (at == end) return 0;
    if (*at == '}') {
      if (wants_users && is_refused && user) entry_of(&answers, user, user_length)->count++;
      return at + 1 == end;
    }
    if (*at++ != ',') return 0;
  }
}

static int access_line(const char *at, const char *end, struct counts *counts) {
  return members(at, end, counts, 0);
}

static int access_users_line(const char *at, const char *end, struct counts *counts) {
  return members(at, end, counts, 1);
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

// The number that two digits or a space and a digit write.
static inline int two(const char *at) { return (at[0] & 15) * 10 + (at[1] & 15); }

// Seconds since the year began, for "Mon dd hh:mm:ss"; leap years are nobody's concern here.
static inline int32_t stamp(const char *at) {
  static const short days[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  int month;
  switch (at[0] << 16 | at[1] << 8 | at[2]) {
    case 'J' << 16 | 'a' << 8 | 'n': month = 0; break;
    case 'F' << 16 | 'e' << 8 | 'b': month = 1; break;
    case 'M' << 16 | 'a' << 8 | 'r': month = 2; break;
    case 'A' << 16 | 'p' << 8 | 'r': month = 3; break;
    case 'M' << 16 | 'a' << 8 | 'y': month = 4; break;
    case 'J' << 16 | 'u' << 8 | 'n': month = 5; break;
    case 'J' << 16 | 'u' << 8 | 'l': month = 6; break;
    case 'A' << 16 | 'u' << 8 | 'g': month = 7; break;
    case 'S' << 16 | 'e' << 8 | 'p': month = 8; break;
    case 'O' << 16 | 'c' << 8 | 't': month = 9; break;
    case 'N' << 16 | 'o' << 8 | 'v': month = 10; break;
    case 'D' << 16 | 'e' << 8 | 'c': month = 11; break;
    default: return -1;
  }
  return ((days[month] + two(at + 4) - 1) * 24 + two(at + 7)) * 3600 + two(at + 10) * 60 +
         two(at + 13);
}

// A failed password: who, from where; the last eleven seconds of the address tell a guesser.
static void failure(const char *at, const char *end, int32_t second) {
  if (end - at > 13 && !memcmp(at, "invalid user ", 13)) at += 13;
  const char *user_end = memchr(at, ' ', end - at);
  if (!user_end || end - user_end < 7 || memcmp(user_end, " from ", 6)) return;
  sum += hash_of(at, user_end - at);
  const char *address = user_end + 6, *address_end = memchr(address, ' ', end - address);
  if (!address_end) return;
  struct entry *entry = entry_of(&answers, address, address_end - address);
  // `count` is the number of failures, with the highest bit for a guesser.
  unsigned long seen = entry->count & ~(1ul << 63);
  entry->seconds[seen % 11] = second;
  entry->count++;
  if (seen >= 10 && second - entry->seconds[(seen + 1) % 11] < 300) entry->count |= 1ul << 63;
}

static int auth_fields_line(const char *at, const char *end, struct counts *counts) {
  if (end - at < 17 || at[3] != ' ' || at[6] != ' ' || at[9] != ':' || at[15] != ' ') return 0;
  int32_t second = stamp(at);
  if (second < 0) return 0;
  const char *host = at + 16, *host_end = memchr(host, ' ', end - host);
  if (!host_end) return 0;
  const char *program = host_end + 1;
  at = program;
  while (at < end && *at != '[' && *at != ':' && *at != ' ') at++;
  if (at == end) return 0;
  sum += (uint64_t)second + hash_of(host, host_end - host) + hash_of(program, at - program);
  if (*at == '[') {
    unsigned pid = 0;
    for (at++; at < end && *at >= '0' && *at <= '9'; at++) pid = pid * 10 + (*at - '0');
    if (at == end || *at++ != ']') return 0;
    sum += pid;
    counts->items++;
  }
  if (end - at < 2 || *at != ':' || at[1] != ' ') return 0;
  at += 2;
  if (end - at > 20 && !memcmp(at, "Failed password for ", 20)) {
    counts->marks++;
    failure(at + 20, end, second);
  }
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
      kinds[] = {{"access", access_line}, {"access-users", access_users_line},
                 {"combined", combined_line}, {"auth", auth_line},
                 {"auth-fields", auth_fields_line}, {"rfc5424", rfc5424_line}};
  int kind = -1;
  for (int place = 0; count == 3 && place < 6; place++)
    if (!strcmp(words[1], kinds[place].name)) kind = place;
  if (kind < 0)
    return fprintf(stderr, "usage: walk access[-users]|combined|auth[-fields]|rfc5424 FILE\n"), 2;
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
  int is_auth = !strcmp(words[1], "auth-fields");
  for (size_t place = 0; place < answers.room; place++) {
    const struct entry *entry = &answers.entries[place];
    if (!entry->hash) continue;
    if (!is_auth)
      printf("refused\t%.*s\t%lu\n", entry->length, entry->name, entry->count);
    else if (entry->count >> 63)
      printf("guesser\t%.*s\n", entry->length, entry->name);
  }
  if (is_auth) printf("sum\t%016lx\n", (unsigned long)sum);
  return 0;
}
