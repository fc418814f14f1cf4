import { type Hex, SoukError } from '@souk/protocol'
import type { ControlHandler } from '@souk/storage/node'
import type { Requester } from '../requester.ts'
import { jobReport, leaseReport } from '../service-level-report.ts'

/** A command named a lease or a job that this agent does not have. */
export class ReportError extends SoukError<{ code: 'UNKNOWN_LEASE' | 'UNKNOWN_JOB'; name: string }> {}

/** The commands about what leases and jobs promised, and what came of them. */
export function serviceMethods(requester: Requester): Record<string, ControlHandler> {
  return {
    lease: async (params) => {
      const { lease } = params as { lease: Hex }
      const report = await leaseReport(requester.reportSources(), lease)
      if (report !== undefined) return report
      throw unknown('UNKNOWN_LEASE', lease, 'a lease of this agent', 'souk leases')
    },
    report: async (params) => {
      const { job } = params as { job: string }
      const report = await jobReport(requester.reportSources(), job)
      if (report !== undefined) return report
      throw unknown('UNKNOWN_JOB', job, 'a job of this agent', 'souk ps')
    },
  }
}

function unknown(
  code: 'UNKNOWN_LEASE' | 'UNKNOWN_JOB',
  name: string,
  what: string,
  where: string,
): ReportError {
  return new ReportError(`expected ${what}, got ${name}; ${where} lists them`, { code, name })
}
