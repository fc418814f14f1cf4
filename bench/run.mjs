// npm run bench -- [NAME [--json] [--rounds N] [--traces DIR]]: lists the benchmarks, or runs one.
// Plain JavaScript, so that a Node without type stripping still gets a sentence.
const NEEDED = [22, 18]
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  process.stderr.write(
    `bench: expected Node ${NEEDED.join('.')} or newer, got ${process.versions.node}; run it as: npm run bench\n`,
  )
  process.exit(1)
}
const emit = process.emitWarning
// `node:sqlite` is marked experimental; whoever measures can do nothing about that.
process.emitWarning = (warning, ...rest) => {
  const kind = typeof rest[0] === 'object' ? rest[0]?.type : rest[0]
  if (kind !== 'ExperimentalWarning') emit.call(process, warning, ...rest)
}
const { main } = await import('./harness/main.ts')
await main(process.argv.slice(2))
