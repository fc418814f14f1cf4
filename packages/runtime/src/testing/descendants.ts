import { execFileSync } from 'node:child_process'

/** Returns the ids of all processes below one. */
export function descendants(root: number): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' }).trim().split('\n')
  const all = lines.map((line) => line.trim().split(/\s+/))
  const below = (parent: number): number[] =>
    all.flatMap(([pid, ppid, command]) =>
      Number(ppid) === parent && command !== 'ps' ? [Number(pid), ...below(Number(pid))] : [],
    )
  return below(root)
}
