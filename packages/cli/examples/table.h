// Sums by key, as many as fit.
#include <stdbool.h>
#include <stddef.h>

enum { KEY_LENGTH = 63, ROWS = 4096 };

typedef struct {
  char key[KEY_LENGTH + 1];
  long long sum;
} Row;

typedef struct {
  Row rows[ROWS];
  size_t count;
} Table;

// Adds to the sum of a key; false where the table is full.
bool addTo(Table *table, const char *key, long long number);
