import { jobSecrets, PROBLEM_CHARS, put, type SecretUse, type Write } from '@souk/engine'
import { errorMessage, readsSecrets, type SecretFiles, secretFiles } from '@souk/protocol'
import type { Journal } from '@souk/storage'
import { JobError } from './job-error.ts'
import type { JobSpec } from './job-spec.ts'
import { readRow } from './read-rows.ts'

/** Returns secrets of the user by name, each with bytes of its own; throws where one cannot be had. */
export type ReadSecrets = (names: readonly string[]) => Promise<ReadonlyMap<string, Uint8Array>>

/** Holds the secrets of running jobs: their names are in the journal, what they hold is in memory alone. */
export class SecretDesk {
  readonly #journal: Journal
  readonly #read: ReadSecrets | undefined
  readonly #files = new Map<string, SecretFiles>()

  constructor(journal: Journal, read: ReadSecrets | undefined) {
    this.#journal = journal
    this.#read = read
  }

  /**
   * Reads the secrets that a job names. Throws {@link JobError} `SECRETS_REFUSED` where its engine takes none,
   * `NO_SECRETS` where tasks read some and the job or this requester has none, `BAD_SECRETS` where they are too much,
   * and what reading throws.
   */
  async read({ tasks, secrets: uses = [] }: Pick<JobSpec, 'tasks' | 'secrets'>): Promise<SecretFiles> {
    const readers = tasks.filter(readsSecrets)
    if (readers.length > 0 && uses.length === 0)
      throw noSecrets('the names of secrets for tasks that read some')
    if (uses.length > 0 && readers.some(({ engine }) => engine === 'wasm-det/1')) throw refused()
    return this.#filesOf(uses)
  }

  /** Returns the row that names a job's secrets, so that they are found again after a restart. */
  rows(job: string, uses: readonly SecretUse[] = []): Write[] {
    return uses.length === 0 ? [] : [put(jobSecrets, job, { uses: [...uses], problem: null })]
  }

  /** Holds secrets until the job is over. */
  hold(job: string, files: SecretFiles): void {
    if (files.length > 0) this.#files.set(job, files)
  }

  /** Returns what providers of a job get; nothing once it is over. */
  of(job: string): SecretFiles {
    return this.#files.get(job) ?? []
  }

  /** Reads the secrets of a job of an earlier run again; returns why it cannot go on, which is kept, or null. */
  async takeUp(job: string): Promise<unknown> {
    const row = await readRow(this.#journal, jobSecrets, job)
    if (row === undefined) return null
    try {
      this.hold(job, await this.#filesOf(row.uses))
      return null
    } catch (error) {
      const problem = errorMessage(error).slice(0, PROBLEM_CHARS)
      await this.#journal.commit([put(jobSecrets, job, { ...row, problem })], 'committed')
      return error
    }
  }

  /** Overwrites the secrets of a job that is over. */
  forget(job: string): void {
    for (const { bytes } of this.of(job)) bytes.fill(0)
    this.#files.delete(job)
  }

  async #filesOf(uses: readonly SecretUse[]): Promise<SecretFiles> {
    if (uses.length === 0) return []
    if (this.#read === undefined) throw noSecrets('a place where this requester keeps secrets')
    const found = await this.#read(uses.map(({ secret }) => secret))
    const files = uses.map(({ file, secret }) => {
      const bytes = found.get(secret)
      if (bytes === undefined) throw noSecrets(`a secret ${secret}`)
      return { name: file, bytes }
    })
    const checked = secretFiles.safeParse(files)
    if (checked.success) return checked.data
    throw tooMuch(checked.error.issues[0]?.message ?? 'secrets within their bounds')
  }
}

/** Returns why a job of an earlier run ended without its secrets; null where it did not. */
export async function secretsProblem(journal: Journal, job: string): Promise<string | null> {
  return (await readRow(journal, jobSecrets, job))?.problem ?? null
}

function refused(): JobError {
  return new JobError(
    'expected no secrets with wasm-det/1, whose results anybody must be able to check; use wasm/1 or container/1',
    { code: 'SECRETS_REFUSED' },
  )
}

function noSecrets(expected: string): JobError {
  return new JobError(
    `expected ${expected}, there is none; name the secrets with the job, and keep them first`,
    {
      code: 'NO_SECRETS',
    },
  )
}

function tooMuch(expected: string): JobError {
  return new JobError(`${expected}, among the secrets of a job; take fewer or shorter ones`, {
    code: 'BAD_SECRETS',
  })
}
