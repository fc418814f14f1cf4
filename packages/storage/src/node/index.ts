export * from './control.ts'
export * from './data-folder.ts'
export type { JournalReader } from './sqlite-journal.ts'
