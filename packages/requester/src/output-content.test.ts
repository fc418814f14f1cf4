import { randomBytes } from 'node:crypto'
import { type SoukNode, serveBlocks } from '@souk/network'
import { LIMITS, type Output } from '@souk/protocol'
import { createMemoryBlocks, putContent } from '@souk/storage'
import { afterEach, describe, expect, it } from 'vitest'
import { testNetwork, testNode } from '../../network/src/testing/market.ts'
import { fetchOutput, hasOutput } from './output-content.ts'

const MIB = LIMITS.blockBytes

describe('the content of an output', () => {
  const nodes: SoukNode[] = []
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.stop()))
  })

  /** A provider whose program wrote files of these sizes, and a requester that may have them. */
  const setUp = async (
    fileBytes: readonly number[],
    change: (block: Uint8Array) => Uint8Array = (one) => one,
  ) => {
    const network = testNetwork()
    const [provider, node] = [await testNode(network), await testNode(network)]
    nodes.push(provider, node)
    const [theirs, blocks] = [createMemoryBlocks(), createMemoryBlocks()]
    const files: Output['files'] = []
    for (const [i, bytes] of fileBytes.entries()) {
      const content = await putContent(theirs, new Uint8Array(randomBytes(bytes)))
      files.push([`${i}`, content.cid, content.bytes])
    }
    const { cid: stdout } = await putContent(theirs, new Uint8Array([1]))
    const get = async (cid: string) => {
      const block = await theirs.get(cid)
      return block && change(block)
    }
    await serveBlocks(provider, { blocks: { get }, authorize: () => true })
    await node.dial({ peerId: provider.peerId, addresses: provider.addresses() })
    const output: Output = { v: 1, status: { kind: 'exit', code: 0 }, fuel: 0n, stdout, files }
    const told: [number, number][] = []
    const fetching = (most: { maxBytes: number; files?: number }, claimed: Output = output) =>
      fetchOutput(claimed, {
        ...{ node, blocks, peerId: provider.peerId, job: 'job', files: 10 },
        ...most,
        signal: new AbortController().signal,
        onProgress: (have, total) => told.push([have, total]),
      })
    return { output, blocks, fetching, told }
  }

  it('comes whole, pinned to its job, and says how far it is', async () => {
    const { output, blocks, fetching, told } = await setUp([3 * MIB, 10])
    await fetching({ maxBytes: 4 * MIB })
    expect(await hasOutput(blocks, output)).toBe(true)
    expect(told.at(-1)).toEqual([3 * MIB, 3 * MIB])
    expect(await blocks.owners()).toEqual(['job'])
  })

  it.each([
    ['one file', [3 * MIB]],
    ['all files together', [2 * MIB, 2 * MIB]],
    ['a single block', [MIB, MIB, MIB]],
  ])('is refused where %s have more bytes than the task allows', async (_, sizes) => {
    const { fetching } = await setUp(sizes)
    await expect(fetching({ maxBytes: 3 * MIB })).rejects.toMatchObject({ code: 'OUTPUT_TOO_LARGE' })
  })

  it('is refused with more files than the task allows, or other sizes than stated', async () => {
    const { output, fetching } = await setUp([5, 6])
    await expect(fetching({ maxBytes: MIB, files: 1 })).rejects.toMatchObject({ code: 'TOO_MANY_FILES' })
    const lie: Output = { ...output, files: output.files.map(([path, cid, bytes]) => [path, cid, bytes + 1]) }
    await expect(fetching({ maxBytes: MIB }, lie)).rejects.toMatchObject({ code: 'OUTPUT_SIZE' })
  })

  it('is refused where the provider gives other bytes', async () => {
    const { fetching } = await setUp([10], (block) => Uint8Array.from(block, (byte) => byte ^ 1))
    await expect(fetching({ maxBytes: MIB })).rejects.toMatchObject({ code: 'WRONG_CONTENT' })
  })
})
