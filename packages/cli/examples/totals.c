// totals FILE: adds up a table of KEY,NUMBER lines by key and prints the sums, sorted by key.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "table.h"

static int byKey(const void *a, const void *b) { return strcmp(((const Row *)a)->key, ((const Row *)b)->key); }

int main(int count, char **arguments) {
  FILE *file = count == 2 ? fopen(arguments[1], "r") : NULL;
  if (!file) {
    fprintf(stderr, "expected one file that can be read: totals FILE\n");
    return 2;
  }
  static Table table;
  char key[KEY_LENGTH + 1];
  long long number;
  while (fscanf(file, " %63[^,],%lld", key, &number) == 2) {
    if (!addTo(&table, key, number)) return 3;
  }
  qsort(table.rows, table.count, sizeof(Row), byKey);
  for (size_t i = 0; i < table.count; i++) printf("%s,%lld\n", table.rows[i].key, table.rows[i].sum);
  return 0;
}
