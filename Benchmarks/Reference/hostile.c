// Writes input that somebody made to hurt, to standard output.
//
//   cc -O2 -o hostile hostile.c -lz && ./hostile KIND COUNT
//
//   line        one line of COUNT bytes between two ordinary ones
//   brackets    COUNT lines, each with a million brackets that open, half of them closed again
//   objects     COUNT lines of 150,000 objects in each other
//   keys        JSON lines with COUNT different keys in all, ten new ones a line
//   escapes     COUNT JSON lines that are nothing but escapes, whole and cut short
//   utf8-json, utf8-syslog
//               COUNT lines, every second with bytes that are no UTF-8
//   noise       COUNT bytes of anything
//   hosts       a sign-in on each of COUNT hosts
//   failures    a failed sign-in from each of COUNT addresses, each for another user
//   spray       failed sign-ins of one address for COUNT users
//   zeros, newlines, repeats
//               one gzip member of a few MB that unpacks to COUNT bytes: zeros; line ends; a JSON line
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define ORDINARY \
  "{\"time\":\"2026-10-01T00:00:00+00:00\",\"remote_addr\":\"192.0.2.10\",\"remote_user\":\"anna\"," \
  "\"request_method\":\"GET\",\"host\":\"web1.example.org\",\"uri\":\"/\",\"status\":200}\n"

static char room[1 << 20];

static void fail(const char *what) {
  perror(what);
  exit(2);
}

static void put(const char *bytes, size_t length) {
  if (fwrite(bytes, 1, length, stdout) != length) fail("write");
}

static void fill(char byte, uint64_t count) {
  memset(room, byte, sizeof room);
  for (; count > sizeof room; count -= sizeof room) put(room, sizeof room);
  put(room, count);
}

static uint64_t state = 7;
static uint64_t any(void) {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}

// The stamp of a moment, so many milliseconds after the beginning of October 2026.
static const char *stamp(uint64_t milliseconds) {
  static char text[64];
  static const int lengths[] = {31, 30, 31};
  unsigned long seconds = milliseconds / 1000, day = seconds / 86400, month = 0;
  while (month < 2 && day >= (unsigned long)lengths[month]) day -= lengths[month++];
  snprintf(text, sizeof text, "2026-%02lu-%02luT%02lu:%02lu:%02lu.%03luZ", month + 10, day + 1,
           seconds / 3600 % 24, seconds / 60 % 60, seconds % 60, (unsigned long)milliseconds % 1000);
  return text;
}

