import { utf8 } from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CGI_HEAD_BYTES, CgiError, CgiReader, cgiEnvironment } from './cgi.ts'

const request = {
  method: 'POST',
  url: '/a%20b/c?x=1&y=%20',
  headers: {
    'content-type': 'text/plain',
    'x-forwarded-for': '10.0.0.1',
    proxy: 'http://evil',
    accept: 'a/b',
  },
  length: 12,
  remoteAddress: '127.0.0.1',
  server: { name: '127.0.0.1', port: 8080 },
}

describe('a request as a program of CGI finds it', () => {
  it('has its method, path, query and headers', () => {
    expect(cgiEnvironment(request)).toEqual(
      [
        'CONTENT_LENGTH=12',
        'CONTENT_TYPE=text/plain',
        'GATEWAY_INTERFACE=CGI/1.1',
        'HTTP_ACCEPT=a/b',
        'HTTP_X_FORWARDED_FOR=10.0.0.1',
        'PATH_INFO=/a b/c',
        'QUERY_STRING=x=1&y=%20',
        'REMOTE_ADDR=127.0.0.1',
        'REQUEST_METHOD=POST',
        'SCRIPT_NAME=',
        'SERVER_NAME=127.0.0.1',
        'SERVER_PORT=8080',
        'SERVER_PROTOCOL=HTTP/1.1',
        'SERVER_SOFTWARE=souk',
      ].sort(),
    )
  })

  it('cannot set what a program takes for its own settings by a header', () => {
    const headers = { 'gateway-interface': 'x', proxy: 'http://evil', x_forwarded_for: '1.2.3.4' }
    const entries = cgiEnvironment({ ...request, headers })
    expect(entries).toContain('GATEWAY_INTERFACE=CGI/1.1')
    expect(entries.filter((entry) => /^HTTP_(PROXY|X_FORWARDED_FOR)=/.test(entry))).toEqual([])
  })

  it('is refused where it is too long, or its path is no path', () => {
    const status = (change: Partial<typeof request>) => {
      try {
        cgiEnvironment({ ...request, ...change })
      } catch (error) {
        if (error instanceof CgiError) return error.data.status
        throw error
      }
      return null
    }
    expect(status({ url: `/${'x'.repeat(CGI_HEAD_BYTES)}` })).toBe(431)
    expect(status({ url: `/${'x'.repeat(4_096)}` })).toBe(431)
    expect(status({ url: '/%zz' })).toBe(400)
    expect(status({})).toBeNull()
  })
})

describe('the head of an answer', () => {
  const read = (text: string) => new CgiReader().push(utf8(text))

  it('gives status, headers and the beginning of the body', () => {
    const found = read('Status: 404 Not Found\r\nContent-Type: text/plain\r\nX-A: b\r\n\r\nbody\n\nmore')
    expect(found?.head).toEqual({
      status: 404,
      headers: [
        ['Content-Type', 'text/plain'],
        ['X-A', 'b'],
      ],
    })
    expect(Buffer.from(found?.body ?? []).toString()).toBe('body\n\nmore')
  })

  it('is 200 without a status, and 302 with a place to go to', () => {
    expect(read('Content-Type: text/plain\n\n')?.head.status).toBe(200)
    expect(read('Location: /elsewhere\n\n')?.head.status).toBe(302)
  })

  it('cannot break out of its line, nor speak for the connection', () => {
    const headers = read('Transfer-Encoding: chunked\nContent-Length: 5\nConnection: upgrade\nA: b\n\n')?.head
      .headers
    expect(headers).toEqual([['A', 'b']])
    for (const bad of ['no colon\n\n', 'A b: c\n\n', 'A: b\u0001\n\n', 'Status: 99\n\n', 'Status: x\n\n'])
      expect(() => read(bad)).toThrow(CgiError)
  })

  it('is refused where it does not end', () => {
    expect(() => read('a'.repeat(CGI_HEAD_BYTES + 1))).toThrow(CgiError)
  })

  it('reads the same however it is cut', () => {
    const text = 'Status: 201\r\nContent-Type: text/html\r\n\r\n<p>\r\n\r\n</p>'
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), text.length]
        const reader = new CgiReader()
        let head: unknown = null
        let body = ''
        for (let i = 1; i < places.length; i += 1) {
          const piece = utf8(text.slice(places[i - 1], places[i]))
          if (head === null) {
            const found = reader.push(piece)
            if (found === null) continue
            head = found.head
            body = Buffer.from(found.body).toString()
          } else body += Buffer.from(piece).toString()
        }
        expect(head).toEqual({ status: 201, headers: [['Content-Type', 'text/html']] })
        expect(body).toBe('<p>\r\n\r\n</p>')
      }),
    )
  })
})
