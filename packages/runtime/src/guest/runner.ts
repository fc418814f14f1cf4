import { getPriority, setPriority } from 'node:os'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import type { GuestCall, GuestNews, GuestResult, GuestTask, RunnerRequest, RunRequest } from './messages.ts'
import { tellParent } from './parent-pipe.ts'
import { isAlone, probe, refusedCapabilities } from './probe.ts'
import { Programs } from './programs.ts'
import { failureOf, runGuest } from './run-guest.ts'
import { GuestService, isService } from './service.ts'

/**
 * The runner process: one task at a time, on the main thread, under the flags of `runner-command.ts`. One that is a
 * service stays the only one until its process is ended.
 *
 * It holds compiled programs and nothing else between tasks, and ends when its parent's channel closes.
 */

const [pages, nice] = process.argv.slice(2).map(Number)
/** Optimise at once: the baseline tier never leaves a hot loop and is about ten times slower. */
setFlagsFromString('--no-liftoff')
/**
 * Caps every memory of this process. Each program's own maximum is already lowered to its task's pages; this
 * is the floor below that. It is set here, after Node has loaded us, which needs WebAssembly memory itself.
 */
setFlagsFromString(`--wasm-max-mem-pages=${pages}`)
// Never above what we were started with: only root may raise that, and without capabilities not even root.
setPriority(Math.max(getPriority(), nice ?? 0))

/** Memory in bytes that tasks may leave to the collector before it is collected at once, for some milliseconds. */
const GARBAGE_BYTES = 64 * 1024 * 1024
/** Milliseconds without a task after which it is collected in any case. */
const IDLE_MS = 200

const programs = new Programs()
const requests: RunRequest[] = []
const dropped = new Set<number>()
let serving: { readonly seq: number; readonly service: GuestService } | null = null
const idle = setTimeout(collectIdle, IDLE_MS).unref()

process.on('message', (request: RunnerRequest) => {
  if (request.kind === 'probe') {
    void probe(request).then((reached) => tellParent({ kind: 'probed', reached }))
  } else if (request.kind === 'drop') {
    for (const seq of request.seqs) dropped.add(seq)
  } else if (request.kind === 'call') {
    answer(request.call)
  } else {
    requests.push(request)
    if (requests.length === 1) setImmediate(serve, request)
  }
})
process.on('disconnect', () => process.exit())
tellParent({ kind: 'ready', refused: refusedCapabilities(), alone: isAlone() })

/** Begins a request; between any two tasks the channel is read, for what has become unwanted meanwhile. */
function serve(request: RunRequest): void {
  programs.update(request)
  step(request, 0)
}

function step(request: RunRequest, at: number): void {
  const task = request.tasks[at]
  if (task === undefined) {
    finish()
    return
  }
  const result = dropped.delete(task.seq) ? null : run(task)
  if (result === 'serves') return
  tellParent({ kind: 'ended', seq: task.seq, result })
  collectMuch()
  setImmediate(step, request, at + 1)
}

/** Goes on with the next request; who was dropped too late is forgotten when there is none. */
function finish(): void {
  requests.shift()
  const next = requests[0]
  if (next === undefined) {
    dropped.clear()
    idle.refresh()
  } else serve(next)
}

/** Returns the program, or the failure of a task that has none. */
function compiled(
  key: string,
  metered: boolean,
): WebAssembly.Module | Extract<GuestResult, { kind: 'failed' }> {
  try {
    const module = programs.get(key, metered)
    return typeof module === 'string' ? { kind: 'failed', code: 'bad-program', message: module } : module
  } catch (error) {
    return failureOf(error)
  }
}

function run({ seq, key, world }: GuestTask): GuestResult | 'serves' {
  const module = compiled(key, world.metered)
  if ('kind' in module) return module
  const tell = (news: GuestNews) => tellParent({ kind: 'news', seq, news })
  if (!isService(world)) return runGuest(module, world, world.heard ? tell : null)
  const service = GuestService.open(module, world, tell)
  if (!(service instanceof GuestService)) return service
  serving = { seq, service }
  return 'serves'
}

/** Answers a call; one that comes while nothing serves was sent before that was known. */
function answer(call: GuestCall): void {
  if (serving === null) return
  const { seq, service } = serving
  const result = service.answer(call, (news) => tellParent({ kind: 'wrote', seq, call: call.id, news }))
  tellParent({ kind: 'answered', seq, call: call.id, result })
  collectMuch()
}

function collectMuch(): void {
  if (getHeapStatistics().external_memory > GARBAGE_BYTES) globalThis.gc?.()
}

/** Frees what the last tasks left, while nobody waits. */
function collectIdle(): void {
  if (requests.length === 0) globalThis.gc?.()
}
