// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Hashes of past blocks
library History {
    /// The system contract that keeps the hashes of the last 8,191 blocks (EIP-2935).
    address internal constant STORE = 0x0000F90827F1C53a10cb7A02335B175320002935;

    /// Returns the hash of a past block, or zero where the chain does not give it.
    function hashOf(uint256 blockNumber) internal view returns (bytes32 hash) {
        hash = blockhash(blockNumber);
        if (hash != 0) return hash;
        assembly ("memory-safe") {
            mstore(0, blockNumber)
            let success := staticcall(gas(), STORE, 0, 0x20, 0, 0x20)
            if and(success, eq(returndatasize(), 0x20)) { hash := mload(0) }
        }
    }
}
