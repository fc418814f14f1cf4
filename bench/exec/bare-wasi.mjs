// Runs a WASI program in this process with the engine flags that its parent gave, and nothing of Souk.
// Arguments: the program's file, then the program's own arguments. Warm: it runs once before it is measured.
// Prints what the program printed, of the second run.
import { closeSync, openSync, readFileSync } from 'node:fs'
import { WASI } from 'node:wasi'

const [file, ...args] = process.argv.slice(2)
const module = new WebAssembly.Module(readFileSync(file))

function run(stdout, given) {
  const wasi = new WASI({ version: 'preview1', args: ['program', ...given], stdout, returnOnExit: true })
  return wasi.start(new WebAssembly.Instance(module, wasi.getImportObject()))
}

const nowhere = openSync('/dev/null', 'w')
run(nowhere, ['1', '1'])
closeSync(nowhere)
process.exitCode = run(1, args)
