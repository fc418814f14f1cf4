// javascript SCRIPT [ARGUMENT...]: runs a script or an ES module, which is an input file, and all it imports.
//
// QuickJS-NG as the package quickjs-wasi brings it, made a command: scripts/build-javascript.mjs joins this file to
// it. What scripts see (console, process, files) is made in prelude.js of the functions below. They return what they
// were asked for, or a number: the error of WASI, 0 for none.
#include "quickjs.h"
#include "wasi.h"

// How deep scripts may call, about a thousand calls: V8's own stack ends little later, with a trap instead of an error.
enum { STACK_BYTES = 256 * 1024, CHUNK_BYTES = 64 * 1024, ENTRY_BYTES = 24 };

static const char prelude[] = {
#embed "prelude.js"
    , 0};

static JSValue runtimeObject;

static JSValue number(int value) { return makeValue(JS_TAG_INT, (uint32_t)value); }

// A value as UTF-8, to be given back with JS_FreeCString.
typedef struct {
  const char *chars;
  size_t length;
} Text;

static Text textOf(JSContext *context, JSValue value) {
  Text text = {0};
  text.chars = JS_ToCStringLen2(context, &text.length, value, false);
  return text;
}

// A path below the root, where every path begins.
static Text pathOf(JSContext *context, JSValue value, const char **given) {
  Text path = textOf(context, value);
  *given = path.chars;
  while (path.length > 0 && *path.chars == '/') path.chars++, path.length--;
  if (path.length == 0 && *given) path = (Text){".", 1};
  return path;
}

// A growing list of bytes; `bytes` is NULL once there is no memory for it.
typedef struct {
  uint8_t *bytes;
  uint32_t length, capacity;
} Buffer;

static bool reserve(Buffer *buffer, uint32_t more) {
  if (buffer->capacity - buffer->length >= more) return true;
  uint64_t capacity = (uint64_t)buffer->capacity * 2 + more;
  uint8_t *grown = capacity < INT32_MAX ? realloc(buffer->bytes, capacity) : NULL;
  if (!grown) return false;
  buffer->bytes = grown;
  buffer->capacity = capacity;
  return true;
}

static int readAll(int fd, Buffer *buffer) {
  for (uint32_t got = 1; got > 0; buffer->length += got) {
    if (!reserve(buffer, CHUNK_BYTES)) return NO_MEMORY;
    Span span = {buffer->bytes + buffer->length, buffer->capacity - buffer->length};
    int error = fd_read(fd, &span, 1, &got);
    if (error) return error;
  }
  return SUCCESS;
}

static int writeAll(int fd, uint8_t *bytes, size_t length) {
  for (uint32_t done = 0; length > 0; bytes += done, length -= done) {
    int error = fd_write(fd, &(Span){bytes, length}, 1, &done);
    if (error) return error;
  }
  return SUCCESS;
}

static int openPath(JSContext *context, JSValue value, int how, uint64_t rights, int flags, int *fd) {
  const char *given;
  Text path = pathOf(context, value, &given);
  if (!given) return NO_MEMORY;
  int error = path_open(ROOT, FOLLOW, path.chars, path.length, how, rights, 0, flags, fd);
  JS_FreeCString(context, given);
  return error;
}

// read(path) or read(0): the file's bytes.
static JSValue readFile(JSContext *context, JSValue self, int count, JSValue *values) {
  int fd = 0;
  bool opened = values[0] >> 32 != JS_TAG_INT;
  int error = opened ? openPath(context, values[0], 0, MAY_READ | MAY_SEEK, 0, &fd) : SUCCESS;
  if (error) return number(error);
  Buffer buffer = {0};
  error = readAll(fd, &buffer);
  if (opened) fd_close(fd);
  JSValue result = error ? number(error) : JS_NewArrayBufferCopy(context, buffer.bytes, buffer.length);
  free(buffer.bytes);
  return result;
}

// print(descriptor, buffer)
static JSValue print(JSContext *context, JSValue self, int count, JSValue *values) {
  size_t length;
  uint8_t *bytes = JS_GetArrayBuffer(context, &length, values[1]);
  return bytes || length == 0 ? number(writeAll((int32_t)values[0], bytes, length)) : number(NO_MEMORY);
}

// write(path, buffer, append)
static JSValue writeFile(JSContext *context, JSValue self, int count, JSValue *values) {
  bool append = (uint32_t)values[2];
  size_t length;
  uint8_t *bytes = JS_GetArrayBuffer(context, &length, values[1]);
  int fd, how = append ? OPEN_CREATE : OPEN_CREATE | OPEN_TRUNCATE;
  int error = openPath(context, values[0], how, MAY_WRITE | MAY_SEEK, append ? APPEND : 0, &fd);
  if (error) return number(error);
  error = writeAll(fd, bytes, length);
  fd_close(fd);
  return number(error);
}

