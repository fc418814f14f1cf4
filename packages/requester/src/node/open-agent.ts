import { randomBytes } from 'node:crypto'
import { join, resolve } from 'node:path'
import { loadNodeKey } from '@souk/network/node'
import { addressOf, type Hex } from '@souk/protocol'
import {
  readKeystore,
  readNetworkConfig,
  readPasswordFile,
  readSecrets,
  secretFolder,
  useFastCurve,
} from '@souk/settlement/node'
import { type ControlHandler, openDataFolder, serveControl } from '@souk/storage/node'
import type { RunLocally } from '../compare-program.ts'
import { Requester } from '../requester.ts'
import type { RequesterOptions } from '../requester-options.ts'
import { agentMethods, agentStreams } from './agent.ts'
import { FrontDesk } from './serve/front-desk.ts'

/** Where an agent finds everything. */
export interface OpenAgentOptions {
  /** Data folder; the agent becomes its owner. */
  readonly folder: string
  readonly networkFile: string
  readonly account: Hex
  readonly keystore: string
  readonly passwordFile: string
  readonly listen: readonly string[]
  readonly discovery?: NonNullable<RequesterOptions['discovery']>
  /** Runs programs that compare results; without it jobs compare in other ways. Stopped with the agent. */
  readonly programs?: LocalPrograms
  readonly onProblem: (sentence: string, error: unknown) => void
  readonly onFatal: (error: unknown) => void
  /** A command asked the process to end. */
  readonly onShutdown: () => void
}

/** Runs programs on this machine. */
export interface LocalPrograms {
  readonly run: RunLocally
  /** Ends what it started. */
  stop(): Promise<void>
}

/** A requester that owns its data folder. */
export interface RunningAgent {
  readonly requester: Requester
  /** The commands it answers, for callers in this process. */
  readonly methods: Record<string, ControlHandler>
  stop(): Promise<void>
}

/** Becomes the owner of a data folder, starts its requester, and serves commands on its control socket. */
export async function openAgent(options: OpenAgentOptions): Promise<RunningAgent> {
  await useFastCurve()
  const config = await readNetworkConfig(options.networkFile)
  const folder = await openDataFolder(resolve(options.folder))
  try {
    const { key } = await readKeystore(options.keystore, await readPasswordFile(options.passwordFile))
    const requester = await Requester.start({
      config,
      nodeKey: await loadNodeKey(join(folder.path, 'node.key')),
      delegateKey: key,
      account: options.account,
      journal: folder.journal,
      blocks: folder.blocks,
      listen: options.listen,
      ...(options.discovery === undefined ? {} : { discovery: options.discovery }),
      clock: () => performance.now(),
      dateMs: Date.now,
      random: (bytes) => randomBytes(bytes),
      secrets: async (names) =>
        readSecrets(secretFolder(folder.path), await readPasswordFile(options.passwordFile), names),
      ...(options.programs === undefined ? {} : { runLocally: options.programs.run }),
      onProblem: options.onProblem,
      onFatal: options.onFatal,
    })
    const fronts = new FrontDesk({
      ...{ journal: folder.journal, sessions: requester.sessions, jobs: requester.jobs },
      poolOf: (job) => requester.pools.of(job),
      clock: () => performance.now(),
      draw: Math.random,
      onProblem: options.onProblem,
    })
    const methods = agentMethods({
      requester,
      folder,
      account: options.account,
      delegate: addressOf(key),
      reading: new Map(),
      fronts,
      newJobId: () => randomBytes(6).toString('hex'),
      shutdown: options.onShutdown,
    })
    await fronts.takeUp()
    const control = await serveControl(folder.path, methods, agentStreams(requester))
    const stop = async () => {
      await control.stop()
      await fronts.stop()
      await requester.stop()
      await options.programs?.stop()
      await folder.close()
    }
    return { requester, methods, stop }
  } catch (error) {
    await folder.close()
    throw error
  }
}
