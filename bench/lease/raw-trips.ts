import type { Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import type { SoukNode } from '@souk/network'
import { ECHO_PROTOCOL, question } from './echo.ts'

/** Bytes of one question and its answer. */
export interface Trip {
  readonly bytes: number
  readonly answerBytes: number
}

/** One long-lived stream to the raw peer. */
export interface RawStream {
  /** Makes the trips one after the other; returns milliseconds. */
  measure(trips: readonly Trip[]): Promise<number>
  close(): Promise<void>
}

/** Opens the stream on the same node that leases. */
export async function openRawStream(node: SoukNode, address: string): Promise<RawStream> {
  const stream = await node.libp2p.dialProtocol(multiaddr(address), ECHO_PROTOCOL)
  return {
    async measure(trips) {
      const startNs = process.hrtime.bigint()
      for (const trip of trips) await travel(stream, trip)
      return Number(process.hrtime.bigint() - startNs) / 1e6
    },
    close: () => stream.close(),
  }
}

function travel(stream: Stream, { bytes, answerBytes }: Trip): Promise<void> {
  return new Promise((resolve, reject) => {
    let missing = answerBytes
    const onMessage = (event: { data: { byteLength: number } }) => {
      missing -= event.data.byteLength
      if (missing > 0) return
      finish()
      resolve()
    }
    const onClose = () => {
      finish()
      reject(new Error('expected an answer of the raw peer, it hung up'))
    }
    const finish = () => {
      stream.removeEventListener('message', onMessage)
      stream.removeEventListener('close', onClose)
    }
    stream.addEventListener('message', onMessage)
    stream.addEventListener('close', onClose)
    stream.send(question(bytes, answerBytes))
  })
}
