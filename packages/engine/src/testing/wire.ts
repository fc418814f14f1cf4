import { type Frame, frameCodec } from '@souk/protocol'
import type { World } from './world.ts'

/** One end of a connection: frames arrive in order, until one side closes or the network cuts it. */
export interface End {
  send(frame: Frame): void
  close(): void
  onFrame: (frame: Frame) => void
  onClose: () => void
}

/** A connection between two processes, with delays drawn from the world. */
export interface Wire {
  readonly ends: readonly [End, End]
  /** Closes both ends; frames on their way are lost. */
  cut(): void
  /** Lets nothing through any more, and tells nobody. */
  mute(): void
}

const MOST_DELAY_MS = 40

/** Connects two ends; every frame is encoded and decoded as on a real stream. */
export function connect(world: World): Wire {
  let isOpen = true
  let isMute = false
  const makeEnd = (): End => ({ send: () => {}, close: () => {}, onFrame: () => {}, onClose: () => {} })
  const ends = [makeEnd(), makeEnd()] as const
  const arrivals = [0, 0]
  /** Schedules what happens at the end `to` after all that is on its way there. */
  const deliver = (to: 0 | 1, run: () => void) => {
    const atMs = Math.max(arrivals[to] ?? 0, world.nowMs + world.integer(1, MOST_DELAY_MS))
    arrivals[to] = atMs
    world.after(atMs - world.nowMs, () => {
      if (isOpen && !isMute) run()
    })
  }
  const closeBoth = () => {
    if (!isOpen) return
    isOpen = false
    for (const end of ends) end.onClose()
    for (const end of ends) end.onFrame = () => {}
  }
  for (const from of [0, 1] as const) {
    const to = from === 0 ? 1 : 0
    ends[from].send = (frame) => {
      const bytes = frameCodec.encode(frame)
      deliver(to, () => ends[to].onFrame(frameCodec.decode(bytes)))
    }
    ends[from].close = () => {
      ends[from].onClose = () => {}
      ends[from].onFrame = () => {}
      deliver(to, closeBoth)
    }
  }
  const mute = () => {
    isMute = true
  }
  return { ends, cut: closeBoth, mute }
}
