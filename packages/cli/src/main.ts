import { Command } from 'commander'
import { addAgent } from './commands/agent.ts'
import { addDemo } from './commands/demo.ts'
import { failWith } from './fail.ts'

const program = new Command('souk')
  .description('Souk: an open market for compute that nobody operates.')
  .showHelpAfterError()
addDemo(program)
addAgent(program)

await program.parseAsync().catch(failWith)
