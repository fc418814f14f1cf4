import { errorMessage } from '@souk/protocol'
import { ChainError } from './errors.ts'
import { CHAIN_LIMITS } from './limits.ts'
import { hasForm } from './rpc-answer-form.ts'

/** One JSON-RPC call. */
export interface RpcCall {
  readonly method: string
  readonly params: readonly unknown[]
}

/** What came back for one call: a result, or the error that the node gave for it. */
export type RpcAnswer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: ChainError }

/** JSON-RPC error codes that speak of the endpoint, not of the call: rate limits and missing methods. */
const ENDPOINT_ERRORS = new Set([-32005, -32601])

/** How nodes say that they lag behind the block that was asked for: another endpoint may have it. */
const BEHIND = /header not found|unknown block|block not found|block ?(number)? ?out ?of ?range/i

/**
 * Posts `calls` to one endpoint and returns their answers in order.
 *
 * Throws a plain Error when the endpoint itself failed (connection, HTTP status, form, size, rate limit), so
 * that the caller tries another one.
 */
export async function postCalls(
  url: string,
  calls: readonly RpcCall[],
  timeoutMs: number,
): Promise<RpcAnswer[]> {
  const body = JSON.stringify(calls.map((call, id) => ({ jsonrpc: '2.0', id, ...call })))
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: stop.signal,
    })
    const text = await boundedText(response)
    if (!response.ok) throw new Error(`HTTP status ${response.status}`)
    return matchAnswers(calls, JSON.parse(text))
  } finally {
    clearTimeout(timer)
  }
}

async function boundedText(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  // Not `for await`: some browsers cannot iterate over a body.
  const reader = response.body?.getReader()
  let text = ''
  let bytes = 0
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    bytes += part.value.byteLength
    if (bytes > CHAIN_LIMITS.rpcAnswerBytes) {
      await reader?.cancel()
      throw new Error(`answer of more than ${CHAIN_LIMITS.rpcAnswerBytes} bytes`)
    }
    text += decoder.decode(part.value, { stream: true })
  }
  return text + decoder.decode()
}

function matchAnswers(calls: readonly RpcCall[], body: unknown): RpcAnswer[] {
  if (!Array.isArray(body)) throw new Error(`answer is no batch: ${JSON.stringify(body).slice(0, 200)}`)
  const byId = new Map(body.map((item: unknown) => [field(item, 'id'), item]))
  return calls.map((call, id) => toAnswer(call, byId.get(id)))
}

function toAnswer(call: RpcCall, item: unknown): RpcAnswer {
  const result = field(item, 'result')
  if (result !== undefined) {
    if (!hasForm(call.method, result)) throw new Error(`an answer to ${call.method} that makes no sense`)
    return { ok: true, result }
  }
  const error = field(item, 'error')
  if (error === undefined) throw new Error(`no answer to ${call.method}`)
  return { ok: false, error: callError(call, error) }
}

function callError(call: RpcCall, error: unknown): ChainError {
  const rpcCode = Number(field(error, 'code') ?? 0)
  const reason = String(field(error, 'message') ?? 'no message')
  if (ENDPOINT_ERRORS.has(rpcCode) || BEHIND.test(reason)) throw new Error(reason)
  const data = field(error, 'data')
  return new ChainError(`${call.method}: expected a result, the node answered "${reason}"`, {
    code: 'RPC_ERROR',
    method: call.method,
    rpcCode,
    reason,
    revertData: typeof data === 'string' && data.startsWith('0x') ? data : null,
  })
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

/** Names a failed endpoint in errors; hides what may be a key in its path. */
export function describeFailure(url: string, error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? `: ${errorMessage(error.cause)}` : ''
  return `${originOf(url)} (${errorMessage(error)}${cause})`
}

/** Returns scheme, host and port of an endpoint; its path often holds an API key. */
export function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'an endpoint that is no URL'
}
