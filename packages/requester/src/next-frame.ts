import { type Frame, SoukError } from '@souk/protocol'

/** A provider did not answer a step of a negotiation. */
export class SilenceError extends SoukError<{ code: 'NO_ANSWER' | 'HUNG_UP' }> {}

/** Reads the next frame within `ms`; throws {@link SilenceError} `NO_ANSWER` or `HUNG_UP`. */
export async function nextFrame(frames: AsyncIterator<Frame>, ms: number): Promise<Frame> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    const error = new SilenceError(
      `expected an answer within ${ms} ms, none came; another provider is asked`,
      {
        code: 'NO_ANSWER',
      },
    )
    timer = setTimeout(() => reject(error), ms)
  })
  try {
    const next = await Promise.race([frames.next(), late])
    if (!next.done) return next.value
    throw new SilenceError('expected an answer, the provider hung up; another provider is asked', {
      code: 'HUNG_UP',
    })
  } finally {
    clearTimeout(timer)
  }
}
