// The calls of WASI preview 1 that main.c makes itself: the engine it is joined to brings a C library without files.
#include <stdint.h>

#define WASI(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name)))

enum { ROOT = 3, FOLLOW = 1 };
enum { OPEN_CREATE = 1, OPEN_FOLDER = 2, OPEN_TRUNCATE = 8, APPEND = 1 };
enum { MAY_READ = 1 << 1, MAY_SEEK = 1 << 2, MAY_WRITE = 1 << 6, MAY_LIST = 1 << 14, MAY_STAT = 1 << 21 };
enum { SUCCESS = 0, NO_MEMORY = 48 };

typedef struct {
  uint8_t *bytes;
  uint32_t length;
} Span;

typedef struct {
  uint64_t next, inode;
  uint32_t nameLength;
  uint8_t type;
} Entry;

typedef struct {
  uint64_t device, inode;
  uint8_t type;
  uint64_t links, size, times[3];
} Stat;

WASI(args_sizes_get) int args_sizes_get(uint32_t *count, uint32_t *bytes);
WASI(args_get) int args_get(char **strings, char *bytes);
WASI(environ_sizes_get) int environ_sizes_get(uint32_t *count, uint32_t *bytes);
WASI(environ_get) int environ_get(char **strings, char *bytes);
WASI(fd_read) int fd_read(int fd, const Span *spans, uint32_t count, uint32_t *got);
WASI(fd_write) int fd_write(int fd, const Span *spans, uint32_t count, uint32_t *written);
WASI(fd_readdir) int fd_readdir(int fd, uint8_t *buffer, uint32_t length, uint64_t cookie, uint32_t *used);
WASI(fd_close) int fd_close(int fd);
WASI(path_open)
int path_open(int folder, int look, const char *path, uint32_t length, int how, uint64_t rights, uint64_t inherited,
              int flags, int *fd);
WASI(path_filestat_get) int path_filestat_get(int folder, int look, const char *path, uint32_t length, Stat *stat);
WASI(path_create_directory) int path_create_directory(int folder, const char *path, uint32_t length);
WASI(path_unlink_file) int path_unlink_file(int folder, const char *path, uint32_t length);
WASI(proc_exit) _Noreturn void proc_exit(int code);
