import { CID } from 'multiformats/cid'
import { create as createDigest } from 'multiformats/hashes/digest'
import { fromHex, type Hex } from './bytes.ts'

const RAW = 0x55
const SHA2_256 = 0x12

/** Returns the address under which jurors fetch an encoded task: the raw block that its digest names (PROTOCOL §12.3). */
export function taskAddress(task: Hex): string {
  return CID.createV1(RAW, createDigest(SHA2_256, fromHex(task))).toString()
}
