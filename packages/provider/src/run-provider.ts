import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { loadNodeKey } from '@souk/network/node'
import type { RuntimeName } from '@souk/protocol'
import {
  enginesOf,
  JUDGING_ENGINES,
  keepBook,
  openRuntimes,
  type RunnerGroups,
  type Runtimes,
  removeLeftovers,
  runnerGroups,
} from '@souk/runtime'
import { readKeystore, readNetworkConfig, readPasswordFile, useFastCurve } from '@souk/settlement/node'
import { type DataFolder, openDataFolder, serveControl } from '@souk/storage/node'
import { endAll, openLeases, stopper } from './end-provider.ts'
import { parseFault } from './fault.ts'
import { findCluster, lookAt } from './find-cluster.ts'
import { isSelling, NO_GOODS } from './goods.ts'
import { claimGpus } from './gpu-claims.ts'
import { HealthWatch } from './health-watch.ts'
import { readImagePolicy } from './image-options.ts'
import { createLog, type Log } from './log.ts'
import { runtimeRefused } from './operator-error.ts'
import { Provider } from './provider.ts'
import { keepPruned } from './prune.ts'
import { measure, readGoods } from './read-goods.ts'
import type { RunOptions } from './run-options.ts'
import { bookOf } from './stop-provider.ts'
import { beatFor, tellReady, watchedBy } from './watchdog-heart.ts'
import { clearMark } from './watchdog-mark.ts'

/** Sells, watches and judges until the process is stopped; `fail` ends it. */
export async function runProvider(options: RunOptions, fail: (error: unknown) => never): Promise<void> {
  // A log that cannot be written, on a full disk, must not end what is logged.
  process.stdout.on('error', () => undefined)
  const log = createLog((line) => process.stdout.write(line), options.log, Date.now)
  await useFastCurve()
  const config = await readNetworkConfig(options.networkFile)
  const fault = options.fault === undefined ? null : parseFault(options.fault, config.dev)
  const password = await readPasswordFile(options.passwordFile)
  const clock = () => performance.now()
  const health = new HealthWatch({
    ...{ folder: resolve(options.data), log, clock, dateMs: Date.now, isDev: config.dev },
    restore: () => folder.restore(),
  })
  const folder = await openFolder(options, health)
  beatFor(folder.path)
  await clearAway(folder.path, log)
  const { key } = await readKeystore(options.keystore, password)
  const nodeKey = await loadNodeKey(join(folder.path, 'node.key'))
  const cluster = await findCluster(options, nodeKey.publicKey.toString(), folder.path, log)
  const machine = cluster?.machine ?? (options.watchOnly ? null : await measure(options, folder.path))
  const goods =
    machine === null || options.watchOnly ? NO_GOODS : readGoods(options, config.tokenDecimals, machine)
  const images = await readImagePolicy(options)
  const letGo = claimGpus(goods.devices)
  const hasGpus = cluster === null && goods.devices.length > 0
  const selling = enginesOf({ containers: { policy: images }, hasGpus })
  const here = await openRuntimes(isSelling(goods) ? selling : JUDGING_ENGINES)
  const runtimes = requireRuntimes(cluster?.runtimes ?? here, options.requireRuntime, log)
  const provider = await Provider.start({
    config,
    nodeKey,
    delegateKey: key,
    account: options.account,
    journal: folder.journal,
    blocks: folder.blocks,
    ...(options.cacheSize === undefined ? {} : { evidenceBytes: Math.floor(options.cacheSize / 4) }),
    listen: options.listen,
    ...goods,
    runtimes,
    ...(cluster === null ? {} : { judging: here, look: lookAt(cluster, goods, options.share) }),
    juryCores: options.juryShare * availableParallelism(),
    fault,
    log,
    clock,
    times: health.times,
    dateMs: Date.now,
    random: (bytes) => randomBytes(bytes),
    onFatal: fail,
  })
  const stopPruning = keepPruned(folder.journal, log)
  const stopHealth = watchHealth(health, provider, options)
  const control = await serveControl(folder.path, {
    status: async () => ({
      ...provider.status(),
      runtimes: runtimes.offered,
      refused: runtimes.refused,
      images,
      controlGroups: describeGroups(await runnerGroups()),
      draining: health.draining,
      health: health.status(),
      watchdog: watchedBy(),
      // Without a chain a provider still says how it stands.
      watching: await provider.watching().catch(() => null),
    }),
    drain: async (_params, emit) => {
      emit(openLeases(provider))
      await provider.drain(options.drainSeconds)
    },
    renew: async (params) => provider.renewWatching((params as { renews: boolean }).renews),
    shutdown: async () => void setImmediate(() => stop('asked to')),
    kill: async () => {
      const ended = await endAll(provider)
      setImmediate(() => stop('told to end at once'))
      return ended
    },
  })
  const { peerId, addresses, subject } = provider.status()
  log.info('ready', { peerId, addresses, subject, account: options.account, pid: process.pid })
  tellReady()
  const stop = stopper(log, options, provider, async () => {
    stopPruning()
    stopHealth()
    await control.stop()
    await provider.stop()
    letGo()
    await folder.close()
  })
}

/** Has the provider sell what this machine is good for. */
function watchHealth(health: HealthWatch, provider: Provider, { drainSeconds }: RunOptions): () => void {
  const { node, chain, gpus } = provider
  return health.start({
    link: { node, bootstrap: provider.bootstrap, isChainThere: () => chain.head() !== null },
    gpus: () => gpus.list().map(({ id, why, health }) => ({ id, why, isLost: !health.present })),
    sell: (plan) => provider.sell(plan, drainSeconds),
  })
}

/** Says whether control groups bound the runners of wasm engines, and if not, why. */
function describeGroups(groups: RunnerGroups): string {
  return groups.version === null ? `none: ${groups.why}` : `version ${groups.version}`
}

function openFolder({ data, cacheSize }: RunOptions, { full }: HealthWatch): Promise<DataFolder> {
  return openDataFolder(resolve(data), {
    onFull: full,
    ...(cacheSize === undefined ? {} : { blocksMaxBytes: cacheSize }),
  })
}

/** Removes what earlier owners left, of this folder or, of work folders and containers, of any. */
async function clearAway(folder: string, log: Log): Promise<void> {
  for (const { kind, name } of await removeLeftovers(bookOf(folder))) {
    log.warn('removed what a dead process had left', { kind, name })
  }
  clearMark(folder)
  keepBook(bookOf(folder))
}

/** Says which engines do not run. Throws `OperatorError` `RUNTIME_REFUSED` for one of them that is required. */
function requireRuntimes(runtimes: Runtimes, required: readonly RuntimeName[], log: Log): Runtimes {
  for (const { name, why } of runtimes.refused) {
    log.warn('an engine does not run here', { name, why })
    if (required.includes(name)) throw runtimeRefused(name, why)
  }
  const unknown = required.find((name) => !runtimes.offered.some((one) => one.name === name))
  if (unknown !== undefined) throw runtimeRefused(unknown, 'this version has no such engine')
  return runtimes
}
