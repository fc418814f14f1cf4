export * from './errors.ts'
export * from './executor.ts'
export { PROGRAM_NAME } from './guest-world.ts'
export { createWasmExecutor, type WasmExecutorOptions } from './wasm-executor.ts'
