export * from './court-services.ts'
export * from './dispute-runner.ts'
export * from './double-vote-desk.ts'
export * from './keep-evidence.ts'
