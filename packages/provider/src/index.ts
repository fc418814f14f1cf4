export { FaultError, parseFault } from './fault.ts'
export { createLog, type Log } from './log.ts'
export { Provider, type ProviderOptions } from './provider.ts'
