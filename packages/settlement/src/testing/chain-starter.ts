/** A process that starts a dev chain, prints its process id, and waits to be killed. */
import { startDevChain } from '../node/dev-chain.ts'

const chain = await startDevChain({ blockSeconds: 1 })
console.log(chain.pid)
await chain.exited
