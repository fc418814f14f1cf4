import type { NodeOptions } from '@souk/network'
import type { Hex } from '@souk/protocol'
import type { NetworkConfig } from '@souk/settlement'
import type { BlockStore, Journal } from '@souk/storage'
import type { RunLocally } from './compare-program.ts'
import type { ReadSecrets } from './secret-desk.ts'

/** Everything a requester is made of; all of it is handed in, so that it runs in Node and in a browser. */
export interface RequesterOptions {
  readonly config: NetworkConfig
  /** Names the peer; Ed25519. */
  readonly nodeKey: NodeOptions['privateKey']
  /** The delegate's private key, which signs openings and vouchers. */
  readonly delegateKey: Uint8Array
  /** The account whose balance the delegate may lock. */
  readonly account: Hex
  readonly journal: Journal
  readonly blocks: BlockStore
  /** Addresses to listen on; empty in a browser. */
  readonly listen: readonly string[]
  /** Ways of finding offers that are switched off by false. */
  readonly discovery?: { gossip?: boolean; directory?: boolean; dht?: boolean }
  /** Monotonic milliseconds. */
  readonly clock: () => number
  /** Milliseconds since the epoch. */
  readonly dateMs: () => number
  readonly random: (bytes: number) => Uint8Array
  /** Reads the user's secrets where jobs name some; without it none may. */
  readonly secrets?: ReadSecrets
  /** Runs programs on this machine: those that compare results, and tasks again. Without it jobs do so in other ways. */
  readonly runLocally?: RunLocally
  /** Hears what goes wrong and is tried again. */
  readonly onProblem: (sentence: string, error: unknown) => void
  /** The journal cannot be written: the process must stop. */
  readonly onFatal: (error: unknown) => void
}
