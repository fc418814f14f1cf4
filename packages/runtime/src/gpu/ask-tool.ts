import { execFile } from 'node:child_process'

/** Milliseconds for one tool; drivers in trouble hang, and a machine must start without them. */
const TOOL_MS = 5_000
/** Bytes of one tool's answer. */
const ANSWER_BYTES = 4 * 1024 * 1024

const NVIDIA_SMI = 'nvidia-smi'
/** Where Windows puts it for the Linux in it, whose `PATH` often lacks the folder. */
const WSL_FOLDER = '/usr/lib/wsl/lib'

/** What a tool printed, and how it ended. */
export interface Answer {
  readonly text: string
  /** What it printed on its standard error. */
  readonly complaint: string
  /** Its exit status; `missing` where there is no such tool, `late` where it was ended because it did not end. */
  readonly ended: number | 'missing' | 'late'
}

/** Runs a tool and returns what it prints. Never rejects. */
export function askTool(tool: string, args: readonly string[]): Promise<Answer> {
  const options = { timeout: TOOL_MS, maxBuffer: ANSWER_BYTES, killSignal: 'SIGKILL' } as const
  return new Promise((resolve) => {
    execFile(tool, args, options, (error, text, complaint) => {
      resolve({ text, complaint, ended: error === null ? 0 : endOf(error) })
    })
  })
}

/** Runs NVIDIA's tool, where it is. */
export async function askNvidia(args: readonly string[]): Promise<Answer> {
  const answer = await askTool(NVIDIA_SMI, args)
  return answer.ended === 'missing' ? askTool(`${WSL_FOLDER}/${NVIDIA_SMI}`, args) : answer
}

/** Returns what a tool prints, or nothing if it is missing, fails or takes too long. */
export async function ask(tool: string, args: readonly string[]): Promise<string> {
  return saidBy(await askTool(tool, args))
}

/** Returns what a tool printed that ended well, else nothing. */
export function saidBy({ text, ended }: Answer): string {
  return ended === 0 ? text : ''
}

function endOf({ code }: { code?: string | number | null }): Answer['ended'] {
  if (typeof code === 'number') return code
  // Ended by a signal, ours or another's, or for saying too much.
  return code === 'ENOENT' || code === 'EACCES' ? 'missing' : 'late'
}
