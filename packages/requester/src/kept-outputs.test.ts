import { LIMITS, type Output, type TaskLimits, toBlocks, utf8 } from '@souk/protocol'
import { createMemoryBlocks } from '@souk/storage'
import { describe, expect, test } from 'vitest'
import { KeptOutputs } from './kept-outputs.ts'

const LIMITED: TaskLimits = { fuel: 0n, pages: 1, depth: 0, outputBytes: 100, files: 1 }

/** A store with the given content, and an output that names it. */
async function outputOf(stdout: string, files: readonly string[] = []) {
  const blocks = createMemoryBlocks()
  const put = async (text: string) => {
    const { content, blocks: list } = toBlocks(utf8(text))
    for (const { cid, bytes } of list) await blocks.put(cid, bytes)
    return content
  }
  const output: Output = {
    v: 1,
    status: { kind: 'exit', code: 0 },
    fuel: 0n,
    stdout: (await put(stdout)).cid,
    files: [],
  }
  for (const [i, text] of files.entries()) {
    const { cid, bytes } = await put(text)
    output.files.push([`file-${i}`, cid, bytes])
  }
  return { blocks, output, kept: new KeptOutputs(blocks, 'job') }
}

describe('an output that came along', () => {
  test('is kept where it is here and within its limits', async () => {
    const { kept, output } = await outputOf('hello', ['file'])
    expect(await kept.keepIfHere(output, LIMITED)).toBe(true)
    expect(await kept.keepIfHere(output, LIMITED)).toBe(true)
  })

  test.each([
    ['more bytes than its task may put out', { outputBytes: 8 }],
    ['more files', { files: 0 }],
  ])('is not with %s', async (_, change) => {
    const { kept, output } = await outputOf('hello', ['file'])
    expect(await kept.keepIfHere(output, { ...LIMITED, ...change })).toBe(false)
  })

  test('is not where a file has not the length that the output states, known or not', async () => {
    const { kept, output } = await outputOf('hello', ['file'])
    const [[path, cid] = ['', '']] = output.files
    const lie: Output = { ...output, files: [[path, cid, 3]] }
    expect(await kept.keepIfHere(lie, LIMITED)).toBe(false)
    expect(await kept.keepIfHere(output, LIMITED)).toBe(true)
    expect(await kept.keepIfHere(lie, LIMITED)).toBe(false)
  })

  test('is not where a block is missing, or it has more than one', async () => {
    const { blocks, kept, output } = await outputOf('hello')
    await blocks.delete(output.stdout)
    expect(await kept.keepIfHere(output, LIMITED)).toBe(false)
    const large = await outputOf('x'.repeat(LIMITS.blockBytes + 1))
    const most = { ...LIMITED, outputBytes: LIMITS.fileBytes }
    expect(await large.kept.keepIfHere(large.output, most)).toBe(false)
  })
})