// Adds the names of the entries in `buffer` to an array; returns where to go on, or `cookie` where none was whole.
static uint64_t addNames(JSContext *context, JSValue names, uint32_t *count, Buffer buffer, uint64_t cookie) {
  for (uint32_t at = 0; at + ENTRY_BYTES <= buffer.length;) {
    Entry *entry = (Entry *)(buffer.bytes + at);
    char *name = (char *)buffer.bytes + at + ENTRY_BYTES;
    if (at + ENTRY_BYTES + entry->nameLength > buffer.length) break;
    bool dots = name[0] == '.' && (entry->nameLength == 1 || (entry->nameLength == 2 && name[1] == '.'));
    if (!dots) JS_SetPropertyUint32(context, names, (*count)++, JS_NewStringLen(context, name, entry->nameLength));
    at += ENTRY_BYTES + entry->nameLength;
    cookie = entry->next;
    // The next entry begins wherever this name ends: it is moved to where it may be read.
    for (uint32_t i = at; i < buffer.length; i++) buffer.bytes[i - at] = buffer.bytes[i];
    buffer.length -= at;
    at = 0;
  }
  return cookie;
}

// list(path): the names in a folder.
static JSValue listFolder(JSContext *context, JSValue self, int count, JSValue *values) {
  int fd, error = openPath(context, values[0], OPEN_FOLDER, MAY_READ | MAY_LIST, 0, &fd);
  if (error) return number(error);
  uint8_t *bytes = malloc(CHUNK_BYTES);
  JSValue names = JS_NewArray(context);
  uint32_t used = bytes ? CHUNK_BYTES : 0, found = 0;
  for (uint64_t cookie = 0; used == CHUNK_BYTES && !error;) {
    error = fd_readdir(fd, bytes, CHUNK_BYTES, cookie, &used);
    if (!error) cookie = addNames(context, names, &found, (Buffer){bytes, used, CHUNK_BYTES}, cookie);
  }
  free(bytes);
  fd_close(fd);
  if (!error) return names;
  JS_FreeValue(context, names);
  return number(error);
}

// stat(path): [type, size] by the numbers of WASI.
static JSValue statPath(JSContext *context, JSValue self, int count, JSValue *values) {
  const char *given;
  Text path = pathOf(context, values[0], &given);
  if (!given) return number(NO_MEMORY);
  Stat stat;
  int error = path_filestat_get(ROOT, FOLLOW, path.chars, path.length, &stat);
  JS_FreeCString(context, given);
  if (error) return number(error);
  JSValue facts = JS_NewArray(context);
  JS_SetPropertyUint32(context, facts, 0, number(stat.type));
  JS_SetPropertyUint32(context, facts, 1, number((int)stat.size));
  return facts;
}

// change(path, what): makes a folder, or takes a file away.
static JSValue changePath(JSContext *context, JSValue self, int count, JSValue *values) {
  const char *given;
  Text path = pathOf(context, values[0], &given);
  if (!given) return number(NO_MEMORY);
  int error = (int32_t)values[1] == 0 ? path_create_directory(ROOT, path.chars, path.length)
                                      : path_unlink_file(ROOT, path.chars, path.length);
  JS_FreeCString(context, given);
  return number(error);
}

// encode(string): its UTF-8.
static JSValue encode(JSContext *context, JSValue self, int count, JSValue *values) {
  Text text = textOf(context, values[0]);
  if (!text.chars) return makeValue(JS_TAG_EXCEPTION, 0);
  JSValue buffer = JS_NewArrayBufferCopy(context, (const uint8_t *)text.chars, text.length);
  JS_FreeCString(context, text.chars);
  return buffer;
}

// decode(buffer): the string whose UTF-8 it is.
static JSValue decode(JSContext *context, JSValue self, int count, JSValue *values) {
  size_t length;
  uint8_t *bytes = JS_GetArrayBuffer(context, &length, values[0]);
  return JS_NewStringLen(context, bytes ? (const char *)bytes : "", bytes ? length : 0);
}

static JSValue leave(JSContext *context, JSValue self, int count, JSValue *values) { proc_exit((int32_t)values[0]); }

typedef int GetSizes(uint32_t *count, uint32_t *bytes);
typedef int GetStrings(char **strings, char *bytes);

static JSValue stringsOf(JSContext *context, GetSizes *getSizes, GetStrings *getStrings) {
  uint32_t count, bytes;
  JSValue list = JS_NewArray(context);
  getSizes(&count, &bytes);
  char **strings = malloc(count * sizeof *strings + 1), *content = malloc(bytes + 1);
  if (strings && content) getStrings(strings, content);
  for (uint32_t i = 0; strings && content && i < count; i++) {
    const char *end = i + 1 < count ? strings[i + 1] : content + bytes;
    JS_SetPropertyUint32(context, list, i, JS_NewStringLen(context, strings[i], end - strings[i] - 1));
  }
  free(strings);
  free(content);
  return list;
}

static const struct {
  const char *name;
  JSCFunction *function;
  int length;
} functions[] = {{"read", readFile, 1},  {"print", print, 2},       {"write", writeFile, 3}, {"list", listFolder, 1},
                 {"stat", statPath, 1},  {"change", changePath, 2}, {"encode", encode, 1},   {"decode", decode, 1},
                 {"exit", leave, 1}};

