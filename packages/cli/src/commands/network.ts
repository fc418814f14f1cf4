import { type Command, Option } from 'commander'
import { deployNetwork } from './network-deploy.ts'
import { showNetwork } from './network-show.ts'
import { verifyNetwork } from './network-verify.ts'

/** Adds `souk network` and its verbs. */
export function addNetwork(program: Command): void {
  const network = program
    .command('network')
    .description('the contracts of a network: deploy them, compare them with this version, show them')
  addDeploy(network)
  addLook(network, 'verify')
    .description(
      'check that what is deployed is what this version builds, and that its parts name each other',
    )
    .action(verifyNetwork)
  addLook(network, 'show').description('show a network and the rules of its court').action(showNetwork)
}

function addDeploy(network: Command): void {
  network
    .command('deploy')
    .description('deploy escrow and court on any EVM chain, write the network’s file, and verify it')
    .requiredOption('--rpc <url>', 'JSON-RPC endpoint; may be repeated, in order of preference', collect, [])
    .requiredOption('--name <name>', 'the network’s name: letters, digits, dots, dashes')
    .requiredOption('--keystore <file>', 'encrypted key of the account that pays the gas')
    .requiredOption('--out <file>', 'network file to write')
    .option('--password-file <file>', 'file with its passphrase, instead of asking on the terminal')
    .option('--chain-id <number>', 'chain that is expected behind the endpoints')
    .option('--token <address>', 'ERC-20 token to use; on a development chain a token is deployed without it')
    .addOption(new Option('--preset <preset>', 'spans of the court').choices(['public', 'dev']))
    .option('--stake <amount>', 'what a watcher puts at risk, in token units')
    .option('--challenge-deposit <amount>', 'what a challenger puts at risk')
    .option('--jury-fee <amount>', 'what each ballot that makes a verdict earns')
    .option('--fuel <number>', 'work beyond which a juror calls a task undecidable')
    .option('--block-seconds <number>', 'seconds between blocks; measured without it')
    .option('--bootstrap <multiaddr>', 'peer to join through; may be repeated', collect, [])
    .option('--explorer <url>', 'web site that shows transactions below tx/ and addresses below address/')
    .option('--dry-run', 'say what would be deployed and what it would cost, and send nothing', false)
    .option('--json', 'print one JSON document', false)
    .action(deployNetwork)
}

function addLook(network: Command, name: string): Command {
  return network
    .command(name)
    .option('--network <name or file>', 'its name on this machine, or its file', 'local')
    .option('--json', 'print one JSON document', false)
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value]
}
