import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { has } from './docker-daemon.ts'

/** Milliseconds for the daemons to start on a busy machine, and for each to end. */
const START_MS = 60_000
const END_MS = 10_000
const LOOK_MS = 50
const PATH = `${process.env.PATH}:/usr/sbin:/sbin`
const PROGRAMS = ['munged', 'slurmctld', 'slurmd', 'srun', 'salloc', 'scancel', 'sinfo', 'squeue', 'scontrol']

/** One node of a test's cluster; all of them are this machine under other names. */
export interface NodePlan {
  readonly name: string
  readonly cores: number
  readonly memoryMib: number
  /** Devices with their type, without any hardware behind them. */
  readonly gpus?: { readonly type: string; readonly count: number }
}

/** A Slurm cluster of a test's own. */
export interface SlurmCluster {
  /** The value of `SLURM_CONF` that leads to it. */
  readonly conf: string
  /** Runs one of Slurm's commands, and returns what it prints. */
  slurm(command: string, ...args: string[]): Promise<string>
  /** Returns the ids of all processes of steps that run on a node, of one job if it is given, Slurm's own among them. */
  processes(node: string, job?: string): number[]
  /** Ends a node as a power cut does: its daemon, the steps on it and all their processes. */
  cutPower(node: string): Promise<void>
  /** Kills a node's daemon alone: what runs there goes on until the controller gives the node up. */
  killDaemon(node: string): Promise<void>
  /** Starts a node's daemon again and waits until it takes work. */
  revive(node: string): Promise<void>
  /** Cancels every job, and ends all daemons. */
  stop(): Promise<void>
}

/** Says why no cluster can be started here; null where it can. */
export function noSlurmReason(): string | null {
  if (process.platform !== 'linux') return 'a Slurm cluster takes Linux'
  if (process.getuid?.() !== 0) return 'the daemons of a Slurm cluster of its own take root'
  const missing = PROGRAMS.find((program) => !has(program))
  if (missing === undefined) return null
  return `there is no ${missing}: on Debian, apt-get install slurmctld slurmd slurm-client munge`
}

/** Starts a cluster with folders, ports, key and authentication of its own, and sets `SLURM_CONF`. */
export async function startSlurm(nodes: readonly NodePlan[]): Promise<SlurmCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'souk-slurm-'))
  const cluster = new TestCluster(folder, nodes)
  try {
    await cluster.start()
  } catch (error) {
    await cluster.stop()
    throw error
  }
  return cluster
}

class TestCluster implements SlurmCluster {
  readonly conf: string
  readonly #folder: string
  readonly #nodes: readonly NodePlan[]
  readonly #daemons = new Map<string, ChildProcess>()

  constructor(folder: string, nodes: readonly NodePlan[]) {
    this.#folder = folder
    this.#nodes = nodes
    this.conf = join(folder, 'slurm.conf')
  }

