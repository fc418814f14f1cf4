import { randomBytes } from 'node:crypto'
import { join, resolve } from 'node:path'
import { parseAmount, rateOfHour } from '@souk/market'
import { loadNodeKey } from '@souk/network/node'
import { errorMessage, type Hex, type Prices, type Resources, type RuntimeName } from '@souk/protocol'
import {
  type Cluster,
  enginesOf,
  keepBook,
  type Machine,
  measureMachine,
  openCluster,
  openRuntimes,
  type RunnerGroups,
  type Runtimes,
  removeLeftovers,
  runnerGroups,
  shareOf,
} from '@souk/runtime'
import { readKeystore, readNetworkConfig, readPasswordFile, useFastCurve } from '@souk/settlement/node'
import { type DataFolder, openDataFolder, serveControl } from '@souk/storage/node'
import { parseFault } from './fault.ts'
import { type Goods, NO_GOODS } from './goods.ts'
import { claimGpus } from './gpu-claims.ts'
import { type ImageOptions, readImagePolicy } from './image-options.ts'
import { createLog, type Log } from './log.ts'
import { runtimeRefused } from './operator-error.ts'
import { pause } from './pause.ts'
import { Provider } from './provider.ts'
import { keepPruned } from './prune.ts'
import { bookOf, type EndedLease } from './stop-provider.ts'

/** How a provider is run; money in token units, as people write it. */
export interface RunOptions extends ImageOptions {
  networkFile: string
  data: string
  account: Hex
  keystore: string
  passwordFile: string
  listen: string[]
  share: number
  watchOnly: boolean
  gpu?: string[]
  /** The partition of a Slurm cluster, or its default one. */
  slurm?: string | true
  requireRuntime: RuntimeName[]
  machineCache?: string
  cacheSize?: number
  coreHour: string
  gibHour: string
  gpuHour: string
  startFee: string
  fault?: string
  drainSeconds: number
  exitWithParent: boolean
  log: 'text' | 'json'
}

/** Milliseconds that executions get to end when everything shall end at once. */
const KILL_MS = 3_000

/** Sells, watches and judges until the process is stopped; `fail` ends it. */
export async function runProvider(options: RunOptions, fail: (error: unknown) => never): Promise<void> {
  // A log that cannot be written, on a full disk, must not end what is logged.
  process.stdout.on('error', () => undefined)
  const log = createLog((line) => process.stdout.write(line), options.log, Date.now)
  await useFastCurve()
  const config = await readNetworkConfig(options.networkFile)
  const fault = options.fault === undefined ? null : parseFault(options.fault, config.dev)
  const password = await readPasswordFile(options.passwordFile)
  const disk = new DiskWatch(log)
  const folder = await openFolder(options, disk)
  await clearAway(folder.path, log)
  const { key } = await readKeystore(options.keystore, password)
  const nodeKey = await loadNodeKey(join(folder.path, 'node.key'))
  const cluster = await findCluster(options, nodeKey.publicKey.toString(), folder.path, log)
  const machine = cluster?.machine ?? (options.watchOnly ? null : await measure(options, folder.path))
  const goods =
    machine === null || options.watchOnly ? NO_GOODS : readGoods(options, config.tokenDecimals, machine)
  const images = await readImagePolicy(options)
  const letGo = claimGpus(goods.devices)
  const here = await openRuntimes(enginesOf({ containers: { policy: images } }))
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
    fault,
    log,
    clock: () => performance.now(),
    dateMs: Date.now,
    random: (bytes) => randomBytes(bytes),
    onFatal: fail,
  })
  const stopPruning = keepPruned(folder.journal, log)
  disk.onFull(() => provider.drain(options.drainSeconds))
  const control = await serveControl(folder.path, {
    status: async () => ({
      ...provider.status(),
      runtimes: runtimes.offered,
      refused: runtimes.refused,
      images,
      controlGroups: describeGroups(await runnerGroups()),
      draining: disk.isFull ? 'the disk is full' : null,
      // Without a chain a provider still says how it stands.
      watching: await provider.watching().catch(() => null),
    }),
    drain: async (_params, emit) => {
      emit(openLeases(provider))
      await provider.drain(options.drainSeconds)
    },
    shutdown: async () => void setImmediate(() => stop('asked to')),
    kill: async () => {
      const ended = await endAll(provider)
      setImmediate(() => stop('told to end at once'))
      return ended
    },
  })
  const { peerId, addresses, subject } = provider.status()
  log.info('ready', { peerId, addresses, subject, account: options.account, pid: process.pid })
  const stop = stopper(log, options, provider, async () => {
    stopPruning()
    await control.stop()
    await provider.stop()
    letGo()
    await folder.close()
  })
}

/** Drains what runs once the disk is full; the process stays to settle on the chain. */
class DiskWatch {
  isFull = false
  readonly #log: Log
  #drain: (() => Promise<void>) | undefined

  constructor(log: Log) {
    this.#log = log
  }

  /** The disk is full now. */
  readonly tell = (error: unknown): void => {
    this.isFull = true
    const sentence = 'the disk is full: no new leases, the present ones end; free some and start again'
    this.#log.warn(sentence, { error: errorMessage(error) })
    this.#begin()
  }

