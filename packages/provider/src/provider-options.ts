import type { NodeOptions } from '@souk/network'
import type { Hex, Resources } from '@souk/protocol'
import type { Runtimes } from '@souk/runtime'
import type { NetworkConfig } from '@souk/settlement'
import type { BlockStore, Journal } from '@souk/storage'
import type { Fault } from './fault.ts'
import type { Goods } from './goods.ts'
import type { Log } from './log.ts'

/** Everything a provider is made of; all of it is handed in. */
export interface ProviderOptions extends Goods {
  readonly config: NetworkConfig
  readonly nodeKey: NodeOptions['privateKey']
  /** The delegate's private key: signs quotes and results, and is the subject. */
  readonly delegateKey: Uint8Array
  readonly account: Hex
  readonly journal: Journal
  readonly blocks: BlockStore
  /** Bytes of the store that may be kept for juries; a quarter of its usual size unless told. */
  readonly evidenceBytes?: number
  readonly listen: readonly string[]
  /** The engines that it sells; those of this machine judge, too. */
  readonly runtimes: Runtimes
  /** The engines that judge, where those that it sells run elsewhere. */
  readonly judging?: Runtimes
  /** Looks at what is for sale now, where that changes by itself. */
  readonly look?: () => Promise<Resources>
  /** Cores of this machine that re-executing challenged results may take, on average. */
  readonly juryCores: number
  readonly fault: Fault | null
  readonly log: Log
  /** Monotonic milliseconds. */
  readonly clock: () => number
  /** Milliseconds since the epoch. */
  readonly dateMs: () => number
  readonly random: (bytes: number) => Uint8Array
  /** Takes what the chain and peers say of the time, and tells whether the date is right; it is unless told. */
  readonly times?: {
    head(head: { readonly number: number; readonly timestampSeconds: number }): void
    heard(peerId: string, dateMs: number): void
    isRight(): boolean
  }
  /** The journal cannot be written: the process must stop. */
  readonly onFatal: (error: unknown) => void
}
