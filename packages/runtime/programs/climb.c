// climb STEPS WORK: climbs so many steps, each after so many thousand turns of a loop, and saves after every step how
// far it came and the value so far; started with a checkpoint it goes on from there. Prints "from FIRST to STEPS value
// VALUE": VALUE depends on every step, and is the same however often the climb was broken off.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static long step = 0;
static uint64_t value = 1;

static void goOn(void) {
  FILE *file = fopen("checkpoint/latest/state", "r");
  if (file == NULL) return;
  if (fscanf(file, "%ld %llu", &step, (unsigned long long *)&value) != 2) exit(1);
  fclose(file);
}

// Gives the folder its name when everything is in it: that finishes the checkpoint.
static void save(void) {
  char part[64], state[64], whole[64];
  snprintf(whole, sizeof whole, "checkpoint/%ld", step);
  snprintf(part, sizeof part, "%s.part", whole);
  snprintf(state, sizeof state, "%s/state", part);
  mkdir("checkpoint", 0777);
  if (mkdir(part, 0777)) exit(2);
  FILE *file = fopen(state, "w");
  if (file == NULL || fprintf(file, "%ld %llu", step, (unsigned long long)value) < 0 || fclose(file)) exit(3);
  if (rename(part, whole)) exit(4);
}

static void climb(long work) {
  for (volatile long i = 0; i < work * 1000; i++) {
  }
  step += 1;
  value = (value ^ (uint64_t)step) * 0x100000001b3u;
}

int main(int argc, char **argv) {
  if (argc != 3) return 5;
  goOn();
  long first = step;
  while (step < atol(argv[1])) {
    climb(atol(argv[2]));
    save();
  }
  printf("from %ld to %ld value %llu\n", first, step, (unsigned long long)value);
  return 0;
}
