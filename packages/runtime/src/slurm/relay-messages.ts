import { serialize } from 'node:v8'
import type { RunnerMessage, RunnerRequest } from '../guest/messages.ts'

/** What the relay on a node (`relay.js`) is told: first which runner to start, then what is for that. */
export type RelayRequest =
  | {
      readonly kind: 'begin'
      readonly file: string
      readonly args: readonly string[]
      readonly execPath: string
      readonly execArgv: readonly string[]
      /** What the runner reads first. */
      readonly sources: Uint8Array
    }
  | RunnerRequest

/** What a relay says: first where it is, then what its runner says, passed on as it came. */
export type RelayMessage =
  | { readonly kind: 'placed'; readonly step: string; readonly node: string }
  | RunnerMessage

/** Puts a message into the form of `RunnerFrames`: four bytes of length, low byte first, then V8's serialisation. */
export function framed(message: RelayRequest): Buffer {
  const body = serialize(message)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(body.byteLength)
  return Buffer.concat([length, body])
}
