export { type ImageArchive, type ImageParts, imageArchive } from './container/docker-archive.ts'
export { type ContainerOptions, containerEngine } from './container/engine.ts'
export { DEFAULT_POLICY, type ImagePolicy } from './container/image-policy.ts'
export * from './errors.ts'
export * from './executor.ts'
export { readGpus } from './gpu/health.ts'
export { type GpuDevice, type GpuSharing, gpuOf, isLocal } from './gpu/inventory.ts'
export type { GpuReading } from './gpu/reading.ts'
export { measureGpu } from './gpu-bench/measure-gpu.ts'
export { type GpuProof, type OpenedRow, prepareGpuProof } from './gpu-proof/prover-process.ts'
export { keepBook } from './guardian.ts'
export { PROGRAM_NAME } from './guest-world.ts'
export { type DiskReading, type DiskTrial, readRoom, tryDisk } from './host-disk.ts'
export { type MemoryReading, readHostMemory } from './host-memory.ts'
export { type Leftover, removeLeftovers } from './leftovers.ts'
export { type Machine, type MeasureOptions, measureMachine, memoryLimit } from './machine.ts'
export { type RunnerGroups, runnerGroups } from './runner-groups.ts'
export {
  type Engine,
  type EngineOptions,
  enginesOf,
  JUDGING_ENGINES,
  openRuntimes,
  type RefusedGpus,
  type RefusedRuntime,
  type RuntimeShare,
  type Runtimes,
} from './runtimes.ts'
export { type SandboxReport, sandboxSelfTest } from './sandbox-self-test.ts'
export { chooseGpus, shareOf } from './share.ts'
export { type Cluster, type ClusterOptions, openCluster } from './slurm/cluster.ts'
export { createWasmExecutor, type WasmExecutorOptions } from './wasm-executor.ts'
export { type Adapter, type FoundAdapters, findAdapters, listAdapters } from './webgpu/adapters.ts'
export { chooseAdapter } from './webgpu/choose-adapter.ts'
export { webgpuEngine } from './webgpu/engine.ts'
export { seeAlone } from './webgpu/see-alone.ts'
