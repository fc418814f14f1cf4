// matmul SIZE ROUNDS: multiplies two SIZE × SIZE matrices of floats ROUNDS times and prints "sum nanoseconds".
//
// The measure of floats and SIMD: `npm run bench -- exec` runs it beside a native build of this same file. The time
// printed is that of the clock the program sees, which under Souk is virtual.
//
// Data: small whole numbers, so that every sum is exact and all machines print the same. The kernel keeps a block of
// 4 × 8 sums in vectors of four floats; SIZE is a multiple of 8.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MOST 512

typedef float v4 __attribute__((vector_size(16)));
typedef float v4u __attribute__((vector_size(16), aligned(4)));

#ifdef __wasm__
#define VECTORS __attribute__((target("simd128")))
#else
#define VECTORS
#endif

static float a[MOST * MOST], b[MOST * MOST], c[MOST * MOST];

VECTORS static v4 all(float x) { return (v4){x, x, x, x}; }

VECTORS static void block(int n, int i, int j) {
  v4 sums[4][2] = {{{0}}};
  for (int k = 0; k < n; k++) {
    v4 left = *(const v4u *)(b + k * n + j), right = *(const v4u *)(b + k * n + j + 4);
    for (int row = 0; row < 4; row++) {
      v4 x = all(a[(i + row) * n + k]);
      sums[row][0] += x * left;
      sums[row][1] += x * right;
    }
  }
  for (int row = 0; row < 4; row++) {
    *(v4u *)(c + (i + row) * n + j) = sums[row][0];
    *(v4u *)(c + (i + row) * n + j + 4) = sums[row][1];
  }
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

int main(int argc, char **argv) {
  int n = argc == 3 ? atoi(argv[1]) : 0;
  if (n < 8 || n > MOST || n % 8 != 0) {
    fprintf(stderr, "expected a size of 8 to %d, a multiple of 8, and a number of rounds\n", MOST);
    return 2;
  }
  for (int i = 0; i < n * n; i++) a[i] = (float)(i % 7) - 3, b[i] = (float)(i % 5) - 2;
  uint64_t start = now();
  int64_t sum = 0;
  for (int round = atoi(argv[2]); round > 0; round--) {
    a[round % n] += 1;
    for (int j = 0; j < n; j += 8)
      for (int i = 0; i < n; i += 4) block(n, i, j);
    sum += (int64_t)c[round % (n * n)];
  }
  for (int i = 0; i < n * n; i++) sum += (int64_t)c[i];
  uint64_t end = now();
  printf("%lld %llu\n", (long long)sum, (unsigned long long)(end - start));
  return 0;
}
