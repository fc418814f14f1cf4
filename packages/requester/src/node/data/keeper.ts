import { type Content, toBlocks } from '@souk/protocol'
import { type BlockStore, putStream } from '@souk/storage'
import type { ContentSource } from '../../job-spec.ts'

/** Takes the content of a job. */
export interface Keeper {
  /** Keeps content that comes bit by bit; throws what the source and the store throw. */
  keep(source: AsyncIterable<Uint8Array>, onProgress?: (haveBytes: number) => void): Promise<Content>
  /** What was kept, as the job's description carries it. */
  content(): ContentSource[]
}

/** Keeps content in a block store as it comes, pinned to the job: files of any size pass through. */
export function storeKeeper(blocks: BlockStore, job: string): Keeper {
  const kept = new Map<string, Content>()
  return {
    async keep(source, onProgress = () => {}) {
      const content = await putStream(blocks, source, { owner: job, onProgress })
      kept.set(content.cid, content)
      return content
    },
    content: () => [...kept.values()],
  }
}

/** Keeps content in memory, for callers without a store at hand. */
export function memoryKeeper(): Keeper {
  const kept = new Map<string, Uint8Array>()
  return {
    async keep(source) {
      const parts: Uint8Array[] = []
      for await (const chunk of source) parts.push(chunk)
      const bytes = new Uint8Array(Buffer.concat(parts))
      const { content } = toBlocks(bytes)
      kept.set(content.cid, bytes)
      return content
    },
    content: () => [...kept.values()],
  }
}

/** Keeps nothing: for who wants to know by which addresses a job's content would go. */
export function namingKeeper(): Keeper {
  const nowhere = { pin: async () => {}, put: async () => {} }
  return {
    keep: (source) => putStream(nowhere, source, { owner: '' }),
    content: () => [],
  }
}
