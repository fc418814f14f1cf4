import { addressOf, type Hex, isCourtSigned, signCourtStruct, toHex } from '@souk/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import type { SoukNode } from './node.ts'
import { probePeer, serveProbes } from './probe.ts'
import { askReach, serveReach } from './reach.ts'
import { testNetwork, testNode } from './testing/market.ts'

const KEY = new Uint8Array(32).fill(7)
const SUBJECT = addressOf(KEY)
const COURT = { chainId: 31_337, court: `0x${'c0'.repeat(20)}` } as const
const NONCE = toHex(new Uint8Array(32).fill(9))
/** Milliseconds for a subject to answer that does, on any machine, and for one that never will. */
const [ANSWER_MS, HANG_MS] = [3_500, 200]

describe('a peer that is asked whether it reaches another', () => {
  const nodes: SoukNode[] = []
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.stop()))
  })

  /** A subject, a helper that serves the asker where `serves`, and an asker. */
  const trio = async (serves = true, timeoutMs = HANG_MS) => {
    const network = testNetwork()
    const [subject, helper, asker] = await Promise.all([
      testNode(network),
      testNode(network),
      testNode(network),
    ])
    nodes.push(subject, helper, asker)
    const at = { peerId: subject.peerId, addresses: subject.addresses() }
    const asked: string[] = []
    await serveReach(helper, {
      serves: (peer) => serves && asked.push(peer) > 0,
      async probe(key, nonce) {
        if (key !== SUBJECT) return undefined
        return probePeer(helper, at, nonce, { timeoutMs }).catch(() => null)
      },
    })
    const target = { peerId: helper.peerId, addresses: helper.addresses() }
    // Connected before anything is timed.
    await helper.dial(at)
    await asker.dial(target)
    const ask = (key: Hex = SUBJECT) => askReach(asker, target, key, NONCE)
    return { subject, helper, asker, asked, ask }
  }

  it('brings a signature that only the subject can give', async () => {
    const { subject, asker, asked, ask } = await trio(true, ANSWER_MS)
    await serveProbes(subject, (nonce) => signCourtStruct(KEY, COURT, 'Probe', { nonce }))
    const signature = await ask()
    expect(signature).not.toBeNull()
    expect(isCourtSigned(COURT, 'Probe', { nonce: NONCE }, signature ?? '0x', SUBJECT)).toBe(true)
    expect(asked).toEqual([asker.peerId])
  })

  it('says so where the subject hangs, and where it is gone', async () => {
    const { subject, ask } = await trio()
    await serveProbes(subject, () => new Promise(() => {}))
    expect(await ask()).toBeNull()
    await subject.stop()
    expect(await ask()).toBeNull()
  })

  it('says nothing of a subject that it does not know', async () => {
    const { ask } = await trio()
    await expect(ask(`0x${'ab'.repeat(20)}`)).rejects.toMatchObject({ code: 'STREAM_CLOSED' })
  })

  it('helps nobody who leases nothing', async () => {
    const { ask } = await trio(false)
    await expect(ask()).rejects.toMatchObject({ code: 'STREAM_CLOSED' })
  })
})
