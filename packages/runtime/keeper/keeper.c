// keeper [MODE [ARGUMENT]]: what stands beside every container of a task, in its network and its process namespace.
//
//   keep         the first process of both: ends, and everything with it, when its standard input does, which is when
//                the provider is gone; names what is renamed into /work/checkpoint on standard output, a line each;
//                a line "BYTES FILES" on standard input has it say ".full" once /work holds so much more than then
//   cat PATH...  prints files, each after a line "= PATH", for the self-test
//   relay PORT   standard input and output to a TCP port of the container
//   kill TEXT    ends every process whose environment has this entry
//
// No library: one static file of a few kilobytes that needs nothing from an image. Built by scripts/build-keeper.mjs.
#include <asm/statfs.h>
#include <asm/unistd.h>
#include <linux/in.h>
#include <linux/inotify.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#define POLL_MS 200
#define BUFFER 65536
// A large environment is read in part: the entry that is sought stands among the first.
#define ENVIRONMENT 262144

static char buffer[BUFFER], environment[ENVIRONMENT + 1];

#if defined(__x86_64__)
static long call(long n, long a, long b, long c, long d, long e) {
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  __asm__ volatile("syscall" : "=a"(result) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8) : "rcx", "r11", "memory");
  return result;
}
__asm__(".globl _start\n_start: xor %ebp,%ebp\n mov %rsp,%rdi\n and $-16,%rsp\n call begin\n");
#elif defined(__aarch64__)
static long call(long n, long a, long b, long c, long d, long e) {
  register long x8 __asm__("x8") = n;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
  return x0;
}
__asm__(".globl _start\n_start: mov x29,#0\n mov x0,sp\n bl begin\n");
#endif

static void quit(int code) {
  for (;;) call(__NR_exit_group, code, 0, 0, 0, 0);
}

static int is(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *a == *b;
}

static long length(const char *text) {
  long n = 0;
  while (text[n]) n++;
  return n;
}

// Reads a number of at most 15 digits and returns what follows it.
static const char *digits(const char *text, long *n) {
  const char *end = text + 15;
  for (*n = 0; text < end && *text >= '0' && *text <= '9'; text++) *n = *n * 10 + *text - '0';
  return text;
}

static long number(const char *text) {
  long n;
  return *digits(text, &n) ? -1 : n;
}

static long readSome(long fd, void *into, long size) { return call(__NR_read, fd, (long)into, size, 0, 0); }

// Writes everything; returns 0 where nobody takes it.
static int writeAll(long fd, const char *bytes, long size) {
  while (size > 0) {
    long n = call(__NR_write, fd, (long)bytes, size, 0, 0);
    if (n <= 0) return 0;
    bytes += n, size -= n;
  }
  return 1;
}

static long openFile(const char *path, long flags) { return call(__NR_openat, AT_FDCWD, (long)path, flags, 0, 0); }

static long pollTwo(struct pollfd *fds, long ms) {
  struct { long s, ns; } wait = {ms / 1000, ms % 1000 * 1000000};
  return call(__NR_ppoll, (long)fds, 2, ms < 0 ? 0 : (long)&wait, 0, 8);
}

// Tells of one name, unless it is unfinished or would not fit in a line.
static void tell(const char *name) {
  for (const char *c = name; *c; c++) {
    if (*c == '\n' || *c == '.') return;
  }
  writeAll(1, name, length(name));
  writeAll(1, "\n", 1);
}

static void tellAll(long notes, long folder) {
  long size = readSome(notes, buffer, BUFFER);
  for (long at = 0; at < size;) {
    const struct inotify_event *event = (const void *)(buffer + at);
    if (event->wd == folder && event->len > 0) tell(event->name);
    at += (long)sizeof *event + event->len;
  }
}

struct entry { unsigned long inode, offset; unsigned short size; unsigned char type; char name[]; };

// Tells of what was finished before anybody watched; what a task resumes from is not news.
static void tellPresent(const char *path) {
  long folder = openFile(path, O_RDONLY | O_DIRECTORY), size;
  while ((size = call(__NR_getdents64, folder, (long)buffer, BUFFER, 0, 0)) > 0) {
    for (long at = 0; at < size; at += ((const struct entry *)(buffer + at))->size) {
      const char *name = ((const struct entry *)(buffer + at))->name;
      if (!is(name, "latest")) tell(name);
    }
  }
  call(__NR_close, folder, 0, 0, 0, 0);
}

// Watches the folder of checkpoints wherever the program makes it, and as often; returns its number.
static long watchFolder(long notes, long known) {
  static const char path[] = "/work/checkpoint";
  long folder = call(__NR_inotify_add_watch, notes, (long)path, IN_MOVED_TO | IN_ONLYDIR, 0, 0);
  if (folder > 0 && folder != known) tellPresent(path);
  return folder;
}

static long usedBytes, usedFiles, mostBytes = -1, mostFiles;

static void measure(void) {
  struct statfs work;
  if (call(__NR_statfs, (long)"/work", (long)&work, 0, 0, 0) < 0) return;
  usedBytes = (long)(work.f_blocks - work.f_bfree) * work.f_bsize;
  usedFiles = (long)(work.f_files - work.f_ffree);
}

