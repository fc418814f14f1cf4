// Loaded before a provider or an agent that plays in a scenario: `--import …/preload.ts?name=…&relay=…&clockMs=…`.
import { jumpClock } from './jump-clock.ts'
import { routeSockets } from './route.ts'

const { searchParams: given } = new URL(import.meta.url)
const relayPort = Number(given.get('relay') ?? 0)
if (relayPort > 0) routeSockets({ name: given.get('name') ?? '', relayPort, passes: () => true })
const clockMs = Number(given.get('clockMs') ?? 0)
if (clockMs !== 0) jumpClock(clockMs, (jump) => process.on('SIGUSR2', jump))
