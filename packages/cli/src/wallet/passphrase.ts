import { readFileSync } from 'node:fs'
import { CliError } from '../errors.ts'
import { EXIT } from '../exit-codes.ts'
import { WalletCommandError } from './errors.ts'
import { EMPTY_LINE, typeInto } from './typed-line.ts'

/** Characters that a new passphrase has at least: scrypt makes each guess dear, not a word's few guesses many. */
const LEAST_PASSPHRASE = 8

/**
 * Returns the passphrase of `what` from its file, or asks for it on the terminal without showing it.
 *
 * Throws {@link WalletCommandError} `PASSWORD_NEEDED` where there is neither, {@link CliError} `FILE_MISSING`.
 */
export async function readPassphrase(what: string, file: string | undefined): Promise<string> {
  return file === undefined ? askHidden(`Passphrase of ${what}: `) : readPassphraseFile(file)
}

/**
 * Returns a new passphrase for `what`, asked for twice on a terminal.
 *
 * Throws as {@link readPassphrase} does, and {@link WalletCommandError} `WEAK_PASSWORD` or `PASSWORDS_DIFFER`.
 */
export async function readNewPassphrase(what: string, file: string | undefined): Promise<string> {
  if (file !== undefined) return strongEnough(readPassphraseFile(file))
  const passphrase = strongEnough(await askHidden(`New passphrase for ${what}: `))
  if ((await askHidden('The same again: ')) === passphrase) return passphrase
  throw new WalletCommandError('expected the same passphrase twice, got two different ones; start again', {
    code: 'PASSWORDS_DIFFER',
  })
}

/** Reads a passphrase file without the line break at its end; throws {@link CliError} `FILE_MISSING`. */
export function readPassphraseFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch {
    throw new CliError(`expected a file with the passphrase at ${file}, there is none that can be read`, {
      code: 'FILE_MISSING',
      file,
    })
  }
}

function strongEnough(passphrase: string): string {
  if (passphrase.length >= LEAST_PASSPHRASE) return passphrase
  throw new WalletCommandError(
    `expected a passphrase of at least ${LEAST_PASSPHRASE} characters, got ${passphrase.length}; take a longer one`,
    { code: 'WEAK_PASSWORD', least: LEAST_PASSPHRASE },
  )
}

/** Asks on the terminal; nothing that is typed is shown. Ctrl-C ends the process. */
export function askHidden(question: string): Promise<string> {
  const { stdin, stderr } = process
  if (!stdin.isTTY) {
    const sentence =
      'expected a terminal to ask for the passphrase on, there is none; name a file with it: --password-file FILE'
    return Promise.reject(new WalletCommandError(sentence, { code: 'PASSWORD_NEEDED' }))
  }
  // Before the question: who types fast must not be faster than us.
  stdin.setRawMode(true)
  stdin.setEncoding('utf8')
  stdin.resume()
  stderr.write(question)
  return new Promise((resolve) => {
    let line = EMPTY_LINE
    const onData = (chunk: string) => {
      line = typeInto(line, chunk)
      if (line.end === null) return
      stdin.off('data', onData)
      stdin.setRawMode(false)
      stdin.pause()
      stderr.write('\n')
      if (line.end === 'interrupt') process.exit(EXIT.interrupted)
      resolve(line.text)
    }
    stdin.on('data', onData)
  })
}
