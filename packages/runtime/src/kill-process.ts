/** Sends a process to its end; one that is gone already needs nothing. */
export function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended between two looks.
  }
}
