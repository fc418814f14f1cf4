export { FAMILIES, type Family, scenarioOf } from './families.ts'
export { familyNames, type Outcome, play, replayOf } from './run.ts'
export * from './scenario.ts'
export { Town } from './town.ts'
