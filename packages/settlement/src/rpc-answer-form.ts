/** Tells whether a value has the form that a method's result must have. */
type Form = (value: unknown) => boolean

const isQuantity: Form = (value) => typeof value === 'string' && /^0x[0-9a-f]+$/i.test(value)
const isData: Form = (value) => typeof value === 'string' && /^0x([0-9a-f]{2})*$/i.test(value)
const isList =
  (form: Form): Form =>
  (value) =>
    Array.isArray(value) && value.every(form)
const orNull =
  (form: Form): Form =>
  (value) =>
    value === null || form(value)
const has =
  (fields: Readonly<Record<string, Form>>): Form =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(fields).every(([name, form]) => form((value as Record<string, unknown>)[name]))

const log = has({
  ...{ address: isData, topics: isList(isData), data: isData, blockHash: isData, transactionHash: isData },
  ...{ blockNumber: isQuantity, logIndex: isQuantity },
})
const receipt = has({
  ...{ transactionHash: isData, blockHash: isData, contractAddress: orNull(isData), logs: isList(log) },
  ...{ blockNumber: isQuantity, status: isQuantity, gasUsed: isQuantity, effectiveGasPrice: isQuantity },
})

/** What we read of each method's result; a method that is not here may answer anything. */
const FORMS: Readonly<Record<string, Form>> = {
  eth_chainId: isQuantity,
  eth_blockNumber: isQuantity,
  eth_gasPrice: isQuantity,
  eth_maxPriorityFeePerGas: isQuantity,
  eth_estimateGas: isQuantity,
  eth_getBalance: isQuantity,
  eth_getTransactionCount: isQuantity,
  eth_call: isData,
  eth_getCode: isData,
  eth_sendRawTransaction: isData,
  eth_getBlockByNumber: orNull(has({ number: isQuantity, hash: isData, timestamp: isQuantity })),
  eth_getLogs: isList(log),
  eth_getTransactionReceipt: orNull(receipt),
}

/** Tells whether `result` can be an answer to `method`: an endpoint that answers nonsense counts as gone. */
export function hasForm(method: string, result: unknown): boolean {
  return FORMS[method]?.(result) ?? true
}
