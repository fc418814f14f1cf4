// What scripts find besides the language: console, process, require, TextEncoder, TextDecoder and node:fs, as Node.js
// has them, as far as they make sense without a clock, a network or other processes. main.c calls what this returns.
;(host) => {
  // Numbers of WASI that scripts ask for by name.
  const ERRORS = {
    2: 'EACCES',
    20: 'EEXIST',
    28: 'EINVAL',
    31: 'EISDIR',
    44: 'ENOENT',
    48: 'ENOMEM',
    54: 'ENOTDIR',
    55: 'ENOTEMPTY',
  }
  const FOLDER = 3

  const answer = (result, call, path) => {
    if (typeof result !== 'number' || result === 0) return result
    const code = ERRORS[result] ?? `WASI${result}`
    throw Object.assign(new Error(`${code}: ${call} '${path}'`), { code, errno: result, syscall: call, path })
  }

  // Bytes that become text where text is wanted, like a Buffer.
  class Bytes extends Uint8Array {
    toString(encoding = 'utf8') {
      return decode(this, encoding)
    }
  }

  const bufferOf = (data) => {
    if (data instanceof ArrayBuffer) return data
    if (!ArrayBuffer.isView(data)) return host.encode(String(data))
    const { buffer, byteOffset, byteLength } = data
    return byteLength === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + byteLength)
  }

  const decode = (bytes, encoding) => {
    if (/^utf-?8$/i.test(encoding)) return host.decode(bufferOf(bytes))
    if (encoding === 'latin1' || encoding === 'binary')
      return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
    throw new TypeError(`expected the encoding utf8 or latin1, got ${encoding}`)
  }

  const encodingOf = (options) => (typeof options === 'string' ? options : options?.encoding)

  const fs = {
    readFileSync(path, options) {
      const wanted = path === '/dev/stdin' ? 0 : typeof path === 'number' ? path : String(path)
      const bytes = new Bytes(answer(host.read(wanted), 'open', path))
      const encoding = encodingOf(options)
      return encoding === undefined || encoding === null ? bytes : decode(bytes, encoding)
    },
    writeFileSync(path, data) {
      if (path === 1 || path === 2) answer(host.print(path, bufferOf(data)), 'write', path)
      else answer(host.write(String(path), bufferOf(data), false), 'write', path)
    },
    appendFileSync(path, data) {
      if (fs.existsSync(path)) answer(host.write(String(path), bufferOf(data), true), 'write', path)
      else fs.writeFileSync(path, data)
    },
    readdirSync: (path) => answer(host.list(String(path)), 'scandir', path).sort(),
    existsSync: (path) => typeof host.stat(String(path)) !== 'number',
    statSync(path) {
      const [type, size] = answer(host.stat(String(path)), 'stat', path)
      return { size, isDirectory: () => type === FOLDER, isFile: () => type !== FOLDER }
    },
    mkdirSync(path, options) {
      if (options?.recursive !== true) return void answer(host.change(String(path), 0), 'mkdir', path)
      let made = ''
      for (const part of String(path)
        .split('/')
        .filter((one) => one !== '' && one !== '.')) {
        made += `${part}/`
        if (!fs.existsSync(made.slice(0, -1))) fs.mkdirSync(made.slice(0, -1))
      }
    },
    unlinkSync: (path) => void answer(host.change(String(path), 1), 'unlink', path),
  }

  const [program, name, ...args] = host.args
  const process = {
    argv: [program, name, ...args],
    env: Object.fromEntries(
      host.env.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
    ),
    exitCode: undefined,
    platform: 'wasi',
    cwd: () => '/',
    exit: (code = process.exitCode ?? 0) => host.exit(code | 0),
    stdout: { write: (data) => void fs.writeFileSync(1, data) },
    stderr: { write: (data) => void fs.writeFileSync(2, data) },
  }

  class TextEncoder {
    encoding = 'utf-8'
    encode = (text = '') => new Uint8Array(host.encode(String(text)))
  }
  class TextDecoder {
    constructor(encoding = 'utf-8') {
      if (!/^utf-?8$/i.test(encoding)) throw new RangeError(`expected the encoding utf-8, got ${encoding}`)
      this.encoding = 'utf-8'
    }
    decode = (bytes = new Uint8Array()) => host.decode(bufferOf(bytes)).replace(/^\ufeff/, '')
  }

  const DEPTH = 3
  const LINE = 72
  const key = (name) =>
    typeof name === 'symbol'
      ? `[${String(name)}]`
      : /^[A-Za-z_$][\w$]*$/.test(name)
        ? name
        : JSON.stringify(name)

  const show = (value, above = []) => {
    if (typeof value === 'string') return JSON.stringify(value)
    if (typeof value === 'bigint') return `${value}n`
    if (Object.is(value, -0)) return '-0'
    if (typeof value === 'function')
      return /^class\b/.test(String(value))
        ? `[class ${value.name}]`
        : `[Function: ${value.name || '(anonymous)'}]`
    if (typeof value !== 'object' || value === null) return String(value)
    if (above.includes(value)) return '[Circular]'
    return showObject(value, [...above, value])
  }

  const showObject = (value, path) => {
    if (value instanceof Error) return showError(value)
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
    if (value instanceof RegExp) return String(value)
    const kind = value.constructor?.name ?? '[Object: null prototype]'
    const isList = Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))
    if (path.length > DEPTH) return isList ? '[Array]' : `[${kind}]`
    const inside = (one) => show(one, path)
    if (isList)
      return wrap(Array.isArray(value) ? '' : `${kind}(${value.length}) `, Array.from(value, inside), '[]')
    if (value instanceof Set) return wrap(`Set(${value.size}) `, [...value].map(inside), '{}')
    if (value instanceof Map)
      return wrap(
        `Map(${value.size}) `,
        [...value].map(([from, to]) => `${inside(from)} => ${inside(to)}`),
        '{}',
      )
    const names = Reflect.ownKeys(value).filter(
      (name) => Object.getOwnPropertyDescriptor(value, name)?.enumerable,
    )
    const entries = names.map((name) => `${key(name)}: ${inside(value[name])}`)
    return wrap(kind === 'Object' ? '' : `${kind} `, entries, '{}')
  }

  const wrap = (before, parts, [open, close]) => {
    if (parts.length === 0) return `${before}${open}${close}`
    const line = `${before}${open} ${parts.join(', ')} ${close}`
    if (line.length <= LINE && !line.includes('\n')) return line
    return `${before}${open}\n${parts.map((part) => `  ${part.replaceAll('\n', '\n  ')}`).join(',\n')}\n${close}`
  }

  const showError = (error) => {
    const head = `${error.name}: ${error.message}`
    const stack = typeof error.stack === 'string' ? error.stack.trimEnd() : ''
    const cause = error.cause === undefined ? '' : `\n  cause: ${show(error.cause)}`
    return `${stack === '' ? head : `${head}\n${stack}`}${cause}`
  }

  const line =
    (descriptor) =>
    (...values) => {
      const words = values.map((value) => (typeof value === 'string' ? value : show(value)))
      fs.writeFileSync(descriptor, `${words.join(' ')}\n`)
    }
  const [out, err] = [line(1), line(2)]
  const console = { log: out, info: out, debug: out, error: err, warn: err, trace: err }
  console.assert = (holds, ...values) => holds || err('Assertion failed:', ...values)

  const builtins = { fs, process }
  const builtin = (wanted) => builtins[wanted.replace(/^node:/, '')]
  const require = (wanted) => {
    const found = builtin(wanted)
    if (found !== undefined) return found
    throw new Error(`expected fs or process, got require(${JSON.stringify(wanted)}); import other modules`)
  }

  Object.assign(globalThis, {
    console,
    process,
    require,
    TextEncoder,
    TextDecoder,
    scriptArgs: [name, ...args],
  })

  // Modules that no file holds name what they hand on by a symbol that scripts cannot come upon by accident.
  const KEY = 'souk.builtins'
  globalThis[Symbol.for(KEY)] = builtins
  const sourceOf = (wanted) => {
    const short = wanted.replace(/^node:/, '')
    const all = `const all = globalThis[Symbol.for('${KEY}')].${short}\nexport default all\n`
    return `${all}export const { ${Object.keys(builtins[short]).join(', ')} } = all\n`
  }

  const unhandled = new Map()
  const fail = (reason) => err(`Uncaught ${reason instanceof Error ? showError(reason) : show(reason)}`)
  return {
    name,
    fail,
    script: () => fs.readFileSync(name, 'utf8').replace(/^#!.*/, ''),
    load: (wanted) => (builtin(wanted) === undefined ? fs.readFileSync(wanted, 'utf8') : sourceOf(wanted)),
    track: (promise, reason, handled) =>
      void (handled ? unhandled.delete(promise) : unhandled.set(promise, reason)),
    finish(pending) {
      for (const [, reason] of unhandled) {
        fail(reason)
        host.exit(1)
      }
      if (pending === 1) {
        err('Uncaught: the script waits for a promise that nothing settles')
        host.exit(13)
      }
      process.exit()
    },
  }
}
