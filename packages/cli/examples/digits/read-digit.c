// read-digit: a service that says which digit a picture shows. A request's body is 784 bytes, 28 rows of 28 pixels from 0
// to 255; the answer is JSON. The weights of train.mjs are loaded once, before the first request.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { PIXELS = 28 * 28, HIDDEN = 32, CLASSES = 10 };

static struct {
  float first[HIDDEN][PIXELS];
  float firstBias[HIDDEN];
  float second[CLASSES][HIDDEN];
  float secondBias[CLASSES];
} network;

__attribute__((export_name("wizer.initialize"))) void load(void) {
  FILE *file = fopen("weights.f32", "r");
  if (file == NULL || fread(&network, sizeof network, 1, file) != 1) {
    fprintf(stderr, "expected weights.f32 with %zu bytes; train.mjs makes it\n", sizeof network);
    exit(2);
  }
  fclose(file);
}

// Adds up in the order of the indices, as train.mjs does.
static float weigh(const float *weights, const float *values, int count, float bias) {
  float sum = bias;
  for (int i = 0; i < count; i++) sum += weights[i] * values[i];
  return sum;
}

static int refuse(const char *status, const char *message) {
  printf("Status: %s\r\nContent-Type: text/plain\r\n\r\n%s\n", status, message);
  return 0;
}

int main(void) {
  static unsigned char picture[PIXELS + 1];
  static float pixels[PIXELS], hidden[HIDDEN], scores[CLASSES];
  size_t length = fread(picture, 1, sizeof picture, stdin);
  if (length == 0) return refuse("200 OK", "send 784 bytes: 28 rows of 28 pixels, 0 to 255");
  if (length != PIXELS) return refuse("400 Bad Request", "expected a body of 784 bytes: 28 rows of 28 pixels, 0 to 255");
  for (int i = 0; i < PIXELS; i++) pixels[i] = picture[i] / 255.0f;
  for (int to = 0; to < HIDDEN; to++) {
    float sum = weigh(network.first[to], pixels, PIXELS, network.firstBias[to]);
    hidden[to] = sum > 0 ? sum : 0;
  }
  int best = 0;
  float total = 0;
  for (int to = 0; to < CLASSES; to++) {
    scores[to] = expf(weigh(network.second[to], hidden, HIDDEN, network.secondBias[to]));
    total += scores[to];
    if (scores[to] > scores[best]) best = to;
  }
  printf("Content-Type: application/json\r\n\r\n{\"digit\":%d,\"confidence\":%.3f}\n", best, scores[best] / total);
  return 0;
}