  /** Says what is to be done when the disk is full, or already was. */
  onFull(drain: () => Promise<void>): void {
    this.#drain = drain
    if (this.isFull) this.#begin()
  }

  #begin(): void {
    this.#drain?.().catch((error) => this.#log.warn('could not drain', { error: errorMessage(error) }))
  }
}

/** Says whether control groups bound the runners of wasm engines, and if not, why. */
function describeGroups(groups: RunnerGroups): string {
  return groups.version === null ? `none: ${groups.why}` : `version ${groups.version}`
}

function openFolder({ data, cacheSize }: RunOptions, disk: DiskWatch): Promise<DataFolder> {
  return openDataFolder(resolve(data), {
    onFull: disk.tell,
    ...(cacheSize === undefined ? {} : { blocksMaxBytes: cacheSize }),
  })
}

/** Removes what earlier owners left, of this folder or, of work folders and containers, of any. */
async function clearAway(folder: string, log: Log): Promise<void> {
  for (const { kind, name } of await removeLeftovers(bookOf(folder))) {
    log.warn('removed what a dead process had left', { kind, name })
  }
  keepBook(bookOf(folder))
}

/** Opens the cluster whose nodes are for sale; `null` where it is this machine. Throws what opening one throws. */
async function findCluster(
  { slurm, watchOnly }: RunOptions,
  owner: string,
  diskPath: string,
  log: Log,
): Promise<Cluster | null> {
  if (slurm === undefined || watchOnly) return null
  const cluster = await openCluster({ owner, diskPath, ...(slurm === true ? {} : { partition: slurm }) })
  for (const name of cluster.left) log.warn('cancelled what a dead process had left', { kind: 'job', name })
  const { partition, cores, nodes } = cluster.inventory
  const away = nodes.filter(({ usable }) => !usable).map(({ name, state }) => `${name} (${state})`)
  log.info('fronts a cluster', { partition, cores, nodes: nodes.length, away })
  return cluster
}

/** Returns a way to look at what is for sale of a cluster now: the same share, and the same GPUs where they still are. */
function lookAt({ machine, look }: Cluster, { resources }: Goods, share: number): () => Promise<Resources> {
  return async () => {
    const { cores, memoryBytes, gpus } = await look()
    const here = new Set(gpus.map(({ id }) => id))
    const now = shareOf({ ...machine, cores, memoryBytes }, share, ['none'])
    return { ...now, gpus: resources.gpus.filter(({ id }) => here.has(id)) }
  }
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

/** Ends every execution, takes the offer back and returns what ran. The journal has what it earned. */
async function endAll(provider: Provider): Promise<EndedLease[]> {
  const ended = openLeases(provider)
  // Executions end beside the withdrawal, not after it.
  const all = Promise.allSettled([provider.stop(), provider.desk.stop()])
  await Promise.race([all, pause(KILL_MS)])
  return ended
}

function openLeases(provider: Provider): EndedLease[] {
  const open = provider.status().leases.filter(({ phase }) => phase === 'active' || phase === 'draining')
  return open.map(({ lease, running, earned }) => ({ lease, running, earned }))
}

/** Stops once, however often it is asked: the first signal drains, the second ends at once. */
function stopper(
  log: Log,
  options: RunOptions,
  provider: Provider,
  close: () => Promise<void>,
): (why: string) => void {
  let asked = 0
  const end = async () => {
    await close().catch((error) => log.warn('did not stop cleanly', { error: errorMessage(error) }))
    process.exit()
  }
  const stop = (why: string, drains: boolean) => {
    asked += 1
    log.info('stopping', { why })
    if (!drains || asked > 1) return void end()
    void provider.drain(options.drainSeconds).then(end)
  }
  process.on('SIGTERM', () => stop('SIGTERM', true))
  process.on('SIGINT', () => stop('SIGINT', true))
  if (options.exitWithParent) process.stdin.resume().on('end', () => stop('the parent is gone', false))
  return (why) => stop(why, false)
}

function measure({ machineCache: cacheFile, gpu }: RunOptions, diskPath: string): Promise<Machine> {
  return measureMachine({
    diskPath,
    ...(cacheFile === undefined ? {} : { cacheFile }),
    // Those that compute on the processor are sold only when they are named.
    software: gpu?.some((word) => word.startsWith('software')) === true,
  })
}

/** Says what is sold of a machine, and reads what it is to cost. */
function readGoods(options: RunOptions, decimals: number, machine: Machine): Goods {
  const { gpu } = options
  const resources = shareOf(machine, options.share, gpu)
  const sold = new Set(resources.gpus.map(({ id }) => id))
  return {
    resources,
    devices: machine.gpus.filter(({ id }) => sold.has(id)),
    coreMibPerSecond: machine.coreMibPerSecond,
    prices: readPrices(options, decimals),
  }
}

function readPrices(options: RunOptions, decimals: number): Prices {
  const perSecondE12 = (amount: string) => rateOfHour(parseAmount(amount, decimals))
  return {
    startFee: parseAmount(options.startFee, decimals),
    coreSecondE12: perSecondE12(options.coreHour),
    gibSecondE12: perSecondE12(options.gibHour),
    gpuSecondE12: perSecondE12(options.gpuHour),
  }
}
