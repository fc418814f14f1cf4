import { createHash } from 'node:crypto'
import { errorMessage, LIMITS } from '@souk/protocol'
import { InputError } from './input-error.ts'
import type { InputFile } from './input-file.ts'
import { tooLarge } from './read-file.ts'

/** Redirects followed for one file. */
const MOST_REDIRECTS = 5
/** Milliseconds without a byte after which a download is given up; also for the answer to begin. */
const STALL_MS = 30_000

/**
 * Returns the file at an http(s) address that ends in `#sha256=` and its digest in hexadecimal.
 *
 * Throws {@link InputError} `BAD_SOURCE` and, for an address without digest, `NO_DIGEST`. Reading it throws
 * `DOWNLOAD_FAILED`, `FILE_TOO_LARGE` and `WRONG_DIGEST`.
 */
export function httpFile(address: string): InputFile {
  const url = parse(address)
  const digest = /^#sha256=([0-9a-f]{64})$/i.exec(url.hash)?.[1]?.toLowerCase()
  if (digest === undefined) throw noDigest(address)
  const name = lastSegment(url)
  return {
    ...{ path: '', name, from: address, bytes: null },
    open: (signal) => verified(download(url, signal), digest, address),
  }
}

function parse(address: string): URL {
  try {
    return new URL(address)
  } catch (cause) {
    throw new InputError(
      `expected an address such as https://host/file#sha256=…, got ${address}; check it`,
      { code: 'BAD_SOURCE', file: address },
      { cause },
    )
  }
}

function lastSegment({ pathname, hostname }: URL): string {
  const last = pathname.split('/').findLast((part) => part !== '') ?? hostname
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}

async function* verified(
  source: AsyncIterable<Uint8Array>,
  digest: string,
  address: string,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  for await (const chunk of source) {
    hash.update(chunk)
    yield chunk
  }
  const got = hash.digest('hex')
  if (got !== digest) throw wrongDigest(address, digest, got)
}

async function* download(url: URL, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const stall = startStall(signal)
  try {
    const response = await request(url, stall.signal)
    const announced = Number(response.headers.get('content-length') ?? 0)
    if (announced > LIMITS.fileBytes) throw tooLarge(url.href, announced)
    let bytes = 0
    for await (const chunk of response.body ?? []) {
      stall.progress()
      bytes += chunk.byteLength
      if (bytes > LIMITS.fileBytes) throw tooLarge(url.href, bytes)
      yield chunk
    }
  } catch (cause) {
    throw cause instanceof InputError || signal.aborted
      ? cause
      : failed(url, null, errorMessage(cause), cause)
  } finally {
    stall.end()
  }
}

/** Follows redirects by hand: they are bounded, and none leads from https to http. */
async function request(first: URL, signal: AbortSignal): Promise<Response> {
  let url = first
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const headers = { 'accept-encoding': 'identity' }
    const response = await fetch(url, { redirect: 'manual', headers, signal })
    const location = response.headers.get('location')
    if (response.status < 300 || response.status > 399 || location === null) {
      if (response.ok) return response
      await response.body?.cancel()
      throw failed(first, response.status, `it answered ${response.status}`)
    }
    await response.body?.cancel()
    const next = new URL(location, url)
    const isDowngrade = url.protocol === 'https:' && next.protocol !== 'https:'
    if (isDowngrade || !/^https?:$/.test(next.protocol))
      throw failed(first, null, `it leads to ${next.origin}`)
    url = next
  }
  throw failed(first, null, `it redirects more than ${MOST_REDIRECTS} times`)
}

/** Aborts with its parent, or when no progress was told for `STALL_MS`. */
function startStall(parent: AbortSignal) {
  const control = new AbortController()
  const onParent = () => control.abort(parent.reason)
  const onTime = () => control.abort(new Error(`nothing came for ${STALL_MS / 1000} s`))
  let timer = setTimeout(onTime, STALL_MS)
  parent.addEventListener('abort', onParent, { once: true })
  if (parent.aborted) onParent()
  return {
    signal: control.signal,
    progress() {
      clearTimeout(timer)
      timer = setTimeout(onTime, STALL_MS)
    },
    end() {
      clearTimeout(timer)
      parent.removeEventListener('abort', onParent)
      control.abort()
    },
  }
}

function failed(url: URL, status: number | null, why: string, cause?: unknown): InputError {
  return new InputError(
    `expected to download ${url.href}, but ${why}; check the address, or download it yourself and name the file`,
    { code: 'DOWNLOAD_FAILED', file: url.href, status },
    { cause },
  )
}

function noDigest(file: string): InputError {
  return new InputError(
    `expected the digest of what is at ${file}, so that every machine runs on the same bytes; ` +
      'download it, take its digest with sha256sum, and add #sha256=DIGEST to the address',
    { code: 'NO_DIGEST', file },
  )
}

function wrongDigest(file: string, expected: string, got: string): InputError {
  return new InputError(
    `expected content with the SHA-256 ${expected} at ${file}, got ${got}; it has changed, or is not what you meant`,
    { code: 'WRONG_DIGEST', file, digest: got },
  )
}
