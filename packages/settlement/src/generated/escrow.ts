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
    "name": "MalformedQuote",
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
  '0x6101c0604052348015610010575f5ffd5b50604051614f1a380380614f1a83398101604081905261002f916101a1565b604080518082018252600b81526a536f756b20457363726f7760a81b602080830191909152825180840190935260018352603160f81b908301526001600160a01b0385166080529061008082610144565b6101405261008d81610144565b61016052815160208084019190912061010052815190820120610120524660c05261011b6101005161012051604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201529081019290925260608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b60a05250503060e0526001600160a01b03919091166101805263ffffffff166101a0525061024e565b5f5f829050601f81511115610177578260405163305a27a960e01b815260040161016e91906101f3565b60405180910390fd5b805161018282610228565b179392505050565b6001600160a01b038116811461019e575f5ffd5b50565b5f5f5f606084860312156101b3575f5ffd5b83516101be8161018a565b60208501519093506101cf8161018a565b604085015190925063ffffffff811681146101e8575f5ffd5b809150509250925092565b602081525f82518060208401528060208501604085015e5f604082850101526040601f19601f83011684010191505092915050565b80516020808301519190811015610248575f198160200360031b1b821691505b50919050565b60805160a05160c05160e05161010051610120516101405161016051610180516101a051614c096103115f395f81816104e901528181610b6b015261206c01525f81816101d90152818161116e0152818161127c015261162f01525f61213501525f61210a01525f61196801525f61194001525f61189b01525f6118c501525f6118ef01525f81816105970152818161063e01528181611441015281816114db01528181611532015281816119f101528181611a8b0152611ae30152614c095ff3fe608060405234801561000f575f5ffd5b50600436106101d0575f3560e01c806396b3f119116100fe578063d84f01df1161009e578063ee6108cd1161006e578063ee6108cd14610559578063f3fef3a31461056c578063f5d0db271461057f578063fc0c546a14610592575f5ffd5b8063d84f01df146104e4578063dc989bb914610520578063e3caa6ed14610533578063e992705a14610546575f5ffd5b8063b5f783a8116100d9578063b5f783a8146103ec578063b6b55f25146104ab578063c2f62396146104be578063cd32f424146104d1575f5ffd5b806396b3f11914610389578063ac9650d81461039c578063acff65e9146103bc575f5ffd5b80637044f79c116101745780638127aac9116101445780638127aac91461032857806384b0196e1461034857806389a0a5f614610363578063945e42fe14610376575f5ffd5b80637044f79c1461029c57806370a08231146102af57806373f42561146102e457806374de086a14610315575f5ffd5b80634a970be7116101af5780634a970be71461024e578063537e7f4d146102615780635475288b14610274578063568477b814610287575f5ffd5b8062971a30146101d4578063229e72aa146102255780633644e51514610246575b5f5ffd5b6101fb7f000000000000000000000000000000000000000000000000000000000000000081565b60405173ffffffffffffffffffffffffffffffffffffffff90911681526020015b60405180910390f35b610238610233366004613e8c565b6105b9565b60405190815260200161021c565b6102386105d5565b61023861025c366004613eac565b6105e3565b61023861026f366004613f52565b6106b9565b610238610282366004614017565b6106e1565b61029a6102953660046140a8565b6107d6565b005b61029a6102aa3660046140e8565b6108a9565b6102386102bd366004614103565b73ffffffffffffffffffffffffffffffffffffffff165f9081526020819052604090205490565b61dead5f9081526020527f44ad89ba62b98ff34f51403ac22759b55759460c0bb5521eb4b6ee3cff49cf8354610238565b61029a6103233660046140e8565b610b59565b61033b61033636600461411c565b610c09565b60405161021c9190614199565b610350610db4565b60405161021c97969594939291906142cd565b61029a61037136600461438c565b610e12565b61029a610384366004614421565b610f2e565b610238610397366004614017565b610f9b565b6103af6103aa366004614017565b61106f565b60405161021c9190614449565b6103cf6103ca3660046140e8565b611155565b6040516bffffffffffffffffffffffff909116815260200161021c565b6104796103fa3660046144ca565b73ffffffffffffffffffffffffffffffffffffffff9182165f9081526001602090815260408083209390941682529190915220546bffffffffffffffffffffffff808216926c010000000000000000000000008304909116917801000000000000000000000000000000000000000000000000900464ffffffffff1690565b604080516bffffffffffffffffffffffff948516815293909216602084015264ffffffffff169082015260600161021c565b6102386104b936600461411c565b6112f9565b6102386104cc36600461411c565b611303565b6102386104df3660046144fb565b611310565b61050b7f000000000000000000000000000000000000000000000000000000000000000081565b60405163ffffffff909116815260200161021c565b6103cf61052e3660046140e8565b61131e565b6102386105413660046140e8565b611360565b6103cf61055436600461452c565b61136d565b61023861056736600461458e565b61139c565b61029a61057a366004614421565b6113a9565b61029a61058d366004613e8c565b611617565b6101fb7f000000000000000000000000000000000000000000000000000000000000000081565b5f6105cc6105c784846117e0565b61183b565b90505b92915050565b5f6105de611882565b905090565b6040517fd505accf000000000000000000000000000000000000000000000000000000008152336004820152306024820152604481018690526064810185905260ff8416608482015260a4810183905260c481018290525f907f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff169063d505accf9060e4015f604051808303815f87803b158015610694575f5ffd5b505af19250505080156106a5575060015b506106af866119b8565b9695505050505050565b5f60606106c98787878787611bba565b90925090506106d781611c36565b5095945050505050565b5f805b8281101561079c57368484838181106106ff576106ff6145a8565b905060200281019061071191906145d5565b90505f8061073a83610727610200820182614611565b610735610220880188614611565b611bba565b9150915080515f0361075857846107508161469f565b955050610791565b817f22fed89444f4a1acc9469840c01e4adae695b779e407c540631b240467e3ecd58260405161078891906146d6565b60405180910390a25b5050506001016106e4565b50805f036105cf576040517faf8f715200000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b335f81815260016020908152604080832073ffffffffffffffffffffffffffffffffffffffff88168085529083529281902080546bffffffffffffffffffffffff88167fffffff0000000000ffffffffffffffffffffffff0000000000000000000000009091168117780100000000000000000000000000000000000000000000000064ffffffffff891690810291909117835583519182529381019390935293917f1e7cd17106f08d1bf3a63af3f6d942ce6c40a7791c7725acfa2df91e2863cc8f910160405180910390a350505050565b5f5f6108b483611c49565b90925090505f6108ca6040850160208601614103565b73ffffffffffffffffffffffffffffffffffffffff163373ffffffffffffffffffffffffffffffffffffffff16148061093d575061090e6080850160608601614103565b73ffffffffffffffffffffffffffffffffffffffff163373ffffffffffffffffffffffffffffffffffffffff16145b90504381156109cf577e010000000000000000000000000000000000000000000000000000000000008316156109bf57836109788460b01c90565b6040517f2f1465b3000000000000000000000000000000000000000000000000000000008152600481019290925264ffffffffff1660248201526044015b60405180910390fd5b6109c883611c66565b9250610ad1565b6109dc6020860186614103565b73ffffffffffffffffffffffffffffffffffffffff163373ffffffffffffffffffffffffffffffffffffffff1614158015610a525750610a226060860160408701614103565b73ffffffffffffffffffffffffffffffffffffffff163373ffffffffffffffffffffffffffffffffffffffff1614155b15610a8b576040517f20b9b3400000000000000000000000000000000000000000000000000000000081523360048201526024016109b6565b610a9d6101a0860161018087016146fb565b610aad9063ffffffff1682614714565b9050610ab98360b01c90565b64ffffffffff168110610ad157836109788460b01c90565b610adb8360b01c90565b64ffffffffff16811015610af657610af38382611cb0565b92505b5f848152600460205260409020839055837f4251cd6cbf739164cb35552ff9e3e118410302d2dc97c7636d22ebcbbb33d6e5610b328560b01c90565b6040805164ffffffffff909216825285151560208301520160405180910390a25050505050565b5f5f610b6483611c49565b915091505f7f000000000000000000000000000000000000000000000000000000000000000063ffffffff16610b9a8360b01c90565b64ffffffffff16610bab9190614714565b905080431015610bf7576040517f0d3fc99d00000000000000000000000000000000000000000000000000000000815260048101849052602481018290524360448201526064016109b6565b610c038385845f611cfc565b50505050565b60408051610140810182525f80825260208201819052918101829052606081018290526080810182905260a0810182905260c0810182905260e0810182905261010081018290526101208101919091525f828152600460205260409081902054815161014081019092529080610c7e8361200e565b6004811115610c8f57610c8f614133565b8152602001826bffffffffffffffffffffffff168152602001610cb28360881c90565b64ffffffffff168152602001610cc88360b01c90565b64ffffffffff16815260200182610cdf575f610ce8565b610ce8836120c1565b64ffffffffff168152602001610cfe8360d81c90565b62ffffff1681527e010000000000000000000000000000000000000000000000000000000000008316151560208201527e020000000000000000000000000000000000000000000000000000000000008316151560408201527e040000000000000000000000000000000000000000000000000000000000008316151560608201527e08000000000000000000000000000000000000000000000000000000000000909216151560809092019190915292915050565b5f6060805f5f5f6060610dc5612103565b610dcd61212e565b604080515f808252602082019092527f0f000000000000000000000000000000000000000000000000000000000000009b939a50919850469750309650945092509050565b5f5f610e1d88611c49565b915091505f610e2c8389611310565b9050610e49610e4160608b0160408c01614103565b828989612159565b610e64610e5c60808b0160608c01614103565b828787612159565b5f610e6f8a846121c0565b9050826bffffffffffffffffffffffff808216908b161080610eac5750816bffffffffffffffffffffffff168a6bffffffffffffffffffffffff16115b15610f03576040517f2f1690500000000000000000000000000000000000000000000000000000000081526bffffffffffffffffffffffff808c1660048301528083166024830152831660448201526064016109b6565b610f21858c610f12878e61226f565b610f1c858f614754565b611cfc565b5050505050505050505050565b610f37826122a8565b610f413382612332565b610f4b82826123e2565b60405181815273ffffffffffffffffffffffffffffffffffffffff83169033907e0e6e1d52477156459d942cdb0bc0970a404c1ea857ab5b75b5ad32f334dfc19060200160405180910390a35050565b5f805b828110156110685736848483818110610fb957610fb96145a8565b9050602002810190610fcb9190614778565b90505f610fd782611360565b90505f80610ff883856102008101610ff3610280830183614611565b612425565b90925090506110156bffffffffffffffffffffffff831687614714565b955080515f1461105857827f8a5734a885452592b1e742199cc20787543c640a3444a68aaade96835e584dba8260405161104f91906146d6565b60405180910390a25b505060019092019150610f9e9050565b5092915050565b604080515f8152602081019091526060908267ffffffffffffffff81111561109957611099614727565b6040519080825280602002602001820160405280156110cc57816020015b60608152602001906001900390816110b75790505b5091505f5b8381101561114d57611128308686848181106110ef576110ef6145a8565b90506020028101906111019190614611565b85604051602001611114939291906147bd565b60405160208183030381529060405261279c565b83828151811061113a5761113a6145a8565b60209081029190910101526001016110d1565b505092915050565b5f3373ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016146111c7576040517fd9cc3b780000000000000000000000000000000000000000000000000000000081523360048201526024016109b6565b5f5f6111d284611c49565b90925090507e02000000000000000000000000000000000000000000000000000000000000811615611233576040517f3bac6705000000000000000000000000000000000000000000000000000000008152600481018390526024016109b6565b7e0200000000000000000000000000000000000000000000000000000000000081175f83815260046020526040902055611275610120850161010086016147e0565b92506112af7f0000000000000000000000000000000000000000000000000000000000000000846bffffffffffffffffffffffff166123e2565b6040516bffffffffffffffffffffffff8416815282907fa92941b0fc37f03f33bf821d74d76601fa479d866f4b4de1a338b609dca64f529060200160405180910390a25050919050565b5f6105cf826119b8565b5f6105cf6105c783612881565b5f6105cc6105c784846128d4565b5f5f60045f61132c85611360565b81526020019081526020015f2054905061134581151590565b61134f575f611359565b61135983826121c0565b9392505050565b5f6105cf6105c783612922565b5f606061138561137c87611360565b87878787612425565b909250905061139381611c36565b50949350505050565b5f6105cf6105c783612a1e565b6113b1612a52565b6113ba826122a8565b6113c43382612332565b60405181815273ffffffffffffffffffffffffffffffffffffffff83169033907fd1c19fbcd4551a5edfb66d43d2e337c04837afda3482b42bdf569a8fccdae5fb9060200160405180910390a36040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f907f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff16906370a0823190602401602060405180830381865afa15801561149b573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906114bf91906147f9565b905061150273ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168484612a89565b6040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f907f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff16906370a0823190602401602060405180830381865afa15801561158c573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906115b091906147f9565b9050816115bd8483614714565b101561160957826115ce82846147aa565b6040517fc4d70ebf000000000000000000000000000000000000000000000000000000008152600481019290925260248201526044016109b6565b5050611613612ae9565b5050565b3373ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001614611688576040517fd9cc3b780000000000000000000000000000000000000000000000000000000081523360048201526024016109b6565b5f61169283612b13565b90505f61169f8260d81c90565b905062ffffff6116ae81614810565b8412806116ba57508084135b15611706576040517fe54cdfc10000000000000000000000000000000000000000000000000000000081526004810186905262ffffff83166024820152604481018590526064016109b6565b5f6117168562ffffff8516614846565b90505f81128061172557508181135b15611771576040517fe54cdfc10000000000000000000000000000000000000000000000000000000081526004810187905262ffffff84166024820152604481018690526064016109b6565b8061177c8582612bb7565b5f8881526004602052604090819020919091555187907f05511efdbeefdb5e9c40fb09f3d8043909442da11a0caa5624524b2dbac168cb906117cf908990859091825262ffffff16602082015260400190565b60405180910390a250505050505050565b604080517fe53994867363bdd9d3b95ed3141b3938d70983d7d5b5e95bb248112d871a5d1a6020820152908101839052606081018290525f906080015b60405160208183030381529060405280519060200120905092915050565b5f6105cf611847611882565b836040517f19010000000000000000000000000000000000000000000000000000000000008152600281019290925260228201526042902090565b5f3073ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000161480156118e757507f000000000000000000000000000000000000000000000000000000000000000046145b1561191157507f000000000000000000000000000000000000000000000000000000000000000090565b6105de604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201527f0000000000000000000000000000000000000000000000000000000000000000918101919091527f000000000000000000000000000000000000000000000000000000000000000060608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b5f6119c1612a52565b6040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f907f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff16906370a0823190602401602060405180830381865afa158015611a4b573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190611a6f91906147f9565b9050611ab373ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016333086612c06565b6040517f70a0823100000000000000000000000000000000000000000000000000000000815230600482015281907f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff16906370a0823190602401602060405180830381865afa158015611b3d573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190611b6191906147f9565b611b6b91906147aa565b9150611b7733836123e2565b60405182815233907f2da466a7b24304f47e87fa2e1e5a81b9831ce54fec19055ce277ca2f39ba42c49060200160405180910390a250611bb5612ae9565b919050565b5f6060611bc687611360565b9150611bd28288612c62565b905080515f03611c2c575f611be983898989612efe565b805190935090915015611bfc5750611c2c565b5f611c09848a8888612f40565b805190945090915015611c1d575050611c2c565b611c29848a8484613148565b50505b9550959350505050565b80515f03611c415750565b805160208201fd5b5f5f611c5483611360565b9150611c5f82612b13565b9050915091565b5f6105cf7e01000000000000000000000000000000000000000000000000000000000000611cac84606064ffffffffff611c9f836120c1565b821b911b19919091161790565b1790565b5f7fffffffffff0000000000ffffffffffffffffffffffffffffffffffffffffffff83167affffffffff0000000000000000000000000000000000000000000060b084901b16176105cc565b5f8481526004602052604081207e100000000000000000000000000000000000000000000000000000000000008417905582611d3e60e0860160c087016147e0565b611d489190614754565b90505f611dab611d60610140870161012088016147e0565b6bffffffffffffffffffffffff16611d788660d81c90565b62ffffff16611d879190614865565b611d98610100880160e089016147e0565b6bffffffffffffffffffffffff16613396565b90505f611db96002836148a9565b90505f6bffffffffffffffffffffffff83167e020000000000000000000000000000000000000000000000000000000000008716611dff57611dfa886133ab565b611e1f565b611e10610100890160e08a016147e0565b6bffffffffffffffffffffffff165b611e2991906147aa565b9050611e5e611e3e6040890160208a01614103565b611e596bffffffffffffffffffffffff808616908816614714565b6123e2565b611e86611e6e6020890189614103565b611e596bffffffffffffffffffffffff881684614714565b611ea961dead611e968486614754565b6bffffffffffffffffffffffff166123e2565b7e08000000000000000000000000000000000000000000000000000000000000861615611f0757611f07611ee36040890160208a01614103565b611ef360808a0160608b01614103565b866bffffffffffffffffffffffff166133f5565b7e04000000000000000000000000000000000000000000000000000000000000861615611f5457611f54611f3e6020890189614103565b611f4e60608a0160408b01614103565b836133f5565b611f646040880160208901614103565b73ffffffffffffffffffffffffffffffffffffffff16611f876020890189614103565b73ffffffffffffffffffffffffffffffffffffffff16897fbb5ca4ebd9c97a71d56a30d936edeef3fa0bc801112e65261640f56d25dee20c898887611fcc818b614754565b604080516bffffffffffffffffffffffff9586168152938516602085015291841683830152909216606082015290519081900360800190a45050505050505050565b5f8161201b57505f919050565b7e1000000000000000000000000000000000000000000000000000000000000082161561204a57506004919050565b6120548260b01c90565b64ffffffffff1643101561206a57506001919050565b7f000000000000000000000000000000000000000000000000000000000000000063ffffffff1661209b8360b01c90565b64ffffffffff166120ac9190614714565b43106120b95760036105cf565b600292915050565b5f606082901c64ffffffffff167e0100000000000000000000000000000000000000000000000000000000000083166105cf576120fe81426147aa565b611359565b60606105de7f000000000000000000000000000000000000000000000000000000000000000061348a565b60606105de7f000000000000000000000000000000000000000000000000000000000000000061348a565b612165848484846134c7565b610c03576040517f7d0c1b79000000000000000000000000000000000000000000000000000000008152600481018490525f602482015273ffffffffffffffffffffffffffffffffffffffff851660448201526064016109b6565b5f8064e8d4a510006121da6101c086016101a087016146fb565b63ffffffff166121e9856120c1565b6121f39190614714565b61220360a08701608088016148ff565b6fffffffffffffffffffffffffffffffff1661221f9190614865565b6122299190614918565b61223960c0860160a087016147e0565b6bffffffffffffffffffffffff166122519190614714565b905061226781611d9860e0870160c088016147e0565b949350505050565b5f7fffffffffffffffffffffffffffffffffffffffff00000000000000000000000083166bffffffffffffffffffffffff8316176105cc565b73ffffffffffffffffffffffffffffffffffffffff811615806122e0575073ffffffffffffffffffffffffffffffffffffffff811630145b1561232f576040517ff66e904800000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff821660048201526024016109b6565b50565b73ffffffffffffffffffffffffffffffffffffffff82165f90815260208190526040902054808211156123b7576040517fdb42144d00000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff8416600482015260248101829052604481018390526064016109b6565b73ffffffffffffffffffffffffffffffffffffffff9092165f90815260208190526040902091039055565b80156116135773ffffffffffffffffffffffffffffffffffffffff82165f908152602081905260408120805483929061241c908490614714565b90915550505050565b5f85815260046020526040812054606090806124d457604051602481018990525f907f0e5ea0ab00000000000000000000000000000000000000000000000000000000906044015b604051602081830303815290604052907bffffffffffffffffffffffffffffffffffffffffffffffffffffffff19166020820180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff83818316178352505050509250925050611c2c565b7e1000000000000000000000000000000000000000000000000000000000000081161561253157604051602481018990525f907f29730f83000000000000000000000000000000000000000000000000000000009060440161246d565b853588146125765760405160248101899052863560448201525f907f49e7dca6000000000000000000000000000000000000000000000000000000009060640161246d565b5f6125808761139c565b905061259d61259560808a0160608b01614103565b8288886134c7565b61266e575f7f7d0c1b790000000000000000000000000000000000000000000000000000000082826125d560808d0160608e01614103565b604051602481019390935273ffffffffffffffffffffffffffffffffffffffff9182166044840152166064820152608401604051602081830303815290604052907bffffffffffffffffffffffffffffffffffffffffffffffffffffffff19166020820180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff8381831617835250505050935093505050611c2c565b5f61269161268260408a0160208b016147e0565b61268c8b866121c0565b61352f565b9050826bffffffffffffffffffffffff808216908316116126c9575f60405180602001604052805f8152509550955050505050611c2c565b6126d38183614754565b95506126df848361226f565b5f8c81526004602090815260409091209190915561271790612703908c018c614103565b876bffffffffffffffffffffffff166123e2565b61272460208b018b614103565b73ffffffffffffffffffffffffffffffffffffffff168b7f2471143714316ded1782037ccef736a355a1c37283781e7fb9faa1ad664b832388856040516127869291906bffffffffffffffffffffffff92831681529116602082015260400190565b60405180910390a3505050509550959350505050565b60605f6127a98484613559565b90508080156127d757505f3d11806127d757505f8473ffffffffffffffffffffffffffffffffffffffff163b115b156127ec576127e461356c565b9150506105cf565b801561283c576040517f9996b31500000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff851660048201526024016109b6565b3d1561284f5761284a613585565b611068565b6040517fd6bda27500000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b604080517feeb5c5394c72719ef04dfea9315e785370c6805689ddea907b8d65348f87f1a860208201529081018290525f906060015b604051602081830303815290604052805190602001209050919050565b604080517f4c03baf39ec4c8f145e02dcf58984a0d9231c5e5450d9fefd2e015002a08ccd460208201529081018390526bffffffffffffffffffffffff821660608201525f9060800161181d565b6040517f285aa63f778e390580dce9ad90540d4fe4bf7579554b0bc284641fceabdaf3be8082525f9182906020810161020086823760608101516040820151176020820151825117178060a01c9350608082015160801c8417935060e082015160c083015160a08401511717905061012082015161010083015117811790508060601c8417935061014082015160281c841793506101a0820151610180830151610160840151171790508060201c8417935050506102208120935050805f14612a17576040517f749b371600000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b5050919050565b5f7fee2ba0744db62aa3a9382e39d94b9c33d4cc1e8634f29d77e90e12890f5662f8826040516020016128b792919061492b565b612a5a613590565b612a8760017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005b906135e9565b565b612a9683838360016135f0565b612ae4576040517f5274afe700000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff841660048201526024016109b6565b505050565b612a875f7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f00612a81565b5f8181526004602052604090205480612b5b576040517f0e5ea0ab000000000000000000000000000000000000000000000000000000008152600481018390526024016109b6565b7e10000000000000000000000000000000000000000000000000000000000000811615611bb5576040517f29730f83000000000000000000000000000000000000000000000000000000008152600481018390526024016109b6565b5f7fffff000000ffffffffffffffffffffffffffffffffffffffffffffffffffffff83167dffffff00000000000000000000000000000000000000000000000000000060d884901b16176105cc565b612c14848484846001613678565b610c03576040517f5274afe700000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff851660048201526024016109b6565b5f8281526004602052604090205460609015612d2c57604051602481018490527fde5d1a9f00000000000000000000000000000000000000000000000000000000906044015b604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08184030181529190526020810180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff167fffffffff000000000000000000000000000000000000000000000000000000009093169290921790915290506105cf565b612d3e61016083016101408401614994565b64ffffffffff164210612da4577fcd6c919f0000000000000000000000000000000000000000000000000000000083612d7f61016085016101408601614994565b604051602481019290925264ffffffffff166044820152426064820152608401612ca8565b612db6610180830161016084016146fb565b63ffffffff165f03612df657604051602481018490527f1f8fbdda0000000000000000000000000000000000000000000000000000000090604401612ca8565b612e066040830160208401614103565b73ffffffffffffffffffffffffffffffffffffffff16612e296020840184614103565b73ffffffffffffffffffffffffffffffffffffffff1603612e9a577f4a37ba0a00000000000000000000000000000000000000000000000000000000612e726020840184614103565b60405173ffffffffffffffffffffffffffffffffffffffff9091166024820152604401612ca8565b5f612eb9612eab6020850185614103565b612eb4856133ab565b61370b565b905080515f0361135957612ef9612ed66040850160208601614103565b612ee660e0860160c087016147e0565b6bffffffffffffffffffffffff1661370b565b612267565b5f6060612f32868585612f1460208a018a614103565b612f2460608b0160408c01614103565b612f2d8b6133ab565b6137d5565b915091505b94509492505050565b5f60608215612fa357612f9a612f5587611303565b8585612f6760408a0160208b01614103565b612f7760808b0160608c01614103565b612f8760e08c0160c08d016147e0565b6bffffffffffffffffffffffff166137d5565b91509150612f37565b612fb36040860160208701614103565b73ffffffffffffffffffffffffffffffffffffffff163303612fe657505060408051602081019091525f80825290612f37565b612ff66080860160608701614103565b73ffffffffffffffffffffffffffffffffffffffff16330361304b576001612f9a6130276040880160208901614103565b3361303860e08a0160c08b016147e0565b6bffffffffffffffffffffffff1661395b565b7f8d732850000000000000000000000000000000000000000000000000000000003361307d6040880160208901614103565b61308d6080890160608a01614103565b60405173ffffffffffffffffffffffffffffffffffffffff938416602482015291831660448301529091166064820152608401604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08184030181529190526020810180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff167fffffffff0000000000000000000000000000000000000000000000000000000090931692909217909152905094509492505050565b5f81613154575f613175565b7e080000000000000000000000000000000000000000000000000000000000005b83613180575f6131a1565b7e040000000000000000000000000000000000000000000000000000000000005b1790506132266131b9610180860161016087016146fb565b6131c99063ffffffff1643614714565b8260b09190911b7affffffffff00000000000000000000000000000000000000000000164360881b75ffffffffff0000000000000000000000000000000000164260601b70ffffffffff0000000000000000000000001617171790565b5f86815260046020908152604091829020929092556132709161324d918701908701614103565b61325d60e0870160c088016147e0565b6bffffffffffffffffffffffff16612332565b61328e6132806020860186614103565b613289866133ab565b612332565b81156132da576132da6132a76040860160208701614103565b6132b76080870160608801614103565b6132c760e0880160c089016147e0565b6bffffffffffffffffffffffff16613b94565b821561330e5761330e6132f06020860186614103565b6133006060870160408801614103565b613309876133ab565b613b94565b61331e6040850160208601614103565b73ffffffffffffffffffffffffffffffffffffffff166133416020860186614103565b73ffffffffffffffffffffffffffffffffffffffff16867fdf1dbc6cbf4d6de8bc9b843b1da097a391abe52c767c085f26356fec37cf58408760405161338791906149ad565b60405180910390a45050505050565b5f8183106133a457816105cc565b5090919050565b5f6133be610120830161010084016147e0565b6bffffffffffffffffffffffff166133dd610100840160e085016147e0565b6bffffffffffffffffffffffff166105cf9190614714565b73ffffffffffffffffffffffffffffffffffffffff8381165f9081526001602090815260408083209386168352929052208054829190600c906134579084906c0100000000000000000000000090046bffffffffffffffffffffffff16614754565b92506101000a8154816bffffffffffffffffffffffff02191690836bffffffffffffffffffffffff160217905550505050565b60605f61349683613bf6565b6040805160208082528183019092529192505f91906020820181803683375050509182525060208101929092525090565b5f5f6134d4858585613c36565b905073ffffffffffffffffffffffffffffffffffffffff8116158015906106af57508573ffffffffffffffffffffffffffffffffffffffff168173ffffffffffffffffffffffffffffffffffffffff16149695505050505050565b5f816bffffffffffffffffffffffff16836bffffffffffffffffffffffff16106133a457816105cc565b5f5f5f835160208501865af49392505050565b6040513d81523d5f602083013e3d602001810160405290565b6040513d5f823e3d81fd5b7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005c15612a87576040517f3ee5aeb500000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b80825d5050565b6040517fa9059cbb000000000000000000000000000000000000000000000000000000005f81815273ffffffffffffffffffffffffffffffffffffffff8616600452602485905291602083604481808b5af1925060015f5114831661366c578383151615613660573d5f823e3d81fd5b5f873b113d1516831692505b60405250949350505050565b6040517f23b872dd000000000000000000000000000000000000000000000000000000005f81815273ffffffffffffffffffffffffffffffffffffffff8781166004528616602452604485905291602083606481808c5af1925060015f511483166136fa5783831516156136ee573d5f823e3d81fd5b5f883b113d1516831692505b604052505f60605295945050505050565b60605f6137398473ffffffffffffffffffffffffffffffffffffffff165f9081526020819052604090205490565b905080831115611068576040805173ffffffffffffffffffffffffffffffffffffffff95909516602486015260448501919091526064808501939093528051808503909301835260849093019092526020810180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff167fdb42144d00000000000000000000000000000000000000000000000000000000179052919050565b5f60605f6137e4898989613c36565b905073ffffffffffffffffffffffffffffffffffffffff811615613897578573ffffffffffffffffffffffffffffffffffffffff168173ffffffffffffffffffffffffffffffffffffffff160361384d57505060408051602081019091525f8082529150613950565b8473ffffffffffffffffffffffffffffffffffffffff168173ffffffffffffffffffffffffffffffffffffffff160361389757600161388d87878761395b565b9250925050613950565b6138a3868a8a8a613c65565b156138c057505060408051602081019091525f8082529150613950565b5050604080516024810189905273ffffffffffffffffffffffffffffffffffffffff868116604483015285166064808301919091528251808303909101815260849091019091526020810180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff167f7d0c1b79000000000000000000000000000000000000000000000000000000001790525b965096945050505050565b73ffffffffffffffffffffffffffffffffffffffff8381165f90815260016020908152604080832093861683529281529082902082516060808201855291546bffffffffffffffffffffffff80821683526c0100000000000000000000000082041693820193909352780100000000000000000000000000000000000000000000000090920464ffffffffff16928201839052914210613adb57604081810151905173ffffffffffffffffffffffffffffffffffffffff80881660248301528616604482015264ffffffffff90911660648201527f4fc6788900000000000000000000000000000000000000000000000000000000906084015b604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08184030181529190526020810180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff167fffffffff000000000000000000000000000000000000000000000000000000009093169290921790915291506113599050565b805f01516bffffffffffffffffffffffff168382602001516bffffffffffffffffffffffff16613b0b9190614714565b1115613b8c578051602082015160405173ffffffffffffffffffffffffffffffffffffffff8089166024830152871660448201526bffffffffffffffffffffffff92831660648201529116608482015260a481018490527ff2388f7a000000000000000000000000000000000000000000000000000000009060c401613a55565b509392505050565b73ffffffffffffffffffffffffffffffffffffffff8381165f9081526001602090815260408083209386168352929052208054829190600c906134579084906c0100000000000000000000000090046bffffffffffffffffffffffff16614b92565b5f60ff8216601f8111156105cf576040517fb3512b0c00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b5f60408214613c4657505f611359565b82356020840135613c58868383613d4e565b5090979650505050505050565b5f5f848484604051602401613c7c93929190614bb6565b604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0818403018152919052602080820180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff167f1626ba7e0000000000000000000000000000000000000000000000000000000017815282519293505f92839262030d4092909184918c85fa5f51601f3d1190911693509150828015613d4157507f1626ba7e0000000000000000000000000000000000000000000000000000000082145b9998505050505050505050565b5f80807f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8416601b60ff86901c01613d8888828985613d99565b945094509450505093509350939050565b5f80807f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0841115613dd257505f91506003905082613e82565b604080515f808252602082018084528a905260ff891692820192909252606081018790526080810186905260019060a0016020604051602081039080840390855afa158015613e23573d5f5f3e3d5ffd5b50506040517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0015191505073ffffffffffffffffffffffffffffffffffffffff8116613e7957505f925060019150829050613e82565b92505f91508190505b9450945094915050565b5f5f60408385031215613e9d575f5ffd5b50508035926020909101359150565b5f5f5f5f5f60a08688031215613ec0575f5ffd5b8535945060208601359350604086013560ff81168114613ede575f5ffd5b94979396509394606081013594506080013592915050565b5f6102008284031215613f07575f5ffd5b50919050565b5f5f83601f840112613f1d575f5ffd5b50813567ffffffffffffffff811115613f34575f5ffd5b602083019150836020828501011115613f4b575f5ffd5b9250929050565b5f5f5f5f5f6102408688031215613f67575f5ffd5b613f718787613ef6565b945061020086013567ffffffffffffffff811115613f8d575f5ffd5b613f9988828901613f0d565b90955093505061022086013567ffffffffffffffff811115613fb9575f5ffd5b613fc588828901613f0d565b969995985093965092949392505050565b5f5f83601f840112613fe6575f5ffd5b50813567ffffffffffffffff811115613ffd575f5ffd5b6020830191508360208260051b8501011115613f4b575f5ffd5b5f5f60208385031215614028575f5ffd5b823567ffffffffffffffff81111561403e575f5ffd5b61404a85828601613fd6565b90969095509350505050565b803573ffffffffffffffffffffffffffffffffffffffff81168114611bb5575f5ffd5b80356bffffffffffffffffffffffff81168114611bb5575f5ffd5b803564ffffffffff81168114611bb5575f5ffd5b5f5f5f606084860312156140ba575f5ffd5b6140c384614056565b92506140d160208501614079565b91506140df60408501614094565b90509250925092565b5f61020082840312156140f9575f5ffd5b6105cc8383613ef6565b5f60208284031215614113575f5ffd5b6105cc82614056565b5f6020828403121561412c575f5ffd5b5035919050565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b60058110614195577f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b9052565b5f610140820190506141ac828451614160565b60208301516141cb60208401826bffffffffffffffffffffffff169052565b5060408301516141e4604084018264ffffffffff169052565b5060608301516141fd606084018264ffffffffff169052565b506080830151614216608084018264ffffffffff169052565b5060a083015161422d60a084018262ffffff169052565b5060c083015161424160c084018215159052565b5060e083015161425560e084018215159052565b5061010083015161426b61010084018215159052565b5061012083015161106861012084018215159052565b5f81518084528060208401602086015e5f6020828601015260207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f83011685010191505092915050565b7fff000000000000000000000000000000000000000000000000000000000000008816815260e060208201525f61430760e0830189614281565b82810360408401526143198189614281565b6060840188905273ffffffffffffffffffffffffffffffffffffffff8716608085015260a0840186905283810360c0850152845180825260208087019350909101905f5b8181101561437b57835183526020938401939092019160010161435d565b50909b9a5050505050505050505050565b5f5f5f5f5f5f61026087890312156143a2575f5ffd5b6143ac8888613ef6565b95506143bb6102008801614079565b945061022087013567ffffffffffffffff8111156143d7575f5ffd5b6143e389828a01613f0d565b90955093505061024087013567ffffffffffffffff811115614403575f5ffd5b61440f89828a01613f0d565b979a9699509497509295939492505050565b5f5f60408385031215614432575f5ffd5b61443b83614056565b946020939093013593505050565b5f602082016020835280845180835260408501915060408160051b8601019250602086015f5b828110156144be577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc08786030184526144a9858351614281565b9450602093840193919091019060010161446f565b50929695505050505050565b5f5f604083850312156144db575f5ffd5b6144e483614056565b91506144f260208401614056565b90509250929050565b5f5f6040838503121561450c575f5ffd5b823591506144f260208401614079565b5f60808284031215613f07575f5ffd5b5f5f5f5f6102a08587031215614540575f5ffd5b61454a8686613ef6565b935061455a86610200870161451c565b925061028085013567ffffffffffffffff811115614576575f5ffd5b61458287828801613f0d565b95989497509550505050565b5f6080828403121561459e575f5ffd5b6105cc838361451c565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b5f82357ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdc1833603018112614607575f5ffd5b9190910192915050565b5f5f83357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1843603018112614644575f5ffd5b83018035915067ffffffffffffffff82111561465e575f5ffd5b602001915036819003821315613f4b575f5ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b5f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff82036146cf576146cf614672565b5060010190565b602081525f6105cc6020830184614281565b803563ffffffff81168114611bb5575f5ffd5b5f6020828403121561470b575f5ffd5b6105cc826146e8565b808201808211156105cf576105cf614672565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b6bffffffffffffffffffffffff82811682821603908111156105cf576105cf614672565b5f82357ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd61833603018112614607575f5ffd5b818103818111156105cf576105cf614672565b828482375f8382015f815283518060208601835e5f910190815295945050505050565b5f602082840312156147f0575f5ffd5b6105cc82614079565b5f60208284031215614809575f5ffd5b5051919050565b5f7f8000000000000000000000000000000000000000000000000000000000000000820361484057614840614672565b505f0390565b8082018281125f83128015821682158216171561114d5761114d614672565b80820281158282048414176105cf576105cf614672565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd5b5f6bffffffffffffffffffffffff8316806148c6576148c661487c565b806bffffffffffffffffffffffff84160491505092915050565b80356fffffffffffffffffffffffffffffffff81168114611bb5575f5ffd5b5f6020828403121561490f575f5ffd5b6105cc826148e0565b5f826149265761492661487c565b500490565b828152813560208083019190915260a08201906bffffffffffffffffffffffff90614957908501614079565b16604083015264ffffffffff61496f60408501614094565b16606083015264ffffffffff61498760608501614094565b1660808301529392505050565b5f602082840312156149a4575f5ffd5b6105cc82614094565b61020081016149d9826149bf85614056565b73ffffffffffffffffffffffffffffffffffffffff169052565b6149e560208401614056565b73ffffffffffffffffffffffffffffffffffffffff166020830152614a0c60408401614056565b73ffffffffffffffffffffffffffffffffffffffff166040830152614a3360608401614056565b73ffffffffffffffffffffffffffffffffffffffff166060830152614a5a608084016148e0565b6fffffffffffffffffffffffffffffffff166080830152614a7d60a08401614079565b6bffffffffffffffffffffffff1660a0830152614a9c60c08401614079565b6bffffffffffffffffffffffff1660c0830152614abb60e08401614079565b6bffffffffffffffffffffffff1660e0830152614adb6101008401614079565b6bffffffffffffffffffffffff16610100830152614afc6101208401614079565b6bffffffffffffffffffffffff16610120830152614b1d6101408401614094565b64ffffffffff16610140830152614b3761016084016146e8565b63ffffffff16610160830152614b5061018084016146e8565b63ffffffff16610180830152614b696101a084016146e8565b63ffffffff166101a08301526101c083810135908301526101e092830135929091019190915290565b6bffffffffffffffffffffffff81811683821601908111156105cf576105cf614672565b83815260406020820152816040820152818360608301375f818301606090810191909152601f9092017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe01601019291505056' as const

