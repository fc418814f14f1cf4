// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IEscrow, Quote, Voucher} from "../interfaces/IEscrow.sol";

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

    /// Every member is a word of its own, so the encoding of the struct is its calldata. Words with bits beyond their
    /// type are refused here, all at once: reading a member later would refuse them too, but some are first read when
    /// the lease closes, and a lease that cannot close must not open.
    function hash(Quote calldata quote) internal pure returns (bytes32 digest) {
        bytes32 typeHash = QUOTE;
        uint256 excess;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            let words := add(free, 0x20)
            calldatacopy(words, quote, 0x200)
            // provider, requester, resultSigner, voucherSigner
            let sum :=
                or(or(mload(words), mload(add(words, 0x20))), or(mload(add(words, 0x40)), mload(add(words, 0x60))))
            excess := shr(160, sum)
            // rate
            excess := or(excess, shr(128, mload(add(words, 0x80))))
            // startFee, deposit, bond, resultBond, slotPenalty
            sum := or(or(mload(add(words, 0xa0)), mload(add(words, 0xc0))), mload(add(words, 0xe0)))
            sum := or(sum, or(mload(add(words, 0x100)), mload(add(words, 0x120))))
            excess := or(excess, shr(96, sum))
            // openBefore
            excess := or(excess, shr(40, mload(add(words, 0x140))))
            // blocks, notice, prepay
            sum := or(or(mload(add(words, 0x160)), mload(add(words, 0x180))), mload(add(words, 0x1a0)))
            excess := or(excess, shr(32, sum))
            digest := keccak256(free, 0x220)
        }
        if (excess != 0) revert IEscrow.MalformedQuote();
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
