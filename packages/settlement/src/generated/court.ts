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
  '0x610340604052348015610010575f5ffd5b5060405161696638038061696683398101604081905261002f91610931565b6040518060400160405280600a81526020016914dbdd5ac810dbdd5c9d60b21b815250604051806040016040528060018152602001603160f81b81525061007b826103c560201b60201c565b61012052610088816103c5565b61014052815160208084019190912060e052815190820120610100524660a05261011460e05161010051604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201529081019290925260608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b60805250503060c081905260408051620971a360e41b815290516001600160a01b0385169162971a309160048083019260209291908290030181865afa158015610160573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906101849190610a49565b6001600160a01b03161461021b57816001600160a01b031662971a306040518163ffffffff1660e01b8152600401602060405180830381865afa1580156101cd573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906101f19190610a49565b60405163e72e64e560e01b81526001600160a01b0390911660048201526024015b60405180910390fd5b6001600160a01b03821661016081905260408051637e062a3560e11b8152905163fc0c546a916004808201926020929091908290030181865afa158015610264573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906102889190610a49565b6001600160a01b0390811661018052815163ffffffff9081166101a05260208084015182166101c05260408085015160ff9081166101e05260608601511661020052608085015161ffff166102205260a085015183166102405260c085015183166102605260e085015190921661028052815163d84f01df60e01b815291519285169263d84f01df9260048082019392918290030181865afa158015610330573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906103549190610a6b565b63ffffffff166102a0526101008101516001600160601b039081166102c05261012082015181166102e05261014082015116610300526101608101516001600160401b0316610320526103a5610402565b610180516103be906001600160a01b0316835f19610752565b5050610b23565b5f5f829050601f815111156103ef578260405163305a27a960e01b81526004016102129190610a84565b80516103fa82610ab9565b179392505050565b5f61040b6107d1565b90505f6104166107e7565b9050610460815f14156040518060400160405280601a81526020017f736c6f74426c6f636b732c207465726d45706f636873203e20300000000000008152506107fe60201b60201c565b61049a600f6101e05111156040518060400160405280600b81526020016a7365617473203c3d20313560a81b8152506107fe60201b60201c565b6104fc6101e05161020051111580156104c357506101e051610200516104c1906002610af3565b115b60408051808201909152601b81527f7365617473202f2032203c2071756f72756d203c3d207365617473000000000060208201526107fe565b6102205160408051808201909152601181527006c656173745761746368657273203e203607c1b6020820152610534911515906107fe565b610586610240515f1415801561054d5750816102405111155b60408051808201909152601581527f30203c206c6167426c6f636b73203c3d207465726d000000000000000000000060208201526107fe565b6105c9611f4061026051846102405161059f9190610b10565b6105a99190610b10565b111560405180606001604052806028815260200161691c602891396107fe565b61060461028051610240511080156105e65750611f406102805111155b6040518060600160405280602181526020016168fb602191396107fe565b61063b81610260511115801561061d5750816102805111155b6040518060600160405280602381526020016168d8602391396107fe565b61067c61026051600261064e9190610af3565b6106589084610b10565b6102a0511015604051806060016040528060228152602001616944602291396107fe565b6106ca610280516102a05110156040518060400160405280601781526020017f534554544c45203e3d2076657264696374426c6f636b730000000000000000008152506107fe60201b60201c565b6102c05160408051808201909152600981526807374616b65203e20360bc1b6020820152610703916001600160601b03161515906107fe565b61074e610300516001600160601b03166101e0516107219190610af3565b6102e0516001600160601b031610156040518060600160405280602381526020016168b5602391396107fe565b5050565b61075e8383835f61081e565b6107cc5761076f83835f600161081e565b61079757604051635274afe760e01b81526001600160a01b0384166004820152602401610212565b6107a4838383600161081e565b6107cc57604051635274afe760e01b81526001600160a01b0384166004820152602401610212565b505050565b5f60106101a0516107e29190610af3565b905090565b5f6107f06107d1565b6101c0516107e29190610af3565b8161074e5780604051637f6ff99d60e01b81526004016102129190610a84565b60405163095ea7b360e01b5f8181526001600160a01b038616600452602485905291602083604481808b5af1925060015f51148316610874578383151615610868573d5f823e3d81fd5b5f873b113d1516831692505b60405250949350505050565b6001600160a01b0381168114610894575f5ffd5b50565b60405161018081016001600160401b03811182821017156108c657634e487b7160e01b5f52604160045260245ffd5b60405290565b805163ffffffff811681146108df575f5ffd5b919050565b805160ff811681146108df575f5ffd5b805161ffff811681146108df575f5ffd5b80516001600160601b03811681146108df575f5ffd5b80516001600160401b03811681146108df575f5ffd5b5f5f8284036101a0811215610944575f5ffd5b835161094f81610880565b9250610180601f1982011215610963575f5ffd5b5061096c610897565b610978602085016108cc565b8152610986604085016108cc565b6020820152610997606085016108e4565b60408201526109a8608085016108e4565b60608201526109b960a085016108f4565b60808201526109ca60c085016108cc565b60a08201526109db60e085016108cc565b60c08201526109ed61010085016108cc565b60e08201526109ff6101208501610905565b610100820152610a126101408501610905565b610120820152610a256101608501610905565b610140820152610a38610180850161091b565b610160820152809150509250929050565b5f60208284031215610a59575f5ffd5b8151610a6481610880565b9392505050565b5f60208284031215610a7b575f5ffd5b610a64826108cc565b602081525f82518060208401528060208501604085015e5f604082850101526040601f19601f83011684010191505092915050565b80516020808301519190811015610ad9575f198160200360031b1b821691505b50919050565b634e487b7160e01b5f52601160045260245ffd5b8082028115828204841417610b0a57610b0a610adf565b92915050565b80820180821115610b0a57610b0a610adf565b60805160a05160c05160e05161010051610120516101405161016051610180516101a0516101c0516101e05161020051610220516102405161026051610280516102a0516102c0516102e0516103005161032051615b2a610d8b5f395f61057d01525f8181610549015281816107d90152818161399c0152613a1f01525f818161051501528181610b9a015281816111c60152611fa101525f81816104e10152818161100001528181611c32015261269301525f612dab01525f81816104b5015281816110620152611e0801525f81816104890152612f6101525f818161045d0152818161126a0152612fba01525f8181610433015281816128bd015261436f01525f818161040a0152818161109e015281816110f3015261316401525f81816103e1015281816107fb0152818161292101528181612988015261446901525f81816103b501528181612f900152613f3e01525f81816103890152818161174a0152818161228e0152613c8001525f818161070b015281816119b801528181611c0201528181612be401528181612c640152612cc601525f81816106a6015281816108d601528181610b1f015281816111ef015281816112ba015281816113ac015281816114710152818161152201528181611581015281816116380152818161187601528181611ea401528181611fc801528181612152015281816123ec015281816126bc01528181612774015281816127d501528181612ac10152818161370e015281816139c601528181613aed0152613b9301525f613da801525f613d7d01525f612ed501525f612ead01525f612e0801525f612e3201525f612e5c0152615b2a5ff3fe608060405234801561000f575f5ffd5b50600436106101a5575f3560e01c80639256e1ff116100e8578063cf6db96011610093578063e2fdcc171161006e578063e2fdcc17146106a1578063efff588d146106e0578063fc040c4a146106f3578063fc0c546a14610706575f5ffd5b8063cf6db96014610636578063d6642d5514610649578063daad4d461461065c575f5ffd5b8063b1f437ab116100c3578063b1f437ab146105fb578063bafff8c01461060e578063c48c73421461062e575f5ffd5b80639256e1ff146103185780639427c7d6146105bb578063ac9650d8146105db575f5ffd5b806353535d2a11610153578063601229361161012e57806360122936146102c45780638024cfd4146102d757806384b0196e146102ea5780638ec750bb14610305575f5ffd5b806353535d2a14610278578063589bab521461028b5780635937ae281461029e575f5ffd5b80633644e515116101835780633644e51514610248578063459df960146102505780634ef24b7414610265575f5ffd5b80630cc572e7146101a95780631686d458146101cf57806335f17f0a14610204575b5f5ffd5b6101bc6101b7366004614ad7565b61072d565b6040519081526020015b60405180910390f35b6101e26101dd366004614b39565b610bde565b60408051825161ffff90811682526020938401511692810192909252016101c6565b610217610212366004614b6f565b610c29565b6040805182516001600160a01b0316815260208084015163ffffffff169082015291810151908201526060016101c6565b6101bc610d28565b61026361025e366004614bd0565b610d36565b005b6101bc610273366004614b6f565b610dfa565b6101bc610286366004614c64565b610e5e565b610263610299366004614cb3565b611044565b6102b16102ac366004614d56565b611706565b60405161ffff90911681526020016101c6565b6101bc6102d2366004614d98565b611922565b6102636102e5366004614dd0565b61195f565b6102f2611a16565b6040516101c69796959493929190614e5f565b610263610313366004614f11565b611a74565b6105ae60408051610180810182525f80825260208201819052918101829052606081018290526080810182905260a0810182905260c0810182905260e081018290526101008101829052610120810182905261014081018290526101608101919091526040518061018001604052807f000000000000000000000000000000000000000000000000000000000000000063ffffffff1681526020017f000000000000000000000000000000000000000000000000000000000000000063ffffffff1681526020017f000000000000000000000000000000000000000000000000000000000000000060ff1681526020017f000000000000000000000000000000000000000000000000000000000000000060ff1681526020017f000000000000000000000000000000000000000000000000000000000000000061ffff1681526020017f000000000000000000000000000000000000000000000000000000000000000063ffffffff1681526020017f000000000000000000000000000000000000000000000000000000000000000063ffffffff1681526020017f000000000000000000000000000000000000000000000000000000000000000063ffffffff1681526020017f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff1681526020017f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff1681526020017f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff1681526020017f000000000000000000000000000000000000000000000000000000000000000067ffffffffffffffff16815250905090565b6040516101c69190614f42565b6105ce6105c9366004615074565b611c64565b6040516101c691906150b8565b6105ee6105e9366004615122565b611d04565b6040516101c69190615193565b610263610609366004615214565b611dea565b61062161061c366004615074565b6120c2565b6040516101c69190615248565b6101bc61212b565b6102b1610644366004615293565b61213e565b610263610657366004615303565b6124a4565b6101bc61066a36600461538e565b6040805160208082019590955280820193909352606080840192909252805180840390920182526080909201909152805191012090565b6106c87f000000000000000000000000000000000000000000000000000000000000000081565b6040516001600160a01b0390911681526020016101c6565b6101bc6106ee366004614b39565b612897565b61062161070136600461538e565b6128aa565b6106c87f000000000000000000000000000000000000000000000000000000000000000081565b5f6107366129f6565b6107466040860160208701614b6f565b6001600160a01b0316336001600160a01b03161415801561078857506107726080860160608701614b6f565b6001600160a01b0316336001600160a01b031614155b156107c6576040517fe7f1421f0000000000000000000000000000000000000000000000000000000081523360048201526024015b60405180910390fd5b5f61081f6bffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000167f00000000000000000000000000000000000000000000000000000000000000006153e4565b9050806108346101208801610100890161541f565b6bffffffffffffffffffffffff1610156108a45761085a6101208701610100880161541f565b6040517f9901e6110000000000000000000000000000000000000000000000000000000081526bffffffffffffffffffffffff9091166004820152602481018290526044016107bd565b6040517fe3caa6ed0000000000000000000000000000000000000000000000000000000081525f906001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000169063e3caa6ed9061090b908a90600401615489565b602060405180830381865afa158015610926573d5f5f3e3d5ffd5b505050506040513d601f19601f8201168201806040525081019061094a919061563a565b90506109688161096060608a0160408b01614b6f565b888888612a2d565b60408051602080820184905281830189905260608083018990528351808403909101815260809092019092528051910120604080516060810190915290935080600181523360208083019190915264ffffffffff43166040928301525f8681526005909152208151815482907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00166001836002811115610a0a57610a0a61508b565b02179055506020820151815460409384015164ffffffffff167501000000000000000000000000000000000000000000027fffffffffffff0000000000ffffffffffffffffffffffffffffffffffffffffff6001600160a01b0390931661010002929092167fffffffffffff00000000000000000000000000000000000000000000000000ff9091161717905551839082907f61d0d366373787fb1498e6893ab0fc98c7cdc326004b4e33c033c8f55e995db890610ae7908a908a90339092835260208301919091526001600160a01b0316604082015260600190565b60405180910390a36040517facff65e90000000000000000000000000000000000000000000000000000000081526001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000169063acff65e990610b54908a90600401615489565b6020604051808303815f875af1158015610b70573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190610b94919061565c565b50610bcc7f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff16612bb4565b5050610bd6612d7e565b949350505050565b6040805180820182525f808252602091820181905284815260048252828120848252825282902082518084019093525461ffff80821684526201000090910416908201525b92915050565b604080516060810182525f80825260208201819052918101919091526001600160a01b038281165f90815260208181526040918290208251606081018452905493841680825274010000000000000000000000000000000000000000850463ffffffff1692820192909252780100000000000000000000000000000000000000000000000090930467ffffffffffffffff1691830191909152610ce9575050604080516060810182525f8082526020820181905291810191909152919050565b6040518060600160405280825f01516001600160a01b03168152602001826020015163ffffffff168152602001610d1f83612da8565b90529392505050565b5f610d31612dfc565b905090565b5f610d4c610d448686611922565b858585612f25565b905061ffff80821614610da7576040517f26daae140000000000000000000000000000000000000000000000000000000081526001600160a01b03861660048201526024810185905261ffff821660448201526064016107bd565b610db085613195565b856001600160a01b03167fac80db19f5bf51c0e7e48405fdb098c00a66ca3ebfe86d4fd69fd372c43d784d86604051610deb91815260200190565b60405180910390a35050505050565b5f610c237f9f9c09695c41045e2ad38ca158e43224e18eb4efbf9edfe4e1ddd441e7ed25b883604051602001610e439291909182526001600160a01b0316602082015260400190565b60405160208183030381529060405280519060200120613404565b5f610e676129f6565b6001600160a01b038481165f90815260208181526040918290208251606081018452905493841680825274010000000000000000000000000000000000000000850463ffffffff1692820192909252780100000000000000000000000000000000000000000000000090930467ffffffffffffffff169183019190915215610f6657336001600160a01b03861614801590610f0c575080516001600160a01b03163314155b15610f54576040517f2165ee8d0000000000000000000000000000000000000000000000000000000081523360048201526001600160a01b03861660248201526044016107bd565b610f5e858261344b565b915050611035565b5f610f7a610f7333610dfa565b8686613690565b90506001600160a01b0381161580610fa45750856001600160a01b0316816001600160a01b031614155b15610fec576040517fc79e14370000000000000000000000000000000000000000000000000000000081526001600160a01b03871660048201523360248201526044016107bd565b338252610ff9868361344b565b92506110327f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff16612bb4565b50505b61103d612d7e565b9392505050565b61104c6129f6565b5f5f6110598888886136bf565b9150915061109c7f0000000000000000000000000000000000000000000000000000000000000000826040015164ffffffffff166110979190615677565b613893565b7f000000000000000000000000000000000000000000000000000000000000000083101561111f576040517ff418f4c3000000000000000000000000000000000000000000000000000000008152600481018490527f000000000000000000000000000000000000000000000000000000000000000060248201526044016107bd565b5f8281526005602090815260409182902080547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00166002179055815187815290810185905283917fa49d8b5e2288cdb730e147f8c5727395b80627079b9230261db99e782d603b43910160405180910390a26040517fb6b55f250000000000000000000000000000000000000000000000000000000081526bffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001660048201525f907f00000000000000000000000000000000000000000000000000000000000000006001600160a01b03169063b6b55f25906024016020604051808303815f875af115801561123d573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190611261919061563a565b90505f6112a7847f0000000000000000000000000000000000000000000000000000000000000000856040015164ffffffffff1661129f9190615677565b8989896138d8565b905087870361139a576001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001663945e42fe6112ec60208d018d614b6f565b83858e610100016020810190611302919061541f565b6bffffffffffffffffffffffff1661131a9190615677565b611324919061568a565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b03909216600483015260248201526044015f604051808303815f87803b15801561137f575f5ffd5b505af1158015611391573d5f5f3e3d5ffd5b505050506116f2565b5f8790036114af576001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001663945e42fe6113de60208d018d614b6f565b6113f06101208e016101008f0161541f565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b0390921660048301526bffffffffffffffffffffffff1660248201526044015f604051808303815f87803b158015611459575f5ffd5b505af115801561146b573d5f5f3e3d5ffd5b505050507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663945e42fe84602001518385611324919061568a565b5f816114c36101208d016101008e0161541f565b6bffffffffffffffffffffffff166114db919061568a565b60208501516040517f945e42fe0000000000000000000000000000000000000000000000000000000081526001600160a01b039182166004820152602481018690529192507f0000000000000000000000000000000000000000000000000000000000000000169063945e42fe906044015f604051808303815f87803b158015611563575f5ffd5b505af1158015611575573d5f5f3e3d5ffd5b50506001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016915063945e42fe90506115ba60408e0160208f01614b6f565b6115c56002856156ca565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b03909216600483015260248201526044015f604051808303815f87803b158015611620575f5ffd5b505af1158015611632573d5f5f3e3d5ffd5b505050507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663945e42fe61dead60028461167591906156ca565b61167f908561568a565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b03909216600483015260248201526044015f604051808303815f87803b1580156116da575f5ffd5b505af11580156116ec573d5f5f3e3d5ffd5b50505050505b505050506116fe612d7e565b505050505050565b5f5f5f61171287613a6e565b5f8281526004602090815260408083208b84529091528120929450909250611738613c78565b61174290896153e4565b9050611786817f0000000000000000000000000000000000000000000000000000000000000000856040015164ffffffffff16866060015164ffffffffff16613ca4565b6117aa6117a261179c60608d0160408e01614b6f565b8b611922565b8a8a8a612f25565b8354911662010000820461ffff908116928116929092171916955085165f03611809576040517f18b158b800000000000000000000000000000000000000000000000000000000815260048101859052602481018990526044016107bd565b81547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0000811661ffff918216918716918217178355604051908152889085907f741d671ae5a842c4249172d5808373b1c12a0bedd6a9955b97333574783c9cee9060200160405180910390a37f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663f5d0db27856118ad88613d43565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b168152600481019290925260248201526044015f604051808303815f87803b158015611900575f5ffd5b505af1158015611912573d5f5f3e3d5ffd5b5050505050505050949350505050565b604080516001600160a01b03841660208201529081018290525f906060015b60405160208183030381529060405280519060200120905092915050565b6040517fd505accf000000000000000000000000000000000000000000000000000000008152336004820152306024820152604481018690526064810185905260ff8416608482015260a4810183905260c481018290527f00000000000000000000000000000000000000000000000000000000000000006001600160a01b03169063d505accf9060e4015f604051808303815f87803b158015611a01575f5ffd5b505af19250505080156116fe57505050505050565b5f6060805f5f5f6060611a27613d76565b611a2f613da1565b604080515f808252602082019092527f0f000000000000000000000000000000000000000000000000000000000000009b939a50919850469750309650945092509050565b611a7c6129f6565b6001600160a01b038281165f90815260208181526040918290208251606081018452905493841680825274010000000000000000000000000000000000000000850463ffffffff1692820192909252780100000000000000000000000000000000000000000000000090930467ffffffffffffffff1691830191909152611b3a576040517fd0e216c20000000000000000000000000000000000000000000000000000000081526001600160a01b03841660048201526024016107bd565b80516001600160a01b03163314611b8e576040517f2165ee8d0000000000000000000000000000000000000000000000000000000081523360048201526001600160a01b03841660248201526044016107bd565b611b9f611b9a82612da8565b613dcc565b6001600160a01b038381165f818152602081815260408083209290925584519151868516815291909316927fae8b11344eab1646f4ffd6fad884706430abaffff5179d78342779680a8a40fa910160405180910390a3611c576001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016836bffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016613e0f565b50611c60612d7e565b5050565b604080516060810182525f80825260208201819052918101919091525f82815260056020526040908190208151606081019092528054829060ff166002811115611cb057611cb061508b565b6002811115611cc157611cc161508b565b8152905461010081046001600160a01b031660208301527501000000000000000000000000000000000000000000900464ffffffffff1660409091015292915050565b604080515f8152602081019091526060908267ffffffffffffffff811115611d2e57611d2e6156dd565b604051908082528060200260200182016040528015611d6157816020015b6060815260200190600190039081611d4c5790505b5091505f5b83811015611de257611dbd30868684818110611d8457611d8461570a565b9050602002810190611d969190615737565b85604051602001611da9939291906157af565b604051602081830303815290604052613e5d565b838281518110611dcf57611dcf61570a565b6020908102919091010152600101611d66565b505092915050565b611df26129f6565b5f5f611dff8585856136bf565b91509150611e3d7f0000000000000000000000000000000000000000000000000000000000000000826040015164ffffffffff16611b9a9190615677565b5f8281526005602052604080822080547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff001660021790555183917fed7cfcbc13caf3d821ce9eb896117cbba846a0aee978dba0b39eb794b7833de591a26001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001663945e42fe611ed66020880188614b6f565b611ee861012089016101008a0161541f565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b0390921660048301526bffffffffffffffffffffffff1660248201526044015f604051808303815f87803b158015611f51575f5ffd5b505af1158015611f63573d5f5f3e3d5ffd5b5050505060208101516040517fb6b55f250000000000000000000000000000000000000000000000000000000081526bffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001660048201527f00000000000000000000000000000000000000000000000000000000000000006001600160a01b03169163945e42fe91839063b6b55f25906024016020604051808303815f875af115801561201e573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190612042919061563a565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b03909216600483015260248201526044015f604051808303815f87803b15801561209d575f5ffd5b505af11580156120af573d5f5f3e3d5ffd5b5050505050506120bd612d7e565b505050565b5f8181526001602090815260409182902080548351818402810184019094528084526060939283018282801561211f57602002820191905f5260205f20905b81546001600160a01b03168152600190910190602001808311612101575b50505050509050919050565b5f612134613f2f565b610d3190436156ca565b5f5f61214987613a6e565b5090505f6121db7f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663ee6108cd886040518263ffffffff1660e01b815260040161219c91906157ce565b602060405180830381865afa1580156121b7573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190610f73919061563a565b90508535821415806121f457506001600160a01b038116155b80612220575061220a6080890160608a01614b6f565b6001600160a01b0316816001600160a01b031614155b1561225a576040517f3c32b9be000000000000000000000000000000000000000000000000000000008152600481018390526024016107bd565b5f8281526004602090815260408083208a845290915281209061227b613c78565b612285908a6153e4565b90505f6122e0827f00000000000000000000000000000000000000000000000000000000000000006122bd60608d0160408e01615833565b64ffffffffff166122d460808e0160608f01615833565b64ffffffffff16613ca4565b835490915061ffff620100009091048116198216165f03612337576040517f18b158b800000000000000000000000000000000000000000000000000000000815260048101869052602481018b90526044016107bd565b825461ffff808316620100007fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00008416851985168416908117829004841692909217027fffffffffffffffffffffffffffffffffffffffffffffffffffffffff000000008416919091171785556040519183161680825296508a9086907fa163ef2816f143ef6439db6551feb769f6afa870dd39a77e990cd272d4cb0f959060200160405180910390a361ffff861615612496577f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663f5d0db278661242389613d43565b61242c9061584e565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b168152600481019290925260248201526044015f604051808303815f87803b15801561247f575f5ffd5b505af1158015612491573d5f5f3e3d5ffd5b505050505b505050505095945050505050565b6124ac6129f6565b5f6124c16124ba8989612897565b8787613690565b9050838714806124f657506124e06124d98986612897565b8484613690565b6001600160a01b0316816001600160a01b031614155b1561252d576040517ff6956d9900000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b6001600160a01b038181165f90815260208181526040918290208251606081018452905493841680825274010000000000000000000000000000000000000000850463ffffffff1692820192909252780100000000000000000000000000000000000000000000000090930467ffffffffffffffff16918301919091526125eb576040517fd0e216c20000000000000000000000000000000000000000000000000000000081526001600160a01b03831660048201526024016107bd565b6001600160a01b0382165f9081526020819052604080822091909155810151612615908390613f62565b8051604080518b81523360208201526001600160a01b03928316928516917f13bf3e7d0a55b0f76ecb079fdaa75ce55b689142ba996889934224ba685d1425910160405180910390a36040517fb6b55f250000000000000000000000000000000000000000000000000000000081526bffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001660048201525f907f00000000000000000000000000000000000000000000000000000000000000006001600160a01b03169063b6b55f25906024016020604051808303815f875af115801561270a573d5f5f3e3d5ffd5b505050506040513d601f19601f8201168201806040525081019061272e919061563a565b90505f61273c6008836156ca565b6040517f945e42fe000000000000000000000000000000000000000000000000000000008152336004820152602481018290529091507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b03169063945e42fe906044015f604051808303815f87803b1580156127bd575f5ffd5b505af11580156127cf573d5f5f3e3d5ffd5b505050507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663945e42fe61dead8385612811919061568a565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b03909216600483015260248201526044015f604051808303815f87803b15801561286c575f5ffd5b505af115801561287e573d5f5f3e3d5ffd5b505050505050505061288e612d7e565b50505050505050565b5f61103d6128a58484614055565b613404565b5f818152600160205260409020546060907f000000000000000000000000000000000000000000000000000000000000000081101561291f576040517fb769461e00000000000000000000000000000000000000000000000000000000815260048101849052602481018290526044016107bd565b7f000000000000000000000000000000000000000000000000000000000000000067ffffffffffffffff811115612958576129586156dd565b604051908082528060200260200182016040528015612981578160200160208202803683370190505b5091505f5b7f00000000000000000000000000000000000000000000000000000000000000008110156129ed576129bb8483888885614096565b8382815181106129cd576129cd61570a565b6001600160a01b0390921660209283029190910190910152600101612986565b50509392505050565b6129fe614111565b612a2b60017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005b9061416a565b565b5f612a39868585614171565b90505f80612a7883612a4e6020870187615884565b61ffff16612a626040880160208901615884565b61ffff16612a7360408901896158a5565b61420e565b6040517f229e72aa000000000000000000000000000000000000000000000000000000008152600481018b90526024810183905291935091505f90612b3c906001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000169063229e72aa90604401602060405180830381865afa158015612b06573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190612b2a919061563a565b612b376060880188615737565b613690565b9050811580612b5257506001600160a01b038116155b80612b6f5750876001600160a01b0316816001600160a01b031614155b15612ba9576040517fedc971e0000000000000000000000000000000000000000000000000000000008152600481018a90526024016107bd565b505050505050505050565b6040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f907f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316906370a0823190602401602060405180830381865afa158015612c31573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190612c55919061563a565b9050612c8c6001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000163330856142dd565b6040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f9082906001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016906370a0823190602401602060405180830381865afa158015612d0b573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190612d2f919061563a565b612d39919061568a565b90508281146120bd576040517f312b003300000000000000000000000000000000000000000000000000000000815260048101849052602481018290526044016107bd565b612a2b5f7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f00612a25565b5f7f0000000000000000000000000000000000000000000000000000000000000000612dd2613f2f565b6020840151612de89063ffffffff166001615677565b612df291906153e4565b610c239190615677565b5f306001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016148015612e5457507f000000000000000000000000000000000000000000000000000000000000000046145b15612e7e57507f000000000000000000000000000000000000000000000000000000000000000090565b610d31604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201527f0000000000000000000000000000000000000000000000000000000000000000918101919091527f000000000000000000000000000000000000000000000000000000000000000060608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b5f5f612f2f613c78565b612f3990866153e4565b90505f612f44613c78565b612f4e9083615677565b9050612f5981613dcc565b612f866110977f000000000000000000000000000000000000000000000000000000000000000083615677565b5f612fe488612fb57f00000000000000000000000000000000000000000000000000000000000000008a6156ca565b612fdf7f00000000000000000000000000000000000000000000000000000000000000008761568a565b61432c565b604080516080810182525f80825260208201819052918101829052606081018290529192505b8681101561315d57368888838181106130255761302561570a565b6080029190910191506130699050846130416020840184615909565b60ff166130546040850160208601615922565b63ffffffff1660408501356060860135614459565b505f601061307d6040840160208501615922565b63ffffffff16901c90505f6130986040840160208501615922565b905061ffff821982161615613107576130b46020840184615909565b6130c46040850160208601615922565b6040517f8ce91b1600000000000000000000000000000000000000000000000000000000815260ff909216600483015263ffffffff1660248201526044016107bd565b6131528582198416815161ffff818318811684526020840180519290931682811882169093526040840180519290931682811882169093526060909301805191909216189091169052565b50505060010161300a565b50613188817f00000000000000000000000000000000000000000000000000000000000000006145d1565b9998505050505050505050565b5f60026131a061212b565b6131aa9190615677565b5f8181526001602090815260408083206001600160a01b03871684529183905282205492935091613201907801000000000000000000000000000000000000000000000000900467ffffffffffffffff168461464d565b8254909150811015806132425750836001600160a01b031682828154811061322b5761322b61570a565b5f918252602090912001546001600160a01b031614155b15613284576040517fd0e216c20000000000000000000000000000000000000000000000000000000081526001600160a01b03851660048201526024016107bd565b81545f9083906132969060019061568a565b815481106132a6576132a661570a565b905f5260205f20015f9054906101000a90046001600160a01b03169050808383815481106132d6576132d661570a565b905f5260205f20015f6101000a8154816001600160a01b0302191690836001600160a01b03160217905550828054806133115761331161593b565b5f82815260208082207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff908401810180547fffffffffffffffffffffffff00000000000000000000000000000000000000001690559092019092556001600160a01b03831682528190526040902080546133b2907801000000000000000000000000000000000000000000000000900467ffffffffffffffff168685614670565b815467ffffffffffffffff9190911678010000000000000000000000000000000000000000000000000277ffffffffffffffffffffffffffffffffffffffffffffffff90911617905550919392505050565b5f610c23613410612dfc565b836040517f19010000000000000000000000000000000000000000000000000000000000008152600281019290925260228201526042902090565b5f5f600261345761212b565b6134619190615677565b905080836020015163ffffffff16106134b8576040517f1f5521fc0000000000000000000000000000000000000000000000000000000081526001600160a01b0385166004820152602481018290526044016107bd565b5f818152600160205260409020805492507fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00008301613525576040517f41455fa1000000000000000000000000000000000000000000000000000000008152600481018390526024016107bd565b80546001810182555f82815260209081902090910180547fffffffffffffffffffffffff0000000000000000000000000000000000000000166001600160a01b03881617905563ffffffff8316908501526040840151613586908385614670565b67ffffffffffffffff90811660408087019182526001600160a01b038089165f8181526020818152908490208a518154928c0151965190971678010000000000000000000000000000000000000000000000000277ffffffffffffffffffffffffffffffffffffffffffffffff63ffffffff90971674010000000000000000000000000000000000000000027fffffffffffffffff0000000000000000000000000000000000000000000000009093169790941696871791909117949094169190911790925551849291907f031b11c9aa11edacc7efbeb991b4db7c8000bf5aa3b83f4214e90cac576f8780906136809088815260200190565b60405180910390a4505092915050565b5f604082146136a057505f61103d565b823560208401356136b286838361469c565b5090979650505050505050565b604080516060810182525f808252602082018190529181018290526040517fe3caa6ed0000000000000000000000000000000000000000000000000000000081526137b7906001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000169063e3caa6ed90613743908990600401615489565b602060405180830381865afa15801561375e573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190613782919061563a565b604080516020808201939093528082018890526060808201889052825180830390910181526080909101909152805191012090565b5f818152600560205260409081902081516060810190925280549294509091829060ff1660028111156137ec576137ec61508b565b60028111156137fd576137fd61508b565b8152905461010081046001600160a01b031660208301527501000000000000000000000000000000000000000000900464ffffffffff1660409091015290506001815160028111156138515761385161508b565b1461388b576040517fbbf86c27000000000000000000000000000000000000000000000000000000008152600481018390526024016107bd565b935093915050565b8043106138d5576040517f388b0173000000000000000000000000000000000000000000000000000000008152600481018290524360248201526044016107bd565b50565b5f5f6138f6876138e6613f2f565b6138f090896156ca565b8861432c565b90505f5b83811015613a6357368585838181106139155761391561570a565b6060029190910191505f9050613945846139326020850185615909565b60ff168a85602001358660400135614459565b6001600160a01b038181165f90815260208190526040908190205490517f945e42fe00000000000000000000000000000000000000000000000000000000815290821660048201526bffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001660248201529192507f0000000000000000000000000000000000000000000000000000000000000000169063945e42fe906044015f604051808303815f87803b158015613a07575f5ffd5b505af1158015613a19573d5f5f3e3d5ffd5b505050507f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff1685613a579190615677565b945050506001016138fa565b505095945050505050565b60408051610140810182525f80825260208201819052918101829052606081018290526080810182905260a0810182905260c0810182905260e08101829052610100810182905261012081018290526040517fe3caa6ed0000000000000000000000000000000000000000000000000000000081526001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000169063e3caa6ed90613b22908690600401615489565b602060405180830381865afa158015613b3d573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190613b61919061563a565b6040517f8127aac9000000000000000000000000000000000000000000000000000000008152600481018290529092507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031690638127aac99060240161014060405180830381865afa158015613be1573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190613c0591906159f1565b90505f81516004811115613c1b57613c1b61508b565b1480613c395750600481516004811115613c3757613c3761508b565b145b15613c73576040517f30ac1df7000000000000000000000000000000000000000000000000000000008152600481018390526024016107bd565b915091565b5f610d3160107f00000000000000000000000000000000000000000000000000000000000000006153e4565b5f5f85841115613cdf5784600181613cbc898861568a565b613cc69190615677565b613cd0919061568a565b613cda91906156ca565b613ce1565b5f5b90505f86841115613d065785613cf7888661568a565b613d0191906156ca565b613d08565b5f5b90506010811115613d17575060105b808210613d28575f92505050610bd6565b613d38600180841b90831b61568a565b979650505050505050565b5f5b61ffff821615613d715780613d5981615abb565b9150613d689050600183615af2565b82169150613d45565b919050565b6060610d317f00000000000000000000000000000000000000000000000000000000000000006146e7565b6060610d317f00000000000000000000000000000000000000000000000000000000000000006146e7565b804310156138d5576040517fe58369d1000000000000000000000000000000000000000000000000000000008152600481018290524360248201526044016107bd565b613e1c8383836001614724565b6120bd576040517f5274afe70000000000000000000000000000000000000000000000000000000081526001600160a01b03841660048201526024016107bd565b60605f613e6a848461479f565b9050808015613e8b57505f3d1180613e8b57505f846001600160a01b03163b115b15613ea057613e986147b2565b915050610c23565b8015613ee3576040517f9996b3150000000000000000000000000000000000000000000000000000000081526001600160a01b03851660048201526024016107bd565b3d15613ef657613ef16147cb565b613f28565b6040517fd6bda27500000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b5092915050565b5f613f38613c78565b610d31907f00000000000000000000000000000000000000000000000000000000000000006153e4565b5f6002613f6d61212b565b613f779190615677565b90505f60038210613f9257613f8d60038361568a565b613f94565b5f5b90505b81811161404f575f81815260016020526040812090613fb6858461464d565b825490915081108015613ff65750856001600160a01b0316828281548110613fe057613fe061570a565b5f918252602090912001546001600160a01b0316145b1561403a575f82828154811061400e5761400e61570a565b905f5260205f20015f6101000a8154816001600160a01b0302191690836001600160a01b031602179055505b5050808061404790615abb565b915050613f97565b50505050565b604080517fe2c7bdf19bdd39c1bcabb9b303792f38a333e9162d45ff588cc8eafce1c3f7086020820152908101839052606081018290525f90608001611941565b5f858152600160209081526040808320815192830187905290820185905260608201849052908690608001604051602081830303815290604052805190602001205f1c6140e39190615b0c565b815481106140f3576140f361570a565b5f918252602090912001546001600160a01b03169695505050505050565b7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005c15612a2b576040517f3ee5aeb500000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b80825d5050565b6040515f6020820181905260218201859052604182018490526061820183905290600290608101604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0818403018152908290526141d091615b1f565b602060405180830381855afa1580156141eb573d5f5f3e3d5ffd5b5050506040513d601f19601f82011682018060405250810190610bd6919061563a565b5f5f6104008511806142205750848610155b1561422f57505f9050806142d3565b5f5b60018611156142cb57858760011810156142a65783810361425857505f91508190506142d3565b5f85858361426581615abb565b94508181106142765761427661570a565b905060200201359050876001165f1461429857614293818a6147d6565b6142a2565b6142a289826147d6565b9850505b600196871c966002906142ba908890615677565b6142c491906156ca565b9550614231565b879250831490505b9550959350505050565b6142eb84848484600161488b565b61404f576040517f5274afe70000000000000000000000000000000000000000000000000000000081526001600160a01b03851660048201526024016107bd565b61435f6040518060c001604052805f81526020015f81526020015f81526020015f81526020015f81526020015f81525090565b5f838152600160205260409020547f00000000000000000000000000000000000000000000000000000000000000008110156143d1576040517fb769461e00000000000000000000000000000000000000000000000000000000815260048101859052602481018290526044016107bd565b5f6143db84614911565b90505f81900361441a576040517f9904140d000000000000000000000000000000000000000000000000000000008152600481018590526024016107bd565b6040518060c0016040528061442d612dfc565b81526020018781526020018281526020018681526020018381526020015f815250925050509392505050565b5f8560a0015185108061448c57507f00000000000000000000000000000000000000000000000000000000000000008510155b156144c6576040517fd6536fad000000000000000000000000000000000000000000000000000000008152600481018690526024016107bd565b6144d1856001615677565b60a0870152855160208701515f91614527916144ed9088614055565b6040517f19010000000000000000000000000000000000000000000000000000000000008152600281019290925260228201526042902090565b90505f61453582868661469c565b50509050614556886060015189608001518a604001518b602001518b614096565b92506001600160a01b03811615806145805750826001600160a01b0316816001600160a01b031614155b15613a63576040517f2e59cbd3000000000000000000000000000000000000000000000000000000008152600481018890526001600160a01b038085166024830152821660448201526064016107bd565b5f5f5f61ffff90506145ef82828760600151876008165f1415614952565b6040870151919350915061460c9083908390600488161515614952565b602087015191935091506146299083908390600288161515614952565b865191935091506146439083908390600188161515614952565b1795945050505050565b5f61465782614979565b8367ffffffffffffffff16901c61ffff16905092915050565b5f5f61467b84614979565b61ffff811b19861667ffffffffffffffff169084901b179150509392505050565b5f80807f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8416601b60ff86901c016146d688828985614990565b945094509450505093509350939050565b60605f6146f383614a76565b6040805160208082528183019092529192505f91906020820181803683375050509182525060208101929092525090565b6040517fa9059cbb000000000000000000000000000000000000000000000000000000005f8181526001600160a01b038616600452602485905291602083604481808b5af1925060015f51148316614793578383151615614787573d5f823e3d81fd5b5f873b113d1516831692505b60405250949350505050565b5f5f5f835160208501865af49392505050565b6040513d81523d5f602083013e3d602001810160405290565b6040513d5f823e3d81fd5b6040517f0100000000000000000000000000000000000000000000000000000000000000602082015260218101839052604181018290525f90600290606101604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08184030181529082905261484d91615b1f565b602060405180830381855afa158015614868573d5f5f3e3d5ffd5b5050506040513d601f19601f8201168201806040525081019061103d919061563a565b6040517f23b872dd000000000000000000000000000000000000000000000000000000005f8181526001600160a01b038781166004528616602452604485905291602083606481808c5af1925060015f511483166149005783831516156148f4573d5f823e3d81fd5b5f883b113d1516831692505b604052505f60605295945050505050565b8040801561491e57919050565b815f5260205f60205f71f90827f1c53a10cb7a02335b1753200029355afa60203d1481161561494c575f5191505b50919050565b5f5f826149675783851686178419861661496c565b858486165b9150915094509492505050565b5f614985600483615b0c565b610c239060106153e4565b5f80807f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a08411156149c957505f91506003905082614a6c565b604080515f808252602082018084528a905260ff891692820192909252606081018790526080810186905260019060a0016020604051602081039080840390855afa158015614a1a573d5f5f3e3d5ffd5b50506040517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe001519150506001600160a01b038116614a6357505f925060019150829050614a6c565b92505f91508190505b9450945094915050565b5f60ff8216601f811115610c23576040517fb3512b0c00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b5f610200828403121561494c575f5ffd5b5f6080828403121561494c575f5ffd5b5f5f5f5f6102608587031215614aeb575f5ffd5b614af58686614ab6565b93506102008501359250610220850135915061024085013567ffffffffffffffff811115614b21575f5ffd5b614b2d87828801614ac7565b91505092959194509250565b5f5f60408385031215614b4a575f5ffd5b50508035926020909101359150565b80356001600160a01b0381168114613d71575f5ffd5b5f60208284031215614b7f575f5ffd5b61103d82614b59565b5f5f83601f840112614b98575f5ffd5b50813567ffffffffffffffff811115614baf575f5ffd5b6020830191508360208260071b8501011115614bc9575f5ffd5b9250929050565b5f5f5f5f60608587031215614be3575f5ffd5b614bec85614b59565b935060208501359250604085013567ffffffffffffffff811115614c0e575f5ffd5b614c1a87828801614b88565b95989497509550505050565b5f5f83601f840112614c36575f5ffd5b50813567ffffffffffffffff811115614c4d575f5ffd5b602083019150836020828501011115614bc9575f5ffd5b5f5f5f60408486031215614c76575f5ffd5b614c7f84614b59565b9250602084013567ffffffffffffffff811115614c9a575f5ffd5b614ca686828701614c26565b9497909650939450505050565b5f5f5f5f5f5f6102808789031215614cc9575f5ffd5b614cd38888614ab6565b955061020087013594506102208701359350610240870135925061026087013567ffffffffffffffff811115614d07575f5ffd5b8701601f81018913614d17575f5ffd5b803567ffffffffffffffff811115614d2d575f5ffd5b896020606083028401011115614d41575f5ffd5b60208201935080925050509295509295509295565b5f5f5f5f6102408587031215614d6a575f5ffd5b614d748686614ab6565b9350610200850135925061022085013567ffffffffffffffff811115614c0e575f5ffd5b5f5f60408385031215614da9575f5ffd5b614db283614b59565b946020939093013593505050565b803560ff81168114613d71575f5ffd5b5f5f5f5f5f60a08688031215614de4575f5ffd5b8535945060208601359350614dfb60408701614dc0565b94979396509394606081013594506080013592915050565b5f81518084528060208401602086015e5f6020828601015260207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f83011685010191505092915050565b7fff000000000000000000000000000000000000000000000000000000000000008816815260e060208201525f614e9960e0830189614e13565b8281036040840152614eab8189614e13565b606084018890526001600160a01b038716608085015260a0840186905283810360c0850152845180825260208087019350909101905f5b81811015614f00578351835260209384019390920191600101614ee2565b50909b9a5050505050505050505050565b5f5f60408385031215614f22575f5ffd5b614f2b83614b59565b9150614f3960208401614b59565b90509250929050565b815163ffffffff16815261018081016020830151614f68602084018263ffffffff169052565b506040830151614f7d604084018260ff169052565b506060830151614f92606084018260ff169052565b506080830151614fa8608084018261ffff169052565b5060a0830151614fc060a084018263ffffffff169052565b5060c0830151614fd860c084018263ffffffff169052565b5060e0830151614ff060e084018263ffffffff169052565b506101008301516150126101008401826bffffffffffffffffffffffff169052565b506101208301516150346101208401826bffffffffffffffffffffffff169052565b506101408301516150566101408401826bffffffffffffffffffffffff169052565b50610160830151613f2861016084018267ffffffffffffffff169052565b5f60208284031215615084575f5ffd5b5035919050565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b81516060820190600381106150f4577f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b808352506001600160a01b03602084015116602083015264ffffffffff604084015116604083015292915050565b5f5f60208385031215615133575f5ffd5b823567ffffffffffffffff811115615149575f5ffd5b8301601f81018513615159575f5ffd5b803567ffffffffffffffff81111561516f575f5ffd5b8560208260051b8401011115615183575f5ffd5b6020919091019590945092505050565b5f602082016020835280845180835260408501915060408160051b8601019250602086015f5b82811015615208577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc08786030184526151f3858351614e13565b945060209384019391909101906001016151b9565b50929695505050505050565b5f5f5f6102408486031215615227575f5ffd5b6152318585614ab6565b956102008501359550610220909401359392505050565b602080825282518282018190525f918401906040840190835b818110156152885783516001600160a01b0316835260209384019390920191600101615261565b509095945050505050565b5f5f5f5f5f6102c086880312156152a8575f5ffd5b6152b28787614ab6565b945061020086013593506152ca876102208801614ac7565b92506102a086013567ffffffffffffffff8111156152e6575f5ffd5b6152f288828901614c26565b969995985093965092949392505050565b5f5f5f5f5f5f5f60a0888a031215615319575f5ffd5b8735965060208801359550604088013567ffffffffffffffff81111561533d575f5ffd5b6153498a828b01614c26565b90965094505060608801359250608088013567ffffffffffffffff81111561536f575f5ffd5b61537b8a828b01614c26565b989b979a50959850939692959293505050565b5f5f5f606084860312156153a0575f5ffd5b505081359360208301359350604090920135919050565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b8082028115828204841417610c2357610c236153b7565b6bffffffffffffffffffffffff811681146138d5575f5ffd5b8035613d71816153fb565b5f6020828403121561542f575f5ffd5b813561103d816153fb565b80356fffffffffffffffffffffffffffffffff81168114613d71575f5ffd5b64ffffffffff811681146138d5575f5ffd5b8035613d7181615459565b803563ffffffff81168114613d71575f5ffd5b61020081016154a88261549b85614b59565b6001600160a01b03169052565b6154b460208401614b59565b6001600160a01b031660208301526154ce60408401614b59565b6001600160a01b031660408301526154e860608401614b59565b6001600160a01b031660608301526155026080840161543a565b6fffffffffffffffffffffffffffffffff16608083015261552560a08401615414565b6bffffffffffffffffffffffff1660a083015261554460c08401615414565b6bffffffffffffffffffffffff1660c083015261556360e08401615414565b6bffffffffffffffffffffffff1660e08301526155836101008401615414565b6bffffffffffffffffffffffff166101008301526155a46101208401615414565b6bffffffffffffffffffffffff166101208301526155c5610140840161546b565b64ffffffffff166101408301526155df6101608401615476565b63ffffffff166101608301526155f86101808401615476565b63ffffffff166101808301526156116101a08401615476565b63ffffffff166101a08301526101c083810135908301526101e092830135929091019190915290565b5f6020828403121561564a575f5ffd5b5051919050565b8051613d71816153fb565b5f6020828403121561566c575f5ffd5b815161103d816153fb565b80820180821115610c2357610c236153b7565b81810381811115610c2357610c236153b7565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd5b5f826156d8576156d861569d565b500490565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b5f5f83357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe184360301811261576a575f5ffd5b83018035915067ffffffffffffffff821115615784575f5ffd5b602001915036819003821315614bc9575f5ffd5b5f81518060208401855e5f93019283525090919050565b828482375f8382015f81526157c48185615798565b9695505050505050565b813581526080810160208301356157e4816153fb565b6bffffffffffffffffffffffff166020830152604083013561580581615459565b64ffffffffff166040830152606083013561581f81615459565b64ffffffffff811660608401525092915050565b5f60208284031215615843575f5ffd5b813561103d81615459565b5f7f8000000000000000000000000000000000000000000000000000000000000000820361587e5761587e6153b7565b505f0390565b5f60208284031215615894575f5ffd5b813561ffff8116811461103d575f5ffd5b5f5f83357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe18436030181126158d8575f5ffd5b83018035915067ffffffffffffffff8211156158f2575f5ffd5b6020019150600581901b3603821315614bc9575f5ffd5b5f60208284031215615919575f5ffd5b61103d82614dc0565b5f60208284031215615932575f5ffd5b61103d82615476565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603160045260245ffd5b604051610140810167ffffffffffffffff811182821017156159b1577f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b60405290565b805160058110613d71575f5ffd5b8051613d7181615459565b805162ffffff81168114613d71575f5ffd5b80518015158114613d71575f5ffd5b5f610140828403128015615a03575f5ffd5b50615a0c615968565b615a15836159b7565b8152615a2360208401615651565b6020820152615a34604084016159c5565b6040820152615a45606084016159c5565b6060820152615a56608084016159c5565b6080820152615a6760a084016159d0565b60a0820152615a7860c084016159e2565b60c0820152615a8960e084016159e2565b60e0820152615a9b61010084016159e2565b610100820152615aae61012084016159e2565b6101208201529392505050565b5f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8203615aeb57615aeb6153b7565b5060010190565b61ffff8281168282160390811115610c2357610c236153b7565b5f82615b1a57615b1a61569d565b500690565b5f61103d8284615798566368616c6c656e67654465706f736974203e3d207365617473202a206a7572794665657265706f7274426c6f636b732c2076657264696374426c6f636b73203c3d207465726d6c6167426c6f636b73203c2076657264696374426c6f636b73203c3d20383030306c6167426c6f636b73202b2065706f6368202b207265706f7274426c6f636b73203c3d2038303030534554544c45203e3d2065706f6368202b2032202a207265706f7274426c6f636b73' as const

