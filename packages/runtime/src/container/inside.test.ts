import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ExecProcess, Executor, Inside } from '../executor.ts'
import { type DockerDaemon, noDockerReason, startDocker } from '../testing/docker-daemon.ts'
import { isStarted, underway } from '../testing/executor-compliance.ts'
import { failureCode, type TaskBench } from '../testing/task-bench.ts'
import { imageBench, shellImage } from '../testing/test-image.ts'
import { containerEngine } from './engine.ts'
import { PROGRAM_UID } from './settings.ts'
import { entryBytes, packFiles, tarEntries } from './tar.ts'

const MIB = 1024 * 1024
const missing = noDockerReason()
/** Answers each connection with what it says, in capitals. */
const SERVER =
  'while :; do /bin/busybox nc -l -p 8080 -e /bin/busybox tr a-z A-Z; done & echo $$ > up; /bin/busybox sleep 1000'

describe.skipIf(missing !== null)(
  `inside of a container${missing === null ? '' : `: skipped, ${missing}`}`,
  () => {
    let daemon: DockerDaemon
    let executor: Executor
    let bench: TaskBench
    let way: Inside
    let running: ReturnType<typeof underway>
    const signal = AbortSignal.timeout(100_000)
    beforeAll(async () => {
      daemon = await startDocker()
      const share = { memoryBytes: 64 * MIB, cores: 1, diskBytes: 16 * MIB, gpus: [] }
      executor = await containerEngine().start({ runtime: 'container/1', ...share })
      bench = imageBench(await shellImage())
      running = underway(executor, bench, bench.task([SERVER]), { deadlineMs: 100_000 })
      await running.heard(isStarted)
      const inside = executor.inside?.('attempt')
      if (inside === undefined) throw new Error('there is no way in')
      way = inside
    }, 120_000)
    afterAll(async () => {
      // Also where one of them did not come up: what did must end.
      await executor?.stop()
      await daemon?.stop()
    }, 60_000)
    const run = (script: string): Promise<ExecProcess> =>
      way.exec(['/bin/busybox', 'sh', '-c', script.replaceAll('@', '/bin/busybox ')], { terminal: null })

    test('a command has its own streams and exit code, and the limits of the program', async () => {
      const process = await run('read x; echo out $x; echo err >&2; @id -u; exit 7')
      process.stdin.end('in\n')
      const [out, err] = await Promise.all([text(process.stdout), text(process.stderr ?? process.stdout)])
      expect([out, err]).toEqual([`out in\n${PROGRAM_UID}\n`, 'err\n'])
      expect(await process.exited).toBe(7)
      const caps = await run('@grep -E "CapEff|CapBnd|NoNewPrivs|Seccomp:" /proc/self/status')
      expect((await text(caps.stdout)).replace(/\s+/g, ' ')).toMatch(
        /CapEff: 0+ CapBnd: 0+ NoNewPrivs: 1 Seccomp: 2/,
      )
    })

    test('a terminal has a size that can change', async () => {
      const shell = await way.exec(['/bin/busybox', 'sh'], { terminal: { columns: 90, rows: 30 } })
      expect(shell.stderr).toBe(null)
      const printed = text(shell.stdout)
      shell.stdin.write('/bin/busybox stty size\n')
      await shell.resize(120, 40)
      shell.stdin.write('/bin/busybox stty size; exit 3\n')
      expect(await printed).toMatch(/40 120/)
      expect(await shell.exited).toBe(3)
    })

    test('a command that is not there does not start', async () => {
      const nothing = way.exec(['/bin/nothing'], { terminal: null })
      await expect(nothing).rejects.toMatchObject({ code: 'NOT_STARTED' })
    })

    test('a command is killed with its children, and the program goes on', async () => {
      const process = await run("trap '' TERM; @sleep 500 & @sleep 500")
      await process.kill()
      expect(await process.exited).toBe(137)
      const left = await run('@ps | @grep -c "sleep 50[0]"')
      expect((await text(left.stdout)).trim()).toBe('0')
      expect(executor.inside?.('attempt')).toBeDefined()
    })

    test('its servers can be reached', async () => {
      let socket = await way.connect(8080, signal).catch(() => undefined)
      while (socket === undefined) socket = await way.connect(8080, signal).catch(() => undefined)
      socket.write('hello')
      const [answer] = await once(socket, 'data')
      expect(String(answer)).toBe('HELLO')
      socket.destroy()
      await expect(way.connect(9, signal)).rejects.toMatchObject({ code: 'NO_LISTENER' })
    })

    test('much data passes through a connection', async () => {
      const receiving = await run('@nc -l -p 9000 | @wc -c')
      let socket = await way.connect(9000, signal).catch(() => undefined)
      while (socket === undefined) socket = await way.connect(9000, signal).catch(() => undefined)
      for (let i = 0; i < 64; i += 1) {
        if (!socket.write(Buffer.alloc(65_536))) await once(socket, 'drain')
      }
      socket.end()
      expect((await text(receiving.stdout)).trim()).toBe(String(64 * 65_536))
    })

    test('files are read and written where the program may write', async () => {
      await way.write(
        '/work',
        packFiles([{ path: 'new/file', bytes: Buffer.from('text') }], { uid: PROGRAM_UID, mode: 0o644 }),
      )
      const read = await run('@cat new/file && echo more >> new/file')
      expect(await text(read.stdout)).toBe('text')
      const found: Record<string, string> = {}
      for await (const entry of tarEntries(await way.read('/work/new'))) {
        found[entry.header.name] = new TextDecoder().decode((await entryBytes(entry, 1000)) ?? undefined)
      }
      expect(found).toEqual({ 'new/': '', 'new/file': 'textmore\n' })
      await expect(way.read('/work/nothing')).rejects.toMatchObject({ code: 'NO_SUCH_PATH' })
      const tar = packFiles([{ path: 'x', bytes: new Uint8Array() }], { uid: 0, mode: 0o644 })
      await expect(way.write('/bin', tar)).rejects.toMatchObject({ code: 'NO_SUCH_PATH' })
    })

    test('everything ends with the execution', async () => {
      const process = await run('@sleep 1000')
      running.abort()
      expect(failureCode(await running.outcome)).toBe('cancelled')
      expect([-1, 137]).toContain(await process.exited)
      expect(executor.inside?.('attempt')).toBeUndefined()
    })
  },
)
