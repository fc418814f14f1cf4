import { SoukError } from '@souk/protocol'
import type { ReplicaRequest } from './front.ts'

/** Bytes of the head of an answer, and of what a request says about itself: far above what browsers send. */
export const CGI_HEAD_BYTES = 32 * 1024

/** A request that cannot be put to a program, or an answer that is none; `status` is what the client is told. */
export class CgiError extends SoukError<{ code: 'BAD_REQUEST' | 'BAD_ANSWER'; status: number }> {}

/**
 * Returns a request as a program of CGI 1.1 finds it in its environment (RFC 3875 §4.1), sorted.
 *
 * Headers come as `HTTP_NAME`, but for those that are credentials of the client for us, and `Proxy`, which a program
 * would take for a setting of its own. Throws {@link CgiError} where it is too long.
 */
export function cgiEnvironment(request: Omit<ReplicaRequest, 'body' | 'deadlineMs'>): string[] {
  const { method, url, headers, length, remoteAddress, server } = request
  const [path = '/', query = ''] = splitOnce(url, '?')
  const named = Object.entries(headers).flatMap(([name, value]) => {
    // With an underscore it could pass for another one that a proxy in front of us has set.
    if (value === undefined || HIDDEN.has(name) || name.includes('_')) return []
    return [[`HTTP_${name.toUpperCase().replaceAll('-', '_')}`, [value].flat().join(', ')]]
  })
  const all = Object.fromEntries([
    ...named,
    ['GATEWAY_INTERFACE', 'CGI/1.1'],
    ['SERVER_PROTOCOL', 'HTTP/1.1'],
    ['SERVER_SOFTWARE', 'souk'],
    ['SERVER_NAME', server.name],
    ['SERVER_PORT', String(server.port)],
    ['REMOTE_ADDR', remoteAddress],
    ['REQUEST_METHOD', method],
    ['SCRIPT_NAME', ''],
    ['PATH_INFO', decodedPath(path)],
    ['QUERY_STRING', query],
    ...(length === null ? [] : [['CONTENT_LENGTH', String(length)]]),
    ...(headers['content-type'] === undefined ? [] : [['CONTENT_TYPE', headers['content-type']]]),
  ]) as Record<string, string>
  const entries = Object.entries(all).map(([name, value]) => `${name}=${value.replaceAll('\0', '')}`)
  const bytes = entries.reduce((sum, entry) => sum + Buffer.byteLength(entry), 0)
  if (bytes > CGI_HEAD_BYTES || entries.length > MOST_ENTRIES || entries.some(isTooLong)) {
    const message = `expected an address and headers of at most ${CGI_HEAD_BYTES} bytes, got ${bytes}; send fewer`
    throw new CgiError(message, { code: 'BAD_REQUEST', status: 431 })
  }
  return entries.sort()
}

/** Entries that a call's environment takes, and characters of one (PROTOCOL §13.2). */
const MOST_ENTRIES = 256
const ENTRY_CHARS = 4_096
/** Headers that are not handed on: about this connection alone, or taken by programs for something else. */
const HIDDEN = new Set([
  'connection',
  'content-length',
  'content-type',
  'keep-alive',
  'proxy',
  'te',
  'upgrade',
])

function isTooLong(entry: string): boolean {
  return entry.length > ENTRY_CHARS
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch (cause) {
    const message = `expected a path with whole %-codes, got ${path.slice(0, 64)}`
    throw new CgiError(message, { code: 'BAD_REQUEST', status: 400 }, { cause })
  }
}

/** The head of an answer. */
export interface CgiHead {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
}

/** Reads the head that an answer begins with (RFC 3875 §6), as its bytes come. */
export class CgiReader {
  #head: Uint8Array = new Uint8Array()

  /**
   * Takes in what came; returns the head and the beginning of the body once the head is whole, else null. Throws
   * {@link CgiError} for what is no head.
   */
  push(bytes: Uint8Array): { head: CgiHead; body: Uint8Array } | null {
    const all = Buffer.concat([this.#head, bytes])
    const end = endOfHead(all)
    if (end === null) {
      if (all.byteLength > CGI_HEAD_BYTES) throw badAnswer(`no empty line within ${CGI_HEAD_BYTES} bytes`)
      this.#head = all
      return null
    }
    return { head: headOf(all.toString('latin1', 0, end.at)), body: all.subarray(end.at + end.length) }
  }
}

/** Finds the empty line; lines may end without a carriage return. */
function endOfHead(bytes: Buffer): { at: number; length: number } | null {
  const ends = ['\r\n\r\n', '\n\n'].flatMap((mark) => {
    const at = bytes.indexOf(mark)
    return at === -1 ? [] : [{ at, length: mark.length }]
  })
  const [first] = ends.sort((a, b) => a.at - b.at)
  return first ?? null
}

function headOf(text: string): CgiHead {
  const lines = text.split(/\r?\n/)
  const fields = lines.map((line): [string, string] => {
    const [name = '', value] = splitOnce(line, ':')
    if (value === undefined || !FIELD_NAME.test(name) || !FIELD_VALUE.test(value)) {
      throw badAnswer(`the line ${JSON.stringify(line.slice(0, 64))}`)
    }
    return [name, value.trim()]
  })
  const find = (wanted: string) => fields.find(([name]) => name.toLowerCase() === wanted)?.[1]
  const isRedirect = find('location') !== undefined
  const status =
    find('status') === undefined ? (isRedirect ? 302 : 200) : Number.parseInt(find('status') ?? '', 10)
  if (!(status >= 200 && status <= 599)) throw badAnswer(`the status ${find('status')}`)
  return { status, headers: fields.filter(([name]) => !OURS.has(name.toLowerCase())) }
}

/** What the connection to the client says, and no program. */
const OURS = new Set([
  ...['status', 'connection', 'content-length', 'transfer-encoding', 'keep-alive', 'upgrade', 'trailer'],
])
const FIELD_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

function badAnswer(what: string): CgiError {
  return new CgiError(
    `expected an answer that begins with lines such as Content-Type: text/plain and an empty one, got ${what}; see RFC 3875`,
    { code: 'BAD_ANSWER', status: 502 },
  )
}

function splitOnce(text: string, mark: string): [string, string?] {
  const at = text.indexOf(mark)
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + mark.length)]
}