// One deflate member whose `count` bytes are a period again and again. Each piece is compressed once and
// flushed so that it leans on nothing before it; then it may stand any number of times.
static void bomb(const char *period, size_t length, uint64_t count) {
  size_t piece = (8u << 20) / length * length, packed_room = 1 << 20;
  unsigned char *plain = malloc(piece), *packed = malloc(packed_room);
  if (!plain || !packed) fail("memory");
  for (size_t at = 0; at < piece; at += length) memcpy(plain + at, period, length);
  z_stream stream = {0};
  if (deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) fail("zlib");
  stream.next_in = plain;
  stream.avail_in = piece;
  stream.next_out = packed;
  stream.avail_out = packed_room;
  if (deflate(&stream, Z_FULL_FLUSH) != Z_OK || stream.avail_in || !stream.avail_out) fail("zlib");
  size_t packed_count = packed_room - stream.avail_out;
  deflateEnd(&stream);
  put("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  uint64_t pieces = (count + piece - 1) / piece;
  uLong one = crc32(0, plain, piece), all = crc32(0, NULL, 0);
  for (uint64_t place = 0; place < pieces; place++) {
    put((const char *)packed, packed_count);
    all = crc32_combine(all, one, (z_off_t)piece);
  }
  // An empty last block, the check sum, and the length as far as it fits.
  put("\x03\0", 2);
  uint64_t total = pieces * piece;
  for (int shift = 0; shift < 32; shift += 8) putchar((int)(all >> shift & 255));
  for (int shift = 0; shift < 32; shift += 8) putchar((int)(total >> shift & 255));
  fprintf(stderr, "%llu\n", (unsigned long long)total);
}

int main(int words, char **word) {
  if (words != 3) return fprintf(stderr, "usage: hostile KIND COUNT\n"), 2;
  const char *kind = word[1];
  uint64_t count = strtoull(word[2], NULL, 10);
  static char buffer[1 << 16];
  setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
  if (!strcmp(kind, "line")) {
    put(ORDINARY, strlen(ORDINARY));
    fill('a', count);
    put("\n" ORDINARY, strlen(ORDINARY) + 1);
  } else if (!strcmp(kind, "brackets")) {
    for (uint64_t line = 0; line < count; line++) {
      printf("{\"time\":\"2026-10-01T00:00:00Z\",\"status\":200,\"a\":");
      fill('[', 1000000);
      if (line % 2) {
        // As long as a line may be, no more.
        fill(']', 48000);
        putchar('}');
      }
      putchar('\n');
    }
  } else if (!strcmp(kind, "objects")) {
    for (uint64_t line = 0; line < count; line++) {
      for (int depth = 0; depth < 150000; depth++) put("{\"a\":", 5);
      put("1", 1);
      fill('}', 150000);
      putchar('\n');
    }
  } else if (!strcmp(kind, "keys")) {
    for (uint64_t key = 0; key < count;) {
      printf("{\"time\":\"%s\",\"remote_addr\":\"192.0.2.10\",\"status\":200", stamp(key / 10));
      for (int place = 0; place < 10 && key < count; place++, key++)
        printf(",\"key%llu\":%llu", (unsigned long long)key, (unsigned long long)key & 7);
      put("}\n", 2);
    }
  } else if (!strcmp(kind, "escapes")) {
    static const char *const parts[] = {
        "\\u0000", "\\ud83d\\ude00", "\\ud83d", "\\udc00", "\\\\", "\\\"", "\\/", "\\u00", "\\x41"};
    for (uint64_t line = 0; line < count; line++) {
      printf("{\"time\":\"%s\",\"\\u0073tatus\":200,\"remote_user\":\"", stamp(line));
      int last = line % 4 ? 7 : 9;
      for (int part = 0; part < 400; part++) {
        const char *text = parts[any() % last];
        put(text, strlen(text));
      }
      put("\"}\n", 3);
    }
  } else if (!strcmp(kind, "utf8-json") || !strcmp(kind, "utf8-syslog")) {
    static const char *const bad[] = {
        "\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80", "\xf0\x9f\x98"};
    for (uint64_t line = 0; line < count; line++) {
      const char *one = line % 2 ? bad[any() % 7] : "", *two = line % 2 ? bad[any() % 7] : "";
      if (kind[5] == 's')
        printf("<86>1 %s we%sb1 sshd 7 - - Failed password for an%sna from 192.0.2.%d port 7 ssh2\n",
               stamp(line * 1000), one, two, (int)(any() % 256));
      else
        printf("{\"time\":\"%s\",\"remote_user\":\"an%sna\",\"k%s\":\"%s\",\"status\":401,"
               "\"uri\":\"/login\"}\n", stamp(line * 1000), one, two, one);
    }
  } else if (!strcmp(kind, "noise")) {
    for (uint64_t at = 0; at < count; at += 8) {
      uint64_t bytes = any();
      put((const char *)&bytes, 8);
    }
  } else if (!strcmp(kind, "hosts")) {
    for (uint64_t host = 0; host < count; host++)
      printf("<86>1 %s host%llu sshd 7 - - Accepted publickey for anna from 192.0.2.10 port 7 ssh2\n",
             stamp(host * 10), (unsigned long long)host);
  } else if (!strcmp(kind, "failures")) {
    for (uint64_t one = 0; one < count; one++)
      printf("<86>1 %s web1 sshd 7 - - Failed password for user%llu from 100.%d.%d.%d port 7 ssh2\n",
             stamp(one), (unsigned long long)one, 64 + (int)(one >> 16 & 63), (int)(one >> 8 & 255),
             (int)(one & 255));
  } else if (!strcmp(kind, "spray")) {
    for (uint64_t one = 0; one < count; one++)
      printf("<86>1 %s web1 sshd 7 - - Failed password for user%llu from 203.0.113.9 port 7 ssh2\n",
             stamp(one), (unsigned long long)one);
  } else if (!strcmp(kind, "zeros")) {
    bomb("\0", 1, count);
  } else if (!strcmp(kind, "newlines")) {
    bomb("\n", 1, count);
  } else if (!strcmp(kind, "repeats")) {
    bomb(ORDINARY, strlen(ORDINARY), count);
  } else {
    return fprintf(stderr, "no such kind: %s\n", kind), 2;
  }
  if (fflush(stdout)) fail("write");
  return 0;
}
