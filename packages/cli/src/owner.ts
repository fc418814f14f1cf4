import { readFileSync } from 'node:fs'
import type { Hex } from '@souk/protocol'
import type { Sessions } from '@souk/requester'
import type { SessionCall } from '@souk/requester/node'
import { connectControl } from '@souk/storage/node'
import { failWith } from './fail.ts'
import { type Home, requireHome } from './home.ts'
import { localPrograms } from './program/local-programs.ts'

/** A way into what runs on a lease. */
export type InsideSession = Awaited<ReturnType<Sessions['open']>>

/** Whoever answers commands: the running agent, or this process as the owner for its own lifetime. */
export interface Owner {
  call<T>(method: string, params?: unknown, onEvent?: (event: unknown) => void): Promise<T>
  /** Opens a way into what runs on a lease. */
  session(call: SessionCall): Promise<InsideSession>
  /** True when this process owns the folder: work ends with it. */
  readonly isUs: boolean
  close(): Promise<void>
}

/** Asks the running agent of `home`, or becomes the owner where none runs. Throws `CliError` `NO_MARKET`. */
export async function openOwner(home: Home): Promise<Owner> {
  requireHome(home)
  const client = await connectControl(home.agent)
  if (client !== undefined) {
    return {
      isUs: false,
      call: <T>(method: string, params?: unknown, onEvent?: (event: unknown) => void) =>
        client.call(method, params, onEvent) as Promise<T>,
      async session(call) {
        const { sessionOver } = await import('@souk/requester/node')
        const { answer, stream } = await client.open('session', call)
        return sessionOver(stream, (answer as { attempt: string }).attempt)
      },
      close: async () => client.close(),
    }
  }
  const { account } = JSON.parse(readFileSync(home.accountFile, 'utf8')) as { account: Hex }
  // Loaded only where needed: most commands are answered by an agent that runs already.
  const { openAgent } = await import('@souk/requester/node')
  const agent = await openAgent({
    folder: home.agent,
    networkFile: home.networkFile,
    account,
    keystore: home.keystore,
    passwordFile: home.passwordFile,
    listen: ['/ip4/127.0.0.1/tcp/0'],
    programs: localPrograms(),
    onProblem: () => {},
    onFatal: failWith,
    onShutdown: () => {},
  })
  const never = new AbortController().signal
  return {
    isUs: true,
    async call<T>(method: string, params: unknown = {}, onEvent: (event: unknown) => void = () => {}) {
      const handler = agent.methods[method]
      if (handler === undefined) throw new Error(`no method ${method}`)
      return (await handler(params, onEvent, never)) as T
    },
    session: ({ target, purpose }) => agent.requester.sessions.open(target, purpose),
    close: () => agent.stop(),
  }
}
