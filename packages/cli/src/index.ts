export type { DemoReport, Money } from './demo/report.ts'
