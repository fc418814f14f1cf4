import { SoukError } from '@souk/protocol'

/** What was given as a program cannot be made one; found before any money moves. */
export class SourceError extends SoukError<
  | { code: 'NO_COMPILER'; package: string }
  | { code: 'COMPILE_FAILED'; source: string; exit: number }
  | { code: 'IMAGE_NOT_PINNED'; image: string }
  | { code: 'BAD_KERNEL_SPEC'; file: string }
> {}
