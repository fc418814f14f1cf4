import {
  errorMessage,
  type GpuProofAnswer,
  type GpuProofCode,
  type GpuProofQuestion,
  type GpuProofWork,
  gpuProofAnswerCodec,
  gpuProofQuestionCodec,
  type Hex,
  SoukError,
} from '@souk/protocol'
import { ProofTalk } from './gpu-proof-talk.ts'
import { handleStreams } from './inbound-streams.ts'
import type { SoukNode } from './node.ts'
import { openStream } from './open-stream.ts'
import { type PeerTarget, targetPeerId } from './peer-target.ts'

/** Name of the protocol in protocol ids (PROTOCOL §14.1). */
const PROOF_PROTOCOL = 'gpu-proof'
/** Streams of proofs that a peer may hold open towards us: one for each GPU of an offer. */
const PROOF_STREAMS_PER_PEER = 16
/** Milliseconds until a device stands ready: a process starts, and its driver compiles. */
const PROOF_READY_MS = 100_000
/** Milliseconds for every other message that needs no computing. */
const PROOF_STEP_MS = 15_000
/** Milliseconds for all rows of a proof together. */
const PROOF_ROWS_MS = 30_000

/** What is asked of a provider's device. */
export interface AskedProof {
  readonly lease: Hex
  /** The device's id. */
  readonly gpu: string
  readonly work: GpuProofWork
}

/** A row of the product with its path, to be sent. */
export type OpenRow = Omit<ProofRow, 'path'> & { readonly path: readonly Hex[] }

/** A row of the product, its path, and what they are said to be. */
export type ProofRow = Omit<Extract<GpuProofAnswer, { t: 'row' }>, 't'>

/** A device of ours that stands ready for one proof. */
export interface ReadyProof {
  /** Computes the product and returns the root over its rows. */
  prove(nonce: Hex): Promise<Hex>
  open(rows: readonly number[]): Promise<readonly OpenRow[]>
  stop(): Promise<void>
}

export interface ProofRefusal {
  readonly code: GpuProofCode
  readonly message: string
}

/** Makes a device ready for the peer that holds a lease on it, or says why not. */
export type GrantProof = (asked: AskedProof, peer: string) => Promise<ReadyProof | ProofRefusal>

/** The provider gave no proof; `data.reason` says why. */
export class ProofRefused extends SoukError<{ code: 'PROOF_REFUSED'; reason: GpuProofCode }> {}

/** Proves devices to peers that lease them. Returns the call that stops answering. */
export function serveGpuProofs(node: SoukNode, grant: GrantProof): Promise<() => Promise<void>> {
  return handleStreams(node, PROOF_PROTOCOL, PROOF_STREAMS_PER_PEER, async (stream, peer) => {
    const talk = new ProofTalk<GpuProofAnswer, GpuProofQuestion>(stream, peer, {
      said: gpuProofAnswerCodec,
      heard: gpuProofQuestionCodec,
    })
    const { lease, gpu, work } = await talk.expect('ask', PROOF_STEP_MS)
    const granted = await grant({ lease, gpu, work }, peer)
    if ('code' in granted) await refuse(talk, granted)
    else await serve(talk, granted)
    await talk.close()
  })
}

type ServingTalk = ProofTalk<GpuProofAnswer, GpuProofQuestion>

async function serve(talk: ServingTalk, proof: ReadyProof): Promise<void> {
  try {
    await talk.say({ t: 'ready' })
    const { nonce } = await talk.expect('seed', PROOF_STEP_MS)
    const root = await proof.prove(nonce).catch(failed)
    if (typeof root !== 'string') return await refuse(talk, root)
    await talk.say({ t: 'committed', root })
    const { rows } = await talk.expect('open', PROOF_STEP_MS)
    for (const row of await proof.open(rows)) await talk.say({ t: 'row', ...row, path: [...row.path] })
  } finally {
    await proof.stop()
  }
}

function refuse(talk: ServingTalk, { code, message }: ProofRefusal): Promise<void> {
  return talk.say({ t: 'refused', code, message: message.slice(0, 512) })
}

function failed(error: unknown): ProofRefusal {
  return { code: 'failed', message: errorMessage(error) }
}

/** A device of a provider that stands ready for one proof. */
export interface RemoteProof {
  /** Sends the nonce and waits for the root, `ms` at the most. */
  commit(nonce: Hex, ms: number): Promise<Hex>
  /** Returns the rows in the order in which they were asked for, as they came; waits `ms` for all of them. */
  open(rows: readonly number[], ms?: number): Promise<ProofRow[]>
  close(): Promise<void>
}

/**
 * Asks for a proof of a leased GPU and returns once its provider has it ready, so that what is timed is its computing
 * alone.
 *
 * Throws {@link ProofRefused}, and `NetworkError` as `openStream`, `TIMEOUT`, `STREAM_CLOSED`, `TOO_LARGE` and
 * `MALFORMED`, here and in every call.
 */
export async function askGpuProof(
  node: SoukNode,
  target: PeerTarget,
  asked: AskedProof,
  signal?: AbortSignal,
): Promise<RemoteProof> {
  const stream = await openStream(node, target, PROOF_PROTOCOL, signal)
  const codecs = { said: gpuProofQuestionCodec, heard: gpuProofAnswerCodec }
  const talk = new ProofTalk<GpuProofQuestion, GpuProofAnswer>(stream, targetPeerId(target), codecs)
  const answer = async <T extends 'ready' | 'committed' | 'row'>(t: T, ms: number) => {
    const heard = await talk.hear(ms, signal)
    if (heard.t === t) return heard as Extract<GpuProofAnswer, { t: T }>
    talk.breakOff()
    throw heard.t === 'refused' ? refusal(heard) : talk.unexpected(t, heard.t)
  }
  await talk.say({ t: 'ask', v: 1, ...asked })
  await answer('ready', PROOF_READY_MS)
  return {
    async commit(nonce, ms) {
      await talk.say({ t: 'seed', nonce })
      return (await answer('committed', ms)).root
    },
    async open(rows, ms = PROOF_ROWS_MS) {
      await talk.say({ t: 'open', rows: [...rows] })
      const endMs = performance.now() + ms
      const opened: ProofRow[] = []
      for (const _ of rows) {
        const leftMs = Math.max(0, endMs - performance.now())
        const { row, values, path } = await answer('row', Math.min(PROOF_STEP_MS, leftMs))
        opened.push({ row, values, path })
      }
      return opened
    },
    close: () => talk.close(),
  }
}

function refusal({ code, message }: ProofRefusal): ProofRefused {
  return new ProofRefused(
    `expected a proof of the leased GPU, got a refusal: ${message} (${code}); lease elsewhere`,
    { code: 'PROOF_REFUSED', reason: code },
  )
}
