// sha256 MIB SEED: hashes MIB mebibytes that grow from SEED and prints "digest nanoseconds".
//
// The measure of a core: the machine benchmark and `npm run bench -- exec` run it, the latter beside a native
// build of this same file. The time printed is that of the clock the program sees, which under Souk is virtual.
//
// Data: one mebibyte of xorshift64* words (state SEED | 1, low byte first) is made once; before it is hashed
// for the i-th time, its first word becomes i. The digest is SHA-256 (FIPS 180-4) of all of it.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MIB (1 << 20)
#define ROTATE(x, n) (((x) >> (n)) | ((x) << (32 - (n))))

static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                            0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

static uint32_t bigEndian(const uint8_t *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void compress(const uint8_t *block) {
  uint32_t w[64];
  for (int i = 0; i < 16; i++) w[i] = bigEndian(block + 4 * i);
  for (int i = 16; i < 64; i++) {
    uint32_t s0 = ROTATE(w[i - 15], 7) ^ ROTATE(w[i - 15], 18) ^ (w[i - 15] >> 3);
    uint32_t s1 = ROTATE(w[i - 2], 17) ^ ROTATE(w[i - 2], 19) ^ (w[i - 2] >> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
  uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
  for (int i = 0; i < 64; i++) {
    uint32_t sum1 = ROTATE(e, 6) ^ ROTATE(e, 11) ^ ROTATE(e, 25);
    uint32_t t1 = h + sum1 + ((e & f) ^ (~e & g)) + K[i] + w[i];
    uint32_t sum0 = ROTATE(a, 2) ^ ROTATE(a, 13) ^ ROTATE(a, 22);
    uint32_t t2 = sum0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
  }
  state[0] += a, state[1] += b, state[2] += c, state[3] += d;
  state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

static void finish(uint64_t bytes) {
  uint8_t last[64] = {0x80};
  for (int i = 0; i < 8; i++) last[63 - i] = (uint8_t)(bytes * 8 >> (8 * i));
  compress(last);
}

static void putWord(uint8_t *at, uint64_t word) {
  for (int i = 0; i < 8; i++) at[i] = (uint8_t)(word >> (8 * i));
}

static void fill(uint8_t *data, uint64_t seed) {
  uint64_t x = seed | 1;
  for (size_t at = 0; at < MIB; at += 8) {
    x ^= x >> 12, x ^= x << 25, x ^= x >> 27;
    putWord(data + at, x * 0x2545f4914f6cdd1dull);
  }
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "expected two arguments: mebibytes and seed\n");
    return 2;
  }
  uint64_t mebibytes = strtoull(argv[1], NULL, 10);
  static uint8_t data[MIB];
  fill(data, strtoull(argv[2], NULL, 10));
  uint64_t start = now();
  for (uint64_t i = 0; i < mebibytes; i++) {
    putWord(data, i);
    for (size_t at = 0; at < MIB; at += 64) compress(data + at);
  }
  finish(mebibytes * MIB);
  uint64_t end = now();
  for (int i = 0; i < 8; i++) printf("%08x", state[i]);
  printf(" %llu\n", (unsigned long long)(end - start));
  return 0;
}