/** The code on chain, with zeros where the constructor writes: [first byte, bytes] of each place. */
export const courtRuntime =
  '0x608060405234801561000f575f5ffd5b50600436106101a5575f3560e01c80639256e1ff116100e8578063cf6db96011610093578063e2fdcc171161006e578063e2fdcc17146106a1578063efff588d146106e0578063fc040c4a146106f3578063fc0c546a14610706575f5ffd5b8063cf6db96014610636578063d6642d5514610649578063daad4d461461065c575f5ffd5b8063b1f437ab116100c3578063b1f437ab146105fb578063bafff8c01461060e578063c48c73421461062e575f5ffd5b80639256e1ff146103185780639427c7d6146105bb578063ac9650d8146105db575f5ffd5b806353535d2a11610153578063601229361161012e57806360122936146102c45780638024cfd4146102d757806384b0196e146102ea5780638ec750bb14610305575f5ffd5b806353535d2a14610278578063589bab521461028b5780635937ae281461029e575f5ffd5b80633644e515116101835780633644e51514610248578063459df960146102505780634ef24b7414610265575f5ffd5b80630cc572e7146101a95780631686d458146101cf57806335f17f0a14610204575b5f5ffd5b6101bc6101b7366004614ad7565b61072d565b6040519081526020015b60405180910390f35b6101e26101dd366004614b39565b610bde565b60408051825161ffff90811682526020938401511692810192909252016101c6565b610217610212366004614b6f565b610c29565b6040805182516001600160a01b0316815260208084015163ffffffff169082015291810151908201526060016101c6565b6101bc610d28565b61026361025e366004614bd0565b610d36565b005b6101bc610273366004614b6f565b610dfa565b6101bc610286366004614c64565b610e5e565b610263610299366004614cb3565b611044565b6102b16102ac366004614d56565b611706565b60405161ffff90911681526020016101c6565b6101bc6102d2366004614d98565b611922565b6102636102e5366004614dd0565b61195f565b6102f2611a16565b6040516101c69796959493929190614e5f565b610263610313366004614f11565b611a74565b6105ae60408051610180810182525f80825260208201819052918101829052606081018290526080810182905260a0810182905260c0810182905260e081018290526101008101829052610120810182905261014081018290526101608101919091526040518061018001604052807f000000000000000000000000000000000000000000000000000000000000000063ffffffff1681526020017f000000000000000000000000000000000000000000000000000000000000000063ffffffff1681526020017f000000000000000000000000000000000000000000000000000000000000000060ff1681526020017f000000000000000000000000000000000000000000000000000000000000000060ff1681526020017f000000000000000000000000000000000000000000000000000000000000000061ffff1681526020017f000000000000000000000000000000000000000000000000000000000000000063ffffffff1681526020017f000000000000000000000000000000000000000000000000000000000000000063ffffffff1681526020017f000000000000000000000000000000000000000000000000000000000000000063ffffffff1681526020017f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff1681526020017f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff1681526020017f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff1681526020017f000000000000000000000000000000000000000000000000000000000000000067ffffffffffffffff16815250905090565b6040516101c69190614f42565b6105ce6105c9366004615074565b611c64565b6040516101c691906150b8565b6105ee6105e9366004615122565b611d04565b6040516101c69190615193565b610263610609366004615214565b611dea565b61062161061c366004615074565b6120c2565b6040516101c69190615248565b6101bc61212b565b6102b1610644366004615293565b61213e565b610263610657366004615303565b6124a4565b6101bc61066a36600461538e565b6040805160208082019590955280820193909352606080840192909252805180840390920182526080909201909152805191012090565b6106c87f000000000000000000000000000000000000000000000000000000000000000081565b6040516001600160a01b0390911681526020016101c6565b6101bc6106ee366004614b39565b612897565b61062161070136600461538e565b6128aa565b6106c87f000000000000000000000000000000000000000000000000000000000000000081565b5f6107366129f6565b6107466040860160208701614b6f565b6001600160a01b0316336001600160a01b03161415801561078857506107726080860160608701614b6f565b6001600160a01b0316336001600160a01b031614155b156107c6576040517fe7f1421f0000000000000000000000000000000000000000000000000000000081523360048201526024015b60405180910390fd5b5f61081f6bffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000167f00000000000000000000000000000000000000000000000000000000000000006153e4565b9050806108346101208801610100890161541f565b6bffffffffffffffffffffffff1610156108a45761085a6101208701610100880161541f565b6040517f9901e6110000000000000000000000000000000000000000000000000000000081526bffffffffffffffffffffffff9091166004820152602481018290526044016107bd565b6040517fe3caa6ed0000000000000000000000000000000000000000000000000000000081525f906001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000169063e3caa6ed9061090b908a90600401615489565b602060405180830381865afa158015610926573d5f5f3e3d5ffd5b505050506040513d601f19601f8201168201806040525081019061094a919061563a565b90506109688161096060608a0160408b01614b6f565b888888612a2d565b60408051602080820184905281830189905260608083018990528351808403909101815260809092019092528051910120604080516060810190915290935080600181523360208083019190915264ffffffffff43166040928301525f8681526005909152208151815482907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00166001836002811115610a0a57610a0a61508b565b02179055506020820151815460409384015164ffffffffff167501000000000000000000000000000000000000000000027fffffffffffff0000000000ffffffffffffffffffffffffffffffffffffffffff6001600160a01b0390931661010002929092167fffffffffffff00000000000000000000000000000000000000000000000000ff9091161717905551839082907f61d0d366373787fb1498e6893ab0fc98c7cdc326004b4e33c033c8f55e995db890610ae7908a908a90339092835260208301919091526001600160a01b0316604082015260600190565b60405180910390a36040517facff65e90000000000000000000000000000000000000000000000000000000081526001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000169063acff65e990610b54908a90600401615489565b6020604051808303815f875af1158015610b70573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190610b94919061565c565b50610bcc7f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff16612bb4565b5050610bd6612d7e565b949350505050565b6040805180820182525f808252602091820181905284815260048252828120848252825282902082518084019093525461ffff80821684526201000090910416908201525b92915050565b604080516060810182525f80825260208201819052918101919091526001600160a01b038281165f90815260208181526040918290208251606081018452905493841680825274010000000000000000000000000000000000000000850463ffffffff1692820192909252780100000000000000000000000000000000000000000000000090930467ffffffffffffffff1691830191909152610ce9575050604080516060810182525f8082526020820181905291810191909152919050565b6040518060600160405280825f01516001600160a01b03168152602001826020015163ffffffff168152602001610d1f83612da8565b90529392505050565b5f610d31612dfc565b905090565b5f610d4c610d448686611922565b858585612f25565b905061ffff80821614610da7576040517f26daae140000000000000000000000000000000000000000000000000000000081526001600160a01b03861660048201526024810185905261ffff821660448201526064016107bd565b610db085613195565b856001600160a01b03167fac80db19f5bf51c0e7e48405fdb098c00a66ca3ebfe86d4fd69fd372c43d784d86604051610deb91815260200190565b60405180910390a35050505050565b5f610c237f9f9c09695c41045e2ad38ca158e43224e18eb4efbf9edfe4e1ddd441e7ed25b883604051602001610e439291909182526001600160a01b0316602082015260400190565b60405160208183030381529060405280519060200120613404565b5f610e676129f6565b6001600160a01b038481165f90815260208181526040918290208251606081018452905493841680825274010000000000000000000000000000000000000000850463ffffffff1692820192909252780100000000000000000000000000000000000000000000000090930467ffffffffffffffff169183019190915215610f6657336001600160a01b03861614801590610f0c575080516001600160a01b03163314155b15610f54576040517f2165ee8d0000000000000000000000000000000000000000000000000000000081523360048201526001600160a01b03861660248201526044016107bd565b610f5e858261344b565b915050611035565b5f610f7a610f7333610dfa565b8686613690565b90506001600160a01b0381161580610fa45750856001600160a01b0316816001600160a01b031614155b15610fec576040517fc79e14370000000000000000000000000000000000000000000000000000000081526001600160a01b03871660048201523360248201526044016107bd565b338252610ff9868361344b565b92506110327f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff16612bb4565b50505b61103d612d7e565b9392505050565b61104c6129f6565b5f5f6110598888886136bf565b9150915061109c7f0000000000000000000000000000000000000000000000000000000000000000826040015164ffffffffff166110979190615677565b613893565b7f000000000000000000000000000000000000000000000000000000000000000083101561111f576040517ff418f4c3000000000000000000000000000000000000000000000000000000008152600481018490527f000000000000000000000000000000000000000000000000000000000000000060248201526044016107bd565b5f8281526005602090815260409182902080547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00166002179055815187815290810185905283917fa49d8b5e2288cdb730e147f8c5727395b80627079b9230261db99e782d603b43910160405180910390a26040517fb6b55f250000000000000000000000000000000000000000000000000000000081526bffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001660048201525f907f00000000000000000000000000000000000000000000000000000000000000006001600160a01b03169063b6b55f25906024016020604051808303815f875af115801561123d573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190611261919061563a565b90505f6112a7847f0000000000000000000000000000000000000000000000000000000000000000856040015164ffffffffff1661129f9190615677565b8989896138d8565b905087870361139a576001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001663945e42fe6112ec60208d018d614b6f565b83858e610100016020810190611302919061541f565b6bffffffffffffffffffffffff1661131a9190615677565b611324919061568a565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b03909216600483015260248201526044015f604051808303815f87803b15801561137f575f5ffd5b505af1158015611391573d5f5f3e3d5ffd5b505050506116f2565b5f8790036114af576001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001663945e42fe6113de60208d018d614b6f565b6113f06101208e016101008f0161541f565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b0390921660048301526bffffffffffffffffffffffff1660248201526044015f604051808303815f87803b158015611459575f5ffd5b505af115801561146b573d5f5f3e3d5ffd5b505050507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663945e42fe84602001518385611324919061568a565b5f816114c36101208d016101008e0161541f565b6bffffffffffffffffffffffff166114db919061568a565b60208501516040517f945e42fe0000000000000000000000000000000000000000000000000000000081526001600160a01b039182166004820152602481018690529192507f0000000000000000000000000000000000000000000000000000000000000000169063945e42fe906044015f604051808303815f87803b158015611563575f5ffd5b505af1158015611575573d5f5f3e3d5ffd5b50506001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016915063945e42fe90506115ba60408e0160208f01614b6f565b6115c56002856156ca565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b03909216600483015260248201526044015f604051808303815f87803b158015611620575f5ffd5b505af1158015611632573d5f5f3e3d5ffd5b505050507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663945e42fe61dead60028461167591906156ca565b61167f908561568a565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b03909216600483015260248201526044015f604051808303815f87803b1580156116da575f5ffd5b505af11580156116ec573d5f5f3e3d5ffd5b50505050505b505050506116fe612d7e565b505050505050565b5f5f5f61171287613a6e565b5f8281526004602090815260408083208b84529091528120929450909250611738613c78565b61174290896153e4565b9050611786817f0000000000000000000000000000000000000000000000000000000000000000856040015164ffffffffff16866060015164ffffffffff16613ca4565b6117aa6117a261179c60608d0160408e01614b6f565b8b611922565b8a8a8a612f25565b8354911662010000820461ffff908116928116929092171916955085165f03611809576040517f18b158b800000000000000000000000000000000000000000000000000000000815260048101859052602481018990526044016107bd565b81547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0000811661ffff918216918716918217178355604051908152889085907f741d671ae5a842c4249172d5808373b1c12a0bedd6a9955b97333574783c9cee9060200160405180910390a37f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663f5d0db27856118ad88613d43565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b168152600481019290925260248201526044015f604051808303815f87803b158015611900575f5ffd5b505af1158015611912573d5f5f3e3d5ffd5b5050505050505050949350505050565b604080516001600160a01b03841660208201529081018290525f906060015b60405160208183030381529060405280519060200120905092915050565b6040517fd505accf000000000000000000000000000000000000000000000000000000008152336004820152306024820152604481018690526064810185905260ff8416608482015260a4810183905260c481018290527f00000000000000000000000000000000000000000000000000000000000000006001600160a01b03169063d505accf9060e4015f604051808303815f87803b158015611a01575f5ffd5b505af19250505080156116fe57505050505050565b5f6060805f5f5f6060611a27613d76565b611a2f613da1565b604080515f808252602082019092527f0f000000000000000000000000000000000000000000000000000000000000009b939a50919850469750309650945092509050565b611a7c6129f6565b6001600160a01b038281165f90815260208181526040918290208251606081018452905493841680825274010000000000000000000000000000000000000000850463ffffffff1692820192909252780100000000000000000000000000000000000000000000000090930467ffffffffffffffff1691830191909152611b3a576040517fd0e216c20000000000000000000000000000000000000000000000000000000081526001600160a01b03841660048201526024016107bd565b80516001600160a01b03163314611b8e576040517f2165ee8d0000000000000000000000000000000000000000000000000000000081523360048201526001600160a01b03841660248201526044016107bd565b611b9f611b9a82612da8565b613dcc565b6001600160a01b038381165f818152602081815260408083209290925584519151868516815291909316927fae8b11344eab1646f4ffd6fad884706430abaffff5179d78342779680a8a40fa910160405180910390a3611c576001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016836bffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016613e0f565b50611c60612d7e565b5050565b604080516060810182525f80825260208201819052918101919091525f82815260056020526040908190208151606081019092528054829060ff166002811115611cb057611cb061508b565b6002811115611cc157611cc161508b565b8152905461010081046001600160a01b031660208301527501000000000000000000000000000000000000000000900464ffffffffff1660409091015292915050565b604080515f8152602081019091526060908267ffffffffffffffff811115611d2e57611d2e6156dd565b604051908082528060200260200182016040528015611d6157816020015b6060815260200190600190039081611d4c5790505b5091505f5b83811015611de257611dbd30868684818110611d8457611d8461570a565b9050602002810190611d969190615737565b85604051602001611da9939291906157af565b604051602081830303815290604052613e5d565b838281518110611dcf57611dcf61570a565b6020908102919091010152600101611d66565b505092915050565b611df26129f6565b5f5f611dff8585856136bf565b91509150611e3d7f0000000000000000000000000000000000000000000000000000000000000000826040015164ffffffffff16611b9a9190615677565b5f8281526005602052604080822080547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff001660021790555183917fed7cfcbc13caf3d821ce9eb896117cbba846a0aee978dba0b39eb794b7833de591a26001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001663945e42fe611ed66020880188614b6f565b611ee861012089016101008a0161541f565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b0390921660048301526bffffffffffffffffffffffff1660248201526044015f604051808303815f87803b158015611f51575f5ffd5b505af1158015611f63573d5f5f3e3d5ffd5b5050505060208101516040517fb6b55f250000000000000000000000000000000000000000000000000000000081526bffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001660048201527f00000000000000000000000000000000000000000000000000000000000000006001600160a01b03169163945e42fe91839063b6b55f25906024016020604051808303815f875af115801561201e573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190612042919061563a565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b03909216600483015260248201526044015f604051808303815f87803b15801561209d575f5ffd5b505af11580156120af573d5f5f3e3d5ffd5b5050505050506120bd612d7e565b505050565b5f8181526001602090815260409182902080548351818402810184019094528084526060939283018282801561211f57602002820191905f5260205f20905b81546001600160a01b03168152600190910190602001808311612101575b50505050509050919050565b5f612134613f2f565b610d3190436156ca565b5f5f61214987613a6e565b5090505f6121db7f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663ee6108cd886040518263ffffffff1660e01b815260040161219c91906157ce565b602060405180830381865afa1580156121b7573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190610f73919061563a565b90508535821415806121f457506001600160a01b038116155b80612220575061220a6080890160608a01614b6f565b6001600160a01b0316816001600160a01b031614155b1561225a576040517f3c32b9be000000000000000000000000000000000000000000000000000000008152600481018390526024016107bd565b5f8281526004602090815260408083208a845290915281209061227b613c78565b612285908a6153e4565b90505f6122e0827f00000000000000000000000000000000000000000000000000000000000000006122bd60608d0160408e01615833565b64ffffffffff166122d460808e0160608f01615833565b64ffffffffff16613ca4565b835490915061ffff620100009091048116198216165f03612337576040517f18b158b800000000000000000000000000000000000000000000000000000000815260048101869052602481018b90526044016107bd565b825461ffff808316620100007fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00008416851985168416908117829004841692909217027fffffffffffffffffffffffffffffffffffffffffffffffffffffffff000000008416919091171785556040519183161680825296508a9086907fa163ef2816f143ef6439db6551feb769f6afa870dd39a77e990cd272d4cb0f959060200160405180910390a361ffff861615612496577f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663f5d0db278661242389613d43565b61242c9061584e565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b168152600481019290925260248201526044015f604051808303815f87803b15801561247f575f5ffd5b505af1158015612491573d5f5f3e3d5ffd5b505050505b505050505095945050505050565b6124ac6129f6565b5f6124c16124ba8989612897565b8787613690565b9050838714806124f657506124e06124d98986612897565b8484613690565b6001600160a01b0316816001600160a01b031614155b1561252d576040517ff6956d9900000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b6001600160a01b038181165f90815260208181526040918290208251606081018452905493841680825274010000000000000000000000000000000000000000850463ffffffff1692820192909252780100000000000000000000000000000000000000000000000090930467ffffffffffffffff16918301919091526125eb576040517fd0e216c20000000000000000000000000000000000000000000000000000000081526001600160a01b03831660048201526024016107bd565b6001600160a01b0382165f9081526020819052604080822091909155810151612615908390613f62565b8051604080518b81523360208201526001600160a01b03928316928516917f13bf3e7d0a55b0f76ecb079fdaa75ce55b689142ba996889934224ba685d1425910160405180910390a36040517fb6b55f250000000000000000000000000000000000000000000000000000000081526bffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001660048201525f907f00000000000000000000000000000000000000000000000000000000000000006001600160a01b03169063b6b55f25906024016020604051808303815f875af115801561270a573d5f5f3e3d5ffd5b505050506040513d601f19601f8201168201806040525081019061272e919061563a565b90505f61273c6008836156ca565b6040517f945e42fe000000000000000000000000000000000000000000000000000000008152336004820152602481018290529091507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b03169063945e42fe906044015f604051808303815f87803b1580156127bd575f5ffd5b505af11580156127cf573d5f5f3e3d5ffd5b505050507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663945e42fe61dead8385612811919061568a565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b1681526001600160a01b03909216600483015260248201526044015f604051808303815f87803b15801561286c575f5ffd5b505af115801561287e573d5f5f3e3d5ffd5b505050505050505061288e612d7e565b50505050505050565b5f61103d6128a58484614055565b613404565b5f818152600160205260409020546060907f000000000000000000000000000000000000000000000000000000000000000081101561291f576040517fb769461e00000000000000000000000000000000000000000000000000000000815260048101849052602481018290526044016107bd565b7f000000000000000000000000000000000000000000000000000000000000000067ffffffffffffffff811115612958576129586156dd565b604051908082528060200260200182016040528015612981578160200160208202803683370190505b5091505f5b7f00000000000000000000000000000000000000000000000000000000000000008110156129ed576129bb8483888885614096565b8382815181106129cd576129cd61570a565b6001600160a01b0390921660209283029190910190910152600101612986565b50509392505050565b6129fe614111565b612a2b60017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005b9061416a565b565b5f612a39868585614171565b90505f80612a7883612a4e6020870187615884565b61ffff16612a626040880160208901615884565b61ffff16612a7360408901896158a5565b61420e565b6040517f229e72aa000000000000000000000000000000000000000000000000000000008152600481018b90526024810183905291935091505f90612b3c906001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000169063229e72aa90604401602060405180830381865afa158015612b06573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190612b2a919061563a565b612b376060880188615737565b613690565b9050811580612b5257506001600160a01b038116155b80612b6f5750876001600160a01b0316816001600160a01b031614155b15612ba9576040517fedc971e0000000000000000000000000000000000000000000000000000000008152600481018a90526024016107bd565b505050505050505050565b6040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f907f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316906370a0823190602401602060405180830381865afa158015612c31573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190612c55919061563a565b9050612c8c6001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000163330856142dd565b6040517f70a082310000000000000000000000000000000000000000000000000000000081523060048201525f9082906001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016906370a0823190602401602060405180830381865afa158015612d0b573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190612d2f919061563a565b612d39919061568a565b90508281146120bd576040517f312b003300000000000000000000000000000000000000000000000000000000815260048101849052602481018290526044016107bd565b612a2b5f7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f00612a25565b5f7f0000000000000000000000000000000000000000000000000000000000000000612dd2613f2f565b6020840151612de89063ffffffff166001615677565b612df291906153e4565b610c239190615677565b5f306001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016148015612e5457507f000000000000000000000000000000000000000000000000000000000000000046145b15612e7e57507f000000000000000000000000000000000000000000000000000000000000000090565b610d31604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201527f0000000000000000000000000000000000000000000000000000000000000000918101919091527f000000000000000000000000000000000000000000000000000000000000000060608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b5f5f612f2f613c78565b612f3990866153e4565b90505f612f44613c78565b612f4e9083615677565b9050612f5981613dcc565b612f866110977f000000000000000000000000000000000000000000000000000000000000000083615677565b5f612fe488612fb57f00000000000000000000000000000000000000000000000000000000000000008a6156ca565b612fdf7f00000000000000000000000000000000000000000000000000000000000000008761568a565b61432c565b604080516080810182525f80825260208201819052918101829052606081018290529192505b8681101561315d57368888838181106130255761302561570a565b6080029190910191506130699050846130416020840184615909565b60ff166130546040850160208601615922565b63ffffffff1660408501356060860135614459565b505f601061307d6040840160208501615922565b63ffffffff16901c90505f6130986040840160208501615922565b905061ffff821982161615613107576130b46020840184615909565b6130c46040850160208601615922565b6040517f8ce91b1600000000000000000000000000000000000000000000000000000000815260ff909216600483015263ffffffff1660248201526044016107bd565b6131528582198416815161ffff818318811684526020840180519290931682811882169093526040840180519290931682811882169093526060909301805191909216189091169052565b50505060010161300a565b50613188817f00000000000000000000000000000000000000000000000000000000000000006145d1565b9998505050505050505050565b5f60026131a061212b565b6131aa9190615677565b5f8181526001602090815260408083206001600160a01b03871684529183905282205492935091613201907801000000000000000000000000000000000000000000000000900467ffffffffffffffff168461464d565b8254909150811015806132425750836001600160a01b031682828154811061322b5761322b61570a565b5f918252602090912001546001600160a01b031614155b15613284576040517fd0e216c20000000000000000000000000000000000000000000000000000000081526001600160a01b03851660048201526024016107bd565b81545f9083906132969060019061568a565b815481106132a6576132a661570a565b905f5260205f20015f9054906101000a90046001600160a01b03169050808383815481106132d6576132d661570a565b905f5260205f20015f6101000a8154816001600160a01b0302191690836001600160a01b03160217905550828054806133115761331161593b565b5f82815260208082207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff908401810180547fffffffffffffffffffffffff00000000000000000000000000000000000000001690559092019092556001600160a01b03831682528190526040902080546133b2907801000000000000000000000000000000000000000000000000900467ffffffffffffffff168685614670565b815467ffffffffffffffff9190911678010000000000000000000000000000000000000000000000000277ffffffffffffffffffffffffffffffffffffffffffffffff90911617905550919392505050565b5f610c23613410612dfc565b836040517f19010000000000000000000000000000000000000000000000000000000000008152600281019290925260228201526042902090565b5f5f600261345761212b565b6134619190615677565b905080836020015163ffffffff16106134b8576040517f1f5521fc0000000000000000000000000000000000000000000000000000000081526001600160a01b0385166004820152602481018290526044016107bd565b5f818152600160205260409020805492507fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00008301613525576040517f41455fa1000000000000000000000000000000000000000000000000000000008152600481018390526024016107bd565b80546001810182555f82815260209081902090910180547fffffffffffffffffffffffff0000000000000000000000000000000000000000166001600160a01b03881617905563ffffffff8316908501526040840151613586908385614670565b67ffffffffffffffff90811660408087019182526001600160a01b038089165f8181526020818152908490208a518154928c0151965190971678010000000000000000000000000000000000000000000000000277ffffffffffffffffffffffffffffffffffffffffffffffff63ffffffff90971674010000000000000000000000000000000000000000027fffffffffffffffff0000000000000000000000000000000000000000000000009093169790941696871791909117949094169190911790925551849291907f031b11c9aa11edacc7efbeb991b4db7c8000bf5aa3b83f4214e90cac576f8780906136809088815260200190565b60405180910390a4505092915050565b5f604082146136a057505f61103d565b823560208401356136b286838361469c565b5090979650505050505050565b604080516060810182525f808252602082018190529181018290526040517fe3caa6ed0000000000000000000000000000000000000000000000000000000081526137b7906001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000169063e3caa6ed90613743908990600401615489565b602060405180830381865afa15801561375e573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190613782919061563a565b604080516020808201939093528082018890526060808201889052825180830390910181526080909101909152805191012090565b5f818152600560205260409081902081516060810190925280549294509091829060ff1660028111156137ec576137ec61508b565b60028111156137fd576137fd61508b565b8152905461010081046001600160a01b031660208301527501000000000000000000000000000000000000000000900464ffffffffff1660409091015290506001815160028111156138515761385161508b565b1461388b576040517fbbf86c27000000000000000000000000000000000000000000000000000000008152600481018390526024016107bd565b935093915050565b8043106138d5576040517f388b0173000000000000000000000000000000000000000000000000000000008152600481018290524360248201526044016107bd565b50565b5f5f6138f6876138e6613f2f565b6138f090896156ca565b8861432c565b90505f5b83811015613a6357368585838181106139155761391561570a565b6060029190910191505f9050613945846139326020850185615909565b60ff168a85602001358660400135614459565b6001600160a01b038181165f90815260208190526040908190205490517f945e42fe00000000000000000000000000000000000000000000000000000000815290821660048201526bffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001660248201529192507f0000000000000000000000000000000000000000000000000000000000000000169063945e42fe906044015f604051808303815f87803b158015613a07575f5ffd5b505af1158015613a19573d5f5f3e3d5ffd5b505050507f00000000000000000000000000000000000000000000000000000000000000006bffffffffffffffffffffffff1685613a579190615677565b945050506001016138fa565b505095945050505050565b60408051610140810182525f80825260208201819052918101829052606081018290526080810182905260a0810182905260c0810182905260e08101829052610100810182905261012081018290526040517fe3caa6ed0000000000000000000000000000000000000000000000000000000081526001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000169063e3caa6ed90613b22908690600401615489565b602060405180830381865afa158015613b3d573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190613b61919061563a565b6040517f8127aac9000000000000000000000000000000000000000000000000000000008152600481018290529092507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031690638127aac99060240161014060405180830381865afa158015613be1573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190613c0591906159f1565b90505f81516004811115613c1b57613c1b61508b565b1480613c395750600481516004811115613c3757613c3761508b565b145b15613c73576040517f30ac1df7000000000000000000000000000000000000000000000000000000008152600481018390526024016107bd565b915091565b5f610d3160107f00000000000000000000000000000000000000000000000000000000000000006153e4565b5f5f85841115613cdf5784600181613cbc898861568a565b613cc69190615677565b613cd0919061568a565b613cda91906156ca565b613ce1565b5f5b90505f86841115613d065785613cf7888661568a565b613d0191906156ca565b613d08565b5f5b90506010811115613d17575060105b808210613d28575f92505050610bd6565b613d38600180841b90831b61568a565b979650505050505050565b5f5b61ffff821615613d715780613d5981615abb565b9150613d689050600183615af2565b82169150613d45565b919050565b6060610d317f00000000000000000000000000000000000000000000000000000000000000006146e7565b6060610d317f00000000000000000000000000000000000000000000000000000000000000006146e7565b804310156138d5576040517fe58369d1000000000000000000000000000000000000000000000000000000008152600481018290524360248201526044016107bd565b613e1c8383836001614724565b6120bd576040517f5274afe70000000000000000000000000000000000000000000000000000000081526001600160a01b03841660048201526024016107bd565b60605f613e6a848461479f565b9050808015613e8b57505f3d1180613e8b57505f846001600160a01b03163b115b15613ea057613e986147b2565b915050610c23565b8015613ee3576040517f9996b3150000000000000000000000000000000000000000000000000000000081526001600160a01b03851660048201526024016107bd565b3d15613ef657613ef16147cb565b613f28565b6040517fd6bda27500000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b5092915050565b5f613f38613c78565b610d31907f00000000000000000000000000000000000000000000000000000000000000006153e4565b5f6002613f6d61212b565b613f779190615677565b90505f60038210613f9257613f8d60038361568a565b613f94565b5f5b90505b81811161404f575f81815260016020526040812090613fb6858461464d565b825490915081108015613ff65750856001600160a01b0316828281548110613fe057613fe061570a565b5f918252602090912001546001600160a01b0316145b1561403a575f82828154811061400e5761400e61570a565b905f5260205f20015f6101000a8154816001600160a01b0302191690836001600160a01b031602179055505b5050808061404790615abb565b915050613f97565b50505050565b604080517fe2c7bdf19bdd39c1bcabb9b303792f38a333e9162d45ff588cc8eafce1c3f7086020820152908101839052606081018290525f90608001611941565b5f858152600160209081526040808320815192830187905290820185905260608201849052908690608001604051602081830303815290604052805190602001205f1c6140e39190615b0c565b815481106140f3576140f361570a565b5f918252602090912001546001600160a01b03169695505050505050565b7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005c15612a2b576040517f3ee5aeb500000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b80825d5050565b6040515f6020820181905260218201859052604182018490526061820183905290600290608101604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0818403018152908290526141d091615b1f565b602060405180830381855afa1580156141eb573d5f5f3e3d5ffd5b5050506040513d601f19601f82011682018060405250810190610bd6919061563a565b5f5f6104008511806142205750848610155b1561422f57505f9050806142d3565b5f5b60018611156142cb57858760011810156142a65783810361425857505f91508190506142d3565b5f85858361426581615abb565b94508181106142765761427661570a565b905060200201359050876001165f1461429857614293818a6147d6565b6142a2565b6142a289826147d6565b9850505b600196871c966002906142ba908890615677565b6142c491906156ca565b9550614231565b879250831490505b9550959350505050565b6142eb84848484600161488b565b61404f576040517f5274afe70000000000000000000000000000000000000000000000000000000081526001600160a01b03851660048201526024016107bd565b61435f6040518060c001604052805f81526020015f81526020015f81526020015f81526020015f81526020015f81525090565b5f838152600160205260409020547f00000000000000000000000000000000000000000000000000000000000000008110156143d1576040517fb769461e00000000000000000000000000000000000000000000000000000000815260048101859052602481018290526044016107bd565b5f6143db84614911565b90505f81900361441a576040517f9904140d000000000000000000000000000000000000000000000000000000008152600481018590526024016107bd565b6040518060c0016040528061442d612dfc565b81526020018781526020018281526020018681526020018381526020015f815250925050509392505050565b5f8560a0015185108061448c57507f00000000000000000000000000000000000000000000000000000000000000008510155b156144c6576040517fd6536fad000000000000000000000000000000000000000000000000000000008152600481018690526024016107bd565b6144d1856001615677565b60a0870152855160208701515f91614527916144ed9088614055565b6040517f19010000000000000000000000000000000000000000000000000000000000008152600281019290925260228201526042902090565b90505f61453582868661469c565b50509050614556886060015189608001518a604001518b602001518b614096565b92506001600160a01b03811615806145805750826001600160a01b0316816001600160a01b031614155b15613a63576040517f2e59cbd3000000000000000000000000000000000000000000000000000000008152600481018890526001600160a01b038085166024830152821660448201526064016107bd565b5f5f5f61ffff90506145ef82828760600151876008165f1415614952565b6040870151919350915061460c9083908390600488161515614952565b602087015191935091506146299083908390600288161515614952565b865191935091506146439083908390600188161515614952565b1795945050505050565b5f61465782614979565b8367ffffffffffffffff16901c61ffff16905092915050565b5f5f61467b84614979565b61ffff811b19861667ffffffffffffffff169084901b179150509392505050565b5f80807f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8416601b60ff86901c016146d688828985614990565b945094509450505093509350939050565b60605f6146f383614a76565b6040805160208082528183019092529192505f91906020820181803683375050509182525060208101929092525090565b6040517fa9059cbb000000000000000000000000000000000000000000000000000000005f8181526001600160a01b038616600452602485905291602083604481808b5af1925060015f51148316614793578383151615614787573d5f823e3d81fd5b5f873b113d1516831692505b60405250949350505050565b5f5f5f835160208501865af49392505050565b6040513d81523d5f602083013e3d602001810160405290565b6040513d5f823e3d81fd5b6040517f0100000000000000000000000000000000000000000000000000000000000000602082015260218101839052604181018290525f90600290606101604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08184030181529082905261484d91615b1f565b602060405180830381855afa158015614868573d5f5f3e3d5ffd5b5050506040513d601f19601f8201168201806040525081019061103d919061563a565b6040517f23b872dd000000000000000000000000000000000000000000000000000000005f8181526001600160a01b038781166004528616602452604485905291602083606481808c5af1925060015f511483166149005783831516156148f4573d5f823e3d81fd5b5f883b113d1516831692505b604052505f60605295945050505050565b8040801561491e57919050565b815f5260205f60205f71f90827f1c53a10cb7a02335b1753200029355afa60203d1481161561494c575f5191505b50919050565b5f5f826149675783851686178419861661496c565b858486165b9150915094509492505050565b5f614985600483615b0c565b610c239060106153e4565b5f80807f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a08411156149c957505f91506003905082614a6c565b604080515f808252602082018084528a905260ff891692820192909252606081018790526080810186905260019060a0016020604051602081039080840390855afa158015614a1a573d5f5f3e3d5ffd5b50506040517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe001519150506001600160a01b038116614a6357505f925060019150829050614a6c565b92505f91508190505b9450945094915050565b5f60ff8216601f811115610c23576040517fb3512b0c00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b5f610200828403121561494c575f5ffd5b5f6080828403121561494c575f5ffd5b5f5f5f5f6102608587031215614aeb575f5ffd5b614af58686614ab6565b93506102008501359250610220850135915061024085013567ffffffffffffffff811115614b21575f5ffd5b614b2d87828801614ac7565b91505092959194509250565b5f5f60408385031215614b4a575f5ffd5b50508035926020909101359150565b80356001600160a01b0381168114613d71575f5ffd5b5f60208284031215614b7f575f5ffd5b61103d82614b59565b5f5f83601f840112614b98575f5ffd5b50813567ffffffffffffffff811115614baf575f5ffd5b6020830191508360208260071b8501011115614bc9575f5ffd5b9250929050565b5f5f5f5f60608587031215614be3575f5ffd5b614bec85614b59565b935060208501359250604085013567ffffffffffffffff811115614c0e575f5ffd5b614c1a87828801614b88565b95989497509550505050565b5f5f83601f840112614c36575f5ffd5b50813567ffffffffffffffff811115614c4d575f5ffd5b602083019150836020828501011115614bc9575f5ffd5b5f5f5f60408486031215614c76575f5ffd5b614c7f84614b59565b9250602084013567ffffffffffffffff811115614c9a575f5ffd5b614ca686828701614c26565b9497909650939450505050565b5f5f5f5f5f5f6102808789031215614cc9575f5ffd5b614cd38888614ab6565b955061020087013594506102208701359350610240870135925061026087013567ffffffffffffffff811115614d07575f5ffd5b8701601f81018913614d17575f5ffd5b803567ffffffffffffffff811115614d2d575f5ffd5b896020606083028401011115614d41575f5ffd5b60208201935080925050509295509295509295565b5f5f5f5f6102408587031215614d6a575f5ffd5b614d748686614ab6565b9350610200850135925061022085013567ffffffffffffffff811115614c0e575f5ffd5b5f5f60408385031215614da9575f5ffd5b614db283614b59565b946020939093013593505050565b803560ff81168114613d71575f5ffd5b5f5f5f5f5f60a08688031215614de4575f5ffd5b8535945060208601359350614dfb60408701614dc0565b94979396509394606081013594506080013592915050565b5f81518084528060208401602086015e5f6020828601015260207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f83011685010191505092915050565b7fff000000000000000000000000000000000000000000000000000000000000008816815260e060208201525f614e9960e0830189614e13565b8281036040840152614eab8189614e13565b606084018890526001600160a01b038716608085015260a0840186905283810360c0850152845180825260208087019350909101905f5b81811015614f00578351835260209384019390920191600101614ee2565b50909b9a5050505050505050505050565b5f5f60408385031215614f22575f5ffd5b614f2b83614b59565b9150614f3960208401614b59565b90509250929050565b815163ffffffff16815261018081016020830151614f68602084018263ffffffff169052565b506040830151614f7d604084018260ff169052565b506060830151614f92606084018260ff169052565b506080830151614fa8608084018261ffff169052565b5060a0830151614fc060a084018263ffffffff169052565b5060c0830151614fd860c084018263ffffffff169052565b5060e0830151614ff060e084018263ffffffff169052565b506101008301516150126101008401826bffffffffffffffffffffffff169052565b506101208301516150346101208401826bffffffffffffffffffffffff169052565b506101408301516150566101408401826bffffffffffffffffffffffff169052565b50610160830151613f2861016084018267ffffffffffffffff169052565b5f60208284031215615084575f5ffd5b5035919050565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b81516060820190600381106150f4577f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b808352506001600160a01b03602084015116602083015264ffffffffff604084015116604083015292915050565b5f5f60208385031215615133575f5ffd5b823567ffffffffffffffff811115615149575f5ffd5b8301601f81018513615159575f5ffd5b803567ffffffffffffffff81111561516f575f5ffd5b8560208260051b8401011115615183575f5ffd5b6020919091019590945092505050565b5f602082016020835280845180835260408501915060408160051b8601019250602086015f5b82811015615208577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc08786030184526151f3858351614e13565b945060209384019391909101906001016151b9565b50929695505050505050565b5f5f5f6102408486031215615227575f5ffd5b6152318585614ab6565b956102008501359550610220909401359392505050565b602080825282518282018190525f918401906040840190835b818110156152885783516001600160a01b0316835260209384019390920191600101615261565b509095945050505050565b5f5f5f5f5f6102c086880312156152a8575f5ffd5b6152b28787614ab6565b945061020086013593506152ca876102208801614ac7565b92506102a086013567ffffffffffffffff8111156152e6575f5ffd5b6152f288828901614c26565b969995985093965092949392505050565b5f5f5f5f5f5f5f60a0888a031215615319575f5ffd5b8735965060208801359550604088013567ffffffffffffffff81111561533d575f5ffd5b6153498a828b01614c26565b90965094505060608801359250608088013567ffffffffffffffff81111561536f575f5ffd5b61537b8a828b01614c26565b989b979a50959850939692959293505050565b5f5f5f606084860312156153a0575f5ffd5b505081359360208301359350604090920135919050565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b8082028115828204841417610c2357610c236153b7565b6bffffffffffffffffffffffff811681146138d5575f5ffd5b8035613d71816153fb565b5f6020828403121561542f575f5ffd5b813561103d816153fb565b80356fffffffffffffffffffffffffffffffff81168114613d71575f5ffd5b64ffffffffff811681146138d5575f5ffd5b8035613d7181615459565b803563ffffffff81168114613d71575f5ffd5b61020081016154a88261549b85614b59565b6001600160a01b03169052565b6154b460208401614b59565b6001600160a01b031660208301526154ce60408401614b59565b6001600160a01b031660408301526154e860608401614b59565b6001600160a01b031660608301526155026080840161543a565b6fffffffffffffffffffffffffffffffff16608083015261552560a08401615414565b6bffffffffffffffffffffffff1660a083015261554460c08401615414565b6bffffffffffffffffffffffff1660c083015261556360e08401615414565b6bffffffffffffffffffffffff1660e08301526155836101008401615414565b6bffffffffffffffffffffffff166101008301526155a46101208401615414565b6bffffffffffffffffffffffff166101208301526155c5610140840161546b565b64ffffffffff166101408301526155df6101608401615476565b63ffffffff166101608301526155f86101808401615476565b63ffffffff166101808301526156116101a08401615476565b63ffffffff166101a08301526101c083810135908301526101e092830135929091019190915290565b5f6020828403121561564a575f5ffd5b5051919050565b8051613d71816153fb565b5f6020828403121561566c575f5ffd5b815161103d816153fb565b80820180821115610c2357610c236153b7565b81810381811115610c2357610c236153b7565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd5b5f826156d8576156d861569d565b500490565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b5f5f83357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe184360301811261576a575f5ffd5b83018035915067ffffffffffffffff821115615784575f5ffd5b602001915036819003821315614bc9575f5ffd5b5f81518060208401855e5f93019283525090919050565b828482375f8382015f81526157c48185615798565b9695505050505050565b813581526080810160208301356157e4816153fb565b6bffffffffffffffffffffffff166020830152604083013561580581615459565b64ffffffffff166040830152606083013561581f81615459565b64ffffffffff811660608401525092915050565b5f60208284031215615843575f5ffd5b813561103d81615459565b5f7f8000000000000000000000000000000000000000000000000000000000000000820361587e5761587e6153b7565b505f0390565b5f60208284031215615894575f5ffd5b813561ffff8116811461103d575f5ffd5b5f5f83357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe18436030181126158d8575f5ffd5b83018035915067ffffffffffffffff8211156158f2575f5ffd5b6020019150600581901b3603821315614bc9575f5ffd5b5f60208284031215615919575f5ffd5b61103d82614dc0565b5f60208284031215615932575f5ffd5b61103d82615476565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603160045260245ffd5b604051610140810167ffffffffffffffff811182821017156159b1577f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b60405290565b805160058110613d71575f5ffd5b8051613d7181615459565b805162ffffff81168114613d71575f5ffd5b80518015158114613d71575f5ffd5b5f610140828403128015615a03575f5ffd5b50615a0c615968565b615a15836159b7565b8152615a2360208401615651565b6020820152615a34604084016159c5565b6040820152615a45606084016159c5565b6060820152615a56608084016159c5565b6080820152615a6760a084016159d0565b60a0820152615a7860c084016159e2565b60c0820152615a8960e084016159e2565b60e0820152615a9b61010084016159e2565b610100820152615aae61012084016159e2565b6101208201529392505050565b5f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8203615aeb57615aeb6153b7565b5060010190565b61ffff8281168282160390811115610c2357610c236153b7565b5f82615b1a57615b1a61569d565b500690565b5f61103d828461579856' as const

export const courtImmutables = [[905,32],[949,32],[993,32],[1034,32],[1075,32],[1117,32],[1161,32],[1205,32],[1249,32],[1301,32],[1353,32],[1405,32],[1702,32],[1803,32],[2009,32],[2043,32],[2262,32],[2847,32],[2970,32],[4096,32],[4194,32],[4254,32],[4339,32],[4550,32],[4591,32],[4714,32],[4794,32],[5036,32],[5233,32],[5410,32],[5505,32],[5688,32],[5962,32],[6262,32],[6584,32],[7170,32],[7218,32],[7688,32],[7844,32],[8097,32],[8136,32],[8530,32],[8846,32],[9196,32],[9875,32],[9916,32],[10100,32],[10197,32],[10429,32],[10529,32],[10632,32],[10945,32],[11236,32],[11364,32],[11462,32],[11691,32],[11784,32],[11826,32],[11868,32],[11949,32],[11989,32],[12129,32],[12176,32],[12218,32],[12644,32],[14094,32],[14748,32],[14790,32],[14879,32],[15085,32],[15251,32],[15488,32],[15741,32],[15784,32],[16190,32],[17263,32],[17513,32]] as const
