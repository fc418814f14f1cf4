// The part of QuickJS-NG's C interface that main.c calls, as version 0.17 has it on 32-bit machines. The package that
// brings the engine as WebAssembly, quickjs-wasi, exports these functions and brings no header.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct JSRuntime JSRuntime;
typedef struct JSContext JSContext;
typedef struct JSModuleDef JSModuleDef;
// A tag in the upper half, a number or a pointer in the lower one.
typedef uint64_t JSValue;
typedef JSValue JSCFunction(JSContext *context, JSValue self, int count, JSValue *values);
typedef JSModuleDef *JSModuleLoader(JSContext *context, const char *name, void *opaque);
typedef void JSRejectionTracker(JSContext *context, JSValue promise, JSValue reason, bool handled, void *opaque);

enum { JS_TAG_INT = 0, JS_TAG_NULL = 2, JS_TAG_UNDEFINED = 3, JS_TAG_EXCEPTION = 6 };
enum { JS_EVAL_GLOBAL = 0, JS_EVAL_MODULE = 1, JS_EVAL_COMPILE_ONLY = 1 << 5, JS_EVAL_ASYNC = 1 << 7 };
enum { JS_PROMISE_PENDING = 0, JS_PROMISE_FULFILLED = 1, JS_PROMISE_REJECTED = 2 };

static inline JSValue makeValue(uint32_t tag, uint32_t content) { return (uint64_t)tag << 32 | content; }
static inline bool isException(JSValue value) { return value >> 32 == JS_TAG_EXCEPTION; }
#define JS_UNDEFINED makeValue(JS_TAG_UNDEFINED, 0)
#define JS_NULL makeValue(JS_TAG_NULL, 0)

void _initialize(void);
void *malloc(size_t size);
void *realloc(void *memory, size_t size);
void free(void *memory);

JSRuntime *JS_NewRuntime(void);
void JS_SetMaxStackSize(JSRuntime *runtime, size_t bytes);
void JS_SetModuleLoaderFunc(JSRuntime *runtime, void *normalize, JSModuleLoader *load, void *opaque);
void JS_SetHostPromiseRejectionTracker(JSRuntime *runtime, JSRejectionTracker *track, void *opaque);
int JS_ExecutePendingJob(JSRuntime *runtime, JSContext **context);

JSContext *JS_NewContext(JSRuntime *runtime);
// `source` must end in a zero byte that `length` does not count.
JSValue JS_Eval(JSContext *context, const char *source, size_t length, const char *name, int flags);
bool JS_DetectModule(const char *source, size_t length);
JSValue JS_Call(JSContext *context, JSValue function, JSValue self, int count, JSValue *values);
JSValue JS_GetException(JSContext *context);
int JS_PromiseState(JSContext *context, JSValue promise);
JSValue JS_PromiseResult(JSContext *context, JSValue promise);

JSValue JS_DupValue(JSContext *context, JSValue value);
void JS_FreeValue(JSContext *context, JSValue value);
JSValue JS_NewObject(JSContext *context);
JSValue JS_NewArray(JSContext *context);
JSValue JS_NewStringLen(JSContext *context, const char *text, size_t length);
JSValue JS_NewArrayBufferCopy(JSContext *context, const uint8_t *bytes, size_t length);
JSValue JS_NewCFunction2(JSContext *context, JSCFunction *function, const char *name, int length, int kind, int magic);
JSValue JS_GetPropertyStr(JSContext *context, JSValue object, const char *name);
int JS_SetPropertyStr(JSContext *context, JSValue object, const char *name, JSValue value);
int JS_SetPropertyUint32(JSContext *context, JSValue object, uint32_t index, JSValue value);
int JS_ToInt32(JSContext *context, int32_t *number, JSValue value);
const char *JS_ToCStringLen2(JSContext *context, size_t *length, JSValue value, bool cesu8);
void JS_FreeCString(JSContext *context, const char *text);
uint8_t *JS_GetArrayBuffer(JSContext *context, size_t *length, JSValue buffer);
