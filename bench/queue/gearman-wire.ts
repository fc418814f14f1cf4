/** Kinds of packets of the gearman protocol that the benchmark needs. */
export const CAN_DO = 1
export const PRE_SLEEP = 4
export const NOOP = 6
export const GRAB_JOB = 9
export const NO_JOB = 10
export const JOB_ASSIGN = 11
export const WORK_COMPLETE = 13
export const SUBMIT_JOB_BG = 18

const HEAD_BYTES = 12

/** Returns a request of that kind with its fields. */
export function packet(kind: number, ...fields: readonly string[]): Buffer {
  const data = Buffer.from(fields.join('\0'))
  const head = Buffer.alloc(HEAD_BYTES)
  head.write('\0REQ', 0, 'latin1')
  head.writeUInt32BE(kind, 4)
  head.writeUInt32BE(data.length, 8)
  return Buffer.concat([head, data])
}

/** Splits what arrives into answers, each with its fields. */
export function answers(heard: (kind: number, fields: string[]) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0)
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= HEAD_BYTES && rest.length >= HEAD_BYTES + rest.readUInt32BE(8)) {
      const end = HEAD_BYTES + rest.readUInt32BE(8)
      heard(rest.readUInt32BE(4), rest.subarray(HEAD_BYTES, end).toString().split('\0'))
      rest = rest.subarray(end)
    }
  }
}
