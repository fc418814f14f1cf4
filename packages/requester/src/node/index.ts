export * from './agent.ts'
export * from './job-files.ts'
export { type OpenAgentOptions, openAgent, type RunningAgent } from './open-agent.ts'
export { sessionOver } from './session-socket.ts'
