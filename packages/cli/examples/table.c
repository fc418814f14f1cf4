#include "table.h"
#include <string.h>

bool addTo(Table *table, const char *key, long long number) {
  size_t at = 0;
  while (at < table->count && strcmp(table->rows[at].key, key) != 0) at++;
  if (at == ROWS) return false;
  if (at == table->count) strcpy(table->rows[table->count++].key, key);
  table->rows[at].sum += number;
  return true;
}
