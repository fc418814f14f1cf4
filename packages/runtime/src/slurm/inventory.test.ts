import { describe, expect, test } from 'vitest'
import { gpuRequest, gpusOf, parseGres } from './gres.ts'
import { parseNodes } from './inventory.ts'

describe('generic resources', () => {
  test.each([
    ['gpu:a100:4', [{ type: 'a100', count: 4 }]],
    ['gpu:2', [{ type: '', count: 2 }]],
    ['gpu:1080:3', [{ type: '1080', count: 3 }]],
    ['gpu:tesla_t4:2(S:0-1),craynetwork:4', [{ type: 'tesla_t4', count: 2 }]],
    [
      'gpu:mi250:2(S:0),gpu:v100:1(S:1)',
      [
        { type: 'mi250', count: 2 },
        { type: 'v100', count: 1 },
      ],
    ],
    ['gpu:a100:0', []],
    ['gpu:a100:9999', [{ type: 'a100', count: 64 }]],
    ['(null)', []],
    ['shard:8,mps:100', []],
    ['', []],
  ])('%s', (text, counts) => expect(parseGres(text)).toEqual(counts))

  test('are devices of a node, of the family that their type says', () => {
    expect(gpusOf('n7', 'gpu:mi250:1,gpu:h100:1,gpu:1')).toMatchObject([
      { id: 'n7:0', family: 'amd', model: 'mi250', vramBytes: 0, sharing: 'scheduled' },
      { id: 'n7:1', family: 'nvidia', model: 'h100', vramBytes: 0 },
      { id: 'n7:2', family: 'nvidia', model: 'gpu', vramBytes: 0 },
    ])
  })

  test('are asked for by type and number', () => {
    expect(gpuRequest([...gpusOf('a', 'gpu:h100:2'), ...gpusOf('b', 'gpu:h100:1,gpu:v100:1')])).toBe(
      'h100:3,v100:1',
    )
    expect(gpuRequest(gpusOf('a', 'gpu:2'))).toBe('2')
    expect(gpuRequest([])).toBeUndefined()
  })
})

describe('nodes', () => {
  test.each([
    ['idle', true],
    ['mixed', true],
    ['allocated', true],
    ['mixed-', true],
    ['completing', true],
    ['idle*', false],
    ['idle~', false],
    ['down', false],
    ['down*', false],
    ['drained', false],
    ['draining', false],
    ['inval', false],
    ['reserved', false],
    ['unknown', false],
  ])('that are %s take work: %s', (state, usable) => {
    expect(parseNodes(`n1|${state}|64|1024|(null)\n`)).toMatchObject([
      { name: 'n1', usable, cores: 64, memoryBytes: 2 ** 30, gpus: [] },
    ])
  })

  test('that nobody can read are none', () => {
    expect(parseNodes('\nsinfo: error\nn1|idle|4+|10|\n|idle|1|1|\n')).toEqual([])
  })
})