static JSValue makeHost(JSContext *context) {
  JSValue host = JS_NewObject(context);
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    JSValue function =
        JS_NewCFunction2(context, functions[i].function, functions[i].name, functions[i].length, 0, 0);
    JS_SetPropertyStr(context, host, functions[i].name, function);
  }
  JS_SetPropertyStr(context, host, "args", stringsOf(context, args_sizes_get, args_get));
  JS_SetPropertyStr(context, host, "env", stringsOf(context, environ_sizes_get, environ_get));
  return host;
}

// Calls a function of the prelude and frees the values.
static JSValue ask(JSContext *context, const char *name, int count, JSValue *values) {
  JSValue function = JS_GetPropertyStr(context, runtimeObject, name);
  JSValue result = JS_Call(context, function, JS_UNDEFINED, count, values);
  JS_FreeValue(context, function);
  for (int i = 0; i < count; i++) JS_FreeValue(context, values[i]);
  return result;
}

// Shows what was thrown and ends with 1.
static _Noreturn void fail(JSContext *context, JSValue reason) {
  ask(context, "fail", 1, &reason);
  proc_exit(1);
}

static void track(JSContext *context, JSValue promise, JSValue reason, bool handled, void *opaque) {
  JSValue values[] = {JS_DupValue(context, promise), JS_DupValue(context, reason), number(handled)};
  JS_FreeValue(context, ask(context, "track", 3, values));
}

static JSModuleDef *loadModule(JSContext *context, const char *name, void *opaque) {
  size_t length = 0;
  while (name[length]) length++;
  JSValue wanted = JS_NewStringLen(context, name, length);
  JSValue source = ask(context, "load", 1, &wanted);
  if (isException(source)) return NULL;
  Text text = textOf(context, source);
  JS_FreeValue(context, source);
  if (!text.chars) return NULL;
  JSValue module = JS_Eval(context, text.chars, text.length, name, JS_EVAL_MODULE | JS_EVAL_COMPILE_ONLY);
  JS_FreeCString(context, text.chars);
  if (isException(module)) return NULL;
  // The context keeps the module; the value names it once more.
  JSModuleDef *definition = (JSModuleDef *)(uintptr_t)(uint32_t)module;
  JS_FreeValue(context, module);
  return definition;
}

// Evaluates the script that the prelude read and returns the promise of its end.
static JSValue evaluate(JSContext *context) {
  JSValue name = JS_GetPropertyStr(context, runtimeObject, "name");
  JSValue source = ask(context, "script", 0, NULL);
  if (isException(source)) return source;
  Text path = textOf(context, name), text = textOf(context, source);
  if (!path.chars || !text.chars) return makeValue(JS_TAG_EXCEPTION, 0);
  bool module = JS_DetectModule(text.chars, text.length);
  return JS_Eval(context, text.chars, text.length, path.chars, module ? JS_EVAL_MODULE : JS_EVAL_ASYNC);
}

static void runJobs(JSRuntime *runtime) {
  JSContext *context;
  for (int more; (more = JS_ExecutePendingJob(runtime, &context)) != 0;) {
    if (more < 0) fail(context, JS_GetException(context));
  }
}

static JSContext *start(JSRuntime *runtime) {
  JS_SetMaxStackSize(runtime, STACK_BYTES);
  JSContext *context = JS_NewContext(runtime);
  JSValue host = makeHost(context);
  JSValue make = JS_Eval(context, prelude, sizeof prelude - 1, "prelude", JS_EVAL_GLOBAL);
  runtimeObject = JS_Call(context, make, JS_UNDEFINED, 1, &host);
  if (isException(runtimeObject)) __builtin_trap();
  JS_SetModuleLoaderFunc(runtime, NULL, loadModule, NULL);
  JS_SetHostPromiseRejectionTracker(runtime, track, NULL);
  return context;
}

void _start(void) {
  _initialize();
  JSRuntime *runtime = JS_NewRuntime();
  JSContext *context = start(runtime);
  JSValue end = evaluate(context);
  if (isException(end)) fail(context, JS_GetException(context));
  runJobs(runtime);
  if (JS_PromiseState(context, end) == JS_PROMISE_REJECTED) fail(context, JS_PromiseResult(context, end));
  JSValue pending = number(JS_PromiseState(context, end) == JS_PROMISE_PENDING);
  ask(context, "finish", 1, &pending);
  proc_exit(0);
}

// What the engine asks of whoever embeds it. Time is told in UTC, and nothing interrupts a script.
int host_get_timezone_offset(int low, int high) { return 0; }
int host_interrupt(void) { return 0; }
void host_promise_rejection(int promise, int reason, int handled) {}
int host_module_normalize(int base, int name) { return 0; }
int host_module_load(int name, int opaque) { return 0; }
int host_call(int id, int self, int count, int values, int data) { return 0; }