  async start(): Promise<void> {
    chmodSync(this.#folder, 0o755)
    for (const name of ['state', ...this.#nodes.map((node) => node.name)]) mkdirSync(join(this.#folder, name))
    writeFileSync(join(this.#folder, 'munge.key'), randomBytes(128), { mode: 0o600 })
    const [controller = 0, ...ports] = await freePorts(1 + this.#nodes.length)
    writeFileSync(this.conf, configOf(this.#folder, this.#nodes, controller, ports))
    writeFileSync(join(this.#folder, 'gres.conf'), this.#devices())
    process.env.SLURM_CONF = this.conf
    const at = (name: string) => join(this.#folder, name)
    this.#launch('munged', 'munged', [
      ...['--foreground', '--force', `--socket=${at('munge.socket')}`, `--key-file=${at('munge.key')}`],
      ...[
        `--log-file=${at('munge.log')}`,
        `--pid-file=${at('munge.pid')}`,
        `--seed-file=${at('munge.seed')}`,
      ],
    ])
    await this.#until(() => readdirSync(this.#folder).includes('munge.socket'))
    this.#launch('slurmctld', 'slurmctld', ['-D', '-i'])
    for (const { name } of this.#nodes) this.#launch(name, 'slurmd', ['-D', '-N', name])
    await this.#untilIdle(this.#nodes.map(({ name }) => name))
  }

  async slurm(command: string, ...args: string[]): Promise<string> {
    const env = { PATH, SLURM_CONF: this.conf, LC_ALL: 'C' }
    return (await promisify(execFile)(command, args, { env })).stdout
  }

  processes(node: string, job?: string): number[] {
    return this.#stepsOf(node, job).flatMap(below)
  }

  async cutPower(node: string): Promise<void> {
    const steps = this.processes(node)
    await this.#end(node, 'SIGKILL')
    for (const pid of steps) kill(pid)
    await this.#until(() => !steps.some(isAlive))
  }

  killDaemon(node: string): Promise<void> {
    return this.#end(node, 'SIGKILL')
  }

  async revive(node: string): Promise<void> {
    this.#launch(node, 'slurmd', ['-D', '-N', node])
    await this.#untilIdle([node])
  }

  async stop(): Promise<void> {
    const names = this.#nodes.map(({ name }) => name)
    const running = this.#daemons.has('slurmctld')
    if (running) {
      await this.slurm('scancel', '--user=root').catch(() => '')
      // Steps would go on without their daemon.
      await this.#until(() => names.every((name) => this.#stepsOf(name).length === 0)).catch(() => undefined)
    }
    for (const pid of names.flatMap((name) => this.processes(name))) kill(pid)
    for (const name of [...this.#daemons.keys()].toReversed()) await this.#end(name, 'SIGTERM')
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 10 })
  }

  #launch(name: string, program: string, args: readonly string[]): void {
    const env = { PATH, SLURM_CONF: this.conf }
    this.#daemons.set(name, spawn(program, args, { env, stdio: 'ignore', detached: true }))
  }

  async #end(name: string, signal: NodeJS.Signals): Promise<void> {
    const daemon = this.#daemons.get(name)
    this.#daemons.delete(name)
    if (daemon === undefined || daemon.exitCode !== null || daemon.signalCode !== null) return
    const gone = once(daemon, 'exit')
    daemon.kill(signal)
    const late = AbortSignal.timeout(END_MS)
    late.addEventListener('abort', () => daemon.kill('SIGKILL'))
    await gone
  }

  /** Slurm keeps a socket in a node's folder for each step that runs there. */
  #stepsOf(node: string, job?: string): number[] {
    const prefix = job === undefined ? `${node}_` : `${node}_${job}.`
    const sockets = readdirSync(join(this.#folder, node)).filter((name) => name.startsWith(prefix))
    const titles = new Set(sockets.map((name) => `slurmstepd: [${name.slice(node.length + 1)}]`))
    return processes().filter((pid) => titles.has(titleOf(pid)) && environmentOf(pid).includes(this.conf))
  }

  async #untilIdle(names: readonly string[]): Promise<void> {
    await this.#until(async () => {
      const states = await this.slurm('sinfo', '-h', '-N', '-o', '%N %T').catch(() => '')
      return names.every((name) => states.split('\n').includes(`${name} idle`))
    })
  }

  async #until(look: () => boolean | Promise<boolean>): Promise<void> {
    const end = performance.now() + START_MS
    while (!(await look())) {
      const dead = [...this.#daemons].find(([, daemon]) => daemon.exitCode !== null)
      if (performance.now() > end || dead !== undefined) {
        throw new Error(`the Slurm cluster of the tests is not up: ${dead?.[0] ?? 'no time left'}`)
      }
      await setTimeout(LOOK_MS)
    }
  }

  /** Devices that Slurm counts and names in the environment; nobody opens them. */
  #devices(): string {
    return this.#nodes
      .flatMap(({ name, gpus }) => {
        if (gpus === undefined) return []
        const file = join(this.#folder, `${name}-gpu`)
        for (let i = 0; i < gpus.count; i += 1) execFileSync('mknod', [`${file}${i}`, 'c', '1', '3'])
        return [`NodeName=${name} Name=gpu Type=${gpus.type} File=${file}[0-${gpus.count - 1}]\n`]
      })
      .join('')
  }
}

function configOf(
  folder: string,
  nodes: readonly NodePlan[],
  port: number,
  ports: readonly number[],
): string {
  const lines = nodes.map(({ name, cores, memoryMib, gpus }, i) => {
    const gres = gpus === undefined ? '' : ` Gres=gpu:${gpus.type}:${gpus.count}`
    return `NodeName=${name} NodeHostname=localhost NodeAddr=127.0.0.1 Port=${ports[i]} CPUs=${cores} RealMemory=${memoryMib}${gres}`
  })
  return `ClusterName=souk
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=${port}
AuthType=auth/munge
AuthInfo=socket=${folder}/munge.socket
SlurmUser=root
SlurmdUser=root
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/%n
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/%n.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmdParameters=config_overrides
SchedulerParameters=bf_interval=1
PropagateResourceLimits=NONE
GresTypes=gpu
ReturnToService=2
SlurmdTimeout=3
KillWait=1
MessageTimeout=3
${lines.join('\n')}
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`
}

/** Returns ports that were free a moment ago, all different. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => {
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  })
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

function processes(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0)
}

/** Returns a process and all below it. */
function below(root: number): number[] {
  const children = processes().filter((pid) => parentOf(pid) === root)
  return [root, ...children.flatMap(below)]
}

function parentOf(pid: number): number {
  return Number(statOf(pid)[1])
}

/** Returns what follows a process's name: its state, its parent and more; nothing for one that is gone. */
function statOf(pid: number): string[] {
  const stat = read(`/proc/${pid}/stat`)
  // The name stands in parentheses and may hold anything.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** Returns the command line of a process; nothing for one that is gone. */
export function titleOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()
}

/** Returns the environment that a process was started with; nothing for one that is gone. */
export function environmentOf(pid: number): string {
  return read(`/proc/${pid}/environ`)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Tells whether a process runs: one that has ended and was not yet asked for does not. */
export function isAlive(pid: number): boolean {
  return /^[^Z]/.test(statOf(pid)[0] ?? '')
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended between two looks.
  }
}
