// floats: prints the bits of NaNs as arithmetic gives them: what WebAssembly leaves open and wasm-det/1 fixes.
//
// Operands are volatile, so that neither compiler nor engine computes them beforehand; those of the last line are not.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static volatile double zero = 0, one = 1;
static volatile float zerof = 0;

static void put(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  printf("%016llx\n", (unsigned long long)bits);
}

static void putf(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  printf("%08x\n", bits);
}

__attribute__((target("simd128"))) static void vectors(void) {
  typedef float v4 __attribute__((vector_size(16)));
  v4 a = {zerof, -zerof, (float)one, -(float)one}, b = {-zerof, zerof, zerof, zerof};
  v4 quotient = a / b, sum = quotient + quotient;
  for (int i = 0; i < 4; i++) putf(sum[i]);
}

int main(void) {
  put(zero / zero), put(-(zero / zero)), put(zero / -zero), put(sqrt(-one));
  put(one / zero - one / zero), put(zero * (one / zero)), put(fmin(zero / zero, one));
  putf(zerof / zerof), putf((float)(zero / zero)), put((double)(zerof / zerof));
  put(copysign(one, zero / zero)), put(copysign(zero / zero, -one)), put(floor(zero / zero));
  vectors();
  put(0.0 / 0.0), put(__builtin_nan("0x123")), putf(__builtin_nanf("0x123"));
  return 0;
}
