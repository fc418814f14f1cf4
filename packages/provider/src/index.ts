export { FaultError, parseFault } from './fault.ts'
export { type Goods, NO_GOODS } from './goods.ts'
export { createLog, type Log } from './log.ts'
export { Provider, type ProviderOptions } from './provider.ts'
