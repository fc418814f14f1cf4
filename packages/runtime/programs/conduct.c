// conduct MODE [ARGUMENT]...: the well and the badly behaved program of the executor tests, by its first word.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static int is(const char *mode, const char *name) { return strcmp(mode, name) == 0; }

// Keeps the recursion from becoming a loop.
__attribute__((noinline)) static uint64_t descend(volatile uint64_t depth) {
  return depth == UINT64_MAX ? 0 : descend(depth + 1) + depth;
}

static int spin(void) {
  for (volatile uint64_t i = 0;; i++) {
  }
}

// Keeps the compiler from taking the allocations for unused.
static char *volatile kept;

// Takes memory in 1 MiB pieces and touches it; prints how many it got when there is no more.
static int allocate(void) {
  int pieces = 0;
  for (char *piece; (piece = malloc(1 << 20)) != NULL; pieces++) {
    memset(piece, 1, 1 << 20);
    kept = piece;
  }
  printf("%d\n", pieces);
  return 0;
}

static int writeForever(void) {
  for (;;) puts("as much as will fit, and then more");
}

static int writeFileForever(void) {
  FILE *file = fopen("endless", "w");
  for (;;) fputs("as much as will fit, and then more\n", file);
}

static int makeFilesForever(void) {
  char name[32];
  for (int i = 0;; i++) {
    snprintf(name, sizeof name, "file-%d", i);
    FILE *file = fopen(name, "w");
    if (file) fclose(file);
  }
}

static int makeFoldersForever(void) {
  char name[32];
  int made = 0;
  for (;; made++) {
    snprintf(name, sizeof name, "folder-%d", made);
    if (mkdir(name, 0777) != 0) break;
  }
  printf("%d %s\n", made, errno == ENOSPC ? "no space" : "other");
  return 0;
}

static int openForever(void) {
  int opened = 0;
  while (fopen("input", "r")) opened++;
  printf("%d %s\n", opened, errno == EMFILE ? "too many" : "other");
  return 0;
}

static int echo(int argc, char **argv) {
  for (int i = 0; i < argc; i++) printf("arg %s\n", argv[i]);
  for (char **entry = environ; *entry; entry++) printf("env %s\n", *entry);
  for (int c; (c = getchar()) != EOF;) putchar(c);
  return 0;
}

static int listFolder(const char *path) {
  DIR *folder = opendir(path);
  if (!folder) return 1;
  for (struct dirent *entry; (entry = readdir(folder));) {
    printf("%s %d %llu\n", entry->d_name, entry->d_type == DT_DIR, (unsigned long long)entry->d_ino);
  }
  return closedir(folder);
}

static int copy(const char *from, const char *to) {
  FILE *source = fopen(from, "r"), *target = fopen(to, "w");
  if (!source || !target) return 1;
  for (int c; (c = fgetc(source)) != EOF;) fputc(c, target);
  return fclose(source) | fclose(target);
}

// Appends to the input, makes, moves and removes files, and looks outside.
static int useFiles(void) {
  FILE *input = fopen("input", "a");
  if (!input || fputs(" and more", input) < 0 || fclose(input)) return 1;
  if (mkdir("made", 0777) || copy("input", "made/copy")) return 2;
  if (copy("input", "moving") || rename("moving", "made/moved")) return 3;
  if (copy("input", "gone") || unlink("gone")) return 4;
  struct stat status;
  if (stat("made/copy", &status) || status.st_size == 0 || status.st_mtime != 0) return 5;
  if (fopen("/../etc/passwd", "r") || fopen("/etc/passwd", "r") || fopen("/odd\\name", "w")) return 6;
  return 0;
}

