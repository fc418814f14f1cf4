import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readGpus } from './health.ts'
import { HEALTH_FIELDS } from './health-nvidia.ts'
import { device, type GpuDevice } from './inventory.ts'
import { listGpus } from './list-gpus.ts'
import { well } from './reading.ts'
import { installRecorded, installTools, type Said, said } from './recorded.fixture.ts'

const MIB = 2 ** 20

const home = mkdtempSync(join(tmpdir(), 'souk-health-'))
const before = process.env.PATH
afterAll(() => rmSync(home, { recursive: true, force: true }))
afterEach(() => {
  process.env.PATH = before
})

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(home, 'machine-'))
})

function file(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

const QUERY = `--query-gpu=${HEALTH_FIELDS.join(',')} --format=csv,noheader,nounits`
const ID = 'GPU-7aa1e0b2-1c2d-4e3f-8a9b-0c1d2e3f4a01'
const OTHER = 'GPU-7aa1e0b2-1c2d-4e3f-8a9b-0c1d2e3f4a02'
const card = (id: string) => device({ id, family: 'nvidia', model: 'Tesla T4', vramBytes: 1 })

async function look(answers: Readonly<Record<string, Said>>, devices = [card(ID)]) {
  process.env.PATH = installTools(join(root, 'bin'), answers)
  return readGpus(devices, root)
}

describe("NVIDIA's tool", () => {
  async function lookAt(name: string) {
    process.env.PATH = installRecorded(join(root, 'bin'), name)
    return readGpus(await listGpus(0, root), root)
  }

  test('tells how each card is, as far as it knows', async () => {
    expect(await lookAt('nvidia-a100-sxm')).toMatchObject([
      {
        kind: 'well',
        health: {
          busy: 870,
          usedBytes: 31874 * MIB,
          celsius: 61,
          watts: 312,
          memoryErrors: 0,
          present: true,
        },
      },
      { kind: 'well', health: { busy: 0, memoryErrors: 2 } },
    ])
    expect(await lookAt('nvidia-k80')).toMatchObject([
      { kind: 'well', health: { watts: 61 } },
      { kind: 'well', health: { busy: null, usedBytes: null, celsius: 41, watts: null, memoryErrors: null } },
    ])
    expect(await lookAt('nvidia-quadro-418')).toMatchObject([
      { health: { busy: 40, memoryErrors: null } },
      { health: { busy: null, usedBytes: 9 * MIB } },
    ])
    expect(await lookAt('nvidia-wsl')).toMatchObject([{ health: { busy: null, celsius: 49, watts: 7 } }])
  })

  test('tells of parts of a card what is true of all of it', async () => {
    const readings = await lookAt('nvidia-h200-mig')
    expect(readings.map(({ kind }) => kind)).toEqual(['well', 'well', 'well', 'well', 'well'])
    expect(readings[0]).toMatchObject({ health: { busy: null, usedBytes: null, celsius: 41, watts: 149 } })
    expect(readings[4]).toMatchObject({ health: { busy: 1000, usedBytes: 139042 * MIB } })
  })

  test('says which are lost, and nonsense of one, and the others are as they are', async () => {
    const ids = [1, 2, 3, 4].map((n) => card(`GPU-55555555-1c2d-4e3f-8a9b-0c1d2e3f4a0${n}`))
    const text = said('nvidia-broken', `nvidia-smi ${QUERY}`)
    const readings = await look({ [`nvidia-smi ${QUERY}`]: { text } }, ids)
    expect(readings.map(({ kind }) => kind)).toEqual(['well', 'silent', 'gone', 'gone'])
  })

  test('says nothing of one that has fallen off the bus: it is asked for alone, and so are the others', async () => {
    const lost =
      'Unable to determine the device handle for GPU 0000:41:00.0: GPU is lost.  Reboot the system to recover this GPU\n'
    const readings = await look(
      {
        [`nvidia-smi ${QUERY}`]: { text: lost, status: 15 },
        [`nvidia-smi -i ${ID} ${QUERY}`]: { text: `${ID}, 50, 100, 40, 30.0, 0\n` },
        [`nvidia-smi -i ${OTHER} ${QUERY}`]: { text: lost, status: 15 },
      },
      [card(ID), card(OTHER)],
    )
    expect(readings).toMatchObject([
      { kind: 'well', health: { id: ID, busy: 500 } },
      { kind: 'gone', id: OTHER },
    ])
  })

  test('lists one no more: it was taken out', async () => {
    const readings = await look(
      {
        [`nvidia-smi ${QUERY}`]: { text: `${ID}, 50, 100, 40, 30.0, 0\n` },
        [`nvidia-smi -i ${OTHER} ${QUERY}`]: { text: 'No devices were found\n', status: 6 },
      },
      [card(ID), card(OTHER)],
    )
    expect(readings.map(({ kind }) => kind)).toEqual(['well', 'gone'])
  })

  test('has no driver to ask: every card is gone', async () => {
    const text = "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n"
    expect(await look({ [`nvidia-smi ${QUERY}`]: { text, status: 9 } })).toMatchObject([{ kind: 'gone' }])
  })

  test.each([
    ['nothing', ''],
    ['a novel', 'Call me Ishmael.\n'.repeat(1_000)],
    ['another number of columns', `${ID}, 1, 2\n`],
    ['words for numbers', `${ID}, many, hot, very, loud, 0\n`],
    ['numbers that no card has', `${ID}, -5, 1e99, NaN, 0x10, 0\n`],
  ])('answers with %s: nothing is believed, and the card is not given up', async (_, text) => {
    const answers = { [`nvidia-smi ${QUERY}`]: { text }, [`nvidia-smi -i ${ID} ${QUERY}`]: { text } }
    expect(await look(answers)).toMatchObject([{ kind: 'silent', id: ID }])
  })

  test('answers with numbers out of all bounds: they are left out', async () => {
    const text = `${ID}, 99999, 100, 5000, 70000.5, 0\n`
    const [reading] = await look({ [`nvidia-smi ${QUERY}`]: { text } })
    expect(reading).toEqual(well(ID, { usedBytes: 100 * MIB, memoryErrors: 0 }))
  })

  test('does not end: it is ended, and the card is not given up', { timeout: 20_000 }, async () => {
    expect(await look({ [`nvidia-smi ${QUERY}`]: { text: '', hangs: true } })).toMatchObject([
      { kind: 'silent' },
    ])
  })

  test('is not installed: the driver still says what is there', async () => {
    file(
      'proc/driver/nvidia/gpus/0000:01:00.0/information',
      said('nvidia-proc', 'cat /proc/driver/nvidia/gpus/0000:01'),
    )
    const there = card('GPU-8f6d3c1e-1c2d-4e3f-8a9b-0c1d2e3f4a01')
    expect(await look({}, [there, card(ID)])).toMatchObject([{ kind: 'well' }, { kind: 'gone', id: ID }])
  })
})

describe("AMD's kernel driver", () => {
  const bus = '0000:0b:00.0'
  const folder = `sys/bus/pci/devices/${bus}`
  const radeon: GpuDevice = device({ id: 'r', family: 'amd', model: 'Radeon', vramBytes: 1, bus })

  function plug(): void {
    file(`${folder}/mem_info_vram_total`, '25753026560\n')
    file(`${folder}/mem_info_vram_used`, '27856896\n')
    file(`${folder}/gpu_busy_percent`, '37\n')
    file(`${folder}/hwmon/hwmon3/temp1_input`, '64000\n')
    file(`${folder}/hwmon/hwmon3/power1_average`, '211000000\n')
    file(`${folder}/ras/umc_err_count`, 'ue: 3\nce: 17\n')
  }

  test('tells load, memory, temperature, power and errors', async () => {
    plug()
    expect(await readGpus([radeon], root)).toEqual([
      well('r', { busy: 370, usedBytes: 27_856_896, celsius: 64, watts: 211, memoryErrors: 3 }),
    ])
  })

  test('tells less of a card without those sensors', async () => {
    file(`${folder}/mem_info_vram_used`, '5\n')
    file(`${folder}/gpu_busy_percent`, 'busy\n')
    file(`${folder}/hwmon/hwmon1/temp2_input`, '51000\n')
    expect(await readGpus([radeon], root)).toEqual([well('r', { usedBytes: 5, celsius: 51 })])
  })

  test('answers nonsense: the card is not given up', async () => {
    file(`${folder}/mem_info_vram_used`, '-1\n')
    expect(await readGpus([radeon], root)).toMatchObject([{ kind: 'silent' }])
  })

  test('lets go of a card, and the kernel of the device: it is gone', async () => {
    plug()
    rmSync(join(root, folder, 'mem_info_vram_used'))
    expect(await readGpus([radeon], root)).toMatchObject([{ kind: 'gone' }])
    rmSync(join(root, folder), { recursive: true })
    expect(await readGpus([radeon], root)).toMatchObject([{ kind: 'gone' }])
  })
})

test('vendors are looked at apart, and software adapters are always there', async () => {
  const software = device({ id: 'software-0', family: 'software', model: 'SwiftShader', vramBytes: 1 })
  const text = "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n"
  const readings = await look({ [`nvidia-smi ${QUERY}`]: { text, status: 9 } }, [software, card(ID)])
  expect(readings).toMatchObject([
    { kind: 'well', health: { id: 'software-0' } },
    { kind: 'gone', id: ID },
  ])
})
