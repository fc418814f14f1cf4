import { testExecutor } from './executor-compliance.ts'
import { createWasmExecutor } from './wasm-executor.ts'

testExecutor('wasm/1 on one core', () => createWasmExecutor({ memoryBytes: 64 * 1024 * 1024 }))
testExecutor('wasm/1 on two cores', () => createWasmExecutor({ memoryBytes: 128 * 1024 * 1024, cores: 2 }))
