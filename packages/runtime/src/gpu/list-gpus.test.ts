import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { GpuDevice } from './inventory.ts'
import { listGpus } from './list-gpus.ts'
import { installRecorded, installTools, recorded } from './recorded.fixture.ts'

const MIB = 2 ** 20
const GIB = 2 ** 30

const home = mkdtempSync(join(tmpdir(), 'souk-gpus-'))
const before = process.env.PATH
afterAll(() => rmSync(home, { recursive: true, force: true }))
afterEach(() => {
  process.env.PATH = before
})

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(home, 'machine-'))
})

async function machine(name: string): Promise<GpuDevice[]> {
  process.env.PATH = installRecorded(join(root, 'bin'), name)
  return listGpus(0, root)
}

function file(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

/** The end of an id, model, MiB of memory, driver, interface, sharing, link, address. */
function row({ id, model, vramBytes, driver, api, sharing, link, bus }: GpuDevice) {
  return [id.slice(-12), model, vramBytes / MIB, driver, api, sharing, link, bus]
}

describe('the tools of a machine with', () => {
  test('NVIDIA cards of data centres, joined by NVLink', async () => {
    expect((await machine('nvidia-a100-sxm')).map(row)).toEqual([
      [
        '0c1d2e3f4a01',
        'NVIDIA A100-SXM4-40GB',
        40960,
        '535.129.03',
        'CUDA 12.2',
        'exclusive',
        'NVLink x12',
        '0000:07:00.0',
      ],
      [
        '0c1d2e3f4a02',
        'NVIDIA A100-SXM4-40GB',
        40960,
        '535.129.03',
        'CUDA 12.2',
        'exclusive',
        'NVLink x12',
        '0000:0f:00.0',
      ],
    ])
    const eight = await machine('nvidia-h100-sxm-8')
    expect(eight).toHaveLength(8)
    expect(eight.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(row(eight[7] as GpuDevice).slice(1)).toEqual([
      'NVIDIA H100 80GB HBM3',
      81559,
      '550.54.15',
      'CUDA 12.4',
      'exclusive',
      'NVLink x18',
      '0000:89:00.0',
    ])
  })

  test('a card divided by MIG: its parts are listed instead of it', async () => {
    const whole = ['570.86.15', 'CUDA 12.8']
    expect((await machine('nvidia-h200-mig')).map(row)).toEqual([
      ['54186d5a6580', 'NVIDIA H200 MIG 3g.71gb', 71 * 1024, ...whole, 'mig', null, '0000:18:00.0'],
      ['54186d5a6581', 'NVIDIA H200 MIG 2g.35gb', 35 * 1024, ...whole, 'mig', null, '0000:18:00.0'],
      ['54186d5a6582', 'NVIDIA H200 MIG 1g.18gb+me', 18 * 1024, ...whole, 'mig', null, '0000:18:00.0'],
      ['54186d5a6583', 'NVIDIA H200 MIG 1g.18gb', 18 * 1024, ...whole, 'mig', null, '0000:18:00.0'],
      ['0c1d2e3f4a02', 'NVIDIA H200', 143771, ...whole, 'exclusive', 'NVLink x18', '0000:2a:00.0'],
    ])
    const old = await machine('nvidia-a100-mig-450')
    expect(old.map(({ id, vramBytes }) => [id, vramBytes / GIB])).toEqual([
      ['MIG-GPU-a1b2c3d4-1c2d-4e3f-8a9b-0c1d2e3f4a01/1/0', 20],
      ['MIG-GPU-a1b2c3d4-1c2d-4e3f-8a9b-0c1d2e3f4a01/7/0', 5],
    ])
  })

  test('cards for players, of which one is closed to computing', async () => {
    expect((await machine('nvidia-geforce')).map(row)).toEqual([
      [
        '0c1d2e3f4a01',
        'NVIDIA GeForce RTX 3090',
        24576,
        '545.29.06',
        'CUDA 12.3',
        'exclusive',
        'PCIe 4.0 x16',
        '0000:01:00.0',
      ],
      [
        '0c1d2e3f4a02',
        'NVIDIA GeForce RTX 4090',
        24564,
        '545.29.06',
        'CUDA 12.3',
        'exclusive',
        'PCIe 4.0 x8',
        '0000:41:00.0',
      ],
    ])
  })

  test.each([
    [
      'nvidia-t4',
      ['Tesla T4', 15360, '470.199.02', 'CUDA 11.4', 'exclusive', 'PCIe 3.0 x16', '0000:00:1e.0'],
    ],
    // A driver that does not know MIG, and says nothing of CUDA.
    [
      'nvidia-quadro-418',
      ['Quadro M4000', 8126, '418.226.00', null, 'exclusive', 'PCIe 3.0 x16', '0000:03:00.0'],
    ],
    [
      'nvidia-k80',
      ['Tesla K80', 11441, '470.57.02', 'CUDA 11.4', 'exclusive', 'PCIe 3.0 x16', '0000:04:00.0'],
    ],
    [
      'nvidia-wsl',
      [
        'NVIDIA GeForce RTX 4070 Laptop GPU',
        8188,
        '551.86',
        'CUDA 12.4',
        'exclusive',
        'PCIe 4.0 x8',
        '0000:01:00.0',
      ],
    ],
    [
      'nvidia-gb200',
      ['NVIDIA GB200', 189471, '570.124.06', 'CUDA 12.8', 'exclusive', 'PCIe 6.0 x1', '0008:01:00.0'],
    ],
    // Memory that it shares with the processor.
    ['nvidia-gb10', ['NVIDIA GB10', 0, '580.95.05', 'CUDA 13.0', 'exclusive', 'PCIe 5.0 x1', '000f:01:00.0']],
    [
      'amd-mi300x',
      ['AMD Instinct MI300X', 196592, '6.7.0', 'ROCm 6.1', 'exclusive', 'PCIe 5.0 x16', '0000:0c:00.0'],
    ],
    ['amd-mi210', ['AMD Instinct MI210', 65520, '6.3.6', 'ROCm 6.0', 'exclusive', 'PCIe 4.0 x16', null]],
    [
      'amd-rx7900',
      ['AMD Radeon RX 7900 XTX', 24560, '6.10.5', 'ROCm 6.3', 'exclusive', 'PCIe 4.0 x16', '0000:2f:00.0'],
    ],
    ['amd-radeon-vii', ['Vega 20', 16368, '5.6.19', null, 'exclusive', null, '0000:0b:00.0']],
    [
      'amd-mi250-rocm5',
      ['AMD INSTINCT MI250 (MCM) OAM AC MBA', 65520, '6.2.4', null, 'exclusive', null, '0000:c0:00.0'],
    ],
    ['amd-rx7900xt-rocm6', ['Radeon RX 7900 XT', 20464, null, null, 'exclusive', null, '0000:03:00.0']],
  ])('%s', async (name, expected) => {
    const [first] = await machine(name)
    expect(first && row(first).slice(1)).toEqual(expected)
  })

  test('several cards, whose numbers and names differ', async () => {
    expect((await machine('nvidia-gb200')).map(({ bus }) => bus?.slice(0, 4))).toEqual([
      '0008',
      '0009',
      '0018',
      '0019',
    ])
    expect((await machine('nvidia-quadro-418')).map(({ model }) => model)).toEqual([
      'Quadro M4000',
      'Quadro K620',
    ])
    expect((await machine('nvidia-k80')).map(({ link }) => link)).toEqual(['PCIe 3.0 x16', null])
    expect((await machine('amd-mi250-rocm5')).map(({ id }) => id)).toEqual([
      '0x8c36a1f95e3d2b70',
      '0x8c36a1f95e3d2b71',
    ])
    expect((await machine('amd-rx7900')).map(({ id, model }) => [id, model])).toEqual([
      ['0000:2f:00.0', 'AMD Radeon RX 7900 XTX'],
      ['0000:7a:00.0', 'AMD GPU'],
    ])
    expect((await machine('amd-rx7900xt-rocm6')).map(({ model }) => model)).toEqual([
      'Radeon RX 7900 XT',
      'Phoenix3',
    ])
  })

  test('parts of an AMD card, which share its serial number', async () => {
    expect((await machine('amd-mi300x-cpx')).map(({ id, sharing }) => [id, sharing])).toEqual(
      [0, 1, 2].map((part) => [`0x5A1E8F0C3D2B4A69/${part}`, 'partition']),
    )
  })

  test('shares of cards that a hypervisor gives', async () => {
    expect((await machine('nvidia-vgpu')).map(({ sharing }) => sharing)).toEqual([
      'time-sliced',
      'time-sliced',
      'time-sliced',
    ])
  })

  test('cards in trouble: the lost are left out, the others listed', async () => {
    expect(
      (await machine('nvidia-broken')).map(({ id, vramBytes }) => [id.slice(-2), vramBytes / MIB]),
    ).toEqual([
      ['01', 49140],
      ['02', 0],
    ])
  })
})

test.each([
  [0, 'No devices were found\n'],
  [
    9,
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n",
  ],
  [18, 'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 550.90\n'],
])('a tool that ends with %i and a complaint lists nothing', async (status, text) => {
  const [query = ''] = recorded('nvidia-t4').keys()
  process.env.PATH = installTools(join(root, 'bin'), { [query]: { text, status } })
  expect(await listGpus(0, root)).toEqual([])
})

test('where a tool is missing, the files of the drivers tell', async () => {
  process.env.PATH = join(root, 'none')
  for (const [command, text] of recorded('nvidia-proc')) file(command.replace(/^cat \//, ''), text)
  const card = 'sys/bus/pci/devices/0000:0b:00.0'
  file(`${card}/vendor`, '0x1002\n')
  file(`${card}/device`, '0x744c\n')
  file(`${card}/revision`, '0xc8\n')
  file(`${card}/mem_info_vram_total`, '25753026560\n')
  file(`${card}/unique_id`, '3d4595974090853c\n')
  file(`${card}/drm/card1/uevent`, '')
  file(`${card}/drm/renderD129/uevent`, '')
  // Its sound, which is a device of the same vendor.
  file('sys/bus/pci/devices/0000:0b:00.1/vendor', '0x1002\n')
  file(
    'usr/share/libdrm/amdgpu.ids',
    '# names\n1.0.0\n744C,\tC8,\tAMD Radeon RX 7900 XTX\n744C,\tCC,\tAMD Radeon RX 7900 XT\n',
  )
  const found = await listGpus(0, root)
  expect(found.map(({ id, model, driver, files }) => [id, model, driver, files])).toEqual([
    // One has no name yet, because nothing has woken it; the other was excluded by its operator.
    ['GPU-8f6d3c1e-1c2d-4e3f-8a9b-0c1d2e3f4a01', 'NVIDIA GeForce RTX 3090', '550.54.14', ['/dev/nvidia0']],
    ['0x3d4595974090853c', 'AMD Radeon RX 7900 XTX', null, ['/dev/dri/renderD129']],
  ])
})

test('what the tools name is joined with its device files', async () => {
  for (const [command, text] of recorded('nvidia-proc')) file(command.replace(/^cat \//, ''), text)
  const [first] = await machine('nvidia-geforce')
  expect(first?.files).toEqual(['/dev/nvidia0'])
  mkdirSync(join(root, 'sys/devices/card/drm/renderD128'), { recursive: true })
  mkdirSync(join(root, 'sys/bus/pci/devices'), { recursive: true })
  symlinkSync(join(root, 'sys/devices/card'), join(root, 'sys/bus/pci/devices/0000:0c:00.0'))
  const amd = (await machine('amd-mi300x')).find(({ family }) => family === 'amd')
  expect(amd?.files).toEqual(['/dev/dri/renderD128'])
})
