import { describe, expect, it } from 'vitest'
import { countIn, groupPlaces, groupSettings } from './group-places.ts'

const V2_MOUNT = '30 23 0:27 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot'
const HYBRID = `31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw`

describe('groups', () => {
  it('of version 2 lie below the group of this process', () => {
    const unit = '/user.slice/user-1000.slice/user@1000.service/app.slice/souk.service'
    const folder = `/sys/fs/cgroup${unit}`
    expect(groupPlaces(`0::${unit}\n`, V2_MOUNT)).toEqual({ version: 2, memory: folder, pids: folder })
  })

  it('of version 2 in a container that sees its own part alone', () => {
    const own = { version: 2, memory: '/sys/fs/cgroup', pids: '/sys/fs/cgroup' }
    expect(groupPlaces('0::/\n', V2_MOUNT)).toEqual(own)
    const part = V2_MOUNT.replace(' / ', ' /docker/0123 ')
    expect(groupPlaces('0::/docker/0123\n', part)).toEqual(own)
    expect(groupPlaces('0::/docker/0123/a\n', part)).toMatchObject({ memory: '/sys/fs/cgroup/a' })
  })

  it('of version 1 have a folder for each controller, also where both versions are mounted', () => {
    const cgroup = '8:pids:/\n4:memory:/some/group\n1:cpu,cpuacct:/\n0::/\n'
    expect(groupPlaces(cgroup, HYBRID)).toEqual({
      version: 1,
      memory: '/sys/fs/cgroup/memory/some/group',
      pids: '/sys/fs/cgroup/pids',
    })
  })

  it('are nowhere where nothing is mounted', () => {
    expect(groupPlaces('', '')).toBeNull()
    expect(groupPlaces('0::/\n', '22 1 254:1 / / rw,relatime - ext4 /dev/root rw')).toBeNull()
  })

  it.each([1, 2] as const)('of version %i are bound in memory and processes, swap included', (version) => {
    const places = { version, memory: '/m', pids: '/p' }
    const settings = groupSettings(places, { memoryBytes: 4_096, processes: 7 })
    const needed = settings.filter(({ isNeeded }) => isNeeded).map(({ file, value }) => [file, value])
    const memory = version === 2 ? 'memory.max' : 'memory.limit_in_bytes'
    expect(needed).toEqual([
      [memory, '4096'],
      ['pids.max', '7'],
    ])
    expect(settings.some(({ file }) => /swap|memsw/.test(file))).toBe(true)
  })

  it('count what the kernel ended', () => {
    expect(countIn('low 0\noom 3\noom_kill 2\noom_group_kill 0\n', 'oom_kill')).toBe(2)
    expect(countIn('oom_kill_disable 0\nunder_oom 0\noom_kill 1\n', 'oom_kill')).toBe(1)
    expect(countIn('', 'oom_kill')).toBe(0)
  })
})
