import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { isDead, ownerName } from './container/owner.ts'
import { countIn, type GroupLimits, type GroupPlaces, groupSettings, memoryEvents } from './group-places.ts'
import { killProcess } from './kill-process.ts'

/** Milliseconds for what was killed in a group to go, and between looks at it. */
const EMPTY_MS = 2_000
const EMPTY_LOOK_MS = 5
/** In front of the names of our groups; behind it process, its start and a number. */
const PREFIX = 'souk-'

let made = 0

/** A control group of the kernel around one runner: bounds its memory and processes, and ends all of them. */
export class RunnerGroup {
  readonly #places: GroupPlaces
  readonly #folders: readonly string[]
  #ended: Promise<void> | undefined

  private constructor(places: GroupPlaces, folders: readonly string[]) {
    this.#places = places
    this.#folders = folders
  }

  /** Makes an empty group. Throws the system's errors, and then leaves nothing. */
  static create(places: GroupPlaces, limits: GroupLimits): RunnerGroup {
    made += 1
    const [, , pid, start] = ownerName().split(' ')
    const name = `${PREFIX}${pid}-${start}-${made}`
    const folders = [...new Set([places.memory, places.pids])].map((folder) => `${folder}/${name}`)
    try {
      for (const folder of folders) mkdirSync(folder)
      for (const { controller, file, value, isNeeded } of groupSettings(places, limits)) {
        write(`${places[controller]}/${name}/${file}`, value, isNeeded)
      }
      return new RunnerGroup(places, folders)
    } catch (error) {
      for (const folder of folders) removeGroup(folder)
      throw error
    }
  }

  /** Takes a process in, and what it starts from now on. Throws the system's errors. */
  add(pid: number): void {
    for (const folder of this.#folders) writeFileSync(`${folder}/cgroup.procs`, String(pid))
  }

  /** Tells whether the kernel ended something in here for want of memory. */
  ranOutOfMemory(): boolean {
    return countIn(this.#read(memoryEvents(this.#places)), 'oom_kill') > 0
  }

  /** Counts how often something in here could start no further process. */
  refusedProcesses(): number {
    return countIn(this.#read('pids.events'), 'max')
  }

  /** Kills whatever is left inside and removes the group; one that does not go is left to {@link sweepGroups}. */
  end(): Promise<void> {
    this.#ended ??= this.#empty()
    return this.#ended
  }

  async #empty(): Promise<void> {
    const untilMs = performance.now() + EMPTY_MS
    while (performance.now() < untilMs) {
      for (const folder of this.#folders) killGroup(folder)
      if (this.#folders.map(removeGroup).every((isGone) => isGone)) return
      await setTimeout(EMPTY_LOOK_MS)
    }
  }

  /** Returns what a file of the group says, of whichever controller has it; nothing where it is gone. */
  #read(file: string): string {
    return this.#folders.map((folder) => readIfThere(`${folder}/${file}`)).join('\n')
  }
}

/** Removes the groups of processes that ended without doing so; returns their names. */
export function sweepGroups(places: GroupPlaces): string[] {
  const [host, boot] = ownerName().split(' ')
  const swept = [...new Set([places.memory, places.pids])].flatMap((folder) =>
    listGroups(folder).filter((name) => {
      const [, pid, start] = name.split('-')
      if (!isDead([host, boot, pid, start].join(' '))) return false
      killGroup(`${folder}/${name}`)
      return removeGroup(`${folder}/${name}`)
    }),
  )
  return [...new Set(swept)]
}

function listGroups(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^souk-\d+-\d+-\d+$/.test(name))
  } catch {
    return []
  }
}

/** Sends every process of a group to its end: at once where the kernel can do that, else one by one. */
function killGroup(folder: string): void {
  try {
    writeFileSync(`${folder}/cgroup.kill`, '1', { flag: 'r+' })
  } catch {
    for (const pid of readIfThere(`${folder}/cgroup.procs`).split('\n').map(Number)) {
      if (pid > 0) killProcess(pid)
    }
  }
}

/** Tells whether a group is gone now: it cannot go while something is inside. */
function removeGroup(folder: string): boolean {
  try {
    rmdirSync(folder)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT'
  }
}

function write(file: string, value: string, isNeeded: boolean): void {
  try {
    writeFileSync(file, value, { flag: 'r+' })
  } catch (error) {
    if (isNeeded) throw error
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