/** The code on chain, with zeros where the constructor writes: [first byte, bytes] of each place. */
export const escrowRuntime =
  '0x608060405234801561000f575f5ffd5b50600436106101d0575f3560e01c806396b3f119116100fe578063d84f01df1161009e578063ee6108cd1161006e578063ee6108cd14610559578063f3fef3a31461056c578063f5d0db271461057f578063fc0c546a14610592575f5ffd5b8063d84f01df146104e4578063dc989bb914610520578063e3caa6ed14610533578063e992705a14610546575f5ffd5b8063b5f783a8116100d9578063b5f783a8146103ec578063b6b55f25146104ab578063c2f62396146104be578063cd32f424146104d1575f5ffd5b806396b3f11914610389578063ac9650d81461039c578063acff65e9146103bc575f5ffd5b80637044f79c116101745780638127aac9116101445780638127aac91461032857806384b0196e1461034857806389a0a5f614610363578063945e42fe14610376575f5ffd5b80637044f79c1461029c57806370a08231146102af57806373f42561146102e457806374de086a14610315575f5ffd5b80634a970be7116101af5780634a970be71461024e578063537e7f4d146102615780635475288b14610274578063568477b814610287575f5ffd5b8062971a30146101d4578063229e72aa146102255780633644e51514610246575b5f5ffd5b6101fb7f000000000000000000000000000000000000000000000000000000000000000081565b60405173ffffffffffffffffffffffffffffffffffffffff90911681526020015b60405180910390f35b610238610233366004613e8c565b6105b9565b60405190815260200161021c565b6102386105d5565b61023861025c366004613eac565b6105e3565b61023861026f366004613f52565b6106b9565b610238610282366004614017565b6106e1565b61029a6102953660046140a8565b6107d6565b005b61029a6102aa3660046140e8565b6108a9565b6102386102bd366004614103565b73ffffffffffffffffffffffffffffffffffffffff165f9081526020819052604090205490565b61dead5f9081526020527f44ad89ba62b98ff34f51403ac22759b55759460c0bb5521eb4b6ee3cff49cf8354610238565b61029a6103233660046140e8565b610b59565b61033b61033636600461411c565b610c09565b60405161021c9190614199565b610350610db4565b60405161021c97969594939291906142cd565b61029a61037136600461438c565b610e12565b61029a610384366004614421565b610f2e565b610238610397366004614017565b610f9b565b6103af6103aa366004614017565b61106f565b60405161021c9190614449565b6103cf6103ca3660046140e8565b611155565b6040516bffffffffffffffffffffffff909116815260200161021c565b6104796103fa3660046144ca565b73ffffffffffffffffffffffffffffffffffffffff9182165f9081526001602090815260408083209390941682529190915220546bffffffffffffffffffffffff808216926c010000000000000000000000008304909116917801000000000000000000000000000000000000000000000000900464ffffffffff1690565b604080516bffffffffffffffffffffffff948516815293909216602084015264ffffffffff169082015260600161021c565b6102386104b936600461411c565b6112f9565b6102386104cc36600461411c565b611303565b6102386104df3660046144fb565b611310565b61050b7f000000000000000000000000000000000000000000000000000000000000000081565b60405163ffffffff909116815260200161021c565b6103cf61052e3660046140e8565b61131e565b6102386105413660046140e8565b611360565b6103cf61055436600461452c565b61136d565b61023861056736600461458e565b61139c565b61029a61057a366004614421565b6113a9565b61029a61058d366004613e8c565b611617565b6101fb7f000000000000000000000000000000000000000000000000000000000000000081565b5f6105cc6105c784846117e0565b61183b565b90505b92915050565b5f6105de611882565b905090565b6040517fd505accf000000000000000000000000000000000000000000000000000000008152336004820152306024820152604481018690526064810185905260ff8416608482015260a4810183905260c481018290525f907f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff169063d505accf9060e4015f604051808303815f87803b158015610694575f5ffd5b505af19250505080156106a5575060015b506106af866119b8565b9695505050505050565b5f60606106c98787878787611bba565b90925090506106d781611c36565b5095945050505050565b5f805b8281101561079c57368484838181106106ff576106ff6145a8565b905060200281019061071191906145d5565b90505f8061073a83610727610200820182614611565b610735610220880188614611565b611bba565b9150915080515f0361075857846107508161469f565b955050610791565b817f22fed89444f4a1acc9469840c01e4adae695b779e407c540631b240467e3ecd58260405161078891906146d6565b60405180910390a25b5050506001016106e4565b50805f036105cf576040517faf8f715200000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b335f81815260016020908152604080832073ffffffffffffffffffffffffffffffffffffffff88168085529083529281902080546bffffffffffffffffffffffff88167fffffff0000000000ffffffffffffffffffffffff0000000000000000000000009091168117780100000000000000000000000000000000000000000000000064ffffffffff891690810291909117835583519182529381019390935293917f1e7cd17106f08d1bf3a63af3f6d942ce6c40a7791c7725acfa2df91e2863cc8f910160405180910390a350505050565b5f5f6108b483611c49565b90925090505f6108ca6040850160208601614103565b73ffffffffffffffffffffffffffffffffffffffff163373ffffffffffffffffffffffffffffffffffffffff16148061093d575061090e6080850160608601614103565b73ffffffffffffffffffffffffffffffffffffffff163373ffffffffffffffffffffffffffffffffffffffff16145b90504381156109cf577e010000000000000000000000000000000000000000000000000000000000008316156109bf57836109788460b01c90565b6040517f2f1465b3000000000000000000000000000000000000000000000000000000008152600481019290925264ffffffffff1660248201526044015b60405180910390fd5b6109c883611c66565b9250610ad1565b6109dc6020860186614103565b73ffffffffffffffffffffffffffffffffffffffff163373ffffffffffffffffffffffffffffffffffffffff1614158015610a525750610a226060860160408701614103565b73ffffffffffffffffffffffffffffffffffffffff163373ffffffffffffffffffffffffffffffffffffffff1614155b15610a8b576040517f20b9b3400000000000000000000000000000000000000000000000000000000081523360048201526024016109b6565b610a9d6101a0860161018087016146fb565b610aad9063ffffffff1682614714565b9050610ab98360b01c90565b64ffffffffff168110610ad157836109788460b01c90565b610adb8360b01c90565b64ffffffffff16811015610af657610af38382611cb0565b92505b5f848152600460205260409020839055837f4251cd6cbf739164cb35552ff9e3e118410302d2dc97c7636d22ebcbbb33d6e5610b328560b01c90565b6040805164ffffffffff909216825285151560208301520160405180910390a25050505050565b5f5f610b6483611c49565b915091505f7f000000000000000000000000000000000000000000000000000000000000000063ffffffff16610b9a8360b01c90565b64ffffffffff16610bab9190614714565b905080431015610bf7576040517f0d3fc99d00000000000000000000000000000000000000000000000000000000815260048101849052602481018290524360448201526064016109b6565b610c038385845f611cfc565b50505050565b60408051610140810182525f80825260208201819052918101829052606081018290526080810182905260a0810182905260c0810182905260e0810182905261010081018290526101208101919091525f828152600460205260409081902054815161014081019092529080610c7e8361200e565b6004811115610c8f57610c8f614133565b8152602001826bffffffffffffffffffffffff168152602001610cb28360881c90565b64ffffffffff168152602001610cc88360b01c90565b64ffffffffff16815260200182610cdf575f610ce8565b610ce8836120c1565b64ffffffffff168152602001610cfe8360d81c90565b62ffffff1681527e010000000000000000000000000000000000000000000000000000000000008316151560208201527e020000000000000000000000000000000000000000000000000000000000008316151560408201527e040000000000000000000000000000000000000000000000000000000000008316151560608201527e08000000000000000000000000000000000000000000000000000000000000909216151560809092019190915292915050565b5f6060805f5f5f6060610dc5612103565b610dcd61212e565b604080515f808252602082019092527f0f000000000000000000000000000000000000000000000000000000000000009b939a50919850469750309650945092509050565b5f5f610e1d88611c49565b915091505f610e2c8389611310565b9050610e49610e4160608b0160408c01614103565b828989612159565b610e64610e5c60808b0160608c01614103565b828787612159565b5f610e6f8a846121c0565b9050826bffffffffffffffffffffffff808216908b161080610eac5750816bffffffffffffffffffffffff168a6bffffffffffffffffffffffff16115b15610f03576040517f2f1690500000000000000000000000000000000000000000000000000000000081526bffffffffffffffffffffffff808c1660048301528083166024830152831660448201526064016109b6565b610f21858c610f12878e61226f565b610f1c858f614754565b611cfc565b5050505050505050505050565b610f37826122a8565b610f413382612332565b610f4b82826123e2565b60405181815273ffffffffffffffffffffffffffffffffffffffff83169033907e0e6e1d52477156459d942cdb0bc0970a404c1ea857ab5b75b5ad32f334dfc19060200160405180910390a35050565b5f805b828110156110685736848483818110610fb957610fb96145a8565b9050602002810190610fcb9190614778565b90505f610fd782611360565b90505f80610ff883856102008101610ff3610280830183614611565b612425565b90925090506110156bffffffffffffffffffffffff831687614714565b955080515f1461105857827f8a5734a885452592b1e742199cc20787543c640a3444a68aaade96835e584dba8260405161104f91906146d6565b60405180910390a25b505060019092019150610f9e9050565b5092915050565b604080515f8152602081019091526060908267ffffffffffffffff81111561109957611099614727565b6040519080825280602002602001820160405280156110cc57816020015b60608152602001906001900390816110b75790505b5091505f5b8381101561114d57611128308686848181106110ef576110ef6145a8565b90506020028101906111019190614611565b85604051602001611114939291906147bd565b60405160208183030381529060405261279c565b83828151811061113a5761113a6145a8565b60209081029190910101526001016110d1565b505092915050565b5f3373ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016146111c7576040517fd9cc3b780000000000000000000000000000000000000000000000000000000081523360048201526024016109b6565b5f5f6111d284611c49565b90925090507e02000000000000000000000000000000000000000000000000000000000000811615611233576040517f3bac6705000000000000000000000000000000000000000000000000000000008152600481018390526024016109b6565b7e0200000000000000000000000000000000000000000000000000000000000081175f83815260046020526040902055611275610120850161010086016147e0565b92506112af7f0000000000000000000000000000000000000000000000000000000000000000846bffffffffffffffffffffffff166123e2565b6040516bffffffffffffffffffffffff8416815282907fa92941b0fc37f03f33bf821d74d76601fa479d866f4b4de1a338b609dca64f529060200160405180910390a25050919050565b5f6105cf826119b8565b5f6105cf6105c783612881565b5f6105cc6105c784846128d4565b5f5f60045f61132c85611360565b81526020019081526020015f2054905061134581151590565b61134f575f611359565b61135983826121c0565b9392505050565b5f6105cf6105c783612922565b5f606061138561137c87611360565b87878787612425565b909250905061139381611c36565b50949350505050565b5f6105cf6105c783612a1e565b6113b1612a52565b6113ba826122a8565b6113c43382612332565b60405181815273ffffffffffffffffffffffffffffffffffffffff83169033907fd1c19fbcd4551a5edfb66d43d2e337c04837afda3482b42bdf569a8fccdae5fb9060200160405180910390a36040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f907f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff16906370a0823190602401602060405180830381865afa15801561149b573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906114bf91906147f9565b905061150273ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168484612a89565b6040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f907f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff16906370a0823190602401602060405180830381865afa15801561158c573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906115b091906147f9565b9050816115bd8483614714565b101561160957826115ce82846147aa565b6040517fc4d70ebf000000000000000000000000000000000000000000000000000000008152600481019290925260248201526044016109b6565b5050611613612ae9565b5050565b3373ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001614611688576040517fd9cc3b780000000000000000000000000000000000000000000000000000000081523360048201526024016109b6565b5f61169283612b13565b90505f61169f8260d81c90565b905062ffffff6116ae81614810565b8412806116ba57508084135b15611706576040517fe54cdfc10000000000000000000000000000000000000000000000000000000081526004810186905262ffffff83166024820152604481018590526064016109b6565b5f6117168562ffffff8516614846565b90505f81128061172557508181135b15611771576040517fe54cdfc10000000000000000000000000000000000000000000000000000000081526004810187905262ffffff84166024820152604481018690526064016109b6565b8061177c8582612bb7565b5f8881526004602052604090819020919091555187907f05511efdbeefdb5e9c40fb09f3d8043909442da11a0caa5624524b2dbac168cb906117cf908990859091825262ffffff16602082015260400190565b60405180910390a250505050505050565b604080517fe53994867363bdd9d3b95ed3141b3938d70983d7d5b5e95bb248112d871a5d1a6020820152908101839052606081018290525f906080015b60405160208183030381529060405280519060200120905092915050565b5f6105cf611847611882565b836040517f19010000000000000000000000000000000000000000000000000000000000008152600281019290925260228201526042902090565b5f3073ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000161480156118e757507f000000000000000000000000000000000000000000000000000000000000000046145b1561191157507f000000000000000000000000000000000000000000000000000000000000000090565b6105de604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201527f0000000000000000000000000000000000000000000000000000000000000000918101919091527f000000000000000000000000000000000000000000000000000000000000000060608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b5f6119c1612a52565b6040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f907f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff16906370a0823190602401602060405180830381865afa158015611a4b573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190611a6f91906147f9565b9050611ab373ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016333086612c06565b6040517f70a0823100000000000000000000000000000000000000000000000000000000815230600482015281907f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff16906370a0823190602401602060405180830381865afa158015611b3d573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190611b6191906147f9565b611b6b91906147aa565b9150611b7733836123e2565b60405182815233907f2da466a7b24304f47e87fa2e1e5a81b9831ce54fec19055ce277ca2f39ba42c49060200160405180910390a250611bb5612ae9565b919050565b5f6060611bc687611360565b9150611bd28288612c62565b905080515f03611c2c575f611be983898989612efe565b805190935090915015611bfc5750611c2c565b5f611c09848a8888612f40565b805190945090915015611c1d575050611c2c565b611c29848a8484613148565b50505b9550959350505050565b80515f03611c415750565b805160208201fd5b5f5f611c5483611360565b9150611c5f82612b13565b9050915091565b5f6105cf7e01000000000000000000000000000000000000000000000000000000000000611cac84606064ffffffffff611c9f836120c1565b821b911b19919091161790565b1790565b5f7fffffffffff0000000000ffffffffffffffffffffffffffffffffffffffffffff83167affffffffff0000000000000000000000000000000000000000000060b084901b16176105cc565b5f8481526004602052604081207e100000000000000000000000000000000000000000000000000000000000008417905582611d3e60e0860160c087016147e0565b611d489190614754565b90505f611dab611d60610140870161012088016147e0565b6bffffffffffffffffffffffff16611d788660d81c90565b62ffffff16611d879190614865565b611d98610100880160e089016147e0565b6bffffffffffffffffffffffff16613396565b90505f611db96002836148a9565b90505f6bffffffffffffffffffffffff83167e020000000000000000000000000000000000000000000000000000000000008716611dff57611dfa886133ab565b611e1f565b611e10610100890160e08a016147e0565b6bffffffffffffffffffffffff165b611e2991906147aa565b9050611e5e611e3e6040890160208a01614103565b611e596bffffffffffffffffffffffff808616908816614714565b6123e2565b611e86611e6e6020890189614103565b611e596bffffffffffffffffffffffff881684614714565b611ea961dead611e968486614754565b6bffffffffffffffffffffffff166123e2565b7e08000000000000000000000000000000000000000000000000000000000000861615611f0757611f07611ee36040890160208a01614103565b611ef360808a0160608b01614103565b866bffffffffffffffffffffffff166133f5565b7e04000000000000000000000000000000000000000000000000000000000000861615611f5457611f54611f3e6020890189614103565b611f4e60608a0160408b01614103565b836133f5565b611f646040880160208901614103565b73ffffffffffffffffffffffffffffffffffffffff16611f876020890189614103565b73ffffffffffffffffffffffffffffffffffffffff16897fbb5ca4ebd9c97a71d56a30d936edeef3fa0bc801112e65261640f56d25dee20c898887611fcc818b614754565b604080516bffffffffffffffffffffffff9586168152938516602085015291841683830152909216606082015290519081900360800190a45050505050505050565b5f8161201b57505f919050565b7e1000000000000000000000000000000000000000000000000000000000000082161561204a57506004919050565b6120548260b01c90565b64ffffffffff1643101561206a57506001919050565b7f000000000000000000000000000000000000000000000000000000000000000063ffffffff1661209b8360b01c90565b64ffffffffff166120ac9190614714565b43106120b95760036105cf565b600292915050565b5f606082901c64ffffffffff167e0100000000000000000000000000000000000000000000000000000000000083166105cf576120fe81426147aa565b611359565b60606105de7f000000000000000000000000000000000000000000000000000000000000000061348a565b60606105de7f000000000000000000000000000000000000000000000000000000000000000061348a565b612165848484846134c7565b610c03576040517f7d0c1b79000000000000000000000000000000000000000000000000000000008152600481018490525f602482015273ffffffffffffffffffffffffffffffffffffffff851660448201526064016109b6565b5f8064e8d4a510006121da6101c086016101a087016146fb565b63ffffffff166121e9856120c1565b6121f39190614714565b61220360a08701608088016148ff565b6fffffffffffffffffffffffffffffffff1661221f9190614865565b6122299190614918565b61223960c0860160a087016147e0565b6bffffffffffffffffffffffff166122519190614714565b905061226781611d9860e0870160c088016147e0565b949350505050565b5f7fffffffffffffffffffffffffffffffffffffffff00000000000000000000000083166bffffffffffffffffffffffff8316176105cc565b73ffffffffffffffffffffffffffffffffffffffff811615806122e0575073ffffffffffffffffffffffffffffffffffffffff811630145b1561232f576040517ff66e904800000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff821660048201526024016109b6565b50565b73ffffffffffffffffffffffffffffffffffffffff82165f90815260208190526040902054808211156123b7576040517fdb42144d00000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff8416600482015260248101829052604481018390526064016109b6565b73ffffffffffffffffffffffffffffffffffffffff9092165f90815260208190526040902091039055565b80156116135773ffffffffffffffffffffffffffffffffffffffff82165f908152602081905260408120805483929061241c908490614714565b90915550505050565b5f85815260046020526040812054606090806124d457604051602481018990525f907f0e5ea0ab00000000000000000000000000000000000000000000000000000000906044015b604051602081830303815290604052907bffffffffffffffffffffffffffffffffffffffffffffffffffffffff19166020820180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff83818316178352505050509250925050611c2c565b7e1000000000000000000000000000000000000000000000000000000000000081161561253157604051602481018990525f907f29730f83000000000000000000000000000000000000000000000000000000009060440161246d565b853588146125765760405160248101899052863560448201525f907f49e7dca6000000000000000000000000000000000000000000000000000000009060640161246d565b5f6125808761139c565b905061259d61259560808a0160608b01614103565b8288886134c7565b61266e575f7f7d0c1b790000000000000000000000000000000000000000000000000000000082826125d560808d0160608e01614103565b604051602481019390935273ffffffffffffffffffffffffffffffffffffffff9182166044840152166064820152608401604051602081830303815290604052907bffffffffffffffffffffffffffffffffffffffffffffffffffffffff19166020820180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff8381831617835250505050935093505050611c2c565b5f61269161268260408a0160208b016147e0565b61268c8b866121c0565b61352f565b9050826bffffffffffffffffffffffff808216908316116126c9575f60405180602001604052805f8152509550955050505050611c2c565b6126d38183614754565b95506126df848361226f565b5f8c81526004602090815260409091209190915561271790612703908c018c614103565b876bffffffffffffffffffffffff166123e2565b61272460208b018b614103565b73ffffffffffffffffffffffffffffffffffffffff168b7f2471143714316ded1782037ccef736a355a1c37283781e7fb9faa1ad664b832388856040516127869291906bffffffffffffffffffffffff92831681529116602082015260400190565b60405180910390a3505050509550959350505050565b60605f6127a98484613559565b90508080156127d757505f3d11806127d757505f8473ffffffffffffffffffffffffffffffffffffffff163b115b156127ec576127e461356c565b9150506105cf565b801561283c576040517f9996b31500000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff851660048201526024016109b6565b3d1561284f5761284a613585565b611068565b6040517fd6bda27500000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b604080517feeb5c5394c72719ef04dfea9315e785370c6805689ddea907b8d65348f87f1a860208201529081018290525f906060015b604051602081830303815290604052805190602001209050919050565b604080517f4c03baf39ec4c8f145e02dcf58984a0d9231c5e5450d9fefd2e015002a08ccd460208201529081018390526bffffffffffffffffffffffff821660608201525f9060800161181d565b6040517f285aa63f778e390580dce9ad90540d4fe4bf7579554b0bc284641fceabdaf3be8082525f9182906020810161020086823760608101516040820151176020820151825117178060a01c9350608082015160801c8417935060e082015160c083015160a08401511717905061012082015161010083015117811790508060601c8417935061014082015160281c841793506101a0820151610180830151610160840151171790508060201c8417935050506102208120935050805f14612a17576040517f749b371600000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b5050919050565b5f7fee2ba0744db62aa3a9382e39d94b9c33d4cc1e8634f29d77e90e12890f5662f8826040516020016128b792919061492b565b612a5a613590565b612a8760017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005b906135e9565b565b612a9683838360016135f0565b612ae4576040517f5274afe700000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff841660048201526024016109b6565b505050565b612a875f7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f00612a81565b5f8181526004602052604090205480612b5b576040517f0e5ea0ab000000000000000000000000000000000000000000000000000000008152600481018390526024016109b6565b7e10000000000000000000000000000000000000000000000000000000000000811615611bb5576040517f29730f83000000000000000000000000000000000000000000000000000000008152600481018390526024016109b6565b5f7fffff000000ffffffffffffffffffffffffffffffffffffffffffffffffffffff83167dffffff00000000000000000000000000000000000000000000000000000060d884901b16176105cc565b612c14848484846001613678565b610c03576040517f5274afe700000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff851660048201526024016109b6565b5f8281526004602052604090205460609015612d2c57604051602481018490527fde5d1a9f00000000000000000000000000000000000000000000000000000000906044015b604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08184030181529190526020810180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff167fffffffff000000000000000000000000000000000000000000000000000000009093169290921790915290506105cf565b612d3e61016083016101408401614994565b64ffffffffff164210612da4577fcd6c919f0000000000000000000000000000000000000000000000000000000083612d7f61016085016101408601614994565b604051602481019290925264ffffffffff166044820152426064820152608401612ca8565b612db6610180830161016084016146fb565b63ffffffff165f03612df657604051602481018490527f1f8fbdda0000000000000000000000000000000000000000000000000000000090604401612ca8565b612e066040830160208401614103565b73ffffffffffffffffffffffffffffffffffffffff16612e296020840184614103565b73ffffffffffffffffffffffffffffffffffffffff1603612e9a577f4a37ba0a00000000000000000000000000000000000000000000000000000000612e726020840184614103565b60405173ffffffffffffffffffffffffffffffffffffffff9091166024820152604401612ca8565b5f612eb9612eab6020850185614103565b612eb4856133ab565b61370b565b905080515f0361135957612ef9612ed66040850160208601614103565b612ee660e0860160c087016147e0565b6bffffffffffffffffffffffff1661370b565b612267565b5f6060612f32868585612f1460208a018a614103565b612f2460608b0160408c01614103565b612f2d8b6133ab565b6137d5565b915091505b94509492505050565b5f60608215612fa357612f9a612f5587611303565b8585612f6760408a0160208b01614103565b612f7760808b0160608c01614103565b612f8760e08c0160c08d016147e0565b6bffffffffffffffffffffffff166137d5565b91509150612f37565b612fb36040860160208701614103565b73ffffffffffffffffffffffffffffffffffffffff163303612fe657505060408051602081019091525f80825290612f37565b612ff66080860160608701614103565b73ffffffffffffffffffffffffffffffffffffffff16330361304b576001612f9a6130276040880160208901614103565b3361303860e08a0160c08b016147e0565b6bffffffffffffffffffffffff1661395b565b7f8d732850000000000000000000000000000000000000000000000000000000003361307d6040880160208901614103565b61308d6080890160608a01614103565b60405173ffffffffffffffffffffffffffffffffffffffff938416602482015291831660448301529091166064820152608401604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08184030181529190526020810180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff167fffffffff0000000000000000000000000000000000000000000000000000000090931692909217909152905094509492505050565b5f81613154575f613175565b7e080000000000000000000000000000000000000000000000000000000000005b83613180575f6131a1565b7e040000000000000000000000000000000000000000000000000000000000005b1790506132266131b9610180860161016087016146fb565b6131c99063ffffffff1643614714565b8260b09190911b7affffffffff00000000000000000000000000000000000000000000164360881b75ffffffffff0000000000000000000000000000000000164260601b70ffffffffff0000000000000000000000001617171790565b5f86815260046020908152604091829020929092556132709161324d918701908701614103565b61325d60e0870160c088016147e0565b6bffffffffffffffffffffffff16612332565b61328e6132806020860186614103565b613289866133ab565b612332565b81156132da576132da6132a76040860160208701614103565b6132b76080870160608801614103565b6132c760e0880160c089016147e0565b6bffffffffffffffffffffffff16613b94565b821561330e5761330e6132f06020860186614103565b6133006060870160408801614103565b613309876133ab565b613b94565b61331e6040850160208601614103565b73ffffffffffffffffffffffffffffffffffffffff166133416020860186614103565b73ffffffffffffffffffffffffffffffffffffffff16867fdf1dbc6cbf4d6de8bc9b843b1da097a391abe52c767c085f26356fec37cf58408760405161338791906149ad565b60405180910390a45050505050565b5f8183106133a457816105cc565b5090919050565b5f6133be610120830161010084016147e0565b6bffffffffffffffffffffffff166133dd610100840160e085016147e0565b6bffffffffffffffffffffffff166105cf9190614714565b73ffffffffffffffffffffffffffffffffffffffff8381165f9081526001602090815260408083209386168352929052208054829190600c906134579084906c0100000000000000000000000090046bffffffffffffffffffffffff16614754565b92506101000a8154816bffffffffffffffffffffffff02191690836bffffffffffffffffffffffff160217905550505050565b60605f61349683613bf6565b6040805160208082528183019092529192505f91906020820181803683375050509182525060208101929092525090565b5f5f6134d4858585613c36565b905073ffffffffffffffffffffffffffffffffffffffff8116158015906106af57508573ffffffffffffffffffffffffffffffffffffffff168173ffffffffffffffffffffffffffffffffffffffff16149695505050505050565b5f816bffffffffffffffffffffffff16836bffffffffffffffffffffffff16106133a457816105cc565b5f5f5f835160208501865af49392505050565b6040513d81523d5f602083013e3d602001810160405290565b6040513d5f823e3d81fd5b7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005c15612a87576040517f3ee5aeb500000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b80825d5050565b6040517fa9059cbb000000000000000000000000000000000000000000000000000000005f81815273ffffffffffffffffffffffffffffffffffffffff8616600452602485905291602083604481808b5af1925060015f5114831661366c578383151615613660573d5f823e3d81fd5b5f873b113d1516831692505b60405250949350505050565b6040517f23b872dd000000000000000000000000000000000000000000000000000000005f81815273ffffffffffffffffffffffffffffffffffffffff8781166004528616602452604485905291602083606481808c5af1925060015f511483166136fa5783831516156136ee573d5f823e3d81fd5b5f883b113d1516831692505b604052505f60605295945050505050565b60605f6137398473ffffffffffffffffffffffffffffffffffffffff165f9081526020819052604090205490565b905080831115611068576040805173ffffffffffffffffffffffffffffffffffffffff95909516602486015260448501919091526064808501939093528051808503909301835260849093019092526020810180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff167fdb42144d00000000000000000000000000000000000000000000000000000000179052919050565b5f60605f6137e4898989613c36565b905073ffffffffffffffffffffffffffffffffffffffff811615613897578573ffffffffffffffffffffffffffffffffffffffff168173ffffffffffffffffffffffffffffffffffffffff160361384d57505060408051602081019091525f8082529150613950565b8473ffffffffffffffffffffffffffffffffffffffff168173ffffffffffffffffffffffffffffffffffffffff160361389757600161388d87878761395b565b9250925050613950565b6138a3868a8a8a613c65565b156138c057505060408051602081019091525f8082529150613950565b5050604080516024810189905273ffffffffffffffffffffffffffffffffffffffff868116604483015285166064808301919091528251808303909101815260849091019091526020810180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff167f7d0c1b79000000000000000000000000000000000000000000000000000000001790525b965096945050505050565b73ffffffffffffffffffffffffffffffffffffffff8381165f90815260016020908152604080832093861683529281529082902082516060808201855291546bffffffffffffffffffffffff80821683526c0100000000000000000000000082041693820193909352780100000000000000000000000000000000000000000000000090920464ffffffffff16928201839052914210613adb57604081810151905173ffffffffffffffffffffffffffffffffffffffff80881660248301528616604482015264ffffffffff90911660648201527f4fc6788900000000000000000000000000000000000000000000000000000000906084015b604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08184030181529190526020810180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff167fffffffff000000000000000000000000000000000000000000000000000000009093169290921790915291506113599050565b805f01516bffffffffffffffffffffffff168382602001516bffffffffffffffffffffffff16613b0b9190614714565b1115613b8c578051602082015160405173ffffffffffffffffffffffffffffffffffffffff8089166024830152871660448201526bffffffffffffffffffffffff92831660648201529116608482015260a481018490527ff2388f7a000000000000000000000000000000000000000000000000000000009060c401613a55565b509392505050565b73ffffffffffffffffffffffffffffffffffffffff8381165f9081526001602090815260408083209386168352929052208054829190600c906134579084906c0100000000000000000000000090046bffffffffffffffffffffffff16614b92565b5f60ff8216601f8111156105cf576040517fb3512b0c00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b5f60408214613c4657505f611359565b82356020840135613c58868383613d4e565b5090979650505050505050565b5f5f848484604051602401613c7c93929190614bb6565b604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0818403018152919052602080820180517bffffffffffffffffffffffffffffffffffffffffffffffffffffffff167f1626ba7e0000000000000000000000000000000000000000000000000000000017815282519293505f92839262030d4092909184918c85fa5f51601f3d1190911693509150828015613d4157507f1626ba7e0000000000000000000000000000000000000000000000000000000082145b9998505050505050505050565b5f80807f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8416601b60ff86901c01613d8888828985613d99565b945094509450505093509350939050565b5f80807f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0841115613dd257505f91506003905082613e82565b604080515f808252602082018084528a905260ff891692820192909252606081018790526080810186905260019060a0016020604051602081039080840390855afa158015613e23573d5f5f3e3d5ffd5b50506040517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0015191505073ffffffffffffffffffffffffffffffffffffffff8116613e7957505f925060019150829050613e82565b92505f91508190505b9450945094915050565b5f5f60408385031215613e9d575f5ffd5b50508035926020909101359150565b5f5f5f5f5f60a08688031215613ec0575f5ffd5b8535945060208601359350604086013560ff81168114613ede575f5ffd5b94979396509394606081013594506080013592915050565b5f6102008284031215613f07575f5ffd5b50919050565b5f5f83601f840112613f1d575f5ffd5b50813567ffffffffffffffff811115613f34575f5ffd5b602083019150836020828501011115613f4b575f5ffd5b9250929050565b5f5f5f5f5f6102408688031215613f67575f5ffd5b613f718787613ef6565b945061020086013567ffffffffffffffff811115613f8d575f5ffd5b613f9988828901613f0d565b90955093505061022086013567ffffffffffffffff811115613fb9575f5ffd5b613fc588828901613f0d565b969995985093965092949392505050565b5f5f83601f840112613fe6575f5ffd5b50813567ffffffffffffffff811115613ffd575f5ffd5b6020830191508360208260051b8501011115613f4b575f5ffd5b5f5f60208385031215614028575f5ffd5b823567ffffffffffffffff81111561403e575f5ffd5b61404a85828601613fd6565b90969095509350505050565b803573ffffffffffffffffffffffffffffffffffffffff81168114611bb5575f5ffd5b80356bffffffffffffffffffffffff81168114611bb5575f5ffd5b803564ffffffffff81168114611bb5575f5ffd5b5f5f5f606084860312156140ba575f5ffd5b6140c384614056565b92506140d160208501614079565b91506140df60408501614094565b90509250925092565b5f61020082840312156140f9575f5ffd5b6105cc8383613ef6565b5f60208284031215614113575f5ffd5b6105cc82614056565b5f6020828403121561412c575f5ffd5b5035919050565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b60058110614195577f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b9052565b5f610140820190506141ac828451614160565b60208301516141cb60208401826bffffffffffffffffffffffff169052565b5060408301516141e4604084018264ffffffffff169052565b5060608301516141fd606084018264ffffffffff169052565b506080830151614216608084018264ffffffffff169052565b5060a083015161422d60a084018262ffffff169052565b5060c083015161424160c084018215159052565b5060e083015161425560e084018215159052565b5061010083015161426b61010084018215159052565b5061012083015161106861012084018215159052565b5f81518084528060208401602086015e5f6020828601015260207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f83011685010191505092915050565b7fff000000000000000000000000000000000000000000000000000000000000008816815260e060208201525f61430760e0830189614281565b82810360408401526143198189614281565b6060840188905273ffffffffffffffffffffffffffffffffffffffff8716608085015260a0840186905283810360c0850152845180825260208087019350909101905f5b8181101561437b57835183526020938401939092019160010161435d565b50909b9a5050505050505050505050565b5f5f5f5f5f5f61026087890312156143a2575f5ffd5b6143ac8888613ef6565b95506143bb6102008801614079565b945061022087013567ffffffffffffffff8111156143d7575f5ffd5b6143e389828a01613f0d565b90955093505061024087013567ffffffffffffffff811115614403575f5ffd5b61440f89828a01613f0d565b979a9699509497509295939492505050565b5f5f60408385031215614432575f5ffd5b61443b83614056565b946020939093013593505050565b5f602082016020835280845180835260408501915060408160051b8601019250602086015f5b828110156144be577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc08786030184526144a9858351614281565b9450602093840193919091019060010161446f565b50929695505050505050565b5f5f604083850312156144db575f5ffd5b6144e483614056565b91506144f260208401614056565b90509250929050565b5f5f6040838503121561450c575f5ffd5b823591506144f260208401614079565b5f60808284031215613f07575f5ffd5b5f5f5f5f6102a08587031215614540575f5ffd5b61454a8686613ef6565b935061455a86610200870161451c565b925061028085013567ffffffffffffffff811115614576575f5ffd5b61458287828801613f0d565b95989497509550505050565b5f6080828403121561459e575f5ffd5b6105cc838361451c565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b5f82357ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdc1833603018112614607575f5ffd5b9190910192915050565b5f5f83357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1843603018112614644575f5ffd5b83018035915067ffffffffffffffff82111561465e575f5ffd5b602001915036819003821315613f4b575f5ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b5f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff82036146cf576146cf614672565b5060010190565b602081525f6105cc6020830184614281565b803563ffffffff81168114611bb5575f5ffd5b5f6020828403121561470b575f5ffd5b6105cc826146e8565b808201808211156105cf576105cf614672565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b6bffffffffffffffffffffffff82811682821603908111156105cf576105cf614672565b5f82357ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd61833603018112614607575f5ffd5b818103818111156105cf576105cf614672565b828482375f8382015f815283518060208601835e5f910190815295945050505050565b5f602082840312156147f0575f5ffd5b6105cc82614079565b5f60208284031215614809575f5ffd5b5051919050565b5f7f8000000000000000000000000000000000000000000000000000000000000000820361484057614840614672565b505f0390565b8082018281125f83128015821682158216171561114d5761114d614672565b80820281158282048414176105cf576105cf614672565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd5b5f6bffffffffffffffffffffffff8316806148c6576148c661487c565b806bffffffffffffffffffffffff84160491505092915050565b80356fffffffffffffffffffffffffffffffff81168114611bb5575f5ffd5b5f6020828403121561490f575f5ffd5b6105cc826148e0565b5f826149265761492661487c565b500490565b828152813560208083019190915260a08201906bffffffffffffffffffffffff90614957908501614079565b16604083015264ffffffffff61496f60408501614094565b16606083015264ffffffffff61498760608501614094565b1660808301529392505050565b5f602082840312156149a4575f5ffd5b6105cc82614094565b61020081016149d9826149bf85614056565b73ffffffffffffffffffffffffffffffffffffffff169052565b6149e560208401614056565b73ffffffffffffffffffffffffffffffffffffffff166020830152614a0c60408401614056565b73ffffffffffffffffffffffffffffffffffffffff166040830152614a3360608401614056565b73ffffffffffffffffffffffffffffffffffffffff166060830152614a5a608084016148e0565b6fffffffffffffffffffffffffffffffff166080830152614a7d60a08401614079565b6bffffffffffffffffffffffff1660a0830152614a9c60c08401614079565b6bffffffffffffffffffffffff1660c0830152614abb60e08401614079565b6bffffffffffffffffffffffff1660e0830152614adb6101008401614079565b6bffffffffffffffffffffffff16610100830152614afc6101208401614079565b6bffffffffffffffffffffffff16610120830152614b1d6101408401614094565b64ffffffffff16610140830152614b3761016084016146e8565b63ffffffff16610160830152614b5061018084016146e8565b63ffffffff16610180830152614b696101a084016146e8565b63ffffffff166101a08301526101c083810135908301526101e092830135929091019190915290565b6bffffffffffffffffffffffff81811683821601908111156105cf576105cf614672565b83815260406020820152816040820152818360608301375f818301606090810191909152601f9092017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe01601019291505056' as const

export const escrowImmutables = [[473,32],[1257,32],[1431,32],[1598,32],[2923,32],[4462,32],[4732,32],[5185,32],[5339,32],[5426,32],[5679,32],[6299,32],[6341,32],[6383,32],[6464,32],[6504,32],[6641,32],[6795,32],[6883,32],[8300,32],[8458,32],[8501,32]] as const
