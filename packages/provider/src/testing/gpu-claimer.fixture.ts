import { claimGpus } from '../gpu-claims.ts'

/** Another provider of this machine: claims a GPU and holds it until it is killed. */
const [id = ''] = process.argv.slice(2)
claimGpus([{ id, family: 'nvidia', sharing: 'exclusive' }])
process.send?.('claimed')
setInterval(() => {}, 60_000)
