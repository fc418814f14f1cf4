// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Merkle trees over the results of a batch
/// @dev SHA-256, with one byte before leaves (0) and nodes (1); an odd node moves up unchanged. The same tree as
/// docs/PROTOCOL.md, "Receipts".
library Results {
    /// Leaves of one batch.
    uint256 internal constant MOST_LEAVES = 1024;

    function leaf(bytes32 lease, bytes32 task, bytes32 output) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0), lease, task, output));
    }

    /// Returns the root that `path` leads to from the node at `index` of `size` leaves, and whether the path has
    /// exactly the nodes it needs.
    function root(bytes32 node, uint256 index, uint256 size, bytes32[] calldata path)
        internal
        pure
        returns (bytes32, bool)
    {
        if (size > MOST_LEAVES || index >= size) return (0, false);
        uint256 used = 0;
        for (; size > 1; size = (size + 1) / 2) {
            if (index ^ 1 < size) {
                if (used == path.length) return (0, false);
                bytes32 sibling = path[used++];
                node = index & 1 == 0 ? _parent(node, sibling) : _parent(sibling, node);
            }
            index >>= 1;
        }
        return (node, used == path.length);
    }

    function _parent(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(uint8(1)), left, right));
    }
}
