/** Writes to a standard stream and waits until it is out, so that whoever is slow holds us up and no memory fills. */
export function writeOut(stream: NodeJS.WriteStream, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(bytes, (error) => (error ? reject(error) : resolve()))
  })
}
