import { LIMITS } from '@souk/protocol'
import { describe, expect, it } from 'vitest'
import { BOUNDS } from './bounds.ts'

describe('bounds', () => {
  it('let a paused reader be sent no more than libp2p keeps for it', () => {
    expect(BOUNDS.streamWindowBytes + BOUNDS.readAheadBytes).toBeLessThanOrEqual(BOUNDS.streamReadBytes)
  })

  it('let whole frames, blocks and batches pass', () => {
    expect(BOUNDS.readAheadBytes).toBeGreaterThanOrEqual(LIMITS.frameBytes)
    expect(BOUNDS.streamWriteBytes).toBeGreaterThan(LIMITS.blockBytes + BOUNDS.writeBatchBytes)
    expect(BOUNDS.sendQueueFrames).toBeGreaterThan(LIMITS.outboxFrames)
  })

  it('let a piece of a block pass through a window that has not grown yet, in whole messages of Noise', () => {
    const [window, head, message] = [256 * 1024, 12, 65_519]
    expect(BOUNDS.writePieceBytes + head).toBeLessThanOrEqual(window)
    expect((BOUNDS.writePieceBytes + head) % message).toBe(0)
  })

  it('keep addresses longer than the records that point to them, and renew records twice before their end', () => {
    expect(BOUNDS.addressMs).toBeGreaterThan(BOUNDS.recordMs + BOUNDS.recordCheckMs)
    expect(BOUNDS.recordRenewalMs).toBeGreaterThan(2 * BOUNDS.recordCheckMs)
    expect(BOUNDS.peerMs).toBeGreaterThanOrEqual(BOUNDS.addressMs)
  })

  it('ask a peer for no more blocks at once than it answers', () => {
    expect(BOUNDS.blockRequestsPerPeer).toBeLessThan(BOUNDS.requestStreamsPerPeer)
  })

  it('leave a bucket of offers its connections', () => {
    expect(BOUNDS.connections).toBeGreaterThan(256)
    expect(BOUNDS.requestMs).toBeLessThanOrEqual(BOUNDS.queryMs)
  })
})
