import { randomBytes } from 'node:crypto'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { Requester, type RequesterOptions } from '@souk/requester'
import type { NetworkConfig } from '@souk/settlement'
import { createMemoryBlocks, createMemoryJournal } from '@souk/storage'
import { delegateKey } from '../../../packages/cli/src/chaos/courtroom.ts'
import { createParties, type Party } from '../../../packages/cli/src/local-market/accounts.ts'
import { COURT } from '../../../packages/cli/src/local-market/local-market.ts'
import type { Stage } from './stage.ts'

/**
 * Makes an account with `deposit` base units in the escrow and `wallet` outside, and with enough for a challenge in its
 * hot key.
 */
export async function newParty(stage: Stage, name: string, deposit: bigint, wallet = 0n): Promise<Party> {
  const { rpc, config, chain, court, tokenBlock } = stage.market
  const { token, escrow, deployedAt: block, deployedHash: blockHash } = config
  const [richKey] = chain.richKeys
  if (richKey === undefined) throw new Error('a development chain has rich accounts')
  const market = { token, escrow, court, block, blockHash, tokenBlock }
  const ground = { rpc, market, rules: COURT, richKey, mine: (blocks: number) => chain.mine(blocks) }
  const endowment = { name, wallet, deposit, court: { challenges: COURT.challengeDeposit } }
  const [party] = await createParties(ground, stage.home, [endowment])
  if (party === undefined) throw new Error('one party was asked for')
  return party
}

export { delegateKey }

/** Starts a second requester, a peer of its own with its journal in memory. */
export async function startBuyer(
  stage: Stage,
  party: Party,
  change: {
    config?: Partial<NetworkConfig>
    discovery?: NonNullable<RequesterOptions['discovery']>
    journal?: RequesterOptions['journal']
    random?: RequesterOptions['random']
  } = {},
): Promise<Requester> {
  return Requester.start({
    config: { ...stage.market.config, ...change.config },
    nodeKey: await generateKeyPair('Ed25519'),
    delegateKey: await delegateKey(party),
    account: party.account,
    journal: change.journal ?? createMemoryJournal(),
    blocks: createMemoryBlocks(),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    ...(change.discovery === undefined ? {} : { discovery: change.discovery }),
    clock: () => performance.now(),
    dateMs: Date.now,
    random: change.random ?? ((bytes) => randomBytes(bytes)),
    onProblem: () => {},
    onFatal: (error) => {
      throw error
    },
  })
}
