/** Facts that stand beside a log sentence. */
export type LogFacts = Readonly<Record<string, unknown>>

/** Where a process tells what it does. */
export interface Log {
  info(sentence: string, facts?: LogFacts): void
  warn(sentence: string, facts?: LogFacts): void
}

/** Writes log lines as JSON, or as plain sentences for people. */
export function createLog(write: (line: string) => void, format: 'json' | 'text', dateMs: () => number): Log {
  const line = (level: 'info' | 'warn', sentence: string, facts: LogFacts = {}) => {
    const time = new Date(dateMs()).toISOString()
    if (format === 'json')
      return write(`${JSON.stringify({ time, level, message: sentence, ...facts }, plain)}\n`)
    const pairs = Object.entries(facts).map(([key, value]) => `${key}=${shown(value)}`)
    write(`${time} ${level === 'warn' ? 'warning: ' : ''}${[sentence, ...pairs].join(' ')}\n`)
  }
  return {
    info: (sentence, facts) => line('info', sentence, facts),
    warn: (sentence, facts) => line('warn', sentence, facts),
  }
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}

function shown(value: unknown): string {
  return typeof value === 'string' && !/\s/.test(value)
    ? value
    : (JSON.stringify(value, plain) ?? String(value))
}
