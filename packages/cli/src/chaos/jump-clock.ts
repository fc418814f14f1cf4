/** Moves this process's wall clock by so many milliseconds at each call of what `on` is given: ahead, back, ahead. */
export function jumpClock(byMs: number, on: (jump: () => void) => void): void {
  const RealDate = Date
  let offsetMs = 0
  const now = () => RealDate.now() + offsetMs
  on(() => {
    offsetMs = offsetMs === 0 ? byMs : 0
  })
  globalThis.Date = new Proxy(RealDate, {
    construct: (real, given, asked) => Reflect.construct(real, given.length === 0 ? [now()] : given, asked),
    apply: () => new RealDate(now()).toString(),
    get: (real, key, asked) => (key === 'now' ? now : Reflect.get(real, key, asked)),
  })
}