static uint64_t nanoseconds(clockid_t id) {
  struct timespec time;
  clock_gettime(id, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static int readClocks(void) {
  printf("%llu\n", (unsigned long long)nanoseconds(CLOCK_REALTIME));
  printf("%llu\n", (unsigned long long)nanoseconds(CLOCK_MONOTONIC));
  sleep(3600);
  printf("%llu\n", (unsigned long long)nanoseconds(CLOCK_REALTIME));
  return 0;
}

static int readRandom(void) {
  uint8_t bytes[24];
  if (getentropy(bytes, sizeof bytes)) return 1;
  for (size_t i = 0; i < sizeof bytes; i++) printf("%02x", bytes[i]);
  putchar('\n');
  return 0;
}

static int talk(int stays) {
  fputs(stays ? "to standard output\n" : "one\n", stdout);
  fflush(stdout);
  fputs(stays ? "to standard error\n" : "two\n", stderr);
  if (stays) return spin();
  for (const char *at = "three"; *at; at++) putchar(*at), fflush(stdout);
  return 0;
}

// Writes far more to standard error than anybody keeps.
static int shout(void) {
  for (int i = 0; i < 1 << 17; i++) fputs("as loud as it can\n", stderr);
  return 0;
}

static int burn(void) {
  for (volatile uint32_t i = 0; i < 20000000; i++) {
  }
  return 0;
}

static int save(const char *path, const char *text, int n) {
  FILE *file = fopen(path, "w");
  if (!file || fprintf(file, text, n) < 0) return 1;
  return fclose(file);
}

// Writes the checkpoint of this number in a folder of its own and gives the folder its name.
static int saveCheckpoint(int n) {
  char part[64], name[64], path[96];
  snprintf(name, sizeof name, "checkpoint/%d", n);
  snprintf(part, sizeof part, "%s.part", name);
  if (mkdir(part, 0777)) return 1;
  snprintf(path, sizeof path, "%s/state", part);
  if (save(path, "state %d\n", n)) return 2;
  snprintf(path, sizeof path, "%s/more", part);
  if (mkdir(path, 0777)) return 3;
  snprintf(path, sizeof path, "%s/more/deep", part);
  if (save(path, "deep %d\n", n)) return 4;
  return rename(part, name) ? 5 : 0;
}

static int saveCheckpoints(int count, const char *then) {
  mkdir("checkpoint", 0777);
  for (int n = 1; n <= count; n++) {
    int wrong = saveCheckpoint(n);
    if (wrong) return wrong;
  }
  if (is(then, "spin")) return spin();
  return save("done", "%d\n", count);
}

static int saveFile(void) {
  mkdir("checkpoint", 0777);
  if (save("checkpoint/saved.part", "a file\n", 0)) return 1;
  if (rename("checkpoint/saved.part", "checkpoint/saved")) return 2;
  return spin();
}

static int saveForever(void) {
  mkdir("checkpoint", 0777);
  FILE *file = fopen("checkpoint/endless.part", "w");
  for (;;) fputs("as much as will fit, and then more\n", file);
}

static int print(const char *path) {
  FILE *file = fopen(path, "r");
  if (!file) return 1;
  for (int c; (c = fgetc(file)) != EOF;) putchar(c);
  return fclose(file);
}

static int resume(void) {
  if (print("checkpoint/latest/state")) return puts("fresh") == EOF;
  return print("checkpoint/latest/more/deep");
}

// Prints what becomes of a rename that the rules of checkpoints refuse.
static void refuses(const char *from, const char *to, int error, const char *said) {
  if (rename(from, to) && errno == error) puts(said);
}

static int tryRules(void) {
  mkdir("checkpoint", 0777);
  if (saveCheckpoint(1) || saveCheckpoint(2)) return 1;
  if (access("checkpoint/1/state", F_OK) && !access("checkpoint/2/state", F_OK)) puts("older is gone");
  mkdir("checkpoint/2.part", 0777);
  refuses("checkpoint/2.part", "checkpoint/2", ENOTEMPTY, "not empty");
  save("checkpoint/file", "%d", 0);
  mkdir("checkpoint/file.part", 0777);
  refuses("checkpoint/file.part", "checkpoint/file", ENOTDIR, "not a folder");
  save("checkpoint/state.part", "%d", 0);
  mkdir("checkpoint/state", 0777);
  refuses("checkpoint/state.part", "checkpoint/state", EISDIR, "is a folder");
  refuses("checkpoint/2", "elsewhere", ENOTSUP, "not elsewhere");
  mkdir("checkpoint/open.part", 0777);
  int folder = open("checkpoint/open.part", O_RDONLY | O_DIRECTORY);
  if (rename("checkpoint/open.part", "checkpoint/open")) return 2;
  int file = openat(folder, "late", O_WRONLY | O_CREAT, 0666);
  if (file >= 0 && write(file, "late", 4) == 4 && !access("checkpoint/open/late", F_OK)) {
    puts("open folder works");
  }
  return 0;
}

int main(int argc, char **argv) {
  const char *mode = argc > 1 ? argv[1] : "nothing";
  if (is(mode, "nothing")) return 0;
  if (is(mode, "exit")) return atoi(argv[2]);
  if (is(mode, "spin")) return spin();
  if (is(mode, "allocate")) return allocate();
  if (is(mode, "write")) return writeForever();
  if (is(mode, "write-file")) return writeFileForever();
  if (is(mode, "files")) return makeFilesForever();
  if (is(mode, "folders")) return makeFoldersForever();
  if (is(mode, "open")) return openForever();
  if (is(mode, "trap")) fputs("about to trap\n", stderr), __builtin_trap();
  if (is(mode, "recurse")) return descend((uint64_t)argc) == 1;
  if (is(mode, "echo")) return echo(argc, argv);
  if (is(mode, "list")) return listFolder(argv[2]);
  if (is(mode, "use-files")) return useFiles();
  if (is(mode, "clock")) return readClocks();
  if (is(mode, "random")) return readRandom();
  if (is(mode, "burn")) return burn();
  if (is(mode, "talk")) return talk(1);
  if (is(mode, "talk-and-exit")) return talk(0);
  if (is(mode, "shout")) return shout();
  if (is(mode, "checkpoint")) return saveCheckpoints(atoi(argv[2]), argv[3]);
  if (is(mode, "checkpoint-file")) return saveFile();
  if (is(mode, "checkpoint-endless")) return saveForever();
  if (is(mode, "checkpoint-rules")) return tryRules();
  if (is(mode, "resume")) return resume();
  if (is(mode, "print")) return print(argv[2]);
  fprintf(stderr, "unknown mode %s\n", mode);
  return 64;
}
