import { randomBytes } from 'node:crypto'
import { createWriteStream, readFileSync } from 'node:fs'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { createLog, NO_GOODS, Provider } from '@souk/provider'
import { JUDGING_ENGINES, openRuntimes } from '@souk/runtime'
import type { NetworkConfig } from '@souk/settlement'
import { readKeystore } from '@souk/settlement/node'
import { createMemoryBlocks, createMemoryJournal } from '@souk/storage'
import type { Party } from './accounts.ts'

/**
 * Starts a peer that sells nothing and only watches and judges, in this process: with few watchers a single one would
 * now and then hold a majority of a committee, also on itself. Returns the call that stops it.
 */
export async function startWatcher(
  config: NetworkConfig,
  party: Party,
  logFile: string,
): Promise<() => Promise<void>> {
  const file = createWriteStream(logFile, { flags: 'a', mode: 0o600 })
  const log = createLog((line) => file.write(line), 'json', Date.now)
  const { key } = await readKeystore(party.keystore, readFileSync(party.passwordFile, 'utf8').trim())
  const watcher = await Provider.start({
    config,
    nodeKey: await generateKeyPair('Ed25519'),
    delegateKey: key,
    account: party.account,
    // Its votes need not outlive this process: the chain that they are for does not either.
    journal: createMemoryJournal(),
    blocks: createMemoryBlocks(),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    ...NO_GOODS,
    runtimes: await openRuntimes(JUDGING_ENGINES),
    juryCores: 1,
    fault: null,
    log,
    clock: () => performance.now(),
    dateMs: Date.now,
    random: (bytes) => randomBytes(bytes),
    onFatal: (error) => log.warn('a watcher ended', { error: String(error) }),
  })
  return async () => {
    await watcher.stop()
    file.end()
  }
}
