// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// Merkle trees over results as docs/PROTOCOL.md, "Receipts", describes them: level by level, whole.
library Trees {
    function root(bytes32[] memory nodes) internal pure returns (bytes32) {
        while (nodes.length > 1) {
            nodes = above(nodes);
        }
        return nodes[0];
    }

    /// Returns the siblings on the way from a leaf to the root; an odd node at the end of a level has none.
    function path(bytes32[] memory nodes, uint256 index) internal pure returns (bytes32[] memory siblings) {
        for (; nodes.length > 1; nodes = above(nodes)) {
            uint256 sibling = index % 2 == 0 ? index + 1 : index - 1;
            if (sibling < nodes.length) siblings = appended(siblings, nodes[sibling]);
            index /= 2;
        }
    }

    function above(bytes32[] memory nodes) private pure returns (bytes32[] memory level) {
        level = new bytes32[]((nodes.length + 1) / 2);
        for (uint256 i = 0; i < level.length; i++) {
            bool paired = 2 * i + 1 < nodes.length;
            level[i] = paired ? sha256(bytes.concat(hex"01", nodes[2 * i], nodes[2 * i + 1])) : nodes[2 * i];
        }
    }

    function appended(bytes32[] memory list, bytes32 item) private pure returns (bytes32[] memory longer) {
        longer = new bytes32[](list.length + 1);
        for (uint256 i = 0; i < list.length; i++) {
            longer[i] = list[i];
        }
        longer[list.length] = item;
    }
}
