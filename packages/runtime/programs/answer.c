// The service of the executor tests: loads a table once, and does what its query says for each call.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int *table;
static int calls;

// Fills a table by the number in the file "factor", where there is one.
__attribute__((export_name("wizer.initialize"))) void initialize(void) {
  int factor = 1;
  FILE *file = fopen("factor", "r");
  if (file != NULL) {
    if (fscanf(file, "%d", &factor) != 1) exit(3);
    fclose(file);
  }
  table = malloc(100000 * sizeof *table);
  for (int i = 0; i < 100000; i++) table[i] = factor * i;
}

static int writeForever(void) {
  for (;;) puts("as much as will fit, and then more");
}

static int spin(void) {
  for (volatile int i = 0;; i++) {
  }
}

int main(void) {
  const char *query = getenv("QUERY_STRING");
  static char body[65536];
  size_t length = fread(body, 1, sizeof body, stdin);
  calls += 1;
  // For a client of HTTP, CGI has a head in front.
  if (getenv("REQUEST_METHOD") != NULL) printf("Content-Type: text/plain\r\n\r\n");
  if (query == NULL || strcmp(query, "count") == 0) {
    printf("%d calls, %d at the end of the table\n", calls, table[99999]);
  } else if (strcmp(query, "echo") == 0) {
    fwrite(body, 1, length, stdout);
  } else if (strcmp(query, "grow") == 0) {
    char *more = malloc(8 << 20);
    if (more == NULL) return 2;
    memset(more, 1, 8 << 20);
    printf("%d\n", more[(8 << 20) - 1]);
  } else if (strcmp(query, "fail") == 0) {
    fputs("it cannot\n", stderr);
    return 9;
  } else if (strcmp(query, "trap") == 0) {
    __builtin_trap();
  } else if (strcmp(query, "spin") == 0) {
    return spin();
  } else if (strcmp(query, "flood") == 0) {
    return writeForever();
  } else {
    printf("%s\n", query);
  }
  return 0;
}
