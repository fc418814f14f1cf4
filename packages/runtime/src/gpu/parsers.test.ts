import { expect, test } from 'vitest'
import { parseAmdSmi, parseRocmSmi } from './parse-amd.ts'
import { parseSystemProfiler } from './parse-apple.ts'
import { parseNvidia } from './parse-nvidia.ts'

const MIB = 2 ** 20
const GIB = 2 ** 30

test('nvidia-smi: several GPUs, one without MIG, one that does not know its memory', () => {
  const table = `GPU-8f6d3c1e-2b7a-4c55-9e10-6d1f0a2b3c4d, NVIDIA GeForce RTX 4090, 24564, [N/A]
GPU-1a2b3c4d-5e6f-7081-92a3-b4c5d6e7f809, NVIDIA H100 80GB HBM3, 81559, Disabled
GPU-00112233-4455-6677-8899-aabbccddeeff, NVIDIA GB10, [N/A], [N/A]
`
  expect(parseNvidia(table, '')).toEqual([
    {
      id: 'GPU-8f6d3c1e-2b7a-4c55-9e10-6d1f0a2b3c4d',
      family: 'nvidia',
      model: 'NVIDIA GeForce RTX 4090',
      vramBytes: 24564 * MIB,
    },
    {
      id: 'GPU-1a2b3c4d-5e6f-7081-92a3-b4c5d6e7f809',
      family: 'nvidia',
      model: 'NVIDIA H100 80GB HBM3',
      vramBytes: 81559 * MIB,
    },
    { id: 'GPU-00112233-4455-6677-8899-aabbccddeeff', family: 'nvidia', model: 'NVIDIA GB10', vramBytes: 0 },
  ])
})

test('nvidia-smi: a GPU divided by MIG is offered as its parts', () => {
  const table = `GPU-aaaaaaaa-0000-0000-0000-000000000001, NVIDIA A100-SXM4-40GB, 40960, Enabled
GPU-aaaaaaaa-0000-0000-0000-000000000002, NVIDIA A100-SXM4-40GB, 40960, Disabled
`
  const listing = `GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-aaaaaaaa-0000-0000-0000-000000000001)
  MIG 3g.20gb     Device  0: (UUID: MIG-11111111-0000-0000-0000-000000000001)
  MIG 1g.5gb+me   Device  1: (UUID: MIG-11111111-0000-0000-0000-000000000002)
GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-aaaaaaaa-0000-0000-0000-000000000002)
`
  expect(
    parseNvidia(table, listing).map((gpu) => [gpu.id.slice(0, 4), gpu.model, gpu.vramBytes / GIB]),
  ).toEqual([
    ['MIG-', 'NVIDIA A100-SXM4-40GB MIG 3g.20gb', 20],
    ['MIG-', 'NVIDIA A100-SXM4-40GB MIG 1g.5gb+me', 5],
    ['GPU-', 'NVIDIA A100-SXM4-40GB', 40],
  ])
})

test.each([
  '',
  'No devices were found\n',
  "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n",
  'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 550.90\n',
])('nvidia-smi without GPUs: %s', (text) => {
  expect(parseNvidia(text, '')).toEqual([])
})

test('amd-smi: the list of ROCm 6 and the object of ROCm 7', () => {
  const card = {
    gpu: 0,
    asic: {
      market_name: 'AMD Instinct MI300X',
      vendor_id: '0x1002',
      device_id: '0x74a1',
      asic_serial: '0x5A1E8F0C3D2B4A69',
    },
    bus: { bdf: '0000:0c:00.0', max_pcie_width: 16 },
    vram: { type: 'HBM', vendor: 'HYNIX', size: { value: 196592, unit: 'MB' } },
  }
  const nameless = {
    ...card,
    gpu: 1,
    asic: { market_name: 'AMD Radeon RX 7900 XTX', asic_serial: 'N/A' },
    bus: { bdf: '0000:2f:00.0' },
    vram: { size: 'N/A' },
  }
  const expected = [
    { id: '0x5A1E8F0C3D2B4A69', family: 'amd', model: 'AMD Instinct MI300X', vramBytes: 196592 * MIB },
    { id: '0000:2f:00.0', family: 'amd', model: 'AMD Radeon RX 7900 XTX', vramBytes: 0 },
  ]
  expect(parseAmdSmi(JSON.stringify([card, nameless]))).toEqual(expected)
  expect(parseAmdSmi(JSON.stringify({ gpu_data: [card, nameless] }))).toEqual(expected)
  expect(parseAmdSmi('ERROR: unable to load amdgpu driver')).toEqual([])
})

test('rocm-smi: both spellings of its fields, and a warning before the JSON', () => {
  const text = `WARNING: AMD GPU device(s) is/are in a low-power state. Check power control/runtime_status

{"card0": {"Unique ID": "0x8c36a1f95e3d2b70", "VRAM Total Memory (B)": "17163091968", "VRAM Total Used Memory (B)": "27983872", "Card series": "Radeon RX 6900 XT", "Card model": "0x0e3a", "Card vendor": "Advanced Micro Devices, Inc. [AMD/ATI]", "Card SKU": "D41205"},
 "card1": {"Device Name": "AMD Instinct MI210", "Unique ID": "N/A", "VRAM Total Memory (B)": "68702699520", "Card Series": "N/A", "Card Model": "0x740f"},
 "system": {"Driver version": "6.7.0"}}`
  expect(parseRocmSmi(text)).toEqual([
    { id: '0x8c36a1f95e3d2b70', family: 'amd', model: 'Radeon RX 6900 XT', vramBytes: 17163091968 },
    { id: 'card1', family: 'amd', model: 'AMD Instinct MI210', vramBytes: 68702699520 },
  ])
  expect(parseRocmSmi('ERROR:root:Driver not initialized (amdgpu not found in modules)')).toEqual([])
})

test('system_profiler: Apple GPUs share the memory, AMD cards have their own, Intel is left out', () => {
  const text = JSON.stringify({
    SPDisplaysDataType: [
      {
        _name: 'Apple M2 Pro',
        spdisplays_mtlgpufamilysupport: 'spdisplays_metal3',
        spdisplays_vendor: 'sppci_vendor_Apple',
        sppci_bus: 'spdisplays_builtin',
        sppci_cores: '19',
        sppci_model: 'Apple M2 Pro',
      },
      {
        _name: 'kHW_AMDRadeonPro5500MItem',
        spdisplays_vendor: 'sppci_vendor_amd',
        spdisplays_vram: '8 GB',
        sppci_model: 'AMD Radeon Pro 5500M',
      },
      { _name: 'Intel UHD Graphics 630', spdisplays_vendor: 'Intel', spdisplays_vram_shared: '1536 MB' },
    ],
  })
  expect(parseSystemProfiler(text, 32 * GIB)).toEqual([
    { id: 'apple-0', family: 'apple', model: 'Apple M2 Pro', vramBytes: 32 * GIB },
    { id: 'amd-1', family: 'amd', model: 'AMD Radeon Pro 5500M', vramBytes: 8 * GIB },
  ])
})

test('software and virtual adapters are no GPUs', () => {
  const entry = (sppci_model: string) => ({ sppci_model, spdisplays_vendor: 'sppci_vendor_Apple' })
  const models = [
    'Apple Paravirtual device',
    'llvmpipe (LLVM 15.0.7, 256 bits)',
    'SwiftShader Device (Subzero)',
  ]
  const text = JSON.stringify({ SPDisplaysDataType: models.map(entry) })
  expect(parseSystemProfiler(text, GIB)).toEqual([])
})
