import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { pack } from 'tar-stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Execution, Executor, Outcome } from '../executor.ts'
import { type DockerDaemon, has, noDockerReason, startDocker } from '../testing/docker-daemon.ts'
import { isStarted, logOf, underway } from '../testing/executor-compliance.ts'
import { expectOutput, failureCode, filesOf, stdoutText, type TaskBench } from '../testing/task-bench.ts'
import { imageBench, shellImage } from '../testing/test-image.ts'
import { containerEngine } from './engine.ts'
import { PROCESSES, PROGRAM_UID } from './settings.ts'

const MIB = 1024 * 1024
const DISK_BYTES = 16 * MIB
const MEMORY_BYTES = 128 * MIB
const missing = noDockerReason()
const gvisor = { path: '/usr/bin/runsc', runtimeArgs: ['--platform=ptrace', '--network=none'] }

testHostile('container', {})
if (has('runsc')) testHostile('gvisor', { runsc: gvisor })

function testHostile(level: 'container' | 'gvisor', runtimes: Readonly<Record<string, unknown>>): void {
  const name = `a hostile image at level ${level}`
  describe.skipIf(missing !== null)(missing === null ? name : `${name}: skipped, ${missing}`, () => {
    let daemon: DockerDaemon
    let executor: Executor
    let bench: TaskBench
    beforeAll(async () => {
      daemon = await startDocker(runtimes)
      const engine = containerEngine()
      expect(await engine.prove()).toBe(level)
      const share = { memoryBytes: MEMORY_BYTES, cores: 1, diskBytes: DISK_BYTES, gpus: [] }
      executor = await engine.start({ runtime: 'container/1', ...share })
      bench = imageBench(
        await shellImage({ Volumes: { '/data': {}, '/more/data': {}, '/slash/': {}, '/x/../dots/.': {} } }),
      )
    }, 120_000)
    afterAll(async () => {
      // Also where one of them did not come up: what did must end.
      await executor?.stop()
      await daemon?.stop()
    }, 60_000)
    const limits = () => bench.limited({ pages: 768, outputBytes: 200 * MIB })
    const run = (script: string, more: Partial<Execution> = {}): Promise<Outcome> => {
      const task = bench.task([script.replace(/(^|[;&|(\n] *)@/g, '$1/bin/busybox ')], limits())
      return executor.run(bench.execution(task, more), new AbortController().signal)
    }
    const say = async (script: string) => stdoutText(await run(script)).trim()

    test('a fork bomb ends at the limit of processes, and with its container', async () => {
      const bomb = underway(executor, bench, bench.task(['f() { f | f & f; }; f'], limits()), {
        deadlineMs: 4_000,
      })
      const most = await peak(bomb.outcome)
      expect(['deadline', 'out-of-memory', 'output exit']).toContain(failureCode(await bomb.outcome))
      expect(most).toBeLessThanOrEqual(PROCESSES + 16)
      expect(await say('echo fine')).toBe('fine')
      expect(processes()).toBe(0)
    })

    test('a memory bomb is a failure, and harms nobody else', async () => {
      const bomb = 'x=a; while :; do x=$x$x; done'
      expect(['out-of-memory', 'output exit', 'output trap']).toContain(failureCode(await run(bomb)))
      expect(await say('echo fine')).toBe('fine')
    })

    test('disk is had up to its limit, and only in folders that are bounded', async () => {
      const fill = (path: string) =>
        `@dd if=/dev/zero of=${path}/x bs=64k count=100000 2>&1; @rm -f ${path}/x`
      expect(await say(fill('/work'))).toMatch(/No space left/)
      for (const path of ['/', '/etc', '/bin', '/run', '/sys', '/proc']) {
        expect(await say(`echo x > ${path}/x; echo $?`), path).not.toBe('0')
      }
      // Memory file systems: full at their size, or at the memory of the task.
      for (const path of ['/tmp', '/dev/shm', '/data', '/more/data', '/slash', '/dots']) {
        const outcome = await run(fill(path))
        if (outcome.kind === 'failed') expect(outcome.code, path).toBe('out-of-memory')
        else expect(stdoutText(outcome), path).toMatch(/No space left|out of memory/i)
      }
    })

    test('files without content count too', async () => {
      const outcome = await run('i=0; while : > f$i; do i=$((i+1)); done; echo $i')
      expect(['output output-limit', 'output exit']).toContain(failureCode(outcome))
      expect(expectOutput(outcome).files).toEqual([])
    })

    test('there is no network but its own loopback', async () => {
      const server = createServer().listen(0, '127.0.0.1')
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      expect(await say(`@nc -w 1 127.0.0.1 ${port} </dev/null; echo $?`)).not.toBe('0')
      expect(await say('@nc -w 1 1.1.1.1 443 </dev/null; echo $?')).not.toBe('0')
      expect(await say('@nc -w 1 169.254.169.254 80 </dev/null; echo $?')).not.toBe('0')
      expect(await say("@cat /proc/net/dev | @grep -c -E '^ *(eth|en|wl|veth|docker)' ; true")).toBe('0')
      server.close()
    })

    test('nothing gives it privileges', async () => {
      expect(await say('@id -u; @id -G')).toBe(`${PROGRAM_UID}\n${PROGRAM_UID}`)
      const forbidden = [
        '@mount -t tmpfs x /tmp',
        '@mknod /work/disk b 8 0',
        '@chroot /work /bin/busybox true',
        '@chown 0:0 /work',
        '@su -c true',
        '@hostname other',
        '@date -s 2000-01-01; [ $(@date +%Y) = 2000 ]',
        '@insmod /work/x',
        '@reboot -f',
        '@kill -9 1',
        '@umount /run/secrets',
        '@ls /proc/1/root/',
        '@nice -n -5 true',
        'echo 1 > /proc/sys/kernel/panic',
        'echo core > /proc/sys/kernel/core_pattern',
        'echo b > /proc/sysrq-trigger',
        'echo 0 > /sys/fs/cgroup/memory/memory.limit_in_bytes',
        'echo x > /dev/kmsg',
        '@cat /dev/mem',
        '@cat /dev/loop0',
      ]
      // A program of gVisor is the first of its own kernel's processes; the rest of the list holds there alike.
      const tried = forbidden.filter((command) => level === 'container' || !FIRST_PROCESS.test(command))
      const script = tried.map((command) => `(${command}) >/dev/null 2>&1 && echo done || echo refused`)
      const answers = (await say(script.join('\n'))).split('\n')
      expect(tried.map((command, i) => [command, answers[i]])).toEqual(
        tried.map((command) => [command, 'refused']),
      )
    })

    test('a device or a program of root that its owner brings in is worth nothing', async () => {
      const waiting = underway(executor, bench, bench.task([WAIT.replace(/@/g, '/bin/busybox ')], limits()))
      await waiting.heard(isStarted)
      const shell = readFileSync('/bin/busybox')
      const tar = pack()
      tar.entry({ name: 'disk', type: 'block-device', mode: 0o666, ...{ devmajor: 7, devminor: 0 } })
      tar.entry({ name: 'id', uid: 0, gid: 0, mode: 0o4755 }, shell)
      tar.entry({ name: 'go' }, '')
      tar.finalize()
      await executor
        .inside?.('attempt')
        ?.write('/work', tar)
        .catch(() => undefined)
      const go = pack()
      go.entry({ name: 'go' }, '')
      go.finalize()
      await executor.inside?.('attempt')?.write('/work', go)
      const lines = stdoutText(await waiting.outcome)
        .trim()
        .split('\n')
      expect(lines).toEqual(['refused', String(PROGRAM_UID)])
    })

    test('a flood of output ends it, or is dropped', async () => {
      const task = bench.task(['/bin/busybox yes'], bench.limited({ outputBytes: 500_000 }))
      const flood = underway(executor, bench, task)
      const outcome = expectOutput(await flood.outcome)
      expect(outcome.status).toEqual({ kind: 'output-limit' })
      expect(outcome.stdout.byteLength).toBe(500_000)
      const errors = underway(executor, bench, bench.task(['/bin/busybox yes >&2']), { deadlineMs: 1_500 })
      expect(failureCode(await errors.outcome)).toBe('deadline')
      expect(logOf(errors.news, 'stderr').length).toBeLessThanOrEqual(MIB)
    })

    test('ignoring signals does not help', async () => {
      const deaf = underway(executor, bench, bench.task(["trap '' TERM INT HUP QUIT; while :; do :; done"]))
      await deaf.heard(isStarted)
      deaf.abort()
      expect(failureCode(await deaf.outcome)).toBe('cancelled')
      expect(await say('echo fine')).toBe('fine')
    })

    test('processes in the background end with their program', async () => {
      expect(await say('@sleep 1000 & @setsid /bin/busybox sleep 1000 & echo over')).toBe('over')
      expect(await say('@ps | @grep -c "sleep 100[0]"; true')).toBe('0')
    })

    test('of what it leaves only files are taken, and links lead nowhere else', async () => {
      const outcome = await run(
        'echo a > a; @ln a b; @ln -s /etc/shadow c; @ln -s a d; @mkfifo e; echo x > "f:g"; @mkdir -p h/i; echo j > h/i/j',
      )
      expect(filesOf(outcome)).toEqual([
        ['a', 'a\n'],
        ['b', 'a\n'],
        ['h/i/j', 'j\n'],
      ])
      expect(expectOutput(outcome).log).toMatch(/f:g/)
    })

    test('a storm of checkpoints is heard now and then', async () => {
      const storm =
        '@mkdir checkpoint; i=0; while [ $i -lt 300 ]; do : > checkpoint/$i.part; @mv checkpoint/$i.part checkpoint/$i; @rm checkpoint/$i; i=$((i+1)); done; : > checkpoint/last.part; @mv checkpoint/last.part checkpoint/last; @sleep 2'
      const storming = underway(executor, bench, bench.task([storm.replace(/@/g, '/bin/busybox ')], limits()))
      const outcome = expectOutput(await storming.outcome)
      const heard = storming.news.filter(({ kind }) => kind === 'checkpoint')
      expect(heard.length).toBeLessThanOrEqual(outcome.runMs / 250 + 1)
      expect(heard.at(-1)).toMatchObject({ files: [{ path: 'last' }] })
    })

    test('secrets are where they belong, and nowhere else', async () => {
      const secrets = new Map([['key', new TextEncoder().encode('psst')]])
      const outcome = await run('@cat /run/secrets/key; @cat /proc/self/mounts | @grep /run/secrets', {
        secrets,
      })
      expect(stdoutText(outcome)).toMatch(/^psst/)
      expect(expectOutput(outcome).files).toEqual([])
      expect(await say('@ls -A /run/secrets')).toBe('')
    })
  })
}

/** What would harm the first process, which a program of gVisor is itself. */
const FIRST_PROCESS = /kill -9 1|proc\/1\/root|nice/

/** Waits for a file, then tries what else came with it. */
const WAIT =
  'while ! [ -e go ]; do @sleep 0.1; done; (@cat disk >/dev/null 2>&1 && echo done) || echo refused; ([ -e id ] && ./id id -u) || @id -u'

/** Returns the most processes of programs that there were at once until `end`. */
async function peak(end: Promise<unknown>): Promise<number> {
  let most = 0
  let over = false
  void end.then(() => {
    over = true
  })
  while (!over) {
    most = Math.max(most, processes())
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return most
}

/** Counts the processes of programs on this machine. */
function processes(): number {
  return readdirSync('/proc').filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) &&
        new RegExp(`^Uid:\\t${PROGRAM_UID}\\t`, 'm').test(readFileSync(`/proc/${pid}/status`, 'utf8'))
      )
    } catch {
      return false
    }
  }).length
}
