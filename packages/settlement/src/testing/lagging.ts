/** A JSON-RPC call as it stands in a batch. */
export interface WireCall {
  readonly jsonrpc: '2.0'
  readonly id: number
  readonly method: string
  readonly params: readonly unknown[]
}

export type WireAnswer = { readonly id: number } & Readonly<Record<string, unknown>>

/** Answers a batch as the node at `ask` would have answered when `at` was its newest block. */
export async function answerLagging(
  calls: readonly WireCall[],
  at: number,
  ask: (calls: readonly WireCall[]) => Promise<WireAnswer[]>,
): Promise<WireAnswer[]> {
  const known = calls.filter((call) => refusal(call, at) === null)
  const answers = known.length === 0 ? [] : await ask(known.map((call) => asOf(call, at)))
  return calls.map((call) => {
    const answer = answers.find(({ id }) => id === call.id)
    return answer === undefined ? { ...frame(call), ...refusal(call, at) } : cut(call, answer, at)
  })
}

/** What a node says of blocks that it does not have; null where it has them. */
function refusal({ method, params }: WireCall, at: number): Record<string, unknown> | null {
  if (method === 'eth_blockNumber') return { result: hex(at) }
  if (method === 'eth_getLogs') return number(filterOf(params).fromBlock) > at ? { result: [] } : null
  const tag = params[TAGS[method] ?? params.length]
  if (tag === undefined || isName(tag) || number(tag) <= at) return null
  if (method === 'eth_getBlockByNumber') return { result: null }
  return { error: { code: -32_000, message: 'header not found' } }
}

/** Puts `at` in the place of the newest block. */
function asOf(call: WireCall, at: number): WireCall {
  const { method, params } = call
  if (method === 'eth_getLogs') {
    const filter = filterOf(params)
    return { ...call, params: [{ ...filter, toBlock: hex(Math.min(at, number(filter.toBlock))) }] }
  }
  const index = TAGS[method] ?? params.length
  return isName(params[index]) ? { ...call, params: params.with(index, hex(at)) } : call
}

function cut(call: WireCall, answer: WireAnswer, at: number): WireAnswer {
  if (call.method !== 'eth_getTransactionReceipt' || typeof answer.result !== 'object') return answer
  const block = (answer.result as { blockNumber?: unknown } | null)?.blockNumber
  return number(block ?? '0x0') > at ? { ...frame(call), result: null } : answer
}

/** Methods whose parameters name a block, and where. */
const TAGS: Readonly<Record<string, number>> = {
  eth_getBlockByNumber: 0,
  eth_call: 1,
  eth_estimateGas: 1,
  eth_getBalance: 1,
  eth_getCode: 1,
  eth_getTransactionCount: 1,
}

function isName(tag: unknown): boolean {
  return tag === 'latest' || tag === 'pending'
}

function filterOf(params: readonly unknown[]) {
  return params[0] as { fromBlock: string; toBlock: string }
}

function frame({ id }: WireCall) {
  return { jsonrpc: '2.0', id }
}

function number(value: unknown): number {
  return Number(value)
}

function hex(value: number): string {
  return `0x${value.toString(16)}`
}
