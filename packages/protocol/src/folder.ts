import { z } from 'zod'
import { type Codec, codec } from './codec.ts'
import { LIMITS } from './limits.ts'
import { sortedFiles } from './task.ts'

/**
 * A folder by content: its files, sorted bytewise by path. The address of its bytes names the whole folder, as a
 * task's `checkpoint` does (PROTOCOL §8).
 */
export const folder = z.strictObject({ v: z.literal(1), files: sortedFiles })
export type Folder = z.output<typeof folder>

export const folderCodec: Codec<Folder> = codec('folder', folder, LIMITS.blockBytes)
