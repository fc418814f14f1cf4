export { loadNodeKey } from '../node-key.ts'
