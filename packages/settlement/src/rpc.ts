import { ChainError } from './errors.ts'
import { CHAIN_LIMITS } from './limits.ts'
import { orAbort } from './pause.ts'
import { describeFailure, originOf, postCalls, type RpcAnswer, type RpcCall } from './rpc-endpoint.ts'

/** A JSON-RPC client over several endpoints of one chain. */
export interface Rpc {
  readonly chainId: number
  /**
   * Calls one method. Calls made in the same turn travel in one HTTP request to one endpoint.
   *
   * Throws {@link ChainError} `RPC_ERROR` for what the node refuses, `RPC_UNAVAILABLE` when no endpoint
   * answers, `WRONG_CHAIN` when those that answer are of another chain.
   */
  request(method: string, params: readonly unknown[], options?: { signal?: AbortSignal }): Promise<unknown>
}

export interface RpcOptions {
  /** Endpoints in order of preference. */
  readonly urls: readonly string[]
  /** What each endpoint must answer to eth_chainId before it is used. */
  readonly chainId: number
  readonly timeoutMs?: number
  /** Monotonic milliseconds. */
  readonly nowMs?: () => number
}

interface Endpoint {
  readonly url: string
  /** It has answered with our chain id since it last failed. */
  verified: boolean
  /** Monotonic milliseconds before which it is tried last. */
  restsUntilMs: number
}

interface Waiting {
  readonly call: RpcCall
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Makes a client that batches calls, checks the chain of every endpoint, and fails over between them. */
export function createRpc(options: RpcOptions): Rpc {
  const nowMs = options.nowMs ?? (() => performance.now())
  const endpoints = options.urls.map((url) => ({ url, verified: false, restsUntilMs: 0 }))
  const send = (calls: readonly RpcCall[]) =>
    sendAnywhere(endpoints, calls, {
      ...options,
      timeoutMs: options.timeoutMs ?? CHAIN_LIMITS.rpcTimeoutMs,
      nowMs,
    })
  let queue: Waiting[] = []
  let pending = 0

  const flush = () => {
    const waiting = queue
    queue = []
    for (let at = 0; at < waiting.length; at += CHAIN_LIMITS.rpcBatchCalls) {
      void deliver(waiting.slice(at, at + CHAIN_LIMITS.rpcBatchCalls), send)
    }
  }
  const enqueue = (call: RpcCall) =>
    new Promise<unknown>((resolve, reject) => {
      if (queue.length === 0) queueMicrotask(flush)
      queue.push({ call, resolve, reject })
    })
  return {
    chainId: options.chainId,
    async request(method, params, { signal } = {}) {
      signal?.throwIfAborted()
      if (pending >= CHAIN_LIMITS.rpcPendingCalls) throw tooManyCalls()
      pending += 1
      const answer = enqueue({ method, params }).finally(() => {
        pending -= 1
      })
      return orAbort(answer, signal)
    },
  }
}

async function deliver(
  waiting: readonly Waiting[],
  send: (calls: readonly RpcCall[]) => Promise<RpcAnswer[]>,
) {
  try {
    const answers = await send(waiting.map((item) => item.call))
    for (const [index, answer] of answers.entries()) {
      if (answer.ok) waiting[index]?.resolve(answer.result)
      else waiting[index]?.reject(answer.error)
    }
  } catch (error) {
    for (const item of waiting) item.reject(error)
  }
}

interface Sending {
  readonly chainId: number
  readonly timeoutMs: number
  readonly nowMs: () => number
}

async function sendAnywhere(endpoints: readonly Endpoint[], calls: readonly RpcCall[], how: Sending) {
  const failures: string[] = []
  let wrongChain: ChainError | undefined
  for (const endpoint of inOrder(endpoints, how.nowMs())) {
    try {
      await verify(endpoint, how)
      return await postCalls(endpoint.url, calls, how.timeoutMs)
    } catch (error) {
      endpoint.verified = false
      endpoint.restsUntilMs = how.nowMs() + CHAIN_LIMITS.rpcReturnMs
      failures.push(describeFailure(endpoint.url, error))
      if (error instanceof ChainError) wrongChain = error
    }
  }
  throw wrongChain ?? unavailable(failures)
}

/** Those that work in order of preference, then those that failed lately, longest ago first. */
function inOrder(endpoints: readonly Endpoint[], nowMs: number): Endpoint[] {
  const rest = (endpoint: Endpoint) => Math.max(0, endpoint.restsUntilMs - nowMs)
  return endpoints.toSorted((a, b) => rest(a) - rest(b))
}

async function verify(endpoint: Endpoint, how: Sending): Promise<void> {
  if (endpoint.verified) return
  const [answer] = await postCalls(endpoint.url, [{ method: 'eth_chainId', params: [] }], how.timeoutMs)
  if (!answer?.ok) throw new Error('no answer to eth_chainId')
  const actual = Number(answer.result)
  if (actual !== how.chainId) throw wrongChainError(how.chainId, actual, endpoint.url)
  endpoint.verified = true
}

function wrongChainError(expected: number, actual: number, url: string): ChainError {
  const endpoint = originOf(url)
  return new ChainError(
    `expected chain ${expected} at ${endpoint}, found chain ${actual}; check rpcUrls of the network file`,
    { code: 'WRONG_CHAIN', expected, actual, endpoint },
  )
}

function unavailable(endpoints: readonly string[]): ChainError {
  return new ChainError(
    `expected an answer from the chain, got none from ${endpoints.join(', ') || 'an empty list of endpoints'}; ` +
      'check the connection or add an endpoint to rpcUrls',
    { code: 'RPC_UNAVAILABLE', endpoints },
  )
}

function tooManyCalls(): ChainError {
  const limit = CHAIN_LIMITS.rpcPendingCalls
  return new ChainError(`expected at most ${limit} calls waiting for the chain; wait for earlier ones`, {
    code: 'QUEUE_FULL',
    limit,
  })
}
