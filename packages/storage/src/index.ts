export type { BlockStore, BlockStoreOptions } from './block-store.ts'
export * from './content-store.ts'
export { StorageError, type StorageErrorData } from './errors.ts'
export {
  type Durability,
  type Journal,
  MAX_KEY_BYTES,
  MAX_VALUE_BYTES,
  type Row,
  type Write,
} from './journal.ts'
export * from './memory-blocks.ts'
export * from './memory-journal.ts'
