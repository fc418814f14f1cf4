// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Quote, Voucher} from "../interfaces/IEscrow.sol";

/// @title EIP-712 struct hashes of everything signed under the escrow's domain
/// @dev Held against the TypeScript side by test/golden/eip712.json.
library Digests {
    bytes32 private constant QUOTE = keccak256(
        "Quote(address provider,address requester,address resultSigner,address voucherSigner,uint128 rate,"
        "uint96 startFee,uint96 deposit,uint96 bond,uint96 resultBond,uint96 slotPenalty,uint40 openBefore,"
        "uint32 blocks,uint32 notice,uint32 prepay,bytes32 terms,bytes32 salt)"
    );
    bytes32 private constant OPEN = keccak256("Open(bytes32 lease)");
    bytes32 private constant CLOSE = keccak256("Close(bytes32 lease,uint96 paid)");
    bytes32 private constant VOUCHER =
        keccak256("Voucher(bytes32 lease,uint96 cumulative,uint40 ackFrom,uint40 ackUntil)");
    bytes32 private constant RESULT_BATCH = keccak256("ResultBatch(bytes32 lease,bytes32 root)");

    // Every member is a word of its own, so the encoding of the struct is the encoding of its members; encoding it
    // also refuses words with bits beyond their type.
    function hash(Quote calldata quote) internal pure returns (bytes32) {
        return keccak256(abi.encode(QUOTE, quote));
    }

    function hash(Voucher calldata voucher) internal pure returns (bytes32) {
        return keccak256(abi.encode(VOUCHER, voucher));
    }

    function hashOpen(bytes32 lease) internal pure returns (bytes32) {
        return keccak256(abi.encode(OPEN, lease));
    }

    function hashClose(bytes32 lease, uint96 paid) internal pure returns (bytes32) {
        return keccak256(abi.encode(CLOSE, lease, paid));
    }

    function hashResultBatch(bytes32 lease, bytes32 root) internal pure returns (bytes32) {
        return keccak256(abi.encode(RESULT_BATCH, lease, root));
    }
}
