import { Command } from 'commander'
import { addAgent } from './commands/agent.ts'
import { addChaos } from './commands/chaos.ts'
import { addCp } from './commands/cp.ts'
import { addDemo } from './commands/demo.ts'
import { addExec } from './commands/exec.ts'
import { addForward } from './commands/forward.ts'
import { addLeases } from './commands/leases.ts'
import { addLogs } from './commands/logs.ts'
import { addMap } from './commands/map.ts'
import { addNetwork } from './commands/network.ts'
import { addOffers } from './commands/offers.ts'
import { addPs } from './commands/ps.ts'
import { addReport } from './commands/report.ts'
import { addReserve } from './commands/reserve.ts'
import { addRun } from './commands/run.ts'
import { addSecret } from './commands/secret.ts'
import { addServe } from './commands/serve.ts'
import { addUp } from './commands/up.ts'
import { addWallet } from './commands/wallet.ts'
import { failWith } from './fail.ts'

const program = new Command('souk')
  .description('Souk: an open market for compute that nobody operates.')
  .showHelpAfterError()
  .enablePositionalOptions()
for (const add of [
  addDemo,
  addChaos,
  addUp,
  addOffers,
  addReport,
  addReserve,
  addRun,
  addMap,
  addServe,
  addLeases,
  addPs,
  addLogs,
  addExec,
  addForward,
  addCp,
  addSecret,
  addWallet,
  addNetwork,
  addAgent,
])
  add(program)

await program.parseAsync().catch(failWith)
