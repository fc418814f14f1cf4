// Generated from contracts/src/Escrow.sol by scripts/generate.mjs.
export const escrowAbi = [
  {
    "type": "constructor",
    "inputs": [
      {
        "name": "token_",
        "type": "address",
        "internalType": "contract IERC20"
      },
      {
        "name": "court_",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "settleBlocks",
        "type": "uint32",
        "internalType": "uint32"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "DOMAIN_SEPARATOR",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "SETTLE",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "uint32",
        "internalType": "uint32"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "adjustDown",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "change",
        "type": "int256",
        "internalType": "int256"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "balanceOf",
    "inputs": [
      {
        "name": "account",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "burned",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "closeCooperative",
    "inputs": [
      {
        "name": "quote",
        "type": "tuple",
        "internalType": "struct Quote",
        "components": [
          {
            "name": "provider",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "requester",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "resultSigner",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "voucherSigner",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "rate",
            "type": "uint128",
            "internalType": "uint128"
          },
          {
            "name": "startFee",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "deposit",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "bond",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "resultBond",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "slotPenalty",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "openBefore",
            "type": "uint40",
            "internalType": "uint40"
          },
          {
            "name": "blocks",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "notice",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "prepay",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "terms",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "salt",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      },
      {
        "name": "paid",
        "type": "uint96",
        "internalType": "uint96"
      },
      {
        "name": "providerSignature",
        "type": "bytes",
        "internalType": "bytes"
      },
      {
        "name": "requesterSignature",
        "type": "bytes",
        "internalType": "bytes"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "court",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "address",
        "internalType": "address"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "delegateOf",
    "inputs": [
      {
        "name": "account",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "key",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [
      {
        "name": "limit",
        "type": "uint96",
        "internalType": "uint96"
      },
      {
        "name": "inUse",
        "type": "uint96",
        "internalType": "uint96"
      },
      {
        "name": "expiry",
        "type": "uint40",
        "internalType": "uint40"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "deposit",
    "inputs": [
      {
        "name": "amount",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "outputs": [
      {
        "name": "credited",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "depositWithPermit",
    "inputs": [
      {
        "name": "amount",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "deadline",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "v",
        "type": "uint8",
        "internalType": "uint8"
      },
      {
        "name": "r",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "s",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [
      {
        "name": "credited",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "eip712Domain",
    "inputs": [],
    "outputs": [
      {
        "name": "fields",
        "type": "bytes1",
        "internalType": "bytes1"
      },
      {
        "name": "name",
        "type": "string",
        "internalType": "string"
      },
      {
        "name": "version",
        "type": "string",
        "internalType": "string"
      },
      {
        "name": "chainId",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "verifyingContract",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "salt",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "extensions",
        "type": "uint256[]",
        "internalType": "uint256[]"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "finalize",
    "inputs": [
      {
        "name": "quote",
        "type": "tuple",
        "internalType": "struct Quote",
        "components": [
          {
            "name": "provider",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "requester",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "resultSigner",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "voucherSigner",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "rate",
            "type": "uint128",
            "internalType": "uint128"
          },
          {
            "name": "startFee",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "deposit",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "bond",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "resultBond",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "slotPenalty",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "openBefore",
            "type": "uint40",
            "internalType": "uint40"
          },
          {
            "name": "blocks",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "notice",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "prepay",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "terms",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "salt",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "hashClose",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "paid",
        "type": "uint96",
        "internalType": "uint96"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "hashOpen",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "hashQuote",
    "inputs": [
      {
        "name": "quote",
        "type": "tuple",
        "internalType": "struct Quote",
        "components": [
          {
            "name": "provider",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "requester",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "resultSigner",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "voucherSigner",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "rate",
            "type": "uint128",
            "internalType": "uint128"
          },
          {
            "name": "startFee",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "deposit",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "bond",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "resultBond",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "slotPenalty",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "openBefore",
            "type": "uint40",
            "internalType": "uint40"
          },
          {
            "name": "blocks",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "notice",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "prepay",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "terms",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "salt",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "hashResultBatch",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "root",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "hashVoucher",
    "inputs": [
      {
        "name": "voucher",
        "type": "tuple",
        "internalType": "struct Voucher",
        "components": [
          {
            "name": "lease",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "cumulative",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "ackFrom",
            "type": "uint40",
            "internalType": "uint40"
          },
          {
            "name": "ackUntil",
            "type": "uint40",
            "internalType": "uint40"
          }
        ]
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "leaseState",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "tuple",
        "internalType": "struct LeaseState",
        "components": [
          {
            "name": "status",
            "type": "uint8",
            "internalType": "enum Status"
          },
          {
            "name": "paid",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "openBlock",
            "type": "uint40",
            "internalType": "uint40"
          },
          {
            "name": "endBlock",
            "type": "uint40",
            "internalType": "uint40"
          },
          {
            "name": "elapsed",
            "type": "uint40",
            "internalType": "uint40"
          },
          {
            "name": "downSlots",
            "type": "uint24",
            "internalType": "uint24"
          },
          {
            "name": "stopped",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "seized",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "providerCharged",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "requesterCharged",
            "type": "bool",
            "internalType": "bool"
          }
        ]
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "moveTo",
    "inputs": [
      {
        "name": "to",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "amount",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "multicall",
    "inputs": [
      {
        "name": "data",
        "type": "bytes[]",
        "internalType": "bytes[]"
      }
    ],
    "outputs": [
      {
        "name": "results",
        "type": "bytes[]",
        "internalType": "bytes[]"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "open",
    "inputs": [
      {
        "name": "quote",
        "type": "tuple",
        "internalType": "struct Quote",
        "components": [
          {
            "name": "provider",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "requester",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "resultSigner",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "voucherSigner",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "rate",
            "type": "uint128",
            "internalType": "uint128"
          },
          {
            "name": "startFee",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "deposit",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "bond",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "resultBond",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "slotPenalty",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "openBefore",
            "type": "uint40",
            "internalType": "uint40"
          },
          {
            "name": "blocks",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "notice",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "prepay",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "terms",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "salt",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      },
      {
        "name": "providerSignature",
        "type": "bytes",
        "internalType": "bytes"
      },
      {
        "name": "requesterSignature",
        "type": "bytes",
        "internalType": "bytes"
      }
    ],
    "outputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "openMany",
    "inputs": [
      {
        "name": "openings",
        "type": "tuple[]",
        "internalType": "struct Opening[]",
        "components": [
          {
            "name": "quote",
            "type": "tuple",
            "internalType": "struct Quote",
            "components": [
              {
                "name": "provider",
                "type": "address",
                "internalType": "address"
              },
              {
                "name": "requester",
                "type": "address",
                "internalType": "address"
              },
              {
                "name": "resultSigner",
                "type": "address",
                "internalType": "address"
              },
              {
                "name": "voucherSigner",
                "type": "address",
                "internalType": "address"
              },
              {
                "name": "rate",
                "type": "uint128",
                "internalType": "uint128"
              },
              {
                "name": "startFee",
                "type": "uint96",
                "internalType": "uint96"
              },
              {
                "name": "deposit",
                "type": "uint96",
                "internalType": "uint96"
              },
              {
                "name": "bond",
                "type": "uint96",
                "internalType": "uint96"
              },
              {
                "name": "resultBond",
                "type": "uint96",
                "internalType": "uint96"
              },
              {
                "name": "slotPenalty",
                "type": "uint96",
                "internalType": "uint96"
              },
              {
                "name": "openBefore",
                "type": "uint40",
                "internalType": "uint40"
              },
              {
                "name": "blocks",
                "type": "uint32",
                "internalType": "uint32"
              },
              {
                "name": "notice",
                "type": "uint32",
                "internalType": "uint32"
              },
              {
                "name": "prepay",
                "type": "uint32",
                "internalType": "uint32"
              },
              {
                "name": "terms",
                "type": "bytes32",
                "internalType": "bytes32"
              },
              {
                "name": "salt",
                "type": "bytes32",
                "internalType": "bytes32"
              }
            ]
          },
          {
            "name": "providerSignature",
            "type": "bytes",
            "internalType": "bytes"
          },
          {
            "name": "requesterSignature",
            "type": "bytes",
            "internalType": "bytes"
          }
        ]
      }
    ],
    "outputs": [
      {
        "name": "opened",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "payCap",
    "inputs": [
      {
        "name": "quote",
        "type": "tuple",
        "internalType": "struct Quote",
        "components": [
          {
            "name": "provider",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "requester",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "resultSigner",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "voucherSigner",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "rate",
            "type": "uint128",
            "internalType": "uint128"
          },
          {
            "name": "startFee",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "deposit",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "bond",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "resultBond",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "slotPenalty",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "openBefore",
            "type": "uint40",
            "internalType": "uint40"
          },
          {
            "name": "blocks",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "notice",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "prepay",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "terms",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "salt",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "uint96",
        "internalType": "uint96"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "redeem",
    "inputs": [
      {
        "name": "quote",
        "type": "tuple",
        "internalType": "struct Quote",
        "components": [
          {
            "name": "provider",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "requester",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "resultSigner",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "voucherSigner",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "rate",
            "type": "uint128",
            "internalType": "uint128"
          },
          {
            "name": "startFee",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "deposit",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "bond",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "resultBond",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "slotPenalty",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "openBefore",
            "type": "uint40",
            "internalType": "uint40"
          },
          {
            "name": "blocks",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "notice",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "prepay",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "terms",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "salt",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      },
      {
        "name": "voucher",
        "type": "tuple",
        "internalType": "struct Voucher",
        "components": [
          {
            "name": "lease",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "cumulative",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "ackFrom",
            "type": "uint40",
            "internalType": "uint40"
          },
          {
            "name": "ackUntil",
            "type": "uint40",
            "internalType": "uint40"
          }
        ]
      },
      {
        "name": "signature",
        "type": "bytes",
        "internalType": "bytes"
      }
    ],
    "outputs": [
      {
        "name": "amount",
        "type": "uint96",
        "internalType": "uint96"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "redeemMany",
    "inputs": [
      {
        "name": "redemptions",
        "type": "tuple[]",
        "internalType": "struct Redemption[]",
        "components": [
          {
            "name": "quote",
            "type": "tuple",
            "internalType": "struct Quote",
            "components": [
              {
                "name": "provider",
                "type": "address",
                "internalType": "address"
              },
              {
                "name": "requester",
                "type": "address",
                "internalType": "address"
              },
              {
                "name": "resultSigner",
                "type": "address",
                "internalType": "address"
              },
              {
                "name": "voucherSigner",
                "type": "address",
                "internalType": "address"
              },
              {
                "name": "rate",
                "type": "uint128",
                "internalType": "uint128"
              },
              {
                "name": "startFee",
                "type": "uint96",
                "internalType": "uint96"
              },
              {
                "name": "deposit",
                "type": "uint96",
                "internalType": "uint96"
              },
              {
                "name": "bond",
                "type": "uint96",
                "internalType": "uint96"
              },
              {
                "name": "resultBond",
                "type": "uint96",
                "internalType": "uint96"
              },
              {
                "name": "slotPenalty",
                "type": "uint96",
                "internalType": "uint96"
              },
              {
                "name": "openBefore",
                "type": "uint40",
                "internalType": "uint40"
              },
              {
                "name": "blocks",
                "type": "uint32",
                "internalType": "uint32"
              },
              {
                "name": "notice",
                "type": "uint32",
                "internalType": "uint32"
              },
              {
                "name": "prepay",
                "type": "uint32",
                "internalType": "uint32"
              },
              {
                "name": "terms",
                "type": "bytes32",
                "internalType": "bytes32"
              },
              {
                "name": "salt",
                "type": "bytes32",
                "internalType": "bytes32"
              }
            ]
          },
          {
            "name": "voucher",
            "type": "tuple",
            "internalType": "struct Voucher",
            "components": [
              {
                "name": "lease",
                "type": "bytes32",
                "internalType": "bytes32"
              },
              {
                "name": "cumulative",
                "type": "uint96",
                "internalType": "uint96"
              },
              {
                "name": "ackFrom",
                "type": "uint40",
                "internalType": "uint40"
              },
              {
                "name": "ackUntil",
                "type": "uint40",
                "internalType": "uint40"
              }
            ]
          },
          {
            "name": "signature",
            "type": "bytes",
            "internalType": "bytes"
          }
        ]
      }
    ],
    "outputs": [
      {
        "name": "total",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "seize",
    "inputs": [
      {
        "name": "quote",
        "type": "tuple",
        "internalType": "struct Quote",
        "components": [
          {
            "name": "provider",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "requester",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "resultSigner",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "voucherSigner",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "rate",
            "type": "uint128",
            "internalType": "uint128"
          },
          {
            "name": "startFee",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "deposit",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "bond",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "resultBond",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "slotPenalty",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "openBefore",
            "type": "uint40",
            "internalType": "uint40"
          },
          {
            "name": "blocks",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "notice",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "prepay",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "terms",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "salt",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      }
    ],
    "outputs": [
      {
        "name": "amount",
        "type": "uint96",
        "internalType": "uint96"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "setDelegate",
    "inputs": [
      {
        "name": "key",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "limit",
        "type": "uint96",
        "internalType": "uint96"
      },
      {
        "name": "expiry",
        "type": "uint40",
        "internalType": "uint40"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "startClose",
    "inputs": [
      {
        "name": "quote",
        "type": "tuple",
        "internalType": "struct Quote",
        "components": [
          {
            "name": "provider",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "requester",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "resultSigner",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "voucherSigner",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "rate",
            "type": "uint128",
            "internalType": "uint128"
          },
          {
            "name": "startFee",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "deposit",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "bond",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "resultBond",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "slotPenalty",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "openBefore",
            "type": "uint40",
            "internalType": "uint40"
          },
          {
            "name": "blocks",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "notice",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "prepay",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "terms",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "salt",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "token",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "address",
        "internalType": "contract IERC20"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "withdraw",
    "inputs": [
      {
        "name": "to",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "amount",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "event",
    "name": "DelegateSet",
    "inputs": [
      {
        "name": "account",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "key",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "limit",
        "type": "uint96",
        "indexed": false,
        "internalType": "uint96"
      },
      {
        "name": "expiry",
        "type": "uint40",
        "indexed": false,
        "internalType": "uint40"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "Deposited",
    "inputs": [
      {
        "name": "account",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "amount",
        "type": "uint256",
        "indexed": false,
        "internalType": "uint256"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "DownAdjusted",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "change",
        "type": "int256",
        "indexed": false,
        "internalType": "int256"
      },
      {
        "name": "downSlots",
        "type": "uint24",
        "indexed": false,
        "internalType": "uint24"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "EIP712DomainChanged",
    "inputs": [],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "LeaseClosed",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "provider",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "requester",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "paid",
        "type": "uint96",
        "indexed": false,
        "internalType": "uint96"
      },
      {
        "name": "refund",
        "type": "uint96",
        "indexed": false,
        "internalType": "uint96"
      },
      {
        "name": "toRequester",
        "type": "uint96",
        "indexed": false,
        "internalType": "uint96"
      },
      {
        "name": "toBurn",
        "type": "uint96",
        "indexed": false,
        "internalType": "uint96"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "LeaseEnding",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "endBlock",
        "type": "uint40",
        "indexed": false,
        "internalType": "uint40"
      },
      {
        "name": "byRequester",
        "type": "bool",
        "indexed": false,
        "internalType": "bool"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "LeaseOpened",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "provider",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "requester",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "quote",
        "type": "tuple",
        "indexed": false,
        "internalType": "struct Quote",
        "components": [
          {
            "name": "provider",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "requester",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "resultSigner",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "voucherSigner",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "rate",
            "type": "uint128",
            "internalType": "uint128"
          },
          {
            "name": "startFee",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "deposit",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "bond",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "resultBond",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "slotPenalty",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "openBefore",
            "type": "uint40",
            "internalType": "uint40"
          },
          {
            "name": "blocks",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "notice",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "prepay",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "terms",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "salt",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "Moved",
    "inputs": [
      {
        "name": "from",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "to",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "amount",
        "type": "uint256",
        "indexed": false,
        "internalType": "uint256"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "OpenSkipped",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "reason",
        "type": "bytes",
        "indexed": false,
        "internalType": "bytes"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "RedeemSkipped",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "reason",
        "type": "bytes",
        "indexed": false,
        "internalType": "bytes"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "Redeemed",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "provider",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "amount",
        "type": "uint96",
        "indexed": false,
        "internalType": "uint96"
      },
      {
        "name": "paid",
        "type": "uint96",
        "indexed": false,
        "internalType": "uint96"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "Seized",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "amount",
        "type": "uint96",
        "indexed": false,
        "internalType": "uint96"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "Withdrawn",
    "inputs": [
      {
        "name": "account",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "to",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "amount",
        "type": "uint256",
        "indexed": false,
        "internalType": "uint256"
      }
    ],
    "anonymous": false
  },
  {
    "type": "error",
    "name": "AddressEmptyCode",
    "inputs": [
      {
        "name": "target",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "AlreadyClosed",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  },
  {
    "type": "error",
    "name": "AlreadyEnding",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "endBlock",
        "type": "uint40",
        "internalType": "uint40"
      }
    ]
  },
  {
    "type": "error",
    "name": "AlreadyOpened",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  },
  {
    "type": "error",
    "name": "AlreadySeized",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  },
  {
    "type": "error",
    "name": "BadRecipient",
    "inputs": [
      {
        "name": "to",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "BadSignature",
    "inputs": [
      {
        "name": "digest",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "account",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "key",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "DelegateExpired",
    "inputs": [
      {
        "name": "account",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "key",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "expiry",
        "type": "uint40",
        "internalType": "uint40"
      }
    ]
  },
  {
    "type": "error",
    "name": "DelegateLimit",
    "inputs": [
      {
        "name": "account",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "key",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "limit",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "inUse",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "needed",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "DownOutOfRange",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "downSlots",
        "type": "uint24",
        "internalType": "uint24"
      },
      {
        "name": "change",
        "type": "int256",
        "internalType": "int256"
      }
    ]
  },
  {
    "type": "error",
    "name": "FailedCall",
    "inputs": []
  },
  {
    "type": "error",
    "name": "InsufficientBalance",
    "inputs": [
      {
        "name": "account",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "balance",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "needed",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "InvalidShortString",
    "inputs": []
  },
  {
    "type": "error",
    "name": "NoDuration",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  },
  {
    "type": "error",
    "name": "NotCourt",
    "inputs": [
      {
        "name": "sender",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "NotOpened",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  },
  {
    "type": "error",
    "name": "NotParty",
    "inputs": [
      {
        "name": "sender",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "NotRequester",
    "inputs": [
      {
        "name": "sender",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "requester",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "voucherSigner",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "NothingOpened",
    "inputs": []
  },
  {
    "type": "error",
    "name": "OpenTooLate",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "openBefore",
        "type": "uint40",
        "internalType": "uint40"
      },
      {
        "name": "timestamp",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "PaidOutOfRange",
    "inputs": [
      {
        "name": "paid",
        "type": "uint96",
        "internalType": "uint96"
      },
      {
        "name": "least",
        "type": "uint96",
        "internalType": "uint96"
      },
      {
        "name": "most",
        "type": "uint96",
        "internalType": "uint96"
      }
    ]
  },
  {
    "type": "error",
    "name": "ReentrancyGuardReentrantCall",
    "inputs": []
  },
  {
    "type": "error",
    "name": "SafeERC20FailedOperation",
    "inputs": [
      {
        "name": "token",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "SelfLease",
    "inputs": [
      {
        "name": "account",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "StringTooLong",
    "inputs": [
      {
        "name": "str",
        "type": "string",
        "internalType": "string"
      }
    ]
  },
  {
    "type": "error",
    "name": "TokenTookMore",
    "inputs": [
      {
        "name": "amount",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "taken",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "TooEarly",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "atBlock",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "blockNumber",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "WrongLease",
    "inputs": [
      {
        "name": "expected",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "actual",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  }
] as const

export const escrowBytecode =
  '0x6101c0604052348015610010575f5ffd5b506040516153a73803806153a783398101604081905261002f916101a1565b604080518082018252600b81526a536f756b20457363726f7760a81b602080830191909152825180840190935260018352603160f81b908301526001600160a01b0385166080529061008082610144565b6101405261008d81610144565b61016052815160208084019190912061010052815190820120610120524660c05261011b6101005161012051604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201529081019290925260608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b60a05250503060e0526001600160a01b03919091166101805263ffffffff166101a0525061024e565b5f5f829050601f81511115610177578260405163305a27a960e01b815260040161016e91906101f3565b60405180910390fd5b805161018282610228565b179392505050565b6001600160a01b038116811461019e575f5ffd5b50565b5f5f5f606084860312156101b3575f5ffd5b83516101be8161018a565b60208501519093506101cf8161018a565b604085015190925063ffffffff811681146101e8575f5ffd5b809150509250925092565b602081525f82518060208401528060208501604085015e5f604082850101526040601f19601f83011684010191505092915050565b80516020808301519190811015610248575f198160200360031b1b821691505b50919050565b60805160a05160c05160e05161010051610120516101405161016051610180516101a0516150966103115f395f81816104e901528181610ba1015261233701525f81816101d9015281816112ab01528181611389015261186a01525f6123b901525f61238e01525f611bb101525f611b8901525f611ae401525f611b0e01525f611b3801525f81816105970152818161063e0152818161167c015281816117160152818161176d01528181611c3a01528181611cd40152611d2c01526150965ff3fe608060405234801561000f575f5ffd5b50600436106101d0575f3560e01c806396b3f119116100fe578063d84f01df1161009e578063ee6108cd1161006e578063ee6108cd14610559578063f3fef3a31461056c578063f5d0db271461057f578063fc0c546a14610592575f5ffd5b8063d84f01df146104e4578063dc989bb914610520578063e3caa6ed14610533578063e992705a14610546575f5ffd5b8063b5f783a8116100d9578063b5f783a8146103ec578063b6b55f25146104ab578063c2f62396146104be578063cd32f424146104d1575f5ffd5b806396b3f11914610389578063ac9650d81461039c578063acff65e9146103bc575f5ffd5b80637044f79c116101745780638127aac9116101445780638127aac91461032857806384b0196e1461034857806389a0a5f614610363578063945e42fe14610376575f5ffd5b80637044f79c1461029c57806370a08231146102af57806373f42561146102e457806374de086a14610315575f5ffd5b80634a970be7116101af5780634a970be71461024e578063537e7f4d146102615780635475288b14610274578063568477b814610287575f5ffd5b8062971a30146101d4578063229e72aa146102255780633644e51514610246575b5f5ffd5b6101fb7f000000000000000000000000000000000000000000000000000000000000000081565b60405173ffffffffffffffffffffffffffffffffffffffff90911681526020015b60405180910390f35b6102386102333660046142a3565b6105b9565b60405190815260200161021c565b6102386105d5565b61023861025c3660046142c3565b6105e3565b61023861026f366004614363565b6106b9565b610238610282366004614428565b6106e1565b61029a6102953660046144b9565b6107d6565b005b61029a6102aa3660046144f9565b6108a9565b6102386102bd366004614514565b73ffffffffffffffffffffffffffffffffffffffff165f9081526020819052604090205490565b61dead5f9081526020527f44ad89ba62b98ff34f51403ac22759b55759460c0bb5521eb4b6ee3cff49cf8354610238565b61029a6103233660046144f9565b610b8f565b61033b61033636600461452d565b610c39565b60405161021c91906145aa565b610350610eaf565b60405161021c97969594939291906146de565b61029a61037136600461479d565b610f0d565b61029a610384366004614832565b61106b565b610238610397366004614428565b6110d8565b6103af6103aa366004614428565b6111ac565b60405161021c919061485a565b6103cf6103ca3660046144f9565b611292565b6040516bffffffffffffffffffffffff909116815260200161021c565b6104796103fa3660046148db565b73ffffffffffffffffffffffffffffffffffffffff9182165f9081526001602090815260408083209390941682529190915220546bffffffffffffffffffffffff808216926c010000000000000000000000008304909116917801000000000000000000000000000000000000000000000000900464ffffffffff1690565b604080516bffffffffffffffffffffffff948516815293909216602084015264ffffffffff169082015260600161021c565b6102386104b936600461452d565b611406565b6102386104cc36600461452d565b611410565b6102386104df36600461490c565b61141d565b61050b7f000000000000000000000000000000000000000000000000000000000000000081565b60405163ffffffff909116815260200161021c565b6103cf61052e3660046144f9565b61142b565b6102386105413660046144f9565b61159b565b6103cf61055436600461493d565b6115a8565b61023861056736600461499f565b6115d7565b61029a61057a366004614832565b6115e4565b61029a61058d3660046142a3565b611852565b6101fb7f000000000000000000000000000000000000000000000000000000000000000081565b5f6105cc6105c78484611a29565b611a84565b90505b92915050565b5f6105de611acb565b905090565b6040517fd505accf000000000000000000000000000000000000000000000000000000008152336004820152306024820152604481018690526064810185905260ff8416608482015260a4810183905260c481018290525f907f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff169063d505accf9060e4015f604051808303815f87803b158015610694575f5ffd5b505af19250505080156106a5575060015b506106af86611c01565b9695505050505050565b5f60606106c98787878787611e03565b90925090506106d781611e7f565b5095945050505050565b5f805b8281101561079c57368484838181106106ff576106ff6149b9565b905060200281019061071191906149e6565b90505f8061073a83610727610200820182614a22565b610735610220880188614a22565b611e03565b9150915080515f03610758578461075081614ab0565b955050610791565b817f22fed89444f4a1acc9469840c01e4adae695b779e407c540631b240467e3ecd5826040516107889190614ae7565b60405180910390a25b5050506001016106e4565b50805f036105cf576040517faf8f715200000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b335f81815260016020908152604080832073ffffffffffffffffffffffffffffffffffffffff88168085529083529281902080546bffffffffffffffffffffffff88167fffffff0000000000ffffffffffffffffffffffff0000000000000000000000009091168117780100000000000000000000000000000000000000000000000064ffffffffff891690810291909117835583519182529381019390935293917f1e7cd17106f08d1bf3a63af3f6d942ce6c40a7791c7725acfa2df91e2863cc8f910160405180910390a350505050565b5f5f6108b483611e92565b90925090505f6108ca6040850160208601614514565b73ffffffffffffffffffffffffffffffffffffffff163373ffffffffffffffffffffffffffffffffffffffff16148061093d575061090e6080850160608601614514565b73ffffffffffffffffffffffffffffffffffffffff163373ffffffffffffffffffffffffffffffffffffffff16145b905080156109da578160a001511561099c5760608201516040517f2f1465b30000000000000000000000000000000000000000000000000000000081526004810185905264ffffffffff90911660248201526044015b60405180910390fd5b6109a582611efc565b64ffffffffff9081166020840152600160a08401526060830151164310156109d55764ffffffffff431660608301525b610b22565b6109e76020850185614514565b73ffffffffffffffffffffffffffffffffffffffff163373ffffffffffffffffffffffffffffffffffffffff1614158015610a5d5750610a2d6060850160408601614514565b73ffffffffffffffffffffffffffffffffffffffff163373ffffffffffffffffffffffffffffffffffffffff1614155b15610a96576040517f20b9b340000000000000000000000000000000000000000000000000000000008152336004820152602401610993565b5f610aa96101a086016101808701614b0c565b610ab99063ffffffff1643614b25565b9050826060015164ffffffffff168110610b155760608301516040517f2f1465b30000000000000000000000000000000000000000000000000000000081526004810186905264ffffffffff9091166024820152604401610993565b64ffffffffff1660608301525b610b2b82611f30565b5f84815260046020908152604091829020929092556060840151815164ffffffffff90911681528315159281019290925284917f4251cd6cbf739164cb35552ff9e3e118410302d2dc97c7636d22ebcbbb33d6e5910160405180910390a250505050565b5f5f610b9a83611e92565b915091505f7f000000000000000000000000000000000000000000000000000000000000000063ffffffff16826060015164ffffffffff16610bdc9190614b25565b905080431015610c28576040517f0d3fc99d0000000000000000000000000000000000000000000000000000000081526004810184905260248101829052436044820152606401610993565b610c3383858461206b565b50505050565b60408051610140810182525f80825260208201819052918101829052606081018290526080810182905260a0810182905260c0810182905260e0810182905261010081018290526101208101919091525f8281526004602052604081205490610dc78260408051610140810182526bffffffffffffffffffffffff8316815264ffffffffff606084811c82166020840152608885901c82169383019390935260b084901c169181019190915262ffffff60d883901c1660808201527e010000000000000000000000000000000000000000000000000000000000008216151560a08201527e020000000000000000000000000000000000000000000000000000000000008216151560c08201527e040000000000000000000000000000000000000000000000000000000000008216151560e08201527e08000000000000000000000000000000000000000000000000000000000000821615156101008201527e10000000000000000000000000000000000000000000000000000000000000909116151561012082015290565b9050604051806101400160405280610dde84151590565b610de8575f610df1565b610df183612306565b6004811115610e0257610e02614544565b8152602001825f01516bffffffffffffffffffffffff168152602001826040015164ffffffffff168152602001826060015164ffffffffff168152602001610e4984151590565b610e53575f610e5c565b610e5c83611efc565b64ffffffffff168152602001826080015162ffffff1681526020018260a00151151581526020018260c00151151581526020018260e0015115158152602001826101000151151581525092505050919050565b5f6060805f5f5f6060610ec0612387565b610ec86123b2565b604080515f808252602082019092527f0f000000000000000000000000000000000000000000000000000000000000009b939a50919850469750309650945092509050565b5f5f610f1888611e92565b915091505f610f27838961141d565b9050610f44610f3c60608b0160408c01614514565b8289896123dd565b610f5f610f5760808b0160608c01614514565b8287876123dd565b5f610f6a8a84612444565b9050825f01516bffffffffffffffffffffffff16896bffffffffffffffffffffffff161080610fb45750806bffffffffffffffffffffffff16896bffffffffffffffffffffffff16115b1561100e5782516040517f2f1690500000000000000000000000000000000000000000000000000000000081526bffffffffffffffffffffffff808c16600483015291821660248201529082166044820152606401610993565b82515f9061101c908b614b65565b6bffffffffffffffffffffffff8b168552905061105361103f60208d018d614514565b826bffffffffffffffffffffffff166124f3565b61105e858c8661206b565b5050505050505050505050565b61107482612536565b61107e33826125c0565b61108882826124f3565b60405181815273ffffffffffffffffffffffffffffffffffffffff83169033907e0e6e1d52477156459d942cdb0bc0970a404c1ea857ab5b75b5ad32f334dfc19060200160405180910390a35050565b5f805b828110156111a557368484838181106110f6576110f66149b9565b90506020028101906111089190614b89565b90505f6111148261159b565b90505f8061113583856102008101611130610280830183614a22565b612670565b90925090506111526bffffffffffffffffffffffff831687614b25565b955080515f1461119557827f8a5734a885452592b1e742199cc20787543c640a3444a68aaade96835e584dba8260405161118c9190614ae7565b60405180910390a25b5050600190920191506110db9050565b5092915050565b604080515f8152602081019091526060908267ffffffffffffffff8111156111d6576111d6614b38565b60405190808252806020026020018201604052801561120957816020015b60608152602001906001900390816111f45790505b5091505f5b8381101561128a576112653086868481811061122c5761122c6149b9565b905060200281019061123e9190614a22565b8560405160200161125193929190614bf5565b604051602081830303815290604052612b58565b838281518110611277576112776149b9565b602090810291909101015260010161120e565b505092915050565b5f3373ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001614611304576040517fd9cc3b78000000000000000000000000000000000000000000000000000000008152336004820152602401610993565b5f5f61130f84611e92565b915091508060c0015115611352576040517f3bac670500000000000000000000000000000000000000000000000000000000815260048101839052602401610993565b600160c082015261136281611f30565b5f8381526004602052604090205561138261012085016101008601614c18565b92506113bc7f0000000000000000000000000000000000000000000000000000000000000000846bffffffffffffffffffffffff166124f3565b6040516bffffffffffffffffffffffff8416815282907fa92941b0fc37f03f33bf821d74d76601fa479d866f4b4de1a338b609dca64f529060200160405180910390a25050919050565b5f6105cf82611c01565b5f6105cf6105c783612c3d565b5f6105cc6105c78484612c90565b5f5f60045f6114398561159b565b81526020019081526020015f2054905061145281151590565b61145c575f611594565b6115948361158f8360408051610140810182526bffffffffffffffffffffffff8316815264ffffffffff606084811c82166020840152608885901c82169383019390935260b084901c169181019190915262ffffff60d883901c1660808201527e010000000000000000000000000000000000000000000000000000000000008216151560a08201527e020000000000000000000000000000000000000000000000000000000000008216151560c08201527e040000000000000000000000000000000000000000000000000000000000008216151560e08201527e08000000000000000000000000000000000000000000000000000000000000821615156101008201527e10000000000000000000000000000000000000000000000000000000000000909116151561012082015290565b612444565b9392505050565b5f6105cf6105c783612cde565b5f60606115c06115b78761159b565b87878787612670565b90925090506115ce81611e7f565b50949350505050565b5f6105cf6105c783612d12565b6115ec612d46565b6115f582612536565b6115ff33826125c0565b60405181815273ffffffffffffffffffffffffffffffffffffffff83169033907fd1c19fbcd4551a5edfb66d43d2e337c04837afda3482b42bdf569a8fccdae5fb9060200160405180910390a36040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f907f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff16906370a0823190602401602060405180830381865afa1580156116d6573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906116fa9190614c31565b905061173d73ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168484612d7d565b6040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f907f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff16906370a0823190602401602060405180830381865afa1580156117c7573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906117eb9190614c31565b9050816117f88483614b25565b101561184457826118098284614bbb565b6040517fc4d70ebf00000000000000000000000000000000000000000000000000000000815260048101929092526024820152604401610993565b505061184e612ddd565b5050565b3373ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016146118c3576040517fd9cc3b78000000000000000000000000000000000000000000000000000000008152336004820152602401610993565b5f6118cd83612e07565b905062ffffff6118dc81614c48565b8312806118e857508083135b1561193a5760808201516040517fe54cdfc10000000000000000000000000000000000000000000000000000000081526004810186905262ffffff909116602482015260448101849052606401610993565b5f83836080015162ffffff166119509190614c7e565b90505f81128061195f57508181135b156119b15760808301516040517fe54cdfc10000000000000000000000000000000000000000000000000000000081526004810187905262ffffff909116602482015260448101859052606401610993565b62ffffff811660808401526119c583611f30565b5f8681526004602052604090819020919091556080840151905186917f05511efdbeefdb5e9c40fb09f3d8043909442da11a0caa5624524b2dbac168cb91611a1a9188825262ffffff16602082015260400190565b60405180910390a25050505050565b604080517fe53994867363bdd9d3b95ed3141b3938d70983d7d5b5e95bb248112d871a5d1a6020820152908101839052606081018290525f906080015b60405160208183030381529060405280519060200120905092915050565b5f6105cf611a90611acb565b836040517f19010000000000000000000000000000000000000000000000000000000000008152600281019290925260228201526042902090565b5f3073ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016148015611b3057507f000000000000000000000000000000000000000000000000000000000000000046145b15611b5a57507f000000000000000000000000000000000000000000000000000000000000000090565b6105de604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201527f0000000000000000000000000000000000000000000000000000000000000000918101919091527f000000000000000000000000000000000000000000000000000000000000000060608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b5f611c0a612d46565b6040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f907f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff16906370a0823190602401602060405180830381865afa158015611c94573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190611cb89190614c31565b9050611cfc73ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016333086613016565b6040517f70a0823100000000000000000000000000000000000000000000000000000000815230600482015281907f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff16906370a0823190602401602060405180830381865afa158015611d86573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190611daa9190614c31565b611db49190614bbb565b9150611dc033836124f3565b60405182815233907f2da466a7b24304f47e87fa2e1e5a81b9831ce54fec19055ce277ca2f39ba42c49060200160405180910390a250611dfe612ddd565b919050565b5f6060611e0f8761159b565b9150611e1b8288613072565b905080515f03611e75575f611e328389898961330e565b805190935090915015611e455750611e75565b5f611e52848a8888613350565b805190945090915015611e66575050611e75565b611e72848a8484613558565b50505b9550959350505050565b80515f03611e8a5750565b805160208201fd5b60408051610140810182525f80825260208201819052918101829052606081018290526080810182905260a0810182905260c0810182905260e0810182905261010081018290526101208101829052611eea8361159b565b9150611ef582612e07565b9050915091565b5f8160a00151611f21576020820151611f1c9064ffffffffff1642614bbb565b6105cf565b506020015164ffffffffff1690565b5f5f60d8836080015162ffffff16901b60b0846060015164ffffffffff16901b6088856040015164ffffffffff16901b6060866020015164ffffffffff16901b865f01516bffffffffffffffffffffffff161717171790508260a0015115611fb4577e01000000000000000000000000000000000000000000000000000000000000175b8260c0015115611fe0577e02000000000000000000000000000000000000000000000000000000000000175b8260e001511561200c577e04000000000000000000000000000000000000000000000000000000000000175b82610100015115612039577e08000000000000000000000000000000000000000000000000000000000000175b826101200151156105cf577e100000000000000000000000000000000000000000000000000000000000001792915050565b600161012082015261207c81611f30565b5f84815260046020526040812091909155815161209f60e0850160c08601614c18565b6120a99190614b65565b90505f6121076120c161014086016101208701614c18565b6bffffffffffffffffffffffff16846080015162ffffff166120e39190614c9d565b6120f4610100870160e08801614c18565b6bffffffffffffffffffffffff16613767565b90505f612115600283614ce1565b90505f826bffffffffffffffffffffffff168560c0015161213e576121398761377c565b61215e565b61214f610100880160e08901614c18565b6bffffffffffffffffffffffff165b6121689190614bbb565b905061219d61217d6040880160208901614514565b6121986bffffffffffffffffffffffff808616908816614b25565b6124f3565b6121b36121ad6020880188614514565b826124f3565b6121d661dead6121c38486614b65565b6bffffffffffffffffffffffff166124f3565b84610100015115612218576122186121f46040880160208901614514565b6122046080890160608a01614514565b866bffffffffffffffffffffffff166137c6565b8460e0015115612248576122486122326020880188614514565b6122426060890160408a01614514565b836137c6565b6122586040870160208801614514565b73ffffffffffffffffffffffffffffffffffffffff1661227b6020880188614514565b73ffffffffffffffffffffffffffffffffffffffff16887fbb5ca4ebd9c97a71d56a30d936edeef3fa0bc801112e65261640f56d25dee20c885f01518887888a6122c59190614b65565b604080516bffffffffffffffffffffffff9586168152938516602085015291841683830152909216606082015290519081900360800190a450505050505050565b5f8161012001511561231a57506004919050565b816060015164ffffffffff1643101561233557506001919050565b7f000000000000000000000000000000000000000000000000000000000000000063ffffffff16826060015164ffffffffff166123729190614b25565b431061237f5760036105cf565b600292915050565b60606105de7f000000000000000000000000000000000000000000000000000000000000000061385b565b60606105de7f000000000000000000000000000000000000000000000000000000000000000061385b565b6123e984848484613898565b610c33576040517f7d0c1b79000000000000000000000000000000000000000000000000000000008152600481018490525f602482015273ffffffffffffffffffffffffffffffffffffffff85166044820152606401610993565b5f8064e8d4a5100061245e6101c086016101a08701614b0c565b63ffffffff1661246d85611efc565b6124779190614b25565b61248760a0870160808801614d37565b6fffffffffffffffffffffffffffffffff166124a39190614c9d565b6124ad9190614d50565b6124bd60c0860160a08701614c18565b6bffffffffffffffffffffffff166124d59190614b25565b90506124eb816120f460e0870160c08801614c18565b949350505050565b801561184e5773ffffffffffffffffffffffffffffffffffffffff82165f908152602081905260408120805483929061252d908490614b25565b90915550505050565b73ffffffffffffffffffffffffffffffffffffffff8116158061256e575073ffffffffffffffffffffffffffffffffffffffff811630145b156125bd576040517ff66e904800000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff82166004820152602401610993565b50565b73ffffffffffffffffffffffffffffffffffffffff82165f9081526020819052604090205480821115612645576040517fdb42144d00000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff841660048201526024810182905260448101839052606401610993565b73ffffffffffffffffffffffffffffffffffffffff9092165f90815260208190526040902091039055565b5f85815260046020526040812054606090806126f65750506040805160248082018990528251808303909101815260449091019091526020810180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff167f0e5ea0ab000000000000000000000000000000000000000000000000000000001790525f9150611e75565b5f6128268260408051610140810182526bffffffffffffffffffffffff8316815264ffffffffff606084811c82166020840152608885901c82169383019390935260b084901c169181019190915262ffffff60d883901c1660808201527e010000000000000000000000000000000000000000000000000000000000008216151560a08201527e020000000000000000000000000000000000000000000000000000000000008216151560c08201527e040000000000000000000000000000000000000000000000000000000000008216151560e08201527e08000000000000000000000000000000000000000000000000000000000000821615156101008201527e10000000000000000000000000000000000000000000000000000000000000909116151561012082015290565b9050806101200151156128cd57604051602481018a90525f907f29730f8300000000000000000000000000000000000000000000000000000000906044015b604051602081830303815290604052907bffffffffffffffffffffffffffffffffffffffffffffffffffffffff19166020820180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff8381831617835250505050935093505050611e75565b8635891461291257604051602481018a9052873560448201525f907f49e7dca60000000000000000000000000000000000000000000000000000000090606401612865565b5f61291c886115d7565b905061293961293160808b0160608c01614514565b828989613898565b612a0b575f7f7d0c1b7900000000000000000000000000000000000000000000000000000000828261297160808e0160608f01614514565b604051602481019390935273ffffffffffffffffffffffffffffffffffffffff9182166044840152166064820152608401604051602081830303815290604052907bffffffffffffffffffffffffffffffffffffffffffffffffffffffff19166020820180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff838183161783525050505094509450505050611e75565b5f612a2e612a1f60408b0160208c01614c18565b612a298c86612444565b613900565b9050825f01516bffffffffffffffffffffffff16816bffffffffffffffffffffffff1611612a73575f60405180602001604052805f8152509550955050505050611e75565b8251612a7f9082614b65565b6bffffffffffffffffffffffff821684529550612a9b83611f30565b5f8c815260046020908152604090912091909155612ad390612abf908c018c614514565b876bffffffffffffffffffffffff166124f3565b612ae060208b018b614514565b73ffffffffffffffffffffffffffffffffffffffff168b7f2471143714316ded1782037ccef736a355a1c37283781e7fb9faa1ad664b83238884604051612b429291906bffffffffffffffffffffffff92831681529116602082015260400190565b60405180910390a3505050509550959350505050565b60605f612b65848461392a565b9050808015612b9357505f3d1180612b9357505f8473ffffffffffffffffffffffffffffffffffffffff163b115b15612ba857612ba061393d565b9150506105cf565b8015612bf8576040517f9996b31500000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff85166004820152602401610993565b3d15612c0b57612c06613956565b6111a5565b6040517fd6bda27500000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b604080517feeb5c5394c72719ef04dfea9315e785370c6805689ddea907b8d65348f87f1a860208201529081018290525f906060015b604051602081830303815290604052805190602001209050919050565b604080517f4c03baf39ec4c8f145e02dcf58984a0d9231c5e5450d9fefd2e015002a08ccd460208201529081018390526bffffffffffffffffffffffff821660608201525f90608001611a66565b5f7f285aa63f778e390580dce9ad90540d4fe4bf7579554b0bc284641fceabdaf3be82604051602001612c73929190614f3d565b5f7fee2ba0744db62aa3a9382e39d94b9c33d4cc1e8634f29d77e90e12890f5662f882604051602001612c73929190614f52565b612d4e613961565b612d7b60017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005b906139ba565b565b612d8a83838360016139c1565b612dd8576040517f5274afe700000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff84166004820152602401610993565b505050565b612d7b5f7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f00612d75565b60408051610140810182525f80825260208201819052918101829052606081018290526080810182905260a0810182905260c0810182905260e0810182905261010081018290526101208101919091525f8281526004602052604090205480612e9f576040517f0e5ea0ab00000000000000000000000000000000000000000000000000000000815260048101849052602401610993565b612fce8160408051610140810182526bffffffffffffffffffffffff8316815264ffffffffff606084811c82166020840152608885901c82169383019390935260b084901c169181019190915262ffffff60d883901c1660808201527e010000000000000000000000000000000000000000000000000000000000008216151560a08201527e020000000000000000000000000000000000000000000000000000000000008216151560c08201527e040000000000000000000000000000000000000000000000000000000000008216151560e08201527e08000000000000000000000000000000000000000000000000000000000000821615156101008201527e10000000000000000000000000000000000000000000000000000000000000909116151561012082015290565b915081610120015115613010576040517f29730f8300000000000000000000000000000000000000000000000000000000815260048101849052602401610993565b50919050565b613024848484846001613a49565b610c33576040517f5274afe700000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff85166004820152602401610993565b5f828152600460205260409020546060901561313c57604051602481018490527fde5d1a9f00000000000000000000000000000000000000000000000000000000906044015b604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08184030181529190526020810180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff167fffffffff000000000000000000000000000000000000000000000000000000009093169290921790915290506105cf565b61314e61016083016101408401614fbb565b64ffffffffff1642106131b4577fcd6c919f000000000000000000000000000000000000000000000000000000008361318f61016085016101408601614fbb565b604051602481019290925264ffffffffff1660448201524260648201526084016130b8565b6131c661018083016101608401614b0c565b63ffffffff165f0361320657604051602481018490527f1f8fbdda00000000000000000000000000000000000000000000000000000000906044016130b8565b6132166040830160208401614514565b73ffffffffffffffffffffffffffffffffffffffff166132396020840184614514565b73ffffffffffffffffffffffffffffffffffffffff16036132aa577f4a37ba0a000000000000000000000000000000000000000000000000000000006132826020840184614514565b60405173ffffffffffffffffffffffffffffffffffffffff90911660248201526044016130b8565b5f6132c96132bb6020850185614514565b6132c48561377c565b613adc565b905080515f03611594576133096132e66040850160208601614514565b6132f660e0860160c08701614c18565b6bffffffffffffffffffffffff16613adc565b6124eb565b5f606061334286858561332460208a018a614514565b61333460608b0160408c01614514565b61333d8b61377c565b613ba6565b915091505b94509492505050565b5f606082156133b3576133aa61336587611410565b858561337760408a0160208b01614514565b61338760808b0160608c01614514565b61339760e08c0160c08d01614c18565b6bffffffffffffffffffffffff16613ba6565b91509150613347565b6133c36040860160208701614514565b73ffffffffffffffffffffffffffffffffffffffff1633036133f657505060408051602081019091525f80825290613347565b6134066080860160608701614514565b73ffffffffffffffffffffffffffffffffffffffff16330361345b5760016133aa6134376040880160208901614514565b3361344860e08a0160c08b01614c18565b6bffffffffffffffffffffffff16613d2c565b7f8d732850000000000000000000000000000000000000000000000000000000003361348d6040880160208901614514565b61349d6080890160608a01614514565b60405173ffffffffffffffffffffffffffffffffffffffff938416602482015291831660448301529091166064820152608401604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08184030181529190526020810180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff167fffffffff0000000000000000000000000000000000000000000000000000000090931692909217909152905094509492505050565b60408051610140810182525f808252606082018190526080820181905260a0820181905260c0820181905260e08201819052610100820181905261012082015264ffffffffff42811660208301524316918101919091526135c161018085016101608601614b0c565b6135d19063ffffffff1643614b25565b64ffffffffff16606082015282151560e08201528115156101008201526135f781611f30565b5f86815260046020908152604091829020929092556136419161361e918701908701614514565b61362e60e0870160c08801614c18565b6bffffffffffffffffffffffff166125c0565b61365f6136516020860186614514565b61365a8661377c565b6125c0565b81156136ab576136ab6136786040860160208701614514565b6136886080870160608801614514565b61369860e0880160c08901614c18565b6bffffffffffffffffffffffff16613f65565b82156136df576136df6136c16020860186614514565b6136d16060870160408801614514565b6136da8761377c565b613f65565b6136ef6040850160208601614514565b73ffffffffffffffffffffffffffffffffffffffff166137126020860186614514565b73ffffffffffffffffffffffffffffffffffffffff16867fdf1dbc6cbf4d6de8bc9b843b1da097a391abe52c767c085f26356fec37cf5840876040516137589190614fd4565b60405180910390a45050505050565b5f81831061377557816105cc565b5090919050565b5f61378f61012083016101008401614c18565b6bffffffffffffffffffffffff166137ae610100840160e08501614c18565b6bffffffffffffffffffffffff166105cf9190614b25565b73ffffffffffffffffffffffffffffffffffffffff8381165f9081526001602090815260408083209386168352929052208054829190600c906138289084906c0100000000000000000000000090046bffffffffffffffffffffffff16614b65565b92506101000a8154816bffffffffffffffffffffffff02191690836bffffffffffffffffffffffff160217905550505050565b60605f61386783613fc7565b6040805160208082528183019092529192505f91906020820181803683375050509182525060208101929092525090565b5f5f6138a5858585614007565b905073ffffffffffffffffffffffffffffffffffffffff8116158015906106af57508573ffffffffffffffffffffffffffffffffffffffff168173ffffffffffffffffffffffffffffffffffffffff16149695505050505050565b5f816bffffffffffffffffffffffff16836bffffffffffffffffffffffff161061377557816105cc565b5f5f5f835160208501865af49392505050565b6040513d81523d5f602083013e3d602001810160405290565b6040513d5f823e3d81fd5b7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005c15612d7b576040517f3ee5aeb500000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b80825d5050565b6040517fa9059cbb000000000000000000000000000000000000000000000000000000005f81815273ffffffffffffffffffffffffffffffffffffffff8616600452602485905291602083604481808b5af1925060015f51148316613a3d578383151615613a31573d5f823e3d81fd5b5f873b113d1516831692505b60405250949350505050565b6040517f23b872dd000000000000000000000000000000000000000000000000000000005f81815273ffffffffffffffffffffffffffffffffffffffff8781166004528616602452604485905291602083606481808c5af1925060015f51148316613acb578383151615613abf573d5f823e3d81fd5b5f883b113d1516831692505b604052505f60605295945050505050565b60605f613b0a8473ffffffffffffffffffffffffffffffffffffffff165f9081526020819052604090205490565b9050808311156111a5576040805173ffffffffffffffffffffffffffffffffffffffff95909516602486015260448501919091526064808501939093528051808503909301835260849093019092526020810180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff167fdb42144d00000000000000000000000000000000000000000000000000000000179052919050565b5f60605f613bb5898989614007565b905073ffffffffffffffffffffffffffffffffffffffff811615613c68578573ffffffffffffffffffffffffffffffffffffffff168173ffffffffffffffffffffffffffffffffffffffff1603613c1e57505060408051602081019091525f8082529150613d21565b8473ffffffffffffffffffffffffffffffffffffffff168173ffffffffffffffffffffffffffffffffffffffff1603613c68576001613c5e878787613d2c565b9250925050613d21565b613c74868a8a8a614057565b15613c9157505060408051602081019091525f8082529150613d21565b5050604080516024810189905273ffffffffffffffffffffffffffffffffffffffff868116604483015285166064808301919091528251808303909101815260849091019091526020810180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff167f7d0c1b79000000000000000000000000000000000000000000000000000000001790525b965096945050505050565b73ffffffffffffffffffffffffffffffffffffffff8381165f90815260016020908152604080832093861683529281529082902082516060808201855291546bffffffffffffffffffffffff80821683526c0100000000000000000000000082041693820193909352780100000000000000000000000000000000000000000000000090920464ffffffffff16928201839052914210613eac57604081810151905173ffffffffffffffffffffffffffffffffffffffff80881660248301528616604482015264ffffffffff90911660648201527f4fc6788900000000000000000000000000000000000000000000000000000000906084015b604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08184030181529190526020810180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff167fffffffff000000000000000000000000000000000000000000000000000000009093169290921790915291506115949050565b805f01516bffffffffffffffffffffffff168382602001516bffffffffffffffffffffffff16613edc9190614b25565b1115613f5d578051602082015160405173ffffffffffffffffffffffffffffffffffffffff8089166024830152871660448201526bffffffffffffffffffffffff92831660648201529116608482015260a481018490527ff2388f7a000000000000000000000000000000000000000000000000000000009060c401613e26565b509392505050565b73ffffffffffffffffffffffffffffffffffffffff8381165f9081526001602090815260408083209386168352929052208054829190600c906138289084906c0100000000000000000000000090046bffffffffffffffffffffffff16614fe3565b5f60ff8216601f8111156105cf576040517fb3512b0c00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b5f6040821461401757505f611594565b61404c8461402860205f8688614bce565b61403191615007565b61403e8560208189614bce565b61404791615007565b614165565b509095945050505050565b5f8473ffffffffffffffffffffffffffffffffffffffff163b5f0361407d57505f6124eb565b5f84848460405160240161409393929190615043565b604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0818403018152919052602080820180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff167f1626ba7e0000000000000000000000000000000000000000000000000000000017815282519293505f92839262030d4092909184918c85fa5f51601f3d119091169350915082801561415857507f1626ba7e0000000000000000000000000000000000000000000000000000000082145b9998505050505050505050565b5f80807f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8416601b60ff86901c0161419f888289856141b0565b945094509450505093509350939050565b5f80807f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a08411156141e957505f91506003905082614299565b604080515f808252602082018084528a905260ff891692820192909252606081018790526080810186905260019060a0016020604051602081039080840390855afa15801561423a573d5f5f3e3d5ffd5b50506040517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0015191505073ffffffffffffffffffffffffffffffffffffffff811661429057505f925060019150829050614299565b92505f91508190505b9450945094915050565b5f5f604083850312156142b4575f5ffd5b50508035926020909101359150565b5f5f5f5f5f60a086880312156142d7575f5ffd5b8535945060208601359350604086013560ff811681146142f5575f5ffd5b94979396509394606081013594506080013592915050565b5f6102008284031215613010575f5ffd5b5f5f83601f84011261432e575f5ffd5b50813567ffffffffffffffff811115614345575f5ffd5b60208301915083602082850101111561435c575f5ffd5b9250929050565b5f5f5f5f5f6102408688031215614378575f5ffd5b614382878761430d565b945061020086013567ffffffffffffffff81111561439e575f5ffd5b6143aa8882890161431e565b90955093505061022086013567ffffffffffffffff8111156143ca575f5ffd5b6143d68882890161431e565b969995985093965092949392505050565b5f5f83601f8401126143f7575f5ffd5b50813567ffffffffffffffff81111561440e575f5ffd5b6020830191508360208260051b850101111561435c575f5ffd5b5f5f60208385031215614439575f5ffd5b823567ffffffffffffffff81111561444f575f5ffd5b61445b858286016143e7565b90969095509350505050565b803573ffffffffffffffffffffffffffffffffffffffff81168114611dfe575f5ffd5b80356bffffffffffffffffffffffff81168114611dfe575f5ffd5b803564ffffffffff81168114611dfe575f5ffd5b5f5f5f606084860312156144cb575f5ffd5b6144d484614467565b92506144e26020850161448a565b91506144f0604085016144a5565b90509250925092565b5f610200828403121561450a575f5ffd5b6105cc838361430d565b5f60208284031215614524575f5ffd5b6105cc82614467565b5f6020828403121561453d575f5ffd5b5035919050565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b600581106145a6577f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b9052565b5f610140820190506145bd828451614571565b60208301516145dc60208401826bffffffffffffffffffffffff169052565b5060408301516145f5604084018264ffffffffff169052565b50606083015161460e606084018264ffffffffff169052565b506080830151614627608084018264ffffffffff169052565b5060a083015161463e60a084018262ffffff169052565b5060c083015161465260c084018215159052565b5060e083015161466660e084018215159052565b5061010083015161467c61010084018215159052565b506101208301516111a561012084018215159052565b5f81518084528060208401602086015e5f6020828601015260207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f83011685010191505092915050565b7fff000000000000000000000000000000000000000000000000000000000000008816815260e060208201525f61471860e0830189614692565b828103604084015261472a8189614692565b6060840188905273ffffffffffffffffffffffffffffffffffffffff8716608085015260a0840186905283810360c0850152845180825260208087019350909101905f5b8181101561478c57835183526020938401939092019160010161476e565b50909b9a5050505050505050505050565b5f5f5f5f5f5f61026087890312156147b3575f5ffd5b6147bd888861430d565b95506147cc610200880161448a565b945061022087013567ffffffffffffffff8111156147e8575f5ffd5b6147f489828a0161431e565b90955093505061024087013567ffffffffffffffff811115614814575f5ffd5b61482089828a0161431e565b979a9699509497509295939492505050565b5f5f60408385031215614843575f5ffd5b61484c83614467565b946020939093013593505050565b5f602082016020835280845180835260408501915060408160051b8601019250602086015f5b828110156148cf577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc08786030184526148ba858351614692565b94506020938401939190910190600101614880565b50929695505050505050565b5f5f604083850312156148ec575f5ffd5b6148f583614467565b915061490360208401614467565b90509250929050565b5f5f6040838503121561491d575f5ffd5b823591506149036020840161448a565b5f60808284031215613010575f5ffd5b5f5f5f5f6102a08587031215614951575f5ffd5b61495b868661430d565b935061496b86610200870161492d565b925061028085013567ffffffffffffffff811115614987575f5ffd5b6149938782880161431e565b95989497509550505050565b5f608082840312156149af575f5ffd5b6105cc838361492d565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b5f82357ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdc1833603018112614a18575f5ffd5b9190910192915050565b5f5f83357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1843603018112614a55575f5ffd5b83018035915067ffffffffffffffff821115614a6f575f5ffd5b60200191503681900382131561435c575f5ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b5f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8203614ae057614ae0614a83565b5060010190565b602081525f6105cc6020830184614692565b803563ffffffff81168114611dfe575f5ffd5b5f60208284031215614b1c575f5ffd5b6105cc82614af9565b808201808211156105cf576105cf614a83565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b6bffffffffffffffffffffffff82811682821603908111156105cf576105cf614a83565b5f82357ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd61833603018112614a18575f5ffd5b818103818111156105cf576105cf614a83565b5f5f85851115614bdc575f5ffd5b83861115614be8575f5ffd5b5050820193919092039150565b828482375f8382015f815283518060208601835e5f910190815295945050505050565b5f60208284031215614c28575f5ffd5b6105cc8261448a565b5f60208284031215614c41575f5ffd5b5051919050565b5f7f80000000000000000000000000000000000000000000000000000000000000008203614c7857614c78614a83565b505f0390565b8082018281125f83128015821682158216171561128a5761128a614a83565b80820281158282048414176105cf576105cf614a83565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd5b5f6bffffffffffffffffffffffff831680614cfe57614cfe614cb4565b806bffffffffffffffffffffffff84160491505092915050565b80356fffffffffffffffffffffffffffffffff81168114611dfe575f5ffd5b5f60208284031215614d47575f5ffd5b6105cc82614d18565b5f82614d5e57614d5e614cb4565b500490565b614d8a82614d7083614467565b73ffffffffffffffffffffffffffffffffffffffff169052565b614d9660208201614467565b73ffffffffffffffffffffffffffffffffffffffff166020830152614dbd60408201614467565b73ffffffffffffffffffffffffffffffffffffffff166040830152614de460608201614467565b73ffffffffffffffffffffffffffffffffffffffff166060830152614e0b60808201614d18565b6fffffffffffffffffffffffffffffffff166080830152614e2e60a0820161448a565b6bffffffffffffffffffffffff1660a0830152614e4d60c0820161448a565b6bffffffffffffffffffffffff1660c0830152614e6c60e0820161448a565b6bffffffffffffffffffffffff1660e0830152614e8c610100820161448a565b6bffffffffffffffffffffffff16610100830152614ead610120820161448a565b6bffffffffffffffffffffffff16610120830152614ece61014082016144a5565b64ffffffffff16610140830152614ee86101608201614af9565b63ffffffff16610160830152614f016101808201614af9565b63ffffffff16610180830152614f1a6101a08201614af9565b63ffffffff166101a08301526101c081810135908301526101e090810135910152565b82815261022081016115946020830184614d63565b828152813560208083019190915260a08201906bffffffffffffffffffffffff90614f7e90850161448a565b16604083015264ffffffffff614f96604085016144a5565b16606083015264ffffffffff614fae606085016144a5565b1660808301529392505050565b5f60208284031215614fcb575f5ffd5b6105cc826144a5565b61020081016105cf8284614d63565b6bffffffffffffffffffffffff81811683821601908111156105cf576105cf614a83565b803560208310156105cf577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff602084900360031b1b1692915050565b83815260406020820152816040820152818360608301375f818301606090810191909152601f9092017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe01601019291505056' as const
