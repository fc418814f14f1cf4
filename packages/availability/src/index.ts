export * from './quorum.ts'
export * from './silence.ts'
