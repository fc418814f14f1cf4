import type { TaskOutcome } from '@souk/requester'
import type { Command } from 'commander'
import { printJson, size } from '../commands/shared.ts'
import { writeOut } from '../inside/write-out.ts'
import type { Owner } from '../owner.ts'
import type { JobEnd } from '../run/follow.ts'
import { filesOf, readPieces } from './fetch-outcome.ts'
import { writeOutputs } from './output-folder.ts'

/** Options that say where a result goes. */
export interface OutcomeOptions {
  json: boolean
  out?: string
  force: boolean
}

/** Adds the options that say where a result goes. */
export function addOutcomeOptions(command: Command): Command {
  return command
    .option('--out <dir>', 'folder for the files that the program writes')
    .option('--force', 'replace files that are in --out', false)
}

/**
 * Gives a result to the user: its files below `--out`, its standard output as it is, or everything as one JSON
 * document; there, files that went to a folder come without their bytes. Throws as `writeOutputs`.
 */
export async function handOver(
  owner: Owner,
  end: Omit<JobEnd, 'interrupted'>,
  outcome: TaskOutcome,
  { out, force, json }: OutcomeOptions,
): Promise<void> {
  const files = filesOf(owner, end.job, outcome)
  const stdout = readPieces(owner, end.job, outcome.index, outcome.output?.stdout ?? '')
  // First what needs no place: a folder that does not fit must not keep it back.
  if (!json) for await (const piece of stdout) await writeOut(process.stdout, piece)
  const written = out === undefined ? undefined : await writeOutputs(out, files, { force })
  if (json) {
    const { index, output, failure } = outcome
    const shown = await Promise.all(
      files.map(async ({ path, bytes, content }) => ({
        path,
        bytes: written === undefined ? await whole(content()) : bytes,
      })),
    )
    return printJson({ ...end, index, output, stdout: await whole(stdout), files: shown, failure, written })
  }
  if (written !== undefined)
    say(`wrote ${count(written.files)}, ${size(written.bytes)}, to ${written.folder}`)
  else if (files.length > 0) say(`the program wrote ${count(files.length)}; --out DIR keeps them`)
}

async function whole(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of source) parts.push(part)
  return new Uint8Array(Buffer.concat(parts))
}

function count(files: number): string {
  return files === 1 ? '1 file' : `${files} files`
}

function say(sentence: string): void {
  process.stderr.write(`souk: ${sentence}\n`)
}
