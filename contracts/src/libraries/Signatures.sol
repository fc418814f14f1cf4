// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title Signatures of keys and of contract accounts
library Signatures {
    /// Length of a compact signature, r and vs (EIP-2098): the only form a key's signature may have.
    uint256 private constant COMPACT_BYTES = 64;

    /// Gas a contract account may spend on judging a signature: a multisig or a passkey with the P-256 precompile
    /// needs less, and whoever relays a batch can lose no more to each account in it.
    uint256 internal constant ERC1271_GAS = 200_000;

    /// Returns the key that signed `digest`, or the zero address for anything but a compact, low-s signature.
    function recover(bytes32 digest, bytes calldata signature) internal pure returns (address signer) {
        if (signature.length != COMPACT_BYTES) return address(0);
        bytes32 r;
        bytes32 vs;
        assembly ("memory-safe") {
            r := calldataload(signature.offset)
            vs := calldataload(add(signature.offset, 0x20))
        }
        (signer,,) = ECDSA.tryRecover(digest, r, vs);
    }

    /// Asks the contract at `account`, within ERC1271_GAS and reading one word of its answer, whether it signed. An
    /// account without code answers nothing, which is no.
    function acceptedBy(address account, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        bytes memory input = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        bool success;
        bytes32 answer;
        uint256 gasCap = ERC1271_GAS;
        assembly ("memory-safe") {
            success := staticcall(gasCap, account, add(input, 0x20), mload(input), 0, 0x20)
            success := and(success, gt(returndatasize(), 0x1f))
            answer := mload(0)
        }
        return success && answer == bytes32(IERC1271.isValidSignature.selector);
    }
}
