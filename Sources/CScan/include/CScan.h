#ifndef ROLLCALL_CSCAN_H
#define ROLLCALL_CSCAN_H

#include <stddef.h>
#include <stdint.h>

/// Marks the bytes of a text that structure it, 64 bytes a word, the first in the lowest bit.
///
/// `newlines` gets the line feeds. `stops` gets what ends or spoils a plain run of JSON text: quotes,
/// backslashes, control characters (line feeds too) and bytes above 127.
///
/// Both have room for `(count + 63) / 64` words. Reads exactly `count` bytes. The widest instructions
/// that the processor has are chosen at run time; `rollcall_scan_plain` is what they must agree with.
void rollcall_scan(const uint8_t *text, size_t count, uint64_t *newlines, uint64_t *stops);

/// The same byte by byte.
void rollcall_scan_plain(const uint8_t *text, size_t count, uint64_t *newlines, uint64_t *stops);

/// How many line feeds there are.
size_t rollcall_count_newlines(const uint8_t *text, size_t count);

/// Which of them runs here: 0 plain, 1 SSE2, 2 AVX2, 3 AVX-512, 4 AVX-512 that can look up bytes in 128.
int rollcall_scan_level(void);

/// Runs one of them, for the tests; returns 0 when the processor can not.
int rollcall_scan_at(
    int level, const uint8_t *text, size_t count, uint64_t *newlines, uint64_t *stops);

/// What tells where one of several needles may stand: the four bytes that each is known by.
///
/// `low` and `high` say, for each of the four bytes and each value of its lower and upper half, which of eight groups
/// of needles have it there, and `whole` says so of its lower seven bits; `bits` has a bit for each hash of four bytes
/// that some needle is known by.
typedef struct {
  uint8_t low[4][16], high[4][16], whole[4][128];
  uint64_t bits[1024];
} rollcall_needles;

/// Adds the four bytes that a needle of a group is known by; letters in either case.
void rollcall_needles_add(rollcall_needles *needles, const uint8_t *four, int group);

/// Writes the offsets at which a needle's four bytes may stand, in rising order, and of backslashes if asked.
///
/// Returns how many there are; at most `room` are written. None is left out; which others are among them
/// depends on the processor. `level` is one that runs here.
size_t rollcall_needles_find(
    int level, const rollcall_needles *needles, const uint8_t *text, size_t count, int backslashes,
    uint32_t *offsets, size_t room);

/// Has the processor fetch the cache line of an address, which need not be one, ahead of its use.
static inline void rollcall_prefetch(const void *address) { __builtin_prefetch(address); }

#endif
