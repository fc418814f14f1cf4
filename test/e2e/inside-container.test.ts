import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { utf8 } from '@souk/protocol'
import type { Requester } from '@souk/requester'
import { type JobRequest, readJob } from '@souk/requester/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type DockerDaemon,
  has,
  noDockerReason,
  startDocker,
} from '../../packages/runtime/src/testing/docker-daemon.ts'
import { shellImage } from '../../packages/runtime/src/testing/test-image.ts'
import { newParty, startBuyer } from './support/buyer.ts'
import { soukIn } from './support/cli.ts'
import { demandOf, requestOf } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

const missing = noDockerReason()
const TOKEN = 10n ** 18n
/** Answers each connection with what it says, in capitals, and says that it is up. */
const SERVER =
  'echo up; while :; do /bin/busybox nc -l -p 8080 -e /bin/busybox tr a-z A-Z; done & /bin/busybox sleep 1000'

describe.skipIf(missing !== null)(
  `inside of a leased container${missing === null ? '' : `: skipped, ${missing}`}`,
  () => {
    let daemon: DockerDaemon
    let stage: Stage
    let folder: string
    let souk: ReturnType<typeof soukIn>
    let request: JobRequest
    let job: string
    beforeAll(async () => {
      daemon = await startDocker()
      folder = mkdtempSync(join(tmpdir(), 'souk-inside-'))
      const image = await shellImage()
      const archive = join(folder, 'image.tar')
      writeFileSync(archive, image.bytes)
      stage = await Stage.open(plan(1, 0.6))
      souk = soukIn(stage)
      request = {
        ...requestOf('', [[SERVER]], { deadlineMs: 600_000, demand: demandOf({ runtime: 'container/1' }) }),
        program: { reference: image.id, archive, entrypoint: null },
      }
      const started = await stage.start(request)
      started.done.catch(() => {})
      job = await started.id
      await until('the program is up', async () => {
        const failed = started.events.find((event) => event.kind === 'task-failed')
        if (failed !== undefined) throw new Error(`the program did not come up: ${JSON.stringify(failed)}`)
        return (await souk.run(['logs', job])).stdout === 'up\n'
      })
    }, 240_000)
    afterAll(async () => {
      await stage?.stop()
      await daemon?.stop()
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    })
    const sh = (script: string) => ['/bin/busybox', 'sh', '-c', script.replaceAll('@', '/bin/busybox ')]

    test('a command has our input, its own two outputs, and gives us its exit code', async () => {
      const exec = souk.start(['exec', '-i'], job, '--', ...sh('read x; echo got $x; echo err >&2; exit 5'))
      exec.child.stdin?.end('typed\n')
      expect(await exec.ended).toBe(5)
      expect(exec.said.stdout).toBe('got typed\n')
      expect(exec.said.stderr).toContain('err\n')
      const nothing = await souk.run(['exec'], job, '--', '/bin/nothing')
      expect(nothing.stderr).toContain('[NOT_STARTED]')
    })

    test.skipIf(!has('script'))('a shell has a terminal, and ours is as it was afterwards', async () => {
      const shell = souk.start(['exec', '-it'], job, '--', '/bin/busybox', 'sh')
      // Without a terminal it does not begin.
      expect(await shell.ended).toBe(2)
      expect(shell.said.stderr).toContain('[BAD_OPTION]')
      const inner = shell.child.spawnargs.map((word) => `'${word}'`).join(' ')
      const outer = `stty cols 93 rows 31; before=$(stty -g); ${inner}; code=$?; [ "$before" = "$(stty -g)" ] && echo same; exit $code`
      const typed = souk.inTerminal(outer)
      await until('the shell asks', () => typed.said.stdout.includes('#') || typed.said.stdout.includes('$ '))
      typed.child.stdin?.write('/bin/busybox stty size; exit 7\r')
      expect(await typed.ended).toBe(7)
      expect(typed.said.stdout).toContain('31 93')
      expect(typed.said.stdout).toContain('same')
    })

    test('a port here leads to the program’s, for several connections, until Ctrl-C', async () => {
      const forward = souk.start(['forward', job, '0:8080'])
      const port = await until('the port is there', () => {
        const found = /^127\.0\.0\.1:(\d+) leads to port 8080/.exec(forward.said.stdout)
        return found === null ? undefined : Number(found[1])
      })
      for (const said of ['first', 'second']) {
        const socket = createConnection({ port, host: '127.0.0.1', allowHalfOpen: true })
        socket.end(said)
        expect(await text(socket)).toBe(said.toUpperCase())
      }
      forward.child.kill('SIGINT')
      expect(await forward.ended).toBe(0)
      const refused = createConnection({ port, host: '127.0.0.1' })
      await expect(once(refused, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    })

    test('files go in and come out, and nothing is replaced unless told', async () => {
      const bytes = randomBytes(2_000_000)
      writeFileSync(join(folder, 'large'), bytes)
      const copied = await souk.run(['cp', join(folder, 'large'), `${job}:/work`])
      expect(copied, copied.stderr).toMatchObject({ code: 0, stdout: '1 file, 1.9 MiB\n' })
      const again = await souk.run(['cp', join(folder, 'large'), `${job}:.`])
      expect(again.stderr).toContain('[OUT_EXISTS]')
      const made = await souk.run(['exec'], job, '--', ...sh('@mkdir out; @cp large out/copy; @ls /work'))
      expect(made.code, made.stderr).toBe(0)
      const target = join(folder, 'here')
      expect((await souk.run(['cp', `${job}:out`, target])).code).toBe(0)
      expect(readFileSync(join(target, 'copy')).equals(bytes)).toBe(true)
      expect((await souk.run(['cp', `${job}:out`, target])).code).toBe(0)
      const replaced = await souk.run(['cp', `${job}:out/copy`, join(target, 'copy')])
      expect(replaced.stderr).toContain('[OUT_EXISTS]')
      expect((await souk.run(['cp', `${job}:nothing`, target])).code).toBe(3)
    })

    test('a shell lives on when the connection breaks, and ends with its job', async () => {
      const buyer: Requester = await startBuyer(stage, await newParty(stage, 'second', 10n * TOKEN))
      try {
        const demand = request.demand
        await until('the offer is found', () => buyer.offers(demand).candidates.length > 0)
        const runner = await buyer.run(await readJob(request), 'second-job')
        const target = { name: 'second-job' }
        await until('it is up', async () => {
          try {
            for await (const news of buyer.sessions.logs(target, false)) return news.kind === 'written'
          } catch {
            // Not dispatched yet.
          }
          return false
        })
        const [place] = buyer.sessions.places()
        const shell = await buyer.sessions.exec(target, ['/bin/busybox', 'sh'], { columns: 80, rows: 24 })
        let printed = ''
        const reading = (async () => {
          for await (const { bytes } of shell.output) printed += Buffer.from(bytes)
        })()
        reading.catch(() => {})
        await shell.write(
          utf8('i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; echo all "done"\r'),
        )
        const { peerId } = [...buyer.leases.values()][0]?.state.purchase ?? {}
        for (let i = 0; i < 3; i++) {
          await until('some more was printed', () => printed.length > 50_000 * i)
          await buyer.node.disconnect(peerId ?? '')
        }
        await until('all was printed', () => printed.includes('all done'))
        const lines = [...printed.matchAll(/^line (\d+)\r$/gm)].map((match) => Number(match[1]))
        expect(lines).toEqual(Array.from({ length: 20_000 }, (_, i) => i))
        expect(buyer.sessions.places()).toEqual([place])
        await runner.post({ type: 'stop', state: 'cancelled' })
        await expect(reading).rejects.toMatchObject({ code: 'ENDED' })
      } finally {
        await buyer.stop()
      }
    })
  },
)
