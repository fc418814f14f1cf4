// Generated from contracts/src/Court.sol by scripts/generate.mjs.
export const courtAbi = [
  {
    "type": "constructor",
    "inputs": [
      {
        "name": "escrow_",
        "type": "address",
        "internalType": "contract IEscrow"
      },
      {
        "name": "preset_",
        "type": "tuple",
        "internalType": "struct Preset",
        "components": [
          {
            "name": "slotBlocks",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "termEpochs",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "seats",
            "type": "uint8",
            "internalType": "uint8"
          },
          {
            "name": "quorum",
            "type": "uint8",
            "internalType": "uint8"
          },
          {
            "name": "leastWatchers",
            "type": "uint16",
            "internalType": "uint16"
          },
          {
            "name": "lagBlocks",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "reportBlocks",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "verdictBlocks",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "stake",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "challengeDeposit",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "juryFee",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "fuel",
            "type": "uint64",
            "internalType": "uint64"
          }
        ]
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
    "name": "challenge",
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
        "name": "task",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "output",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "proof",
        "type": "tuple",
        "internalType": "struct ResultProof",
        "components": [
          {
            "name": "index",
            "type": "uint16",
            "internalType": "uint16"
          },
          {
            "name": "size",
            "type": "uint16",
            "internalType": "uint16"
          },
          {
            "name": "path",
            "type": "bytes32[]",
            "internalType": "bytes32[]"
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
        "name": "subject",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "currentTerm",
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
    "name": "disputeOf",
    "inputs": [
      {
        "name": "subject",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "tuple",
        "internalType": "struct Dispute",
        "components": [
          {
            "name": "stage",
            "type": "uint8",
            "internalType": "enum Stage"
          },
          {
            "name": "challenger",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "openedBlock",
            "type": "uint40",
            "internalType": "uint40"
          }
        ]
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "disputeSubject",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "task",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "output",
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
    "stateMutability": "pure"
  },
  {
    "type": "function",
    "name": "downRecord",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "epoch",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "tuple",
        "internalType": "struct DownRecord",
        "components": [
          {
            "name": "down",
            "type": "uint16",
            "internalType": "uint16"
          },
          {
            "name": "refuted",
            "type": "uint16",
            "internalType": "uint16"
          }
        ]
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "downtimeSubject",
    "inputs": [
      {
        "name": "key",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "epoch",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "stateMutability": "pure"
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
    "name": "enrol",
    "inputs": [
      {
        "name": "key",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "consent",
        "type": "bytes",
        "internalType": "bytes"
      }
    ],
    "outputs": [
      {
        "name": "place",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "escrow",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "address",
        "internalType": "contract IEscrow"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "evict",
    "inputs": [
      {
        "name": "key",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "epoch",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "votes",
        "type": "tuple[]",
        "internalType": "struct SeatVote[]",
        "components": [
          {
            "name": "seat",
            "type": "uint8",
            "internalType": "uint8"
          },
          {
            "name": "maps",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "r",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "vs",
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
    "name": "hashEnrol",
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
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "hashVote",
    "inputs": [
      {
        "name": "subject",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "value",
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
    "name": "lapse",
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
        "name": "task",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "output",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "leave",
    "inputs": [
      {
        "name": "key",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "to",
        "type": "address",
        "internalType": "address"
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
    "name": "permit",
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
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "preset",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "tuple",
        "internalType": "struct Preset",
        "components": [
          {
            "name": "slotBlocks",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "termEpochs",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "seats",
            "type": "uint8",
            "internalType": "uint8"
          },
          {
            "name": "quorum",
            "type": "uint8",
            "internalType": "uint8"
          },
          {
            "name": "leastWatchers",
            "type": "uint16",
            "internalType": "uint16"
          },
          {
            "name": "lagBlocks",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "reportBlocks",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "verdictBlocks",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "stake",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "challengeDeposit",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "juryFee",
            "type": "uint96",
            "internalType": "uint96"
          },
          {
            "name": "fuel",
            "type": "uint64",
            "internalType": "uint64"
          }
        ]
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "refuteDowntime",
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
        "name": "epoch",
        "type": "uint256",
        "internalType": "uint256"
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
        "name": "struck",
        "type": "uint16",
        "internalType": "uint16"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "reportDowntime",
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
        "name": "epoch",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "votes",
        "type": "tuple[]",
        "internalType": "struct SeatVote[]",
        "components": [
          {
            "name": "seat",
            "type": "uint8",
            "internalType": "uint8"
          },
          {
            "name": "maps",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "r",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "vs",
            "type": "bytes32",
            "internalType": "bytes32"
          }
        ]
      }
    ],
    "outputs": [
      {
        "name": "found",
        "type": "uint16",
        "internalType": "uint16"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "resolve",
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
        "name": "task",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "output",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "verdict",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "ballots",
        "type": "tuple[]",
        "internalType": "struct Ballot[]",
        "components": [
          {
            "name": "seat",
            "type": "uint8",
            "internalType": "uint8"
          },
          {
            "name": "r",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "vs",
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
    "name": "seatsOf",
    "inputs": [
      {
        "name": "seed",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "subject",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "term",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "outputs": [
      {
        "name": "keys",
        "type": "address[]",
        "internalType": "address[]"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "slash",
    "inputs": [
      {
        "name": "subject",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "firstValue",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "firstSignature",
        "type": "bytes",
        "internalType": "bytes"
      },
      {
        "name": "secondValue",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "secondSignature",
        "type": "bytes",
        "internalType": "bytes"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "table",
    "inputs": [
      {
        "name": "term",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "address[]",
        "internalType": "address[]"
      }
    ],
    "stateMutability": "view"
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
    "name": "watcherOf",
    "inputs": [
      {
        "name": "key",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "tuple",
        "internalType": "struct WatcherState",
        "components": [
          {
            "name": "account",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "lastTerm",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "leaveBlock",
            "type": "uint256",
            "internalType": "uint256"
          }
        ]
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "event",
    "name": "Challenged",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "subject",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "task",
        "type": "bytes32",
        "indexed": false,
        "internalType": "bytes32"
      },
      {
        "name": "output",
        "type": "bytes32",
        "indexed": false,
        "internalType": "bytes32"
      },
      {
        "name": "challenger",
        "type": "address",
        "indexed": false,
        "internalType": "address"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "DowntimeRefuted",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "epoch",
        "type": "uint256",
        "indexed": true,
        "internalType": "uint256"
      },
      {
        "name": "struck",
        "type": "uint16",
        "indexed": false,
        "internalType": "uint16"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "DowntimeReported",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "epoch",
        "type": "uint256",
        "indexed": true,
        "internalType": "uint256"
      },
      {
        "name": "found",
        "type": "uint16",
        "indexed": false,
        "internalType": "uint16"
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
    "name": "Enrolled",
    "inputs": [
      {
        "name": "key",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "account",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "term",
        "type": "uint256",
        "indexed": true,
        "internalType": "uint256"
      },
      {
        "name": "place",
        "type": "uint256",
        "indexed": false,
        "internalType": "uint256"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "Evicted",
    "inputs": [
      {
        "name": "key",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "term",
        "type": "uint256",
        "indexed": true,
        "internalType": "uint256"
      },
      {
        "name": "epoch",
        "type": "uint256",
        "indexed": false,
        "internalType": "uint256"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "Lapsed",
    "inputs": [
      {
        "name": "subject",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "Left",
    "inputs": [
      {
        "name": "key",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "account",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "to",
        "type": "address",
        "indexed": false,
        "internalType": "address"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "Resolved",
    "inputs": [
      {
        "name": "subject",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "verdict",
        "type": "bytes32",
        "indexed": false,
        "internalType": "bytes32"
      },
      {
        "name": "ballots",
        "type": "uint256",
        "indexed": false,
        "internalType": "uint256"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "Slashed",
    "inputs": [
      {
        "name": "key",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "account",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "subject",
        "type": "bytes32",
        "indexed": false,
        "internalType": "bytes32"
      },
      {
        "name": "reporter",
        "type": "address",
        "indexed": false,
        "internalType": "address"
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
    "name": "AlreadyEnrolled",
    "inputs": [
      {
        "name": "key",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "term",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "BadMaps",
    "inputs": [
      {
        "name": "seat",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "maps",
        "type": "uint32",
        "internalType": "uint32"
      }
    ]
  },
  {
    "type": "error",
    "name": "BadPreset",
    "inputs": [
      {
        "name": "relation",
        "type": "string",
        "internalType": "string"
      }
    ]
  },
  {
    "type": "error",
    "name": "BadProof",
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
    "name": "BadSeat",
    "inputs": [
      {
        "name": "seat",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "BadVoucher",
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
    "name": "BondTooSmall",
    "inputs": [
      {
        "name": "resultBond",
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
    "name": "FailedCall",
    "inputs": []
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
    "name": "NoConsent",
    "inputs": [
      {
        "name": "key",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "account",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "NoEquivocation",
    "inputs": []
  },
  {
    "type": "error",
    "name": "NoSeed",
    "inputs": [
      {
        "name": "blockNumber",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "NotDead",
    "inputs": [
      {
        "name": "key",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "epoch",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "down",
        "type": "uint16",
        "internalType": "uint16"
      }
    ]
  },
  {
    "type": "error",
    "name": "NotEnrolled",
    "inputs": [
      {
        "name": "key",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "NotLive",
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
    "name": "NotPending",
    "inputs": [
      {
        "name": "subject",
        "type": "bytes32",
        "internalType": "bytes32"
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
      }
    ]
  },
  {
    "type": "error",
    "name": "NotSeated",
    "inputs": [
      {
        "name": "seat",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "expected",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "signer",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "NotTheEscrowsCourt",
    "inputs": [
      {
        "name": "court",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "NotWatcher",
    "inputs": [
      {
        "name": "sender",
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
    "name": "NothingNew",
    "inputs": [
      {
        "name": "lease",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "epoch",
        "type": "uint256",
        "internalType": "uint256"
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
    "name": "TableFull",
    "inputs": [
      {
        "name": "term",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "TableTooSmall",
    "inputs": [
      {
        "name": "term",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "size",
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
    "name": "TooFewBallots",
    "inputs": [
      {
        "name": "ballots",
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
    "name": "TooLate",
    "inputs": [
      {
        "name": "beforeBlock",
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
    "name": "WrongAmount",
    "inputs": [
      {
        "name": "expected",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "arrived",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  }
] as const

export const courtBytecode =
  '0x610340604052348015610010575f5ffd5b50604051616a94380380616a9483398101604081905261002f91610968565b6040518060400160405280600a81526020016914dbdd5ac810dbdd5c9d60b21b815250604051806040016040528060018152602001603160f81b81525061007b826103c560201b60201c565b61012052610088816103c5565b61014052815160208084019190912060e052815190820120610100524660a05261011460e05161010051604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201529081019290925260608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b60805250503060c081905260408051620971a360e41b815290516001600160a01b0385169162971a309160048083019260209291908290030181865afa158015610160573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906101849190610a80565b6001600160a01b03161461021b57816001600160a01b031662971a306040518163ffffffff1660e01b8152600401602060405180830381865afa1580156101cd573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906101f19190610a80565b60405163e72e64e560e01b81526001600160a01b0390911660048201526024015b60405180910390fd5b6001600160a01b03821661016081905260408051637e062a3560e11b8152905163fc0c546a916004808201926020929091908290030181865afa158015610264573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906102889190610a80565b6001600160a01b0390811661018052815163ffffffff9081166101a05260208084015182166101c05260408085015160ff9081166101e05260608601511661020052608085015161ffff166102205260a085015183166102405260c085015183166102605260e085015190921661028052815163d84f01df60e01b815291519285169263d84f01df9260048082019392918290030181865afa158015610330573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906103549190610aa2565b63ffffffff166102a0526101008101516001600160601b039081166102c05261012082015181166102e05261014082015116610300526101608101516001600160401b0316610320526103a5610402565b610180516103be906001600160a01b0316835f19610789565b5050610b5a565b5f5f829050601f815111156103ef578260405163305a27a960e01b81526004016102129190610abb565b80516103fa82610af0565b179392505050565b5f61040b610808565b90505f61041661081e565b9050610460815f14156040518060400160405280601a81526020017f736c6f74426c6f636b732c207465726d45706f636873203e203000000000000081525061083560201b60201c565b61049a600f6101e05111156040518060400160405280600b81526020016a7365617473203c3d20313560a81b81525061083560201b60201c565b6104fc6101e05161020051111580156104c357506101e051610200516104c1906002610b2a565b115b60408051808201909152601b81527f7365617473202f2032203c2071756f72756d203c3d20736561747300000000006020820152610835565b6102205160408051808201909152601181527006c656173745761746368657273203e203607c1b602082015261053491151590610835565b610586610240515f1415801561054d5750816102405111155b60408051808201909152601581527f30203c206c6167426c6f636b73203c3d207465726d00000000000000000000006020820152610835565b6105c9611f4061026051846102405161059f9190610b47565b6105a99190610b47565b1115604051806060016040528060288152602001616a4a60289139610835565b61060461028051610240511080156105e65750611f406102805111155b604051806060016040528060218152602001616a2960219139610835565b61063b81610260511115801561061d5750816102805111155b604051806060016040528060238152602001616a0660239139610835565b6102605160408051808201909152601081526f07265706f7274426c6f636b73203e20360841b602082015261067291151590610835565b6106b36102605160026106859190610b2a565b61068f9084610b47565b6102a0511015604051806060016040528060228152602001616a7260229139610835565b610701610280516102a05110156040518060400160405280601781526020017f534554544c45203e3d2076657264696374426c6f636b7300000000000000000081525061083560201b60201c565b6102c05160408051808201909152600981526807374616b65203e20360bc1b602082015261073a916001600160601b0316151590610835565b610785610300516001600160601b03166101e0516107589190610b2a565b6102e0516001600160601b031610156040518060600160405280602381526020016169e360239139610835565b5050565b6107958383835f610855565b610803576107a683835f6001610855565b6107ce57604051635274afe760e01b81526001600160a01b0384166004820152602401610212565b6107db8383836001610855565b61080357604051635274afe760e01b81526001600160a01b0384166004820152602401610212565b505050565b5f60106101a0516108199190610b2a565b905090565b5f610827610808565b6101c0516108199190610b2a565b816107855780604051637f6ff99d60e01b81526004016102129190610abb565b60405163095ea7b360e01b5f8181526001600160a01b038616600452602485905291602083604481808b5af1925060015f511483166108ab57838315161561089f573d5f823e3d81fd5b5f873b113d1516831692505b60405250949350505050565b6001600160a01b03811681146108cb575f5ffd5b50565b60405161018081016001600160401b03811182821017156108fd57634e487b7160e01b5f52604160045260245ffd5b60405290565b805163ffffffff81168114610916575f5ffd5b919050565b805160ff81168114610916575f5ffd5b805161ffff81168114610916575f5ffd5b80516001600160601b0381168114610916575f5ffd5b80516001600160401b0381168114610916575f5ffd5b5f5f8284036101a081121561097b575f5ffd5b8351610986816108b7565b9250610180601f198201121561099a575f5ffd5b506109a36108ce565b6109af60208501610903565b81526109bd60408501610903565b60208201526109ce6060850161091b565b60408201526109df6080850161091b565b60608201526109f060a0850161092b565b6080820152610a0160c08501610903565b60a0820152610a1260e08501610903565b60c0820152610a246101008501610903565b60e0820152610a36610120850161093c565b610100820152610a49610140850161093c565b610120820152610a5c610160850161093c565b610140820152610a6f6101808501610952565b610160820152809150509250929050565b5f60208284031215610a90575f5ffd5b8151610a9b816108b7565b9392505050565b5f60208284031215610ab2575f5ffd5b610a9b82610903565b602081525f82518060208401528060208501604085015e5f604082850101526040601f19601f83011684010191505092915050565b80516020808301519190811015610b10575f198160200360031b1b821691505b50919050565b634e487b7160e01b5f52601160045260245ffd5b8082028115828204841417610b4157610b41610b16565b92915050565b80820180821115610b4157610b41610b16565b60805160a05160c05160e05161010051610120516101405161016051610180516101a0516101c0516101e05161020051610220516102405161026051610280516102a0516102c0516102e0516103005161032051615c28610dbb5f395f61057d01525f8181610549015281816107d9015281816137ed015261387001525f818161051501528181610afe015281816110fb0152611f4601525f81816104e101528181610f6401528181611b9f01528181611bca015261252001525f612b3f01525f81816104b501528181610fc60152611dae01525f81816104890152612cf501525f818161045d015281816111360152612d4e01525f8181610433015281816126e1015261445c01525f818161040a01528181611002015281816110570152612ef801525f81816103e1015281816107fb01528181612745015281816127ac015261455601525f81816103b501528181612d240152613e1901525f8181610389015281816116140152818161214a0152613a3601525f818161070b0152818161188201528181611aef01528181611b6f01528181612978015281816129f801528181612a5a0152818161360a0152613c6e01525f81816106a601528181610a83015281816111870152818161124c01528181611311015281816113ec0152818161144b015281816115020152818161174001528181611e4a01528181611f0f015281816122a801528181612598015281816125f9015281816136a501528181613817015281816139490152613e9401525f613b8901525f613b5e01525f612c6901525f612c4101525f612b9c01525f612bc601525f612bf00152615c285ff3fe608060405234801561000f575f5ffd5b50600436106101a5575f3560e01c80639256e1ff116100e8578063cf6db96011610093578063e2fdcc171161006e578063e2fdcc17146106a1578063efff588d146106e0578063fc040c4a146106f3578063fc0c546a14610706575f5ffd5b8063cf6db96014610636578063d6642d5514610649578063daad4d461461065c575f5ffd5b8063b1f437ab116100c3578063b1f437ab146105fb578063bafff8c01461060e578063c48c73421461062e575f5ffd5b80639256e1ff146103185780639427c7d6146105bb578063ac9650d8146105db575f5ffd5b806353535d2a11610153578063601229361161012e57806360122936146102c45780638024cfd4146102d757806384b0196e146102ea5780638ec750bb14610305575f5ffd5b806353535d2a14610278578063589bab521461028b5780635937ae281461029e575f5ffd5b80633644e515116101835780633644e51514610248578063459df960146102505780634ef24b7414610265575f5ffd5b80630cc572e7146101a95780631686d458146101cf57806335f17f0a14610204575b5f5ffd5b6101bc6101b7366004614bc2565b61072d565b6040519081526020015b60405180910390f35b6101e26101dd366004614c24565b610b42565b60408051825161ffff90811682526020938401511692810192909252016101c6565b610217610212366004614c5f565b610b8d565b6040805182516001600160a01b0316815260208084015163ffffffff169082015291810151908201526060016101c6565b6101bc610c8c565b61026361025e366004614cc0565b610c9a565b005b6101bc610273366004614c5f565b610d5e565b6101bc610286366004614d54565b610dc2565b610263610299366004614da3565b610fa8565b6102b16102ac366004614e46565b6115d0565b60405161ffff90911681526020016101c6565b6101bc6102d2366004614e88565b6117ec565b6102636102e5366004614ec0565b611829565b6102f26118e0565b6040516101c69796959493929190614f4f565b610263610313366004615001565b61193e565b6105ae60408051610180810182525f80825260208201819052918101829052606081018290526080810182905260a0810182905260c0810182905260e081018290526101008101829052610120810182905261014081018290526101608101919091526040518061018001604052807f000000000000000000000000000000000000000000000000000000000000000063ffffffff1681526020017f000000000000000000000000000000000000000000000000000000000000000063ffffffff1681526020017f000000000000000000000000000000000000000000000000000000000000000060ff1681526020017f000000000000000000000000000000000000000000000000000000000000000060ff1681526020017f000000000000000000000000000000000000000000000000000000000000000061ffff1681526020017f000000000000000000000000000000000000000000000000000000000000000063ffffffff1681526020017f000000000000000000000000000000000000000000000000000000000000000063ffffffff1681526020017f000000000000000000000000000000000000000000000000000000000000000063ffffffff1681526020017f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff1681526020017f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff1681526020017f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff1681526020017f000000000000000000000000000000000000000000000000000000000000000067ffffffffffffffff16815250905090565b6040516101c69190615032565b6105ce6105c9366004615164565b611c0a565b6040516101c691906151a8565b6105ee6105e9366004615212565b611caa565b6040516101c69190615283565b610263610609366004615304565b611d90565b61062161061c366004615164565b611ff8565b6040516101c69190615338565b6101bc612061565b6102b1610644366004615383565b612074565b6102636106573660046153f3565b612360565b6101bc61066a36600461547e565b6040805160208082019590955280820193909352606080840192909252805180840390920182526080909201909152805191012090565b6106c87f000000000000000000000000000000000000000000000000000000000000000081565b6040516001600160a01b0390911681526020016101c6565b6101bc6106ee366004614c24565b6126bb565b61062161070136600461547e565b6126ce565b6106c87f000000000000000000000000000000000000000000000000000000000000000081565b5f61073661281a565b6107466040860160208701614c5f565b6001600160a01b0316336001600160a01b03161415801561078857506107726080860160608701614c5f565b6001600160a01b0316336001600160a01b031614155b156107c6576040517fe7f1421f0000000000000000000000000000000000000000000000000000000081523360048201526024015b60405180910390fd5b5f61081f6bffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000167f00000000000000000000000000000000000000000000000000000000000000006154d4565b9050806108346101208801610100890161550f565b6bffffffffffffffffffffffff1610156108a45761085a6101208701610100880161550f565b6040517f9901e6110000000000000000000000000000000000000000000000000000000081526bffffffffffffffffffffffff9091166004820152602481018290526044016107bd565b5f6108ae87612851565b90506108cc816108c460608a0160408b01614c5f565b88888861285e565b60408051602080820184905281830189905260608083018990528351808403909101815260809092019092528051910120604080516060810190915290935080600181523360208083019190915264ffffffffff43166040928301525f8681526005909152208151815482907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0016600183600281111561096e5761096e61517b565b02179055506020820151815460409384015164ffffffffff167501000000000000000000000000000000000000000000027fffffffffffff0000000000ffffffffffffffffffffffffffffffffffffffffff6001600160a01b0390931661010002929092167fffffffffffff00000000000000000000000000000000000000000000000000ff9091161717905551839082907f61d0d366373787fb1498e6893ab0fc98c7cdc326004b4e33c033c8f55e995db890610a4b908a908a90339092835260208301919091526001600160a01b0316604082015260600190565b60405180910390a36040517facff65e90000000000000000000000000000000000000000000000000000000081526001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000169063acff65e990610ab8908a90600401615579565b6020604051808303815f875af1158015610ad4573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190610af89190615735565b50610b307f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff16612948565b5050610b3a612b12565b949350505050565b6040805180820182525f808252602091820181905284815260048252828120848252825282902082518084019093525461ffff80821684526201000090910416908201525b92915050565b604080516060810182525f80825260208201819052918101919091526001600160a01b038281165f90815260208181526040918290208251606081018452905493841680825274010000000000000000000000000000000000000000850463ffffffff1692820192909252780100000000000000000000000000000000000000000000000090930467ffffffffffffffff1691830191909152610c4d575050604080516060810182525f8082526020820181905291810191909152919050565b6040518060600160405280825f01516001600160a01b03168152602001826020015163ffffffff168152602001610c8383612b3c565b90529392505050565b5f610c95612b90565b905090565b5f610cb0610ca886866117ec565b858585612cb9565b905061ffff80821614610d0b576040517f26daae140000000000000000000000000000000000000000000000000000000081526001600160a01b03861660048201526024810185905261ffff821660448201526064016107bd565b610d1485612f29565b856001600160a01b03167fac80db19f5bf51c0e7e48405fdb098c00a66ca3ebfe86d4fd69fd372c43d784d86604051610d4f91815260200190565b60405180910390a35050505050565b5f610b877f9f9c09695c41045e2ad38ca158e43224e18eb4efbf9edfe4e1ddd441e7ed25b883604051602001610da79291909182526001600160a01b0316602082015260400190565b60405160208183030381529060405280519060200120613198565b5f610dcb61281a565b6001600160a01b038481165f90815260208181526040918290208251606081018452905493841680825274010000000000000000000000000000000000000000850463ffffffff1692820192909252780100000000000000000000000000000000000000000000000090930467ffffffffffffffff169183019190915215610eca57336001600160a01b03861614801590610e70575080516001600160a01b03163314155b15610eb8576040517f2165ee8d0000000000000000000000000000000000000000000000000000000081523360048201526001600160a01b03861660248201526044016107bd565b610ec285826131df565b915050610f99565b5f610ede610ed733610d5e565b8686613424565b90506001600160a01b0381161580610f085750856001600160a01b0316816001600160a01b031614155b15610f50576040517fc79e14370000000000000000000000000000000000000000000000000000000081526001600160a01b03871660048201523360248201526044016107bd565b338252610f5d86836131df565b9250610f967f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff16612948565b50505b610fa1612b12565b9392505050565b610fb061281a565b5f5f610fbd888888613453565b915091506110007f0000000000000000000000000000000000000000000000000000000000000000826040015164ffffffffff16610ffb9190615750565b61358b565b7f0000000000000000000000000000000000000000000000000000000000000000831015611083576040517ff418f4c3000000000000000000000000000000000000000000000000000000008152600481018490527f000000000000000000000000000000000000000000000000000000000000000060248201526044016107bd565b5f8281526005602090815260409182902080547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00166002179055815187815290810185905283917fa49d8b5e2288cdb730e147f8c5727395b80627079b9230261db99e782d603b43910160405180910390a25f61112d7f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff166135d0565b90505f611173847f0000000000000000000000000000000000000000000000000000000000000000856040015164ffffffffff1661116b9190615750565b898989613729565b90505f879003611300576001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001663945e42fe6111b960208d018d614c5f565b6111cb6101208e016101008f0161550f565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b0390921660048301526bffffffffffffffffffffffff1660248201526044015f604051808303815f87803b158015611234575f5ffd5b505af1158015611246573d5f5f3e3d5ffd5b505050507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663945e42fe8460200151838561128a9190615763565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b03909216600483015260248201526044015f604051808303815f87803b1580156112e5575f5ffd5b505af11580156112f7573d5f5f3e3d5ffd5b505050506115bc565b878703611379576001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001663945e42fe61134360208d018d614c5f565b61134d8486615763565b8d610100016020810190611361919061550f565b6bffffffffffffffffffffffff1661128a9190615750565b5f8161138d6101208d016101008e0161550f565b6bffffffffffffffffffffffff166113a59190615763565b60208501516040517f945e42fe0000000000000000000000000000000000000000000000000000000081526001600160a01b039182166004820152602481018690529192507f0000000000000000000000000000000000000000000000000000000000000000169063945e42fe906044015f604051808303815f87803b15801561142d575f5ffd5b505af115801561143f573d5f5f3e3d5ffd5b50506001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016915063945e42fe905061148460408e0160208f01614c5f565b61148f6002856157a3565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b03909216600483015260248201526044015f604051808303815f87803b1580156114ea575f5ffd5b505af11580156114fc573d5f5f3e3d5ffd5b505050507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663945e42fe61dead60028461153f91906157a3565b6115499085615763565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b03909216600483015260248201526044015f604051808303815f87803b1580156115a4575f5ffd5b505af11580156115b6573d5f5f3e3d5ffd5b50505050505b505050506115c8612b12565b505050505050565b5f5f5f6115dc876138bf565b5f8281526004602090815260408083208b84529091528120929450909250611602613a2e565b61160c90896154d4565b9050611650817f0000000000000000000000000000000000000000000000000000000000000000856040015164ffffffffff16866060015164ffffffffff16613a5a565b61167461166c61166660608d0160408e01614c5f565b8b6117ec565b8a8a8a612cb9565b8354911662010000820461ffff908116928116929092171916955085165f036116d3576040517f18b158b800000000000000000000000000000000000000000000000000000000815260048101859052602481018990526044016107bd565b81547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0000811661ffff918216918716918217178355604051908152889085907f741d671ae5a842c4249172d5808373b1c12a0bedd6a9955b97333574783c9cee9060200160405180910390a37f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663f5d0db278561177788613af9565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b168152600481019290925260248201526044015f604051808303815f87803b1580156117ca575f5ffd5b505af11580156117dc573d5f5f3e3d5ffd5b5050505050505050949350505050565b604080516001600160a01b03841660208201529081018290525f906060015b60405160208183030381529060405280519060200120905092915050565b6040517fd505accf000000000000000000000000000000000000000000000000000000008152336004820152306024820152604481018690526064810185905260ff8416608482015260a4810183905260c481018290527f00000000000000000000000000000000000000000000000000000000000000006001600160a01b03169063d505accf9060e4015f604051808303815f87803b1580156118cb575f5ffd5b505af19250505080156115c857505050505050565b5f6060805f5f5f60606118f1613b57565b6118f9613b82565b604080515f808252602082019092527f0f000000000000000000000000000000000000000000000000000000000000009b939a50919850469750309650945092509050565b61194661281a565b6001600160a01b038281165f90815260208181526040918290208251606081018452905493841680825274010000000000000000000000000000000000000000850463ffffffff1692820192909252780100000000000000000000000000000000000000000000000090930467ffffffffffffffff1691830191909152611a04576040517fd0e216c20000000000000000000000000000000000000000000000000000000081526001600160a01b03841660048201526024016107bd565b80516001600160a01b03163314611a58576040517f2165ee8d0000000000000000000000000000000000000000000000000000000081523360048201526001600160a01b03841660248201526044016107bd565b611a69611a6482612b3c565b613bad565b6001600160a01b038381165f818152602081815260408083209290925584519151868516815291909316927fae8b11344eab1646f4ffd6fad884706430abaffff5179d78342779680a8a40fa910160405180910390a36040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f907f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316906370a0823190602401602060405180830381865afa158015611b3c573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190611b6091906157e3565b9050611bc46001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016846bffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016613bf0565b611bfc817f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff16613c3e565b5050611c06612b12565b5050565b604080516060810182525f80825260208201819052918101919091525f82815260056020526040908190208151606081019092528054829060ff166002811115611c5657611c5661517b565b6002811115611c6757611c6761517b565b8152905461010081046001600160a01b031660208301527501000000000000000000000000000000000000000000900464ffffffffff1660409091015292915050565b604080515f8152602081019091526060908267ffffffffffffffff811115611cd457611cd46157b6565b604051908082528060200260200182016040528015611d0757816020015b6060815260200190600190039081611cf25790505b5091505f5b83811015611d8857611d6330868684818110611d2a57611d2a6157fa565b9050602002810190611d3c9190615827565b85604051602001611d4f9392919061589f565b604051602081830303815290604052613d38565b838281518110611d7557611d756157fa565b6020908102919091010152600101611d0c565b505092915050565b611d9861281a565b5f5f611da5858585613453565b91509150611de37f0000000000000000000000000000000000000000000000000000000000000000826040015164ffffffffff16611a649190615750565b5f8281526005602052604080822080547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff001660021790555183917fed7cfcbc13caf3d821ce9eb896117cbba846a0aee978dba0b39eb794b7833de591a26001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001663945e42fe611e7c6020880188614c5f565b611e8e61012089016101008a0161550f565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b0390921660048301526bffffffffffffffffffffffff1660248201526044015f604051808303815f87803b158015611ef7575f5ffd5b505af1158015611f09573d5f5f3e3d5ffd5b505050507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663945e42fe8260200151611f787f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff166135d0565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b03909216600483015260248201526044015f604051808303815f87803b158015611fd3575f5ffd5b505af1158015611fe5573d5f5f3e3d5ffd5b505050505050611ff3612b12565b505050565b5f8181526001602090815260409182902080548351818402810184019094528084526060939283018282801561205557602002820191905f5260205f20905b81546001600160a01b03168152600190910190602001808311612037575b50505050509050919050565b5f61206a613e0a565b610c9590436157a3565b5f5f61207f876138bf565b5090505f612097610ed761209288613e3d565b613e8e565b90508535821415806120b057506001600160a01b038116155b806120dc57506120c66080890160608a01614c5f565b6001600160a01b0316816001600160a01b031614155b15612116576040517f3c32b9be000000000000000000000000000000000000000000000000000000008152600481018390526024016107bd565b5f8281526004602090815260408083208a8452909152812090612137613a2e565b612141908a6154d4565b90505f61219c827f000000000000000000000000000000000000000000000000000000000000000061217960608d0160408e016158be565b64ffffffffff1661219060808e0160608f016158be565b64ffffffffff16613a5a565b835490915061ffff620100009091048116198216165f036121f3576040517f18b158b800000000000000000000000000000000000000000000000000000000815260048101869052602481018b90526044016107bd565b825461ffff808316620100007fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00008416851985168416908117829004841692909217027fffffffffffffffffffffffffffffffffffffffffffffffffffffffff000000008416919091171785556040519183161680825296508a9086907fa163ef2816f143ef6439db6551feb769f6afa870dd39a77e990cd272d4cb0f959060200160405180910390a361ffff861615612352577f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663f5d0db27866122df89613af9565b6122e8906158d9565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b168152600481019290925260248201526044015f604051808303815f87803b15801561233b575f5ffd5b505af115801561234d573d5f5f3e3d5ffd5b505050505b505050505095945050505050565b61236861281a565b5f61237d61237689896126bb565b8787613424565b9050838714806123b2575061239c61239589866126bb565b8484613424565b6001600160a01b0316816001600160a01b031614155b156123e9576040517ff6956d9900000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b6001600160a01b038181165f90815260208181526040918290208251606081018452905493841680825274010000000000000000000000000000000000000000850463ffffffff1692820192909252780100000000000000000000000000000000000000000000000090930467ffffffffffffffff16918301919091526124a7576040517fd0e216c20000000000000000000000000000000000000000000000000000000081526001600160a01b03831660048201526024016107bd565b6001600160a01b0382165f90815260208190526040808220919091558101516124d1908390613f12565b8051604080518b81523360208201526001600160a01b03928316928516917f13bf3e7d0a55b0f76ecb079fdaa75ce55b689142ba996889934224ba685d1425910160405180910390a35f6125527f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff166135d0565b90505f6125606008836157a3565b6040517f945e42fe000000000000000000000000000000000000000000000000000000008152336004820152602481018290529091507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b03169063945e42fe906044015f604051808303815f87803b1580156125e1575f5ffd5b505af11580156125f3573d5f5f3e3d5ffd5b505050507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663945e42fe61dead83856126359190615763565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b03909216600483015260248201526044015f604051808303815f87803b158015612690575f5ffd5b505af11580156126a2573d5f5f3e3d5ffd5b50505050505050506126b2612b12565b50505050505050565b5f610fa16126c98484614005565b613198565b5f818152600160205260409020546060907f0000000000000000000000000000000000000000000000000000000000000000811015612743576040517fb769461e00000000000000000000000000000000000000000000000000000000815260048101849052602481018290526044016107bd565b7f000000000000000000000000000000000000000000000000000000000000000067ffffffffffffffff81111561277c5761277c6157b6565b6040519080825280602002602001820160405280156127a5578160200160208202803683370190505b5091505f5b7f0000000000000000000000000000000000000000000000000000000000000000811015612811576127df8483888885614046565b8382815181106127f1576127f16157fa565b6001600160a01b03909216602092830291909101909101526001016127aa565b50509392505050565b6128226140c1565b61284f60017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005b9061411a565b565b5f610b8761209283614121565b5f61286a86858561421d565b90505f806128a98361287f602087018761590f565b61ffff16612893604088016020890161590f565b61ffff166128a46040890189615930565b6142ba565b915091505f6128d06128be6120928b86614389565b6128cb6060880188615827565b613424565b90508115806128e657506001600160a01b038116155b806129035750876001600160a01b0316816001600160a01b031614155b1561293d576040517fedc971e0000000000000000000000000000000000000000000000000000000008152600481018a90526024016107bd565b505050505050505050565b6040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f907f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316906370a0823190602401602060405180830381865afa1580156129c5573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906129e991906157e3565b9050612a206001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000163330856143ca565b6040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f9082906001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016906370a0823190602401602060405180830381865afa158015612a9f573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190612ac391906157e3565b612acd9190615763565b9050828114611ff3576040517f312b003300000000000000000000000000000000000000000000000000000000815260048101849052602481018290526044016107bd565b61284f5f7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f00612849565b5f7f0000000000000000000000000000000000000000000000000000000000000000612b66613e0a565b6020840151612b7c9063ffffffff166001615750565b612b8691906154d4565b610b879190615750565b5f306001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016148015612be857507f000000000000000000000000000000000000000000000000000000000000000046145b15612c1257507f000000000000000000000000000000000000000000000000000000000000000090565b610c95604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201527f0000000000000000000000000000000000000000000000000000000000000000918101919091527f000000000000000000000000000000000000000000000000000000000000000060608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b5f5f612cc3613a2e565b612ccd90866154d4565b90505f612cd8613a2e565b612ce29083615750565b9050612ced81613bad565b612d1a610ffb7f000000000000000000000000000000000000000000000000000000000000000083615750565b5f612d7888612d497f00000000000000000000000000000000000000000000000000000000000000008a6157a3565b612d737f000000000000000000000000000000000000000000000000000000000000000087615763565b614419565b604080516080810182525f80825260208201819052918101829052606081018290529192505b86811015612ef15736888883818110612db957612db96157fa565b608002919091019150612dfd905084612dd56020840184615994565b60ff16612de860408501602086016159ad565b63ffffffff1660408501356060860135614546565b505f6010612e1160408401602085016159ad565b63ffffffff16901c90505f612e2c60408401602085016159ad565b905061ffff821982161615612e9b57612e486020840184615994565b612e5860408501602086016159ad565b6040517f8ce91b1600000000000000000000000000000000000000000000000000000000815260ff909216600483015263ffffffff1660248201526044016107bd565b612ee68582198416815161ffff818318811684526020840180519290931682811882169093526040840180519290931682811882169093526060909301805191909216189091169052565b505050600101612d9e565b50612f1c817f00000000000000000000000000000000000000000000000000000000000000006146be565b9998505050505050505050565b5f6002612f34612061565b612f3e9190615750565b5f8181526001602090815260408083206001600160a01b03871684529183905282205492935091612f95907801000000000000000000000000000000000000000000000000900467ffffffffffffffff168461473a565b825490915081101580612fd65750836001600160a01b0316828281548110612fbf57612fbf6157fa565b5f918252602090912001546001600160a01b031614155b15613018576040517fd0e216c20000000000000000000000000000000000000000000000000000000081526001600160a01b03851660048201526024016107bd565b81545f90839061302a90600190615763565b8154811061303a5761303a6157fa565b905f5260205f20015f9054906101000a90046001600160a01b031690508083838154811061306a5761306a6157fa565b905f5260205f20015f6101000a8154816001600160a01b0302191690836001600160a01b03160217905550828054806130a5576130a56159c6565b5f82815260208082207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff908401810180547fffffffffffffffffffffffff00000000000000000000000000000000000000001690559092019092556001600160a01b0383168252819052604090208054613146907801000000000000000000000000000000000000000000000000900467ffffffffffffffff16868561475d565b815467ffffffffffffffff9190911678010000000000000000000000000000000000000000000000000277ffffffffffffffffffffffffffffffffffffffffffffffff90911617905550919392505050565b5f610b876131a4612b90565b836040517f19010000000000000000000000000000000000000000000000000000000000008152600281019290925260228201526042902090565b5f5f60026131eb612061565b6131f59190615750565b905080836020015163ffffffff161061324c576040517f1f5521fc0000000000000000000000000000000000000000000000000000000081526001600160a01b0385166004820152602481018290526044016107bd565b5f818152600160205260409020805492507fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff000083016132b9576040517f41455fa1000000000000000000000000000000000000000000000000000000008152600481018390526024016107bd565b80546001810182555f82815260209081902090910180547fffffffffffffffffffffffff0000000000000000000000000000000000000000166001600160a01b03881617905563ffffffff831690850152604084015161331a90838561475d565b67ffffffffffffffff90811660408087019182526001600160a01b038089165f8181526020818152908490208a518154928c0151965190971678010000000000000000000000000000000000000000000000000277ffffffffffffffffffffffffffffffffffffffffffffffff63ffffffff90971674010000000000000000000000000000000000000000027fffffffffffffffff0000000000000000000000000000000000000000000000009093169790941696871791909117949094169190911790925551849291907f031b11c9aa11edacc7efbeb991b4db7c8000bf5aa3b83f4214e90cac576f8780906134149088815260200190565b60405180910390a4505092915050565b5f6040821461343457505f610fa1565b82356020840135613446868383614789565b5090979650505050505050565b604080516060810182525f808252602082018190529181018290526134af61347a86612851565b604080516020808201939093528082018890526060808201889052825180830390910181526080909101909152805191012090565b5f818152600560205260409081902081516060810190925280549294509091829060ff1660028111156134e4576134e461517b565b60028111156134f5576134f561517b565b8152905461010081046001600160a01b031660208301527501000000000000000000000000000000000000000000900464ffffffffff1660409091015290506001815160028111156135495761354961517b565b14613583576040517fbbf86c27000000000000000000000000000000000000000000000000000000008152600481018390526024016107bd565b935093915050565b8043106135cd576040517f388b0173000000000000000000000000000000000000000000000000000000008152600481018290524360248201526044016107bd565b50565b6040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f9081906001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016906370a0823190602401602060405180830381865afa15801561364f573d5f5f3e3d5ffd5b505050506040513d601f19601f8201168201806040525081019061367391906157e3565b6040517fb6b55f25000000000000000000000000000000000000000000000000000000008152600481018590529091507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b03169063b6b55f25906024016020604051808303815f875af11580156136f3573d5f5f3e3d5ffd5b505050506040513d601f19601f8201168201806040525081019061371791906157e3565b91506137238184613c3e565b50919050565b5f5f61374787613737613e0a565b61374190896157a3565b88614419565b90505f5b838110156138b45736858583818110613766576137666157fa565b6060029190910191505f9050613796846137836020850185615994565b60ff168a85602001358660400135614546565b6001600160a01b038181165f90815260208190526040908190205490517f945e42fe00000000000000000000000000000000000000000000000000000000815290821660048201526bffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001660248201529192507f0000000000000000000000000000000000000000000000000000000000000000169063945e42fe906044015f604051808303815f87803b158015613858575f5ffd5b505af115801561386a573d5f5f3e3d5ffd5b505050507f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff16856138a89190615750565b9450505060010161374b565b505095945050505050565b60408051610140810182525f80825260208201819052918101829052606081018290526080810182905260a0810182905260c0810182905260e081018290526101008101829052610120810182905261391783612851565b6040517f8127aac9000000000000000000000000000000000000000000000000000000008152600481018290529092507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031690638127aac99060240161014060405180830381865afa158015613997573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906139bb9190615a7c565b90505f815160048111156139d1576139d161517b565b14806139ef57506004815160048111156139ed576139ed61517b565b145b15613a29576040517f30ac1df7000000000000000000000000000000000000000000000000000000008152600481018390526024016107bd565b915091565b5f610c9560107f00000000000000000000000000000000000000000000000000000000000000006154d4565b5f5f85841115613a955784600181613a728988615763565b613a7c9190615750565b613a869190615763565b613a9091906157a3565b613a97565b5f5b90505f86841115613abc5785613aad8886615763565b613ab791906157a3565b613abe565b5f5b90506010811115613acd575060105b808210613ade575f92505050610b3a565b613aee600180841b90831b615763565b979650505050505050565b5f613b0f615555600184901c8116908416615b46565b61ffff169050600281901c613333168161333316613b2d9190615750565b9050613b44610f0f600483901c8116908316615750565b9050610b87600882901c60ff8316615750565b6060610c957f00000000000000000000000000000000000000000000000000000000000000006147d4565b6060610c957f00000000000000000000000000000000000000000000000000000000000000006147d4565b804310156135cd576040517fe58369d1000000000000000000000000000000000000000000000000000000008152600481018290524360248201526044016107bd565b613bfd8383836001614811565b611ff3576040517f5274afe70000000000000000000000000000000000000000000000000000000081526001600160a01b03841660048201526024016107bd565b6040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f907f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316906370a0823190602401602060405180830381865afa158015613cbb573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190613cdf91906157e3565b905082613cec8383615750565b1015611ff35781613cfd8285615763565b6040517f312b0033000000000000000000000000000000000000000000000000000000008152600481019290925260248201526044016107bd565b60605f613d45848461488c565b9050808015613d6657505f3d1180613d6657505f846001600160a01b03163b115b15613d7b57613d7361489f565b915050610b87565b8015613dbe576040517f9996b3150000000000000000000000000000000000000000000000000000000081526001600160a01b03851660048201526024016107bd565b3d15613dd157613dcc6148b8565b613e03565b6040517fd6bda27500000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b5092915050565b5f613e13613a2e565b610c95907f00000000000000000000000000000000000000000000000000000000000000006154d4565b5f7fee2ba0744db62aa3a9382e39d94b9c33d4cc1e8634f29d77e90e12890f5662f882604051602001613e71929190615b60565b604051602081830303815290604052805190602001209050919050565b5f610b877f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316633644e5156040518163ffffffff1660e01b8152600401602060405180830381865afa158015613eee573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906131a491906157e3565b5f6002613f1d612061565b613f279190615750565b90505f60038210613f4257613f3d600383615763565b613f44565b5f5b90505b818111613fff575f81815260016020526040812090613f66858461473a565b825490915081108015613fa65750856001600160a01b0316828281548110613f9057613f906157fa565b5f918252602090912001546001600160a01b0316145b15613fea575f828281548110613fbe57613fbe6157fa565b905f5260205f20015f6101000a8154816001600160a01b0302191690836001600160a01b031602179055505b50508080613ff790615bd3565b915050613f47565b50505050565b604080517fe2c7bdf19bdd39c1bcabb9b303792f38a333e9162d45ff588cc8eafce1c3f7086020820152908101839052606081018290525f9060800161180b565b5f858152600160209081526040808320815192830187905290820185905260608201849052908690608001604051602081830303815290604052805190602001205f1c6140939190615c0a565b815481106140a3576140a36157fa565b5f918252602090912001546001600160a01b03169695505050505050565b7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005c1561284f576040517f3ee5aeb500000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b80825d5050565b6040517f285aa63f778e390580dce9ad90540d4fe4bf7579554b0bc284641fceabdaf3be8082525f9182906020810161020086823760608101516040820151176020820151825117178060a01c9350608082015160801c8417935060e082015160c083015160a08401511717905061012082015161010083015117811790508060601c8417935061014082015160281c841793506101a0820151610180830151610160840151171790508060201c8417935050506102208120935050805f14614216576040517f749b371600000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b5050919050565b6040515f6020820181905260218201859052604182018490526061820183905290600290608101604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08184030181529082905261427c91615c1d565b602060405180830381855afa158015614297573d5f5f3e3d5ffd5b5050506040513d601f19601f82011682018060405250810190610b3a91906157e3565b5f5f6104008511806142cc5750848610155b156142db57505f90508061437f565b5f5b600186111561437757858760011810156143525783810361430457505f915081905061437f565b5f85858361431181615bd3565b9450818110614322576143226157fa565b905060200201359050876001165f146143445761433f818a6148c3565b61434e565b61434e89826148c3565b9850505b600196871c96600290614366908890615750565b61437091906157a3565b95506142dd565b879250831490505b9550959350505050565b604080517fe53994867363bdd9d3b95ed3141b3938d70983d7d5b5e95bb248112d871a5d1a6020820152908101839052606081018290525f9060800161180b565b6143d8848484846001614978565b613fff576040517f5274afe70000000000000000000000000000000000000000000000000000000081526001600160a01b03851660048201526024016107bd565b61444c6040518060c001604052805f81526020015f81526020015f81526020015f81526020015f81526020015f81525090565b5f838152600160205260409020547f00000000000000000000000000000000000000000000000000000000000000008110156144be576040517fb769461e00000000000000000000000000000000000000000000000000000000815260048101859052602481018290526044016107bd565b5f6144c8846149fe565b90505f819003614507576040517f9904140d000000000000000000000000000000000000000000000000000000008152600481018590526024016107bd565b6040518060c0016040528061451a612b90565b81526020018781526020018281526020018681526020018381526020015f815250925050509392505050565b5f8560a0015185108061457957507f00000000000000000000000000000000000000000000000000000000000000008510155b156145b3576040517fd6536fad000000000000000000000000000000000000000000000000000000008152600481018690526024016107bd565b6145be856001615750565b60a0870152855160208701515f91614614916145da9088614005565b6040517f19010000000000000000000000000000000000000000000000000000000000008152600281019290925260228201526042902090565b90505f614622828686614789565b50509050614643886060015189608001518a604001518b602001518b614046565b92506001600160a01b038116158061466d5750826001600160a01b0316816001600160a01b031614155b156138b4576040517f2e59cbd3000000000000000000000000000000000000000000000000000000008152600481018890526001600160a01b038085166024830152821660448201526064016107bd565b5f5f5f61ffff90506146dc82828760600151876008165f1415614a3d565b604087015191935091506146f99083908390600488161515614a3d565b602087015191935091506147169083908390600288161515614a3d565b865191935091506147309083908390600188161515614a3d565b1795945050505050565b5f61474482614a64565b8367ffffffffffffffff16901c61ffff16905092915050565b5f5f61476884614a64565b61ffff811b19861667ffffffffffffffff169084901b179150509392505050565b5f80807f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8416601b60ff86901c016147c388828985614a7b565b945094509450505093509350939050565b60605f6147e083614b61565b6040805160208082528183019092529192505f91906020820181803683375050509182525060208101929092525090565b6040517fa9059cbb000000000000000000000000000000000000000000000000000000005f8181526001600160a01b038616600452602485905291602083604481808b5af1925060015f51148316614880578383151615614874573d5f823e3d81fd5b5f873b113d1516831692505b60405250949350505050565b5f5f5f835160208501865af49392505050565b6040513d81523d5f602083013e3d602001810160405290565b6040513d5f823e3d81fd5b6040517f0100000000000000000000000000000000000000000000000000000000000000602082015260218101839052604181018290525f90600290606101604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08184030181529082905261493a91615c1d565b602060405180830381855afa158015614955573d5f5f3e3d5ffd5b5050506040513d601f19601f82011682018060405250810190610fa191906157e3565b6040517f23b872dd000000000000000000000000000000000000000000000000000000005f8181526001600160a01b038781166004528616602452604485905291602083606481808c5af1925060015f511483166149ed5783831516156149e1573d5f823e3d81fd5b5f883b113d1516831692505b604052505f60605295945050505050565b80408015614a0b57919050565b815f5260205f60205f71f90827f1c53a10cb7a02335b1753200029355afa60203d148116156137235750505f51919050565b5f5f82614a5257838516861784198616614a57565b858486165b9150915094509492505050565b5f614a70600483615c0a565b610b879060106154d4565b5f80807f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0841115614ab457505f91506003905082614b57565b604080515f808252602082018084528a905260ff891692820192909252606081018790526080810186905260019060a0016020604051602081039080840390855afa158015614b05573d5f5f3e3d5ffd5b50506040517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe001519150506001600160a01b038116614b4e57505f925060019150829050614b57565b92505f91508190505b9450945094915050565b5f60ff8216601f811115610b87576040517fb3512b0c00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b5f6102008284031215613723575f5ffd5b5f60808284031215613723575f5ffd5b5f5f5f5f6102608587031215614bd6575f5ffd5b614be08686614ba1565b93506102008501359250610220850135915061024085013567ffffffffffffffff811115614c0c575f5ffd5b614c1887828801614bb2565b91505092959194509250565b5f5f60408385031215614c35575f5ffd5b50508035926020909101359150565b80356001600160a01b0381168114614c5a575f5ffd5b919050565b5f60208284031215614c6f575f5ffd5b610fa182614c44565b5f5f83601f840112614c88575f5ffd5b50813567ffffffffffffffff811115614c9f575f5ffd5b6020830191508360208260071b8501011115614cb9575f5ffd5b9250929050565b5f5f5f5f60608587031215614cd3575f5ffd5b614cdc85614c44565b935060208501359250604085013567ffffffffffffffff811115614cfe575f5ffd5b614d0a87828801614c78565b95989497509550505050565b5f5f83601f840112614d26575f5ffd5b50813567ffffffffffffffff811115614d3d575f5ffd5b602083019150836020828501011115614cb9575f5ffd5b5f5f5f60408486031215614d66575f5ffd5b614d6f84614c44565b9250602084013567ffffffffffffffff811115614d8a575f5ffd5b614d9686828701614d16565b9497909650939450505050565b5f5f5f5f5f5f6102808789031215614db9575f5ffd5b614dc38888614ba1565b955061020087013594506102208701359350610240870135925061026087013567ffffffffffffffff811115614df7575f5ffd5b8701601f81018913614e07575f5ffd5b803567ffffffffffffffff811115614e1d575f5ffd5b896020606083028401011115614e31575f5ffd5b60208201935080925050509295509295509295565b5f5f5f5f6102408587031215614e5a575f5ffd5b614e648686614ba1565b9350610200850135925061022085013567ffffffffffffffff811115614cfe575f5ffd5b5f5f60408385031215614e99575f5ffd5b614ea283614c44565b946020939093013593505050565b803560ff81168114614c5a575f5ffd5b5f5f5f5f5f60a08688031215614ed4575f5ffd5b8535945060208601359350614eeb60408701614eb0565b94979396509394606081013594506080013592915050565b5f81518084528060208401602086015e5f6020828601015260207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f83011685010191505092915050565b7fff000000000000000000000000000000000000000000000000000000000000008816815260e060208201525f614f8960e0830189614f03565b8281036040840152614f9b8189614f03565b606084018890526001600160a01b038716608085015260a0840186905283810360c0850152845180825260208087019350909101905f5b81811015614ff0578351835260209384019390920191600101614fd2565b50909b9a5050505050505050505050565b5f5f60408385031215615012575f5ffd5b61501b83614c44565b915061502960208401614c44565b90509250929050565b815163ffffffff16815261018081016020830151615058602084018263ffffffff169052565b50604083015161506d604084018260ff169052565b506060830151615082606084018260ff169052565b506080830151615098608084018261ffff169052565b5060a08301516150b060a084018263ffffffff169052565b5060c08301516150c860c084018263ffffffff169052565b5060e08301516150e060e084018263ffffffff169052565b506101008301516151026101008401826bffffffffffffffffffffffff169052565b506101208301516151246101208401826bffffffffffffffffffffffff169052565b506101408301516151466101408401826bffffffffffffffffffffffff169052565b50610160830151613e0361016084018267ffffffffffffffff169052565b5f60208284031215615174575f5ffd5b5035919050565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b81516060820190600381106151e4577f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b808352506001600160a01b03602084015116602083015264ffffffffff604084015116604083015292915050565b5f5f60208385031215615223575f5ffd5b823567ffffffffffffffff811115615239575f5ffd5b8301601f81018513615249575f5ffd5b803567ffffffffffffffff81111561525f575f5ffd5b8560208260051b8401011115615273575f5ffd5b6020919091019590945092505050565b5f602082016020835280845180835260408501915060408160051b8601019250602086015f5b828110156152f8577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc08786030184526152e3858351614f03565b945060209384019391909101906001016152a9565b50929695505050505050565b5f5f5f6102408486031215615317575f5ffd5b6153218585614ba1565b956102008501359550610220909401359392505050565b602080825282518282018190525f918401906040840190835b818110156153785783516001600160a01b0316835260209384019390920191600101615351565b509095945050505050565b5f5f5f5f5f6102c08688031215615398575f5ffd5b6153a28787614ba1565b945061020086013593506153ba876102208801614bb2565b92506102a086013567ffffffffffffffff8111156153d6575f5ffd5b6153e288828901614d16565b969995985093965092949392505050565b5f5f5f5f5f5f5f60a0888a031215615409575f5ffd5b8735965060208801359550604088013567ffffffffffffffff81111561542d575f5ffd5b6154398a828b01614d16565b90965094505060608801359250608088013567ffffffffffffffff81111561545f575f5ffd5b61546b8a828b01614d16565b989b979a50959850939692959293505050565b5f5f5f60608486031215615490575f5ffd5b505081359360208301359350604090920135919050565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b8082028115828204841417610b8757610b876154a7565b6bffffffffffffffffffffffff811681146135cd575f5ffd5b8035614c5a816154eb565b5f6020828403121561551f575f5ffd5b8135610fa1816154eb565b80356fffffffffffffffffffffffffffffffff81168114614c5a575f5ffd5b64ffffffffff811681146135cd575f5ffd5b8035614c5a81615549565b803563ffffffff81168114614c5a575f5ffd5b61020081016155988261558b85614c44565b6001600160a01b03169052565b6155a460208401614c44565b6001600160a01b031660208301526155be60408401614c44565b6001600160a01b031660408301526155d860608401614c44565b6001600160a01b031660608301526155f26080840161552a565b6fffffffffffffffffffffffffffffffff16608083015261561560a08401615504565b6bffffffffffffffffffffffff1660a083015261563460c08401615504565b6bffffffffffffffffffffffff1660c083015261565360e08401615504565b6bffffffffffffffffffffffff1660e08301526156736101008401615504565b6bffffffffffffffffffffffff166101008301526156946101208401615504565b6bffffffffffffffffffffffff166101208301526156b5610140840161555b565b64ffffffffff166101408301526156cf6101608401615566565b63ffffffff166101608301526156e86101808401615566565b63ffffffff166101808301526157016101a08401615566565b63ffffffff166101a08301526101c083810135908301526101e092830135929091019190915290565b8051614c5a816154eb565b5f60208284031215615745575f5ffd5b8151610fa1816154eb565b80820180821115610b8757610b876154a7565b81810381811115610b8757610b876154a7565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd5b5f826157b1576157b1615776565b500490565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b5f602082840312156157f3575f5ffd5b5051919050565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b5f5f83357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe184360301811261585a575f5ffd5b83018035915067ffffffffffffffff821115615874575f5ffd5b602001915036819003821315614cb9575f5ffd5b5f81518060208401855e5f93019283525090919050565b828482375f8382015f81526158b48185615888565b9695505050505050565b5f602082840312156158ce575f5ffd5b8135610fa181615549565b5f7f80000000000000000000000000000000000000000000000000000000000000008203615909576159096154a7565b505f0390565b5f6020828403121561591f575f5ffd5b813561ffff81168114610fa1575f5ffd5b5f5f83357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1843603018112615963575f5ffd5b83018035915067ffffffffffffffff82111561597d575f5ffd5b6020019150600581901b3603821315614cb9575f5ffd5b5f602082840312156159a4575f5ffd5b610fa182614eb0565b5f602082840312156159bd575f5ffd5b610fa182615566565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603160045260245ffd5b604051610140810167ffffffffffffffff81118282101715615a3c577f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b60405290565b805160058110614c5a575f5ffd5b8051614c5a81615549565b805162ffffff81168114614c5a575f5ffd5b80518015158114614c5a575f5ffd5b5f610140828403128015615a8e575f5ffd5b50615a976159f3565b615aa083615a42565b8152615aae6020840161572a565b6020820152615abf60408401615a50565b6040820152615ad060608401615a50565b6060820152615ae160808401615a50565b6080820152615af260a08401615a5b565b60a0820152615b0360c08401615a6d565b60c0820152615b1460e08401615a6d565b60e0820152615b266101008401615a6d565b610100820152615b396101208401615a6d565b6101208201529392505050565b61ffff8181168382160190811115610b8757610b876154a7565b828152813560208083019190915260a0820190830135615b7f816154eb565b6bffffffffffffffffffffffff81166040840152506040830135615ba281615549565b64ffffffffff81166060840152506060830135615bbe81615549565b64ffffffffff81166080840152509392505050565b5f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8203615c0357615c036154a7565b5060010190565b5f82615c1857615c18615776565b500690565b5f610fa18284615888566368616c6c656e67654465706f736974203e3d207365617473202a206a7572794665657265706f7274426c6f636b732c2076657264696374426c6f636b73203c3d207465726d6c6167426c6f636b73203c2076657264696374426c6f636b73203c3d20383030306c6167426c6f636b73202b2065706f6368202b207265706f7274426c6f636b73203c3d2038303030534554544c45203e3d2065706f6368202b2032202a207265706f7274426c6f636b73' as const

/** The code on chain, with zeros where the constructor writes: [first byte, bytes] of each place. */
export const courtRuntime =
  '0x608060405234801561000f575f5ffd5b50600436106101a5575f3560e01c80639256e1ff116100e8578063cf6db96011610093578063e2fdcc171161006e578063e2fdcc17146106a1578063efff588d146106e0578063fc040c4a146106f3578063fc0c546a14610706575f5ffd5b8063cf6db96014610636578063d6642d5514610649578063daad4d461461065c575f5ffd5b8063b1f437ab116100c3578063b1f437ab146105fb578063bafff8c01461060e578063c48c73421461062e575f5ffd5b80639256e1ff146103185780639427c7d6146105bb578063ac9650d8146105db575f5ffd5b806353535d2a11610153578063601229361161012e57806360122936146102c45780638024cfd4146102d757806384b0196e146102ea5780638ec750bb14610305575f5ffd5b806353535d2a14610278578063589bab521461028b5780635937ae281461029e575f5ffd5b80633644e515116101835780633644e51514610248578063459df960146102505780634ef24b7414610265575f5ffd5b80630cc572e7146101a95780631686d458146101cf57806335f17f0a14610204575b5f5ffd5b6101bc6101b7366004614bc2565b61072d565b6040519081526020015b60405180910390f35b6101e26101dd366004614c24565b610b42565b60408051825161ffff90811682526020938401511692810192909252016101c6565b610217610212366004614c5f565b610b8d565b6040805182516001600160a01b0316815260208084015163ffffffff169082015291810151908201526060016101c6565b6101bc610c8c565b61026361025e366004614cc0565b610c9a565b005b6101bc610273366004614c5f565b610d5e565b6101bc610286366004614d54565b610dc2565b610263610299366004614da3565b610fa8565b6102b16102ac366004614e46565b6115d0565b60405161ffff90911681526020016101c6565b6101bc6102d2366004614e88565b6117ec565b6102636102e5366004614ec0565b611829565b6102f26118e0565b6040516101c69796959493929190614f4f565b610263610313366004615001565b61193e565b6105ae60408051610180810182525f80825260208201819052918101829052606081018290526080810182905260a0810182905260c0810182905260e081018290526101008101829052610120810182905261014081018290526101608101919091526040518061018001604052807f000000000000000000000000000000000000000000000000000000000000000063ffffffff1681526020017f000000000000000000000000000000000000000000000000000000000000000063ffffffff1681526020017f000000000000000000000000000000000000000000000000000000000000000060ff1681526020017f000000000000000000000000000000000000000000000000000000000000000060ff1681526020017f000000000000000000000000000000000000000000000000000000000000000061ffff1681526020017f000000000000000000000000000000000000000000000000000000000000000063ffffffff1681526020017f000000000000000000000000000000000000000000000000000000000000000063ffffffff1681526020017f000000000000000000000000000000000000000000000000000000000000000063ffffffff1681526020017f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff1681526020017f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff1681526020017f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff1681526020017f000000000000000000000000000000000000000000000000000000000000000067ffffffffffffffff16815250905090565b6040516101c69190615032565b6105ce6105c9366004615164565b611c0a565b6040516101c691906151a8565b6105ee6105e9366004615212565b611caa565b6040516101c69190615283565b610263610609366004615304565b611d90565b61062161061c366004615164565b611ff8565b6040516101c69190615338565b6101bc612061565b6102b1610644366004615383565b612074565b6102636106573660046153f3565b612360565b6101bc61066a36600461547e565b6040805160208082019590955280820193909352606080840192909252805180840390920182526080909201909152805191012090565b6106c87f000000000000000000000000000000000000000000000000000000000000000081565b6040516001600160a01b0390911681526020016101c6565b6101bc6106ee366004614c24565b6126bb565b61062161070136600461547e565b6126ce565b6106c87f000000000000000000000000000000000000000000000000000000000000000081565b5f61073661281a565b6107466040860160208701614c5f565b6001600160a01b0316336001600160a01b03161415801561078857506107726080860160608701614c5f565b6001600160a01b0316336001600160a01b031614155b156107c6576040517fe7f1421f0000000000000000000000000000000000000000000000000000000081523360048201526024015b60405180910390fd5b5f61081f6bffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000167f00000000000000000000000000000000000000000000000000000000000000006154d4565b9050806108346101208801610100890161550f565b6bffffffffffffffffffffffff1610156108a45761085a6101208701610100880161550f565b6040517f9901e6110000000000000000000000000000000000000000000000000000000081526bffffffffffffffffffffffff9091166004820152602481018290526044016107bd565b5f6108ae87612851565b90506108cc816108c460608a0160408b01614c5f565b88888861285e565b60408051602080820184905281830189905260608083018990528351808403909101815260809092019092528051910120604080516060810190915290935080600181523360208083019190915264ffffffffff43166040928301525f8681526005909152208151815482907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0016600183600281111561096e5761096e61517b565b02179055506020820151815460409384015164ffffffffff167501000000000000000000000000000000000000000000027fffffffffffff0000000000ffffffffffffffffffffffffffffffffffffffffff6001600160a01b0390931661010002929092167fffffffffffff00000000000000000000000000000000000000000000000000ff9091161717905551839082907f61d0d366373787fb1498e6893ab0fc98c7cdc326004b4e33c033c8f55e995db890610a4b908a908a90339092835260208301919091526001600160a01b0316604082015260600190565b60405180910390a36040517facff65e90000000000000000000000000000000000000000000000000000000081526001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000169063acff65e990610ab8908a90600401615579565b6020604051808303815f875af1158015610ad4573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190610af89190615735565b50610b307f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff16612948565b5050610b3a612b12565b949350505050565b6040805180820182525f808252602091820181905284815260048252828120848252825282902082518084019093525461ffff80821684526201000090910416908201525b92915050565b604080516060810182525f80825260208201819052918101919091526001600160a01b038281165f90815260208181526040918290208251606081018452905493841680825274010000000000000000000000000000000000000000850463ffffffff1692820192909252780100000000000000000000000000000000000000000000000090930467ffffffffffffffff1691830191909152610c4d575050604080516060810182525f8082526020820181905291810191909152919050565b6040518060600160405280825f01516001600160a01b03168152602001826020015163ffffffff168152602001610c8383612b3c565b90529392505050565b5f610c95612b90565b905090565b5f610cb0610ca886866117ec565b858585612cb9565b905061ffff80821614610d0b576040517f26daae140000000000000000000000000000000000000000000000000000000081526001600160a01b03861660048201526024810185905261ffff821660448201526064016107bd565b610d1485612f29565b856001600160a01b03167fac80db19f5bf51c0e7e48405fdb098c00a66ca3ebfe86d4fd69fd372c43d784d86604051610d4f91815260200190565b60405180910390a35050505050565b5f610b877f9f9c09695c41045e2ad38ca158e43224e18eb4efbf9edfe4e1ddd441e7ed25b883604051602001610da79291909182526001600160a01b0316602082015260400190565b60405160208183030381529060405280519060200120613198565b5f610dcb61281a565b6001600160a01b038481165f90815260208181526040918290208251606081018452905493841680825274010000000000000000000000000000000000000000850463ffffffff1692820192909252780100000000000000000000000000000000000000000000000090930467ffffffffffffffff169183019190915215610eca57336001600160a01b03861614801590610e70575080516001600160a01b03163314155b15610eb8576040517f2165ee8d0000000000000000000000000000000000000000000000000000000081523360048201526001600160a01b03861660248201526044016107bd565b610ec285826131df565b915050610f99565b5f610ede610ed733610d5e565b8686613424565b90506001600160a01b0381161580610f085750856001600160a01b0316816001600160a01b031614155b15610f50576040517fc79e14370000000000000000000000000000000000000000000000000000000081526001600160a01b03871660048201523360248201526044016107bd565b338252610f5d86836131df565b9250610f967f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff16612948565b50505b610fa1612b12565b9392505050565b610fb061281a565b5f5f610fbd888888613453565b915091506110007f0000000000000000000000000000000000000000000000000000000000000000826040015164ffffffffff16610ffb9190615750565b61358b565b7f0000000000000000000000000000000000000000000000000000000000000000831015611083576040517ff418f4c3000000000000000000000000000000000000000000000000000000008152600481018490527f000000000000000000000000000000000000000000000000000000000000000060248201526044016107bd565b5f8281526005602090815260409182902080547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00166002179055815187815290810185905283917fa49d8b5e2288cdb730e147f8c5727395b80627079b9230261db99e782d603b43910160405180910390a25f61112d7f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff166135d0565b90505f611173847f0000000000000000000000000000000000000000000000000000000000000000856040015164ffffffffff1661116b9190615750565b898989613729565b90505f879003611300576001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001663945e42fe6111b960208d018d614c5f565b6111cb6101208e016101008f0161550f565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b0390921660048301526bffffffffffffffffffffffff1660248201526044015f604051808303815f87803b158015611234575f5ffd5b505af1158015611246573d5f5f3e3d5ffd5b505050507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663945e42fe8460200151838561128a9190615763565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b03909216600483015260248201526044015f604051808303815f87803b1580156112e5575f5ffd5b505af11580156112f7573d5f5f3e3d5ffd5b505050506115bc565b878703611379576001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001663945e42fe61134360208d018d614c5f565b61134d8486615763565b8d610100016020810190611361919061550f565b6bffffffffffffffffffffffff1661128a9190615750565b5f8161138d6101208d016101008e0161550f565b6bffffffffffffffffffffffff166113a59190615763565b60208501516040517f945e42fe0000000000000000000000000000000000000000000000000000000081526001600160a01b039182166004820152602481018690529192507f0000000000000000000000000000000000000000000000000000000000000000169063945e42fe906044015f604051808303815f87803b15801561142d575f5ffd5b505af115801561143f573d5f5f3e3d5ffd5b50506001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016915063945e42fe905061148460408e0160208f01614c5f565b61148f6002856157a3565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b03909216600483015260248201526044015f604051808303815f87803b1580156114ea575f5ffd5b505af11580156114fc573d5f5f3e3d5ffd5b505050507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663945e42fe61dead60028461153f91906157a3565b6115499085615763565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b03909216600483015260248201526044015f604051808303815f87803b1580156115a4575f5ffd5b505af11580156115b6573d5f5f3e3d5ffd5b50505050505b505050506115c8612b12565b505050505050565b5f5f5f6115dc876138bf565b5f8281526004602090815260408083208b84529091528120929450909250611602613a2e565b61160c90896154d4565b9050611650817f0000000000000000000000000000000000000000000000000000000000000000856040015164ffffffffff16866060015164ffffffffff16613a5a565b61167461166c61166660608d0160408e01614c5f565b8b6117ec565b8a8a8a612cb9565b8354911662010000820461ffff908116928116929092171916955085165f036116d3576040517f18b158b800000000000000000000000000000000000000000000000000000000815260048101859052602481018990526044016107bd565b81547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0000811661ffff918216918716918217178355604051908152889085907f741d671ae5a842c4249172d5808373b1c12a0bedd6a9955b97333574783c9cee9060200160405180910390a37f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663f5d0db278561177788613af9565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b168152600481019290925260248201526044015f604051808303815f87803b1580156117ca575f5ffd5b505af11580156117dc573d5f5f3e3d5ffd5b5050505050505050949350505050565b604080516001600160a01b03841660208201529081018290525f906060015b60405160208183030381529060405280519060200120905092915050565b6040517fd505accf000000000000000000000000000000000000000000000000000000008152336004820152306024820152604481018690526064810185905260ff8416608482015260a4810183905260c481018290527f00000000000000000000000000000000000000000000000000000000000000006001600160a01b03169063d505accf9060e4015f604051808303815f87803b1580156118cb575f5ffd5b505af19250505080156115c857505050505050565b5f6060805f5f5f60606118f1613b57565b6118f9613b82565b604080515f808252602082019092527f0f000000000000000000000000000000000000000000000000000000000000009b939a50919850469750309650945092509050565b61194661281a565b6001600160a01b038281165f90815260208181526040918290208251606081018452905493841680825274010000000000000000000000000000000000000000850463ffffffff1692820192909252780100000000000000000000000000000000000000000000000090930467ffffffffffffffff1691830191909152611a04576040517fd0e216c20000000000000000000000000000000000000000000000000000000081526001600160a01b03841660048201526024016107bd565b80516001600160a01b03163314611a58576040517f2165ee8d0000000000000000000000000000000000000000000000000000000081523360048201526001600160a01b03841660248201526044016107bd565b611a69611a6482612b3c565b613bad565b6001600160a01b038381165f818152602081815260408083209290925584519151868516815291909316927fae8b11344eab1646f4ffd6fad884706430abaffff5179d78342779680a8a40fa910160405180910390a36040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f907f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316906370a0823190602401602060405180830381865afa158015611b3c573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190611b6091906157e3565b9050611bc46001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016846bffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016613bf0565b611bfc817f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff16613c3e565b5050611c06612b12565b5050565b604080516060810182525f80825260208201819052918101919091525f82815260056020526040908190208151606081019092528054829060ff166002811115611c5657611c5661517b565b6002811115611c6757611c6761517b565b8152905461010081046001600160a01b031660208301527501000000000000000000000000000000000000000000900464ffffffffff1660409091015292915050565b604080515f8152602081019091526060908267ffffffffffffffff811115611cd457611cd46157b6565b604051908082528060200260200182016040528015611d0757816020015b6060815260200190600190039081611cf25790505b5091505f5b83811015611d8857611d6330868684818110611d2a57611d2a6157fa565b9050602002810190611d3c9190615827565b85604051602001611d4f9392919061589f565b604051602081830303815290604052613d38565b838281518110611d7557611d756157fa565b6020908102919091010152600101611d0c565b505092915050565b611d9861281a565b5f5f611da5858585613453565b91509150611de37f0000000000000000000000000000000000000000000000000000000000000000826040015164ffffffffff16611a649190615750565b5f8281526005602052604080822080547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff001660021790555183917fed7cfcbc13caf3d821ce9eb896117cbba846a0aee978dba0b39eb794b7833de591a26001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001663945e42fe611e7c6020880188614c5f565b611e8e61012089016101008a0161550f565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b0390921660048301526bffffffffffffffffffffffff1660248201526044015f604051808303815f87803b158015611ef7575f5ffd5b505af1158015611f09573d5f5f3e3d5ffd5b505050507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663945e42fe8260200151611f787f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff166135d0565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b03909216600483015260248201526044015f604051808303815f87803b158015611fd3575f5ffd5b505af1158015611fe5573d5f5f3e3d5ffd5b505050505050611ff3612b12565b505050565b5f8181526001602090815260409182902080548351818402810184019094528084526060939283018282801561205557602002820191905f5260205f20905b81546001600160a01b03168152600190910190602001808311612037575b50505050509050919050565b5f61206a613e0a565b610c9590436157a3565b5f5f61207f876138bf565b5090505f612097610ed761209288613e3d565b613e8e565b90508535821415806120b057506001600160a01b038116155b806120dc57506120c66080890160608a01614c5f565b6001600160a01b0316816001600160a01b031614155b15612116576040517f3c32b9be000000000000000000000000000000000000000000000000000000008152600481018390526024016107bd565b5f8281526004602090815260408083208a8452909152812090612137613a2e565b612141908a6154d4565b90505f61219c827f000000000000000000000000000000000000000000000000000000000000000061217960608d0160408e016158be565b64ffffffffff1661219060808e0160608f016158be565b64ffffffffff16613a5a565b835490915061ffff620100009091048116198216165f036121f3576040517f18b158b800000000000000000000000000000000000000000000000000000000815260048101869052602481018b90526044016107bd565b825461ffff808316620100007fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00008416851985168416908117829004841692909217027fffffffffffffffffffffffffffffffffffffffffffffffffffffffff000000008416919091171785556040519183161680825296508a9086907fa163ef2816f143ef6439db6551feb769f6afa870dd39a77e990cd272d4cb0f959060200160405180910390a361ffff861615612352577f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663f5d0db27866122df89613af9565b6122e8906158d9565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b168152600481019290925260248201526044015f604051808303815f87803b15801561233b575f5ffd5b505af115801561234d573d5f5f3e3d5ffd5b505050505b505050505095945050505050565b61236861281a565b5f61237d61237689896126bb565b8787613424565b9050838714806123b2575061239c61239589866126bb565b8484613424565b6001600160a01b0316816001600160a01b031614155b156123e9576040517ff6956d9900000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b6001600160a01b038181165f90815260208181526040918290208251606081018452905493841680825274010000000000000000000000000000000000000000850463ffffffff1692820192909252780100000000000000000000000000000000000000000000000090930467ffffffffffffffff16918301919091526124a7576040517fd0e216c20000000000000000000000000000000000000000000000000000000081526001600160a01b03831660048201526024016107bd565b6001600160a01b0382165f90815260208190526040808220919091558101516124d1908390613f12565b8051604080518b81523360208201526001600160a01b03928316928516917f13bf3e7d0a55b0f76ecb079fdaa75ce55b689142ba996889934224ba685d1425910160405180910390a35f6125527f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff166135d0565b90505f6125606008836157a3565b6040517f945e42fe000000000000000000000000000000000000000000000000000000008152336004820152602481018290529091507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b03169063945e42fe906044015f604051808303815f87803b1580156125e1575f5ffd5b505af11580156125f3573d5f5f3e3d5ffd5b505050507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663945e42fe61dead83856126359190615763565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b03909216600483015260248201526044015f604051808303815f87803b158015612690575f5ffd5b505af11580156126a2573d5f5f3e3d5ffd5b50505050505050506126b2612b12565b50505050505050565b5f610fa16126c98484614005565b613198565b5f818152600160205260409020546060907f0000000000000000000000000000000000000000000000000000000000000000811015612743576040517fb769461e00000000000000000000000000000000000000000000000000000000815260048101849052602481018290526044016107bd565b7f000000000000000000000000000000000000000000000000000000000000000067ffffffffffffffff81111561277c5761277c6157b6565b6040519080825280602002602001820160405280156127a5578160200160208202803683370190505b5091505f5b7f0000000000000000000000000000000000000000000000000000000000000000811015612811576127df8483888885614046565b8382815181106127f1576127f16157fa565b6001600160a01b03909216602092830291909101909101526001016127aa565b50509392505050565b6128226140c1565b61284f60017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005b9061411a565b565b5f610b8761209283614121565b5f61286a86858561421d565b90505f806128a98361287f602087018761590f565b61ffff16612893604088016020890161590f565b61ffff166128a46040890189615930565b6142ba565b915091505f6128d06128be6120928b86614389565b6128cb6060880188615827565b613424565b90508115806128e657506001600160a01b038116155b806129035750876001600160a01b0316816001600160a01b031614155b1561293d576040517fedc971e0000000000000000000000000000000000000000000000000000000008152600481018a90526024016107bd565b505050505050505050565b6040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f907f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316906370a0823190602401602060405180830381865afa1580156129c5573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906129e991906157e3565b9050612a206001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000163330856143ca565b6040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f9082906001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016906370a0823190602401602060405180830381865afa158015612a9f573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190612ac391906157e3565b612acd9190615763565b9050828114611ff3576040517f312b003300000000000000000000000000000000000000000000000000000000815260048101849052602481018290526044016107bd565b61284f5f7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f00612849565b5f7f0000000000000000000000000000000000000000000000000000000000000000612b66613e0a565b6020840151612b7c9063ffffffff166001615750565b612b8691906154d4565b610b879190615750565b5f306001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016148015612be857507f000000000000000000000000000000000000000000000000000000000000000046145b15612c1257507f000000000000000000000000000000000000000000000000000000000000000090565b610c95604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201527f0000000000000000000000000000000000000000000000000000000000000000918101919091527f000000000000000000000000000000000000000000000000000000000000000060608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b5f5f612cc3613a2e565b612ccd90866154d4565b90505f612cd8613a2e565b612ce29083615750565b9050612ced81613bad565b612d1a610ffb7f000000000000000000000000000000000000000000000000000000000000000083615750565b5f612d7888612d497f00000000000000000000000000000000000000000000000000000000000000008a6157a3565b612d737f000000000000000000000000000000000000000000000000000000000000000087615763565b614419565b604080516080810182525f80825260208201819052918101829052606081018290529192505b86811015612ef15736888883818110612db957612db96157fa565b608002919091019150612dfd905084612dd56020840184615994565b60ff16612de860408501602086016159ad565b63ffffffff1660408501356060860135614546565b505f6010612e1160408401602085016159ad565b63ffffffff16901c90505f612e2c60408401602085016159ad565b905061ffff821982161615612e9b57612e486020840184615994565b612e5860408501602086016159ad565b6040517f8ce91b1600000000000000000000000000000000000000000000000000000000815260ff909216600483015263ffffffff1660248201526044016107bd565b612ee68582198416815161ffff818318811684526020840180519290931682811882169093526040840180519290931682811882169093526060909301805191909216189091169052565b505050600101612d9e565b50612f1c817f00000000000000000000000000000000000000000000000000000000000000006146be565b9998505050505050505050565b5f6002612f34612061565b612f3e9190615750565b5f8181526001602090815260408083206001600160a01b03871684529183905282205492935091612f95907801000000000000000000000000000000000000000000000000900467ffffffffffffffff168461473a565b825490915081101580612fd65750836001600160a01b0316828281548110612fbf57612fbf6157fa565b5f918252602090912001546001600160a01b031614155b15613018576040517fd0e216c20000000000000000000000000000000000000000000000000000000081526001600160a01b03851660048201526024016107bd565b81545f90839061302a90600190615763565b8154811061303a5761303a6157fa565b905f5260205f20015f9054906101000a90046001600160a01b031690508083838154811061306a5761306a6157fa565b905f5260205f20015f6101000a8154816001600160a01b0302191690836001600160a01b03160217905550828054806130a5576130a56159c6565b5f82815260208082207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff908401810180547fffffffffffffffffffffffff00000000000000000000000000000000000000001690559092019092556001600160a01b0383168252819052604090208054613146907801000000000000000000000000000000000000000000000000900467ffffffffffffffff16868561475d565b815467ffffffffffffffff9190911678010000000000000000000000000000000000000000000000000277ffffffffffffffffffffffffffffffffffffffffffffffff90911617905550919392505050565b5f610b876131a4612b90565b836040517f19010000000000000000000000000000000000000000000000000000000000008152600281019290925260228201526042902090565b5f5f60026131eb612061565b6131f59190615750565b905080836020015163ffffffff161061324c576040517f1f5521fc0000000000000000000000000000000000000000000000000000000081526001600160a01b0385166004820152602481018290526044016107bd565b5f818152600160205260409020805492507fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff000083016132b9576040517f41455fa1000000000000000000000000000000000000000000000000000000008152600481018390526024016107bd565b80546001810182555f82815260209081902090910180547fffffffffffffffffffffffff0000000000000000000000000000000000000000166001600160a01b03881617905563ffffffff831690850152604084015161331a90838561475d565b67ffffffffffffffff90811660408087019182526001600160a01b038089165f8181526020818152908490208a518154928c0151965190971678010000000000000000000000000000000000000000000000000277ffffffffffffffffffffffffffffffffffffffffffffffff63ffffffff90971674010000000000000000000000000000000000000000027fffffffffffffffff0000000000000000000000000000000000000000000000009093169790941696871791909117949094169190911790925551849291907f031b11c9aa11edacc7efbeb991b4db7c8000bf5aa3b83f4214e90cac576f8780906134149088815260200190565b60405180910390a4505092915050565b5f6040821461343457505f610fa1565b82356020840135613446868383614789565b5090979650505050505050565b604080516060810182525f808252602082018190529181018290526134af61347a86612851565b604080516020808201939093528082018890526060808201889052825180830390910181526080909101909152805191012090565b5f818152600560205260409081902081516060810190925280549294509091829060ff1660028111156134e4576134e461517b565b60028111156134f5576134f561517b565b8152905461010081046001600160a01b031660208301527501000000000000000000000000000000000000000000900464ffffffffff1660409091015290506001815160028111156135495761354961517b565b14613583576040517fbbf86c27000000000000000000000000000000000000000000000000000000008152600481018390526024016107bd565b935093915050565b8043106135cd576040517f388b0173000000000000000000000000000000000000000000000000000000008152600481018290524360248201526044016107bd565b50565b6040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f9081906001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016906370a0823190602401602060405180830381865afa15801561364f573d5f5f3e3d5ffd5b505050506040513d601f19601f8201168201806040525081019061367391906157e3565b6040517fb6b55f25000000000000000000000000000000000000000000000000000000008152600481018590529091507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b03169063b6b55f25906024016020604051808303815f875af11580156136f3573d5f5f3e3d5ffd5b505050506040513d601f19601f8201168201806040525081019061371791906157e3565b91506137238184613c3e565b50919050565b5f5f61374787613737613e0a565b61374190896157a3565b88614419565b90505f5b838110156138b45736858583818110613766576137666157fa565b6060029190910191505f9050613796846137836020850185615994565b60ff168a85602001358660400135614546565b6001600160a01b038181165f90815260208190526040908190205490517f945e42fe00000000000000000000000000000000000000000000000000000000815290821660048201526bffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001660248201529192507f0000000000000000000000000000000000000000000000000000000000000000169063945e42fe906044015f604051808303815f87803b158015613858575f5ffd5b505af115801561386a573d5f5f3e3d5ffd5b505050507f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff16856138a89190615750565b9450505060010161374b565b505095945050505050565b60408051610140810182525f80825260208201819052918101829052606081018290526080810182905260a0810182905260c0810182905260e081018290526101008101829052610120810182905261391783612851565b6040517f8127aac9000000000000000000000000000000000000000000000000000000008152600481018290529092507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031690638127aac99060240161014060405180830381865afa158015613997573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906139bb9190615a7c565b90505f815160048111156139d1576139d161517b565b14806139ef57506004815160048111156139ed576139ed61517b565b145b15613a29576040517f30ac1df7000000000000000000000000000000000000000000000000000000008152600481018390526024016107bd565b915091565b5f610c9560107f00000000000000000000000000000000000000000000000000000000000000006154d4565b5f5f85841115613a955784600181613a728988615763565b613a7c9190615750565b613a869190615763565b613a9091906157a3565b613a97565b5f5b90505f86841115613abc5785613aad8886615763565b613ab791906157a3565b613abe565b5f5b90506010811115613acd575060105b808210613ade575f92505050610b3a565b613aee600180841b90831b615763565b979650505050505050565b5f613b0f615555600184901c8116908416615b46565b61ffff169050600281901c613333168161333316613b2d9190615750565b9050613b44610f0f600483901c8116908316615750565b9050610b87600882901c60ff8316615750565b6060610c957f00000000000000000000000000000000000000000000000000000000000000006147d4565b6060610c957f00000000000000000000000000000000000000000000000000000000000000006147d4565b804310156135cd576040517fe58369d1000000000000000000000000000000000000000000000000000000008152600481018290524360248201526044016107bd565b613bfd8383836001614811565b611ff3576040517f5274afe70000000000000000000000000000000000000000000000000000000081526001600160a01b03841660048201526024016107bd565b6040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f907f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316906370a0823190602401602060405180830381865afa158015613cbb573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190613cdf91906157e3565b905082613cec8383615750565b1015611ff35781613cfd8285615763565b6040517f312b0033000000000000000000000000000000000000000000000000000000008152600481019290925260248201526044016107bd565b60605f613d45848461488c565b9050808015613d6657505f3d1180613d6657505f846001600160a01b03163b115b15613d7b57613d7361489f565b915050610b87565b8015613dbe576040517f9996b3150000000000000000000000000000000000000000000000000000000081526001600160a01b03851660048201526024016107bd565b3d15613dd157613dcc6148b8565b613e03565b6040517fd6bda27500000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b5092915050565b5f613e13613a2e565b610c95907f00000000000000000000000000000000000000000000000000000000000000006154d4565b5f7fee2ba0744db62aa3a9382e39d94b9c33d4cc1e8634f29d77e90e12890f5662f882604051602001613e71929190615b60565b604051602081830303815290604052805190602001209050919050565b5f610b877f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316633644e5156040518163ffffffff1660e01b8152600401602060405180830381865afa158015613eee573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906131a491906157e3565b5f6002613f1d612061565b613f279190615750565b90505f60038210613f4257613f3d600383615763565b613f44565b5f5b90505b818111613fff575f81815260016020526040812090613f66858461473a565b825490915081108015613fa65750856001600160a01b0316828281548110613f9057613f906157fa565b5f918252602090912001546001600160a01b0316145b15613fea575f828281548110613fbe57613fbe6157fa565b905f5260205f20015f6101000a8154816001600160a01b0302191690836001600160a01b031602179055505b50508080613ff790615bd3565b915050613f47565b50505050565b604080517fe2c7bdf19bdd39c1bcabb9b303792f38a333e9162d45ff588cc8eafce1c3f7086020820152908101839052606081018290525f9060800161180b565b5f858152600160209081526040808320815192830187905290820185905260608201849052908690608001604051602081830303815290604052805190602001205f1c6140939190615c0a565b815481106140a3576140a36157fa565b5f918252602090912001546001600160a01b03169695505050505050565b7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005c1561284f576040517f3ee5aeb500000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b80825d5050565b6040517f285aa63f778e390580dce9ad90540d4fe4bf7579554b0bc284641fceabdaf3be8082525f9182906020810161020086823760608101516040820151176020820151825117178060a01c9350608082015160801c8417935060e082015160c083015160a08401511717905061012082015161010083015117811790508060601c8417935061014082015160281c841793506101a0820151610180830151610160840151171790508060201c8417935050506102208120935050805f14614216576040517f749b371600000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b5050919050565b6040515f6020820181905260218201859052604182018490526061820183905290600290608101604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08184030181529082905261427c91615c1d565b602060405180830381855afa158015614297573d5f5f3e3d5ffd5b5050506040513d601f19601f82011682018060405250810190610b3a91906157e3565b5f5f6104008511806142cc5750848610155b156142db57505f90508061437f565b5f5b600186111561437757858760011810156143525783810361430457505f915081905061437f565b5f85858361431181615bd3565b9450818110614322576143226157fa565b905060200201359050876001165f146143445761433f818a6148c3565b61434e565b61434e89826148c3565b9850505b600196871c96600290614366908890615750565b61437091906157a3565b95506142dd565b879250831490505b9550959350505050565b604080517fe53994867363bdd9d3b95ed3141b3938d70983d7d5b5e95bb248112d871a5d1a6020820152908101839052606081018290525f9060800161180b565b6143d8848484846001614978565b613fff576040517f5274afe70000000000000000000000000000000000000000000000000000000081526001600160a01b03851660048201526024016107bd565b61444c6040518060c001604052805f81526020015f81526020015f81526020015f81526020015f81526020015f81525090565b5f838152600160205260409020547f00000000000000000000000000000000000000000000000000000000000000008110156144be576040517fb769461e00000000000000000000000000000000000000000000000000000000815260048101859052602481018290526044016107bd565b5f6144c8846149fe565b90505f819003614507576040517f9904140d000000000000000000000000000000000000000000000000000000008152600481018590526024016107bd565b6040518060c0016040528061451a612b90565b81526020018781526020018281526020018681526020018381526020015f815250925050509392505050565b5f8560a0015185108061457957507f00000000000000000000000000000000000000000000000000000000000000008510155b156145b3576040517fd6536fad000000000000000000000000000000000000000000000000000000008152600481018690526024016107bd565b6145be856001615750565b60a0870152855160208701515f91614614916145da9088614005565b6040517f19010000000000000000000000000000000000000000000000000000000000008152600281019290925260228201526042902090565b90505f614622828686614789565b50509050614643886060015189608001518a604001518b602001518b614046565b92506001600160a01b038116158061466d5750826001600160a01b0316816001600160a01b031614155b156138b4576040517f2e59cbd3000000000000000000000000000000000000000000000000000000008152600481018890526001600160a01b038085166024830152821660448201526064016107bd565b5f5f5f61ffff90506146dc82828760600151876008165f1415614a3d565b604087015191935091506146f99083908390600488161515614a3d565b602087015191935091506147169083908390600288161515614a3d565b865191935091506147309083908390600188161515614a3d565b1795945050505050565b5f61474482614a64565b8367ffffffffffffffff16901c61ffff16905092915050565b5f5f61476884614a64565b61ffff811b19861667ffffffffffffffff169084901b179150509392505050565b5f80807f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8416601b60ff86901c016147c388828985614a7b565b945094509450505093509350939050565b60605f6147e083614b61565b6040805160208082528183019092529192505f91906020820181803683375050509182525060208101929092525090565b6040517fa9059cbb000000000000000000000000000000000000000000000000000000005f8181526001600160a01b038616600452602485905291602083604481808b5af1925060015f51148316614880578383151615614874573d5f823e3d81fd5b5f873b113d1516831692505b60405250949350505050565b5f5f5f835160208501865af49392505050565b6040513d81523d5f602083013e3d602001810160405290565b6040513d5f823e3d81fd5b6040517f0100000000000000000000000000000000000000000000000000000000000000602082015260218101839052604181018290525f90600290606101604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08184030181529082905261493a91615c1d565b602060405180830381855afa158015614955573d5f5f3e3d5ffd5b5050506040513d601f19601f82011682018060405250810190610fa191906157e3565b6040517f23b872dd000000000000000000000000000000000000000000000000000000005f8181526001600160a01b038781166004528616602452604485905291602083606481808c5af1925060015f511483166149ed5783831516156149e1573d5f823e3d81fd5b5f883b113d1516831692505b604052505f60605295945050505050565b80408015614a0b57919050565b815f5260205f60205f71f90827f1c53a10cb7a02335b1753200029355afa60203d148116156137235750505f51919050565b5f5f82614a5257838516861784198616614a57565b858486165b9150915094509492505050565b5f614a70600483615c0a565b610b879060106154d4565b5f80807f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0841115614ab457505f91506003905082614b57565b604080515f808252602082018084528a905260ff891692820192909252606081018790526080810186905260019060a0016020604051602081039080840390855afa158015614b05573d5f5f3e3d5ffd5b50506040517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe001519150506001600160a01b038116614b4e57505f925060019150829050614b57565b92505f91508190505b9450945094915050565b5f60ff8216601f811115610b87576040517fb3512b0c00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b5f6102008284031215613723575f5ffd5b5f60808284031215613723575f5ffd5b5f5f5f5f6102608587031215614bd6575f5ffd5b614be08686614ba1565b93506102008501359250610220850135915061024085013567ffffffffffffffff811115614c0c575f5ffd5b614c1887828801614bb2565b91505092959194509250565b5f5f60408385031215614c35575f5ffd5b50508035926020909101359150565b80356001600160a01b0381168114614c5a575f5ffd5b919050565b5f60208284031215614c6f575f5ffd5b610fa182614c44565b5f5f83601f840112614c88575f5ffd5b50813567ffffffffffffffff811115614c9f575f5ffd5b6020830191508360208260071b8501011115614cb9575f5ffd5b9250929050565b5f5f5f5f60608587031215614cd3575f5ffd5b614cdc85614c44565b935060208501359250604085013567ffffffffffffffff811115614cfe575f5ffd5b614d0a87828801614c78565b95989497509550505050565b5f5f83601f840112614d26575f5ffd5b50813567ffffffffffffffff811115614d3d575f5ffd5b602083019150836020828501011115614cb9575f5ffd5b5f5f5f60408486031215614d66575f5ffd5b614d6f84614c44565b9250602084013567ffffffffffffffff811115614d8a575f5ffd5b614d9686828701614d16565b9497909650939450505050565b5f5f5f5f5f5f6102808789031215614db9575f5ffd5b614dc38888614ba1565b955061020087013594506102208701359350610240870135925061026087013567ffffffffffffffff811115614df7575f5ffd5b8701601f81018913614e07575f5ffd5b803567ffffffffffffffff811115614e1d575f5ffd5b896020606083028401011115614e31575f5ffd5b60208201935080925050509295509295509295565b5f5f5f5f6102408587031215614e5a575f5ffd5b614e648686614ba1565b9350610200850135925061022085013567ffffffffffffffff811115614cfe575f5ffd5b5f5f60408385031215614e99575f5ffd5b614ea283614c44565b946020939093013593505050565b803560ff81168114614c5a575f5ffd5b5f5f5f5f5f60a08688031215614ed4575f5ffd5b8535945060208601359350614eeb60408701614eb0565b94979396509394606081013594506080013592915050565b5f81518084528060208401602086015e5f6020828601015260207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f83011685010191505092915050565b7fff000000000000000000000000000000000000000000000000000000000000008816815260e060208201525f614f8960e0830189614f03565b8281036040840152614f9b8189614f03565b606084018890526001600160a01b038716608085015260a0840186905283810360c0850152845180825260208087019350909101905f5b81811015614ff0578351835260209384019390920191600101614fd2565b50909b9a5050505050505050505050565b5f5f60408385031215615012575f5ffd5b61501b83614c44565b915061502960208401614c44565b90509250929050565b815163ffffffff16815261018081016020830151615058602084018263ffffffff169052565b50604083015161506d604084018260ff169052565b506060830151615082606084018260ff169052565b506080830151615098608084018261ffff169052565b5060a08301516150b060a084018263ffffffff169052565b5060c08301516150c860c084018263ffffffff169052565b5060e08301516150e060e084018263ffffffff169052565b506101008301516151026101008401826bffffffffffffffffffffffff169052565b506101208301516151246101208401826bffffffffffffffffffffffff169052565b506101408301516151466101408401826bffffffffffffffffffffffff169052565b50610160830151613e0361016084018267ffffffffffffffff169052565b5f60208284031215615174575f5ffd5b5035919050565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b81516060820190600381106151e4577f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b808352506001600160a01b03602084015116602083015264ffffffffff604084015116604083015292915050565b5f5f60208385031215615223575f5ffd5b823567ffffffffffffffff811115615239575f5ffd5b8301601f81018513615249575f5ffd5b803567ffffffffffffffff81111561525f575f5ffd5b8560208260051b8401011115615273575f5ffd5b6020919091019590945092505050565b5f602082016020835280845180835260408501915060408160051b8601019250602086015f5b828110156152f8577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc08786030184526152e3858351614f03565b945060209384019391909101906001016152a9565b50929695505050505050565b5f5f5f6102408486031215615317575f5ffd5b6153218585614ba1565b956102008501359550610220909401359392505050565b602080825282518282018190525f918401906040840190835b818110156153785783516001600160a01b0316835260209384019390920191600101615351565b509095945050505050565b5f5f5f5f5f6102c08688031215615398575f5ffd5b6153a28787614ba1565b945061020086013593506153ba876102208801614bb2565b92506102a086013567ffffffffffffffff8111156153d6575f5ffd5b6153e288828901614d16565b969995985093965092949392505050565b5f5f5f5f5f5f5f60a0888a031215615409575f5ffd5b8735965060208801359550604088013567ffffffffffffffff81111561542d575f5ffd5b6154398a828b01614d16565b90965094505060608801359250608088013567ffffffffffffffff81111561545f575f5ffd5b61546b8a828b01614d16565b989b979a50959850939692959293505050565b5f5f5f60608486031215615490575f5ffd5b505081359360208301359350604090920135919050565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b8082028115828204841417610b8757610b876154a7565b6bffffffffffffffffffffffff811681146135cd575f5ffd5b8035614c5a816154eb565b5f6020828403121561551f575f5ffd5b8135610fa1816154eb565b80356fffffffffffffffffffffffffffffffff81168114614c5a575f5ffd5b64ffffffffff811681146135cd575f5ffd5b8035614c5a81615549565b803563ffffffff81168114614c5a575f5ffd5b61020081016155988261558b85614c44565b6001600160a01b03169052565b6155a460208401614c44565b6001600160a01b031660208301526155be60408401614c44565b6001600160a01b031660408301526155d860608401614c44565b6001600160a01b031660608301526155f26080840161552a565b6fffffffffffffffffffffffffffffffff16608083015261561560a08401615504565b6bffffffffffffffffffffffff1660a083015261563460c08401615504565b6bffffffffffffffffffffffff1660c083015261565360e08401615504565b6bffffffffffffffffffffffff1660e08301526156736101008401615504565b6bffffffffffffffffffffffff166101008301526156946101208401615504565b6bffffffffffffffffffffffff166101208301526156b5610140840161555b565b64ffffffffff166101408301526156cf6101608401615566565b63ffffffff166101608301526156e86101808401615566565b63ffffffff166101808301526157016101a08401615566565b63ffffffff166101a08301526101c083810135908301526101e092830135929091019190915290565b8051614c5a816154eb565b5f60208284031215615745575f5ffd5b8151610fa1816154eb565b80820180821115610b8757610b876154a7565b81810381811115610b8757610b876154a7565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd5b5f826157b1576157b1615776565b500490565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b5f602082840312156157f3575f5ffd5b5051919050565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b5f5f83357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe184360301811261585a575f5ffd5b83018035915067ffffffffffffffff821115615874575f5ffd5b602001915036819003821315614cb9575f5ffd5b5f81518060208401855e5f93019283525090919050565b828482375f8382015f81526158b48185615888565b9695505050505050565b5f602082840312156158ce575f5ffd5b8135610fa181615549565b5f7f80000000000000000000000000000000000000000000000000000000000000008203615909576159096154a7565b505f0390565b5f6020828403121561591f575f5ffd5b813561ffff81168114610fa1575f5ffd5b5f5f83357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1843603018112615963575f5ffd5b83018035915067ffffffffffffffff82111561597d575f5ffd5b6020019150600581901b3603821315614cb9575f5ffd5b5f602082840312156159a4575f5ffd5b610fa182614eb0565b5f602082840312156159bd575f5ffd5b610fa182615566565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603160045260245ffd5b604051610140810167ffffffffffffffff81118282101715615a3c577f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b60405290565b805160058110614c5a575f5ffd5b8051614c5a81615549565b805162ffffff81168114614c5a575f5ffd5b80518015158114614c5a575f5ffd5b5f610140828403128015615a8e575f5ffd5b50615a976159f3565b615aa083615a42565b8152615aae6020840161572a565b6020820152615abf60408401615a50565b6040820152615ad060608401615a50565b6060820152615ae160808401615a50565b6080820152615af260a08401615a5b565b60a0820152615b0360c08401615a6d565b60c0820152615b1460e08401615a6d565b60e0820152615b266101008401615a6d565b610100820152615b396101208401615a6d565b6101208201529392505050565b61ffff8181168382160190811115610b8757610b876154a7565b828152813560208083019190915260a0820190830135615b7f816154eb565b6bffffffffffffffffffffffff81166040840152506040830135615ba281615549565b64ffffffffff81166060840152506060830135615bbe81615549565b64ffffffffff81166080840152509392505050565b5f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8203615c0357615c036154a7565b5060010190565b5f82615c1857615c18615776565b500690565b5f610fa1828461588856' as const

export const courtImmutables = [[905,32],[949,32],[993,32],[1034,32],[1075,32],[1117,32],[1161,32],[1205,32],[1249,32],[1301,32],[1353,32],[1405,32],[1702,32],[1803,32],[2009,32],[2043,32],[2691,32],[2814,32],[3940,32],[4038,32],[4098,32],[4183,32],[4347,32],[4406,32],[4487,32],[4684,32],[4881,32],[5100,32],[5195,32],[5378,32],[5652,32],[5952,32],[6274,32],[6895,32],[7023,32],[7071,32],[7114,32],[7598,32],[7754,32],[7951,32],[8006,32],[8522,32],[8872,32],[9504,32],[9624,32],[9721,32],[9953,32],[10053,32],[10156,32],[10616,32],[10744,32],[10842,32],[11071,32],[11164,32],[11206,32],[11248,32],[11329,32],[11369,32],[11509,32],[11556,32],[11598,32],[12024,32],[13834,32],[13989,32],[14317,32],[14359,32],[14448,32],[14665,32],[14902,32],[15198,32],[15241,32],[15470,32],[15897,32],[16020,32],[17500,32],[17750,32]] as const
