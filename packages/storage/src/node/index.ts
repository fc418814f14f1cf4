export * from './control.ts'
export * from './data-folder.ts'
export { type FolderLock, lockFolder } from './folder-lock.ts'
export type { JournalReader } from './sqlite-journal.ts'
