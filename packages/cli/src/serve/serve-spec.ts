import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { errorMessage } from '@souk/protocol'
import { z } from 'zod'
import { CliError } from '../errors.ts'

/** Bytes of a specification: it is written by hand. */
const SPEC_BYTES = 64 * 1024

const words = z.string().min(1)
const list = z.array(z.string())
const whole = z.number().int()

/** What a service is, in the words of the options of `souk run` and `souk map`. */
const serveSpec = z.strictObject({
  name: words.optional(),
  /** As `souk run` takes it: WASI program, source, script, or image. Files are beside the specification. */
  program: words,
  args: list.default([]),
  with: list.default([]),
  cflags: list.default([]),
  entrypoint: list.default([]),
  imageArchive: words.optional(),
  env: z.record(z.string(), z.string()).default({}),
  /** What the program sees, and the files behind it. */
  files: z.record(z.string(), z.string()).default({}),
  secrets: list.default([]),
  /** `HOST:PORT`; port 0 takes a free one. */
  listen: z
    .string()
    .regex(/^(.+):(\d{1,5})$/)
    .default('127.0.0.1:0'),
  /** The port on which an image serves HTTP. */
  port: whole.min(1).max(65_535).optional(),
  health: z.string().startsWith('/').default('/'),
  /** How many there are at all times, or between how many, within a budget. */
  replicas: z
    .union([
      whole.min(1).max(64),
      z.strictObject({
        min: whole.min(0).max(64).default(1),
        max: whole.min(1).max(64),
        budget: words,
        maxRate: words.optional(),
        /** Requests that a replica should have at the same time. */
        target: z.number().gt(0).default(1),
      }),
    ])
    .default(1),
  /** Requests that one replica is given at the same time: a lease takes so many sessions. */
  concurrency: whole.min(1).max(16).default(4),
  /** Longest time of a request. */
  deadline: words.default('30s'),
  buffer: z
    .strictObject({ requests: whole.min(0).max(10_000).default(100), wait: words.default('30s') })
    .default({ requests: 100, wait: '30s' }),
  outputLimit: words.default('16MiB'),
  cores: z.number().gt(0).default(0.1),
  memory: words.default('256MiB'),
  disk: words.default('64MiB'),
  gpu: words.optional(),
  region: words.optional(),
  maxPrice: words.optional(),
  duration: words.default('1h'),
  grace: words.default('15m'),
})
export type ServeSpec = z.output<typeof serveSpec>

/**
 * Reads the specification of a service; paths in it become absolute. Throws {@link CliError} `BAD_SPEC`, which names the
 * key and what is expected of it.
 */
export async function readServeSpec(path: string): Promise<ServeSpec> {
  const spec = parse(path, await readText(path))
  const folder = dirname(resolve(path))
  const here = (file: string) => (/^[a-z]+:\/\//.test(file) ? file : resolve(folder, file))
  return {
    ...spec,
    program: here(spec.program),
    with: spec.with.map(here),
    files: Object.fromEntries(Object.entries(spec.files).map(([name, file]) => [name, here(file)])),
    ...(spec.imageArchive === undefined ? {} : { imageArchive: here(spec.imageArchive) }),
  }
}

async function readText(path: string): Promise<string> {
  try {
    const text = await readFile(path, 'utf8')
    if (text.length <= SPEC_BYTES) return text
  } catch (cause) {
    throw bad(`a file that can be read, got: ${errorMessage(cause)}`, path, cause)
  }
  throw bad(`at most ${SPEC_BYTES} characters`, path)
}

function parse(path: string, text: string): ServeSpec {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw bad(`JSON, got: ${errorMessage(cause)}`, path, cause)
  }
  const parsed = serveSpec.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const key = issue === undefined || issue.path.length === 0 ? 'the whole' : issue.path.join('.')
  throw bad(`${key}: ${issue?.message ?? 'something else'}`, path)
}

function bad(expected: string, path: string, cause?: unknown): CliError {
  return new CliError(
    `expected the specification of a service in ${path}: ${expected}; docs/ELASTICITY.md lists its keys`,
    { code: 'BAD_SPEC', path },
    { cause },
  )
}
