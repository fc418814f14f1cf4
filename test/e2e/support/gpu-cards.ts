import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A card as its vendor's tool tells of it. */
export interface Card {
  readonly id: string
  readonly model: string
  readonly mebibytes: number
}

/**
 * Cards of a machine that has none: a program in place of NVIDIA's tool, which prints what lies in files. Providers find
 * it on their search path, as they would find the real one.
 */
export class Cards {
  /** Folder of the tool. */
  readonly folder: string
  readonly #cards: string

  constructor(folder: string, cards: readonly Card[]) {
    this.folder = folder
    this.#cards = join(folder, 'cards')
    mkdirSync(this.#cards, { recursive: true })
    const tool = join(folder, 'nvidia-smi')
    writeFileSync(tool, SCRIPT.replaceAll('CARDS', this.#cards))
    chmodSync(tool, 0o755)
    for (const [i, card] of cards.entries()) this.#plug(card, i)
  }

  /** Takes a card out, as a hand would. */
  pull(id: string): void {
    rmSync(join(this.#cards, id), { recursive: true })
  }

  /** Makes the tool say this of a card's health. */
  say(id: string, fields: string): void {
    writeFileSync(join(this.#cards, id, 'health'), `${id}, ${fields}\n`)
  }

  #plug({ id, model, mebibytes }: Card, index: number): void {
    mkdirSync(join(this.#cards, id))
    const rest = `550.54.15, 00000000:0${index + 1}:00.0, Default, ${index}, 4, 16, [N/A]`
    writeFileSync(join(this.#cards, id, 'named'), `${id}, ${model}, ${mebibytes}, ${rest}\n`)
    this.say(id, '0, 3, 41, 30.12, 0')
  }
}

const SCRIPT = `#!/bin/sh
case "$*" in
*utilization.gpu*) what=health;;
*query-gpu*) what=named;;
*COMPUTE*) echo 'CUDA Version : 12.4'; exit 0;;
*) exit 0;;
esac
if [ "$1" != -i ]; then cat CARDS/*/$what; exit 0; fi
if [ -e "CARDS/$2" ]; then cat "CARDS/$2/$what"; exit 0; fi
echo 'No devices were found'
exit 6
`