// Says once that there is more than there may be.
static void watch(void) {
  if (mostBytes < 0) return;
  measure();
  if (usedBytes <= mostBytes && usedFiles <= mostFiles) return;
  writeAll(1, ".full\n", 6);
  mostBytes = -1;
}

// Takes the bounds; returns 0 at the end of the input.
static int takeBounds(void) {
  long size = readSome(0, buffer, BUFFER - 1), bytes, files;
  if (size <= 0) return 0;
  buffer[size] = 0;
  const char *rest = digits(buffer, &bytes);
  if (*rest != ' ' || *digits(rest + 1, &files) != '\n') return 1;
  measure();
  mostBytes = usedBytes + bytes, mostFiles = usedFiles + files;
  return 1;
}

static int keep(void) {
  // Children of nobody become ours; ignored, they leave no trace.
  struct { void (*handler)(int); unsigned long flags; void (*restorer)(void); unsigned long mask; } ignore = {SIG_IGN, 0, 0, 0};
  call(__NR_rt_sigaction, SIGCHLD, (long)&ignore, 0, 8, 0);
  long notes = call(__NR_inotify_init1, O_NONBLOCK, 0, 0, 0, 0);
  // The work folder wakes us when the folder of checkpoints comes to be in it.
  call(__NR_inotify_add_watch, notes, (long)"/work", IN_CREATE | IN_MOVED_TO | IN_ONLYDIR, 0, 0);
  struct pollfd fds[2] = {{0, POLLIN, 0}, {(int)notes, POLLIN, 0}};
  for (long folder = 0;;) {
    folder = watchFolder(notes, folder);
    pollTwo(fds, POLL_MS);
    if (fds[1].revents) tellAll(notes, folder);
    if (fds[0].revents && !takeBounds()) return 0;
    watch();
  }
}

static int cat(char **paths) {
  for (; *paths; paths++) {
    long fd = openFile(*paths, O_RDONLY), n;
    if (fd < 0) continue;
    writeAll(1, "= ", 2), writeAll(1, *paths, length(*paths)), writeAll(1, "\n", 1);
    while ((n = readSome(fd, buffer, BUFFER)) > 0) writeAll(1, buffer, n);
    call(__NR_close, fd, 0, 0, 0, 0);
  }
  return 0;
}

// Moves what is there; returns 0 at the end.
static int move(long from, long to) {
  long n = readSome(from, buffer, BUFFER);
  return n > 0 && writeAll(to, buffer, n);
}

static int relay(const char *text) {
  long port = number(text), fd = call(__NR_socket, AF_INET, SOCK_STREAM, 0, 0, 0);
  struct sockaddr_in address = {AF_INET, __builtin_bswap16((unsigned short)port), {__builtin_bswap32(INADDR_LOOPBACK)}, {0}};
  if (port <= 0 || port > 65535 || call(__NR_connect, fd, (long)&address, sizeof address, 0, 0) < 0) return 1;
  // The first byte says that somebody listens; it is not the listener's.
  writeAll(1, "\n", 1);
  struct pollfd fds[2] = {{0, POLLIN, 0}, {(int)fd, POLLIN, 0}};
  for (;;) {
    pollTwo(fds, -1);
    if (fds[1].revents && !move(fd, 1)) return 0;
    if (fds[0].revents && !move(0, fd)) {
      call(__NR_shutdown, fd, SHUT_WR, 0, 0, 0);
      fds[0].fd = -1;
    }
  }
}

// Tells whether the process has the entry in its environment.
static int marked(const char *pid, const char *wanted) {
  char path[64] = "/proc/", *end = path + 6;
  for (const char *c = pid; *c; c++) *end++ = *c;
  for (const char *c = "/environ"; *c; c++) *end++ = *c;
  *end = 0;
  long fd = openFile(path, O_RDONLY), size = 0, n;
  if (fd < 0) return 0;
  while (size < ENVIRONMENT && (n = readSome(fd, environment + size, ENVIRONMENT - size)) > 0) size += n;
  call(__NR_close, fd, 0, 0, 0, 0);
  environment[size] = 0;
  for (const char *at = environment; at < environment + size; at += length(at) + 1) {
    if (is(at, wanted)) return 1;
  }
  return 0;
}

static int killMarked(const char *wanted) {
  long proc = openFile("/proc", O_RDONLY | O_DIRECTORY), size;
  while ((size = call(__NR_getdents64, proc, (long)buffer, BUFFER, 0, 0)) > 0) {
    for (long at = 0; at < size;) {
      const struct entry *entry = (const void *)(buffer + at);
      long pid = number(entry->name);
      if (pid > 1 && length(entry->name) < 20 && marked(entry->name, wanted)) call(__NR_kill, pid, SIGKILL, 0, 0, 0);
      at += entry->size;
    }
  }
  return 0;
}

// Starts with the stack as the kernel leaves it: the number of words, then the words.
void begin(long *stack) {
  char **words = (char **)(stack + 1);
  long count = stack[0];
  if (count > 1 && is(words[1], "cat")) quit(cat(words + 2));
  if (count > 2 && is(words[1], "relay")) quit(relay(words[2]));
  if (count > 2 && is(words[1], "kill")) quit(killMarked(words[2]));
  quit(keep());
}
