/*
 * Compares two results of one task: they are equal when both printed the same lines, in whatever order.
 *
 *   souk run anagrams.cpp --compare same-lines.c < words
 *
 * Whoever runs a job with --compare runs this on their own machine, on every two results that are not the same: what
 * they printed is in a.stdout and b.stdout, their files are below a/ and b/. Exit with 0 for equal, with 1 for
 * different, and say on standard output in what.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LINES = 65536, LINE = 4096 };

struct lines {
  char *text[MOST_LINES];
  int count;
};

static int by_text(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static void read_sorted(const char *path, struct lines *lines) {
  char line[LINE];
  FILE *file = fopen(path, "r");
  if (file == NULL) exit(2);
  while (fgets(line, sizeof line, file) != NULL) {
    if (lines->count == MOST_LINES) exit(2);
    line[strcspn(line, "\n")] = '\0';
    lines->text[lines->count++] = strdup(line);
  }
  fclose(file);
  qsort(lines->text, lines->count, sizeof *lines->text, by_text);
}

int main(void) {
  static struct lines a, b;
  read_sorted("a.stdout", &a);
  read_sorted("b.stdout", &b);
  for (int i = 0; i < a.count && i < b.count; i++) {
    if (strcmp(a.text[i], b.text[i]) == 0) continue;
    printf("one has the line '%s' where the other has '%s'\n", a.text[i], b.text[i]);
    return 1;
  }
  if (a.count == b.count) return 0;
  printf("one has %d lines, the other %d\n", a.count, b.count);
  return 1;
}
