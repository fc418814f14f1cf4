import { SoukError } from '@souk/protocol'

/** A command of the provider's operator cannot do what it was asked. */
export class OperatorError extends SoukError<
  | { code: 'NO_COURT'; network: string }
  | { code: 'NOT_RUNNING'; folder: string }
  | { code: 'BUSY'; folder: string; pid: number }
  | { code: 'RUNTIME_REFUSED'; name: string; why: string }
  | { code: 'GPU_TAKEN'; id: string }
  | { code: 'BAD_IMAGE_LIST'; file: string }
> {}

/** Makes the error of a data folder that no process owns. */
export function notRunning(folder: string): OperatorError {
  return new OperatorError(
    `expected a provider that runs over ${folder}, there is none; start it, or check --data`,
    { code: 'NOT_RUNNING', folder },
  )
}

/** Makes the error of an owner that does not answer, or does not go. */
export function folderBusy(folder: string, pid: number): OperatorError {
  return new OperatorError(
    `expected process ${pid}, which owns ${folder}, to end, but it does not answer; try: souk-provider stop --now`,
    { code: 'BUSY', folder, pid },
  )
}

/** Makes the error of an engine that the operator wants and that does not run here. */
export function runtimeRefused(name: string, why: string): OperatorError {
  return new OperatorError(
    `expected ${name} to run on this machine, but: ${why}; put that right, or start without --require-runtime ${name}`,
    { code: 'RUNTIME_REFUSED', name, why },
  )
}

/** Makes the error of a list of images that cannot be read, or has a line that is none. */
export function badImageList(file: string, got: string, cause?: unknown): OperatorError {
  return new OperatorError(
    `expected ${file} to name an image or a pattern of images in each line, got: ${got}; put that right, or start without --image-list`,
    { code: 'BAD_IMAGE_LIST', file },
    { cause },
  )
}
