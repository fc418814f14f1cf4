// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {History} from "../src/libraries/History.sol";
import {Results} from "../src/libraries/Results.sol";
import {Slots, Tally} from "../src/libraries/Slots.sol";
import {HistoryStore} from "./support/HistoryStore.sol";
import {Trees} from "./support/Trees.sol";
import {Vm} from "./support/Vm.sol";

/// What the court computes, against what anyone would write without thinking of gas.
contract LibrariesTest {
    Vm private constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

    // Slots

    function testFuzz_aSlotIsInsideWithAllItsBlocks(uint16 start, uint8 length, uint16 from, uint16 to) public pure {
        uint256 slotBlocks = uint256(length) % 5 + 1;
        // Mostly near the epoch: it has at most 80 blocks.
        uint256 first = uint256(start) + from % 120;
        uint256 end = uint256(start) + to % 120;
        first = first < 20 ? 0 : first - 20;
        uint16 expected = 0;
        for (uint256 slot = 0; slot < 16; slot++) {
            bool all = true;
            for (uint256 i = 0; i < slotBlocks; i++) {
                uint256 blockNumber = start + slot * slotBlocks + i;
                all = all && blockNumber >= first && blockNumber < end;
            }
            if (all) expected |= uint16(1 << slot);
        }
        vm.assertEq(Slots.inside(start, slotBlocks, first, end), expected, "inside");
    }

    function testFuzz_extremeRangesAreFine(uint64 start, uint40 from, uint40 to) public pure {
        vm.assertEq(Slots.inside(start, 112, 0, type(uint128).max), Slots.ALL, "all");
        vm.assertEq(Slots.inside(start, 112, from, 0), 0, "none");
        uint16 left = Slots.inside(start, 112, from, to);
        vm.assertEq(left & Slots.inside(start, 112, 0, from), 0, "before is apart");
        vm.assertEq(left & Slots.inside(start, 112, to, type(uint40).max), 0, "after is apart");
    }

    function test_everyMapIsCounted() public pure {
        for (uint256 map = 0; map <= 0xffff; map += map < 256 ? 1 : 251) {
            uint256 bits = 0;
            for (uint256 rest = map; rest != 0; rest >>= 1) {
                bits += rest & 1;
            }
            if (Slots.count(uint16(map)) != bits) revert("count");
        }
        vm.assertEq(Slots.count(Slots.ALL), 16, "all");
    }

    function testFuzz_aTallyCountsBySlot(uint16[15] memory maps, uint8 votes) public pure {
        Tally memory tally;
        uint256[16] memory counts;
        for (uint256 i = 0; i < votes % 16; i++) {
            tally.add(maps[i]);
            for (uint256 slot = 0; slot < 16; slot++) {
                counts[slot] += maps[i] >> slot & 1;
            }
        }
        for (uint256 quorum = 1; quorum <= 15; quorum++) {
            uint16 expected = 0;
            for (uint256 slot = 0; slot < 16; slot++) {
                if (counts[slot] >= quorum) expected |= uint16(1 << slot);
            }
            vm.assertEq(tally.reaching(quorum), expected, "reaching");
        }
    }

    function test_aTallyHoldsFifteenEverywhere() public pure {
        Tally memory tally;
        for (uint256 i = 1; i <= 15; i++) {
            tally.add(Slots.ALL);
            vm.assertEq(tally.reaching(i), Slots.ALL, "reached");
            if (i < 15) vm.assertEq(tally.reaching(i + 1), 0, "not yet");
        }
    }

    // Results

    function root(bytes32 node, uint256 index, uint256 size, bytes32[] calldata path)
        external
        pure
        returns (bytes32, bool)
    {
        return Results.root(node, index, size, path);
    }

    function leavesOf(uint256 size, uint256 salt) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](size);
        for (uint256 i = 0; i < size; i++) {
            leaves[i] = Results.leaf(bytes32(salt), bytes32(i), keccak256(abi.encode(salt, i)));
        }
    }

    function proves(bytes32[] memory leaves, uint256 index) private view {
        bytes32[] memory path = Trees.path(leaves, index);
        (bytes32 found, bool exact) = this.root(leaves[index], index, leaves.length, path);
        vm.assertTrue(exact, "exact");
        vm.assertEq(found, Trees.root(leaves), "root");
    }

    function test_treesOfAnySmallSize() public view {
        for (uint256 size = 1; size <= 40; size++) {
            bytes32[] memory leaves = leavesOf(size, size);
            for (uint256 index = 0; index < size; index++) {
                proves(leaves, index);
            }
        }
    }

    function test_theLargestTreesHave1024Leaves() public view {
        bytes32[] memory leaves = leavesOf(1_024, 1);
        uint256[4] memory indexes = [uint256(0), 511, 777, 1_023];
        for (uint256 i = 0; i < 4; i++) {
            proves(leaves, indexes[i]);
        }
        leaves = leavesOf(1_023, 1);
        proves(leaves, 1_022);
        proves(leaves, 1_021);
        bytes32[] memory path = new bytes32[](11);
        for (uint256 length = 0; length <= 11; length++) {
            assembly {
                mstore(path, length)
            }
            (, bool exact) = this.root(0, 0, 1_025, path);
            vm.assertFalse(exact, "too many leaves");
        }
    }

    function testFuzz_aPathOfAnotherLengthOrPlaceProvesNothing(uint256 salt, uint8 size_, uint8 index_) public view {
        uint256 size = uint256(size_) % 40 + 1;
        uint256 index = index_ % size;
        bytes32[] memory leaves = leavesOf(size, salt);
        bytes32[] memory path = Trees.path(leaves, index);
        bytes32[] memory longer = new bytes32[](path.length + 1);
        for (uint256 i = 0; i < path.length; i++) {
            longer[i] = path[i];
        }
        refuses(leaves, leaves[index], index, longer);
        refuses(leaves, leaves[index], index + size, path);
        if (path.length != 0) {
            bytes32 changed = path[salt % path.length];
            path[salt % path.length] = ~changed;
            refuses(leaves, leaves[index], index, path);
            path[salt % path.length] = changed;
            assembly {
                mstore(path, sub(mload(path), 1))
            }
            refuses(leaves, leaves[index], index, path);
        }
        for (uint256 other = 0; other < size; other++) {
            if (other != index) refuses(leaves, leaves[other], index, Trees.path(leaves, index));
        }
    }

    function refuses(bytes32[] memory leaves, bytes32 leaf, uint256 index, bytes32[] memory path) private view {
        (bytes32 found, bool exact) = this.root(leaf, index, leaves.length, path);
        vm.assertFalse(exact && found == Trees.root(leaves), "proved");
    }

    function test_anInnerNodeIsNoLeaf() public pure {
        bytes32[] memory leaves = leavesOf(2, 1);
        vm.assertTrue(Results.leaf(0, leaves[0], leaves[1]) != Trees.root(leaves), "tagged");
        vm.assertEq(Results.leaf(bytes32(0), 0, 0), sha256(new bytes(97)), "leaf");
    }

    // History

    function hashOf(uint256 number) external view returns (bytes32) {
        return History.hashOf(number);
    }

    function test_hashesOfTheLast8191Blocks() public {
        vm.etch(History.STORE, type(HistoryStore).runtimeCode);
        vm.roll(20_000);
        vm.assertEq(this.hashOf(19_999), blockhash(19_999), "the last block");
        vm.assertEq(this.hashOf(19_743), keccak256("19743"), "beyond 256 blocks");
        vm.assertEq(this.hashOf(20_000 - 8_191), keccak256("11809"), "the oldest");
        uint256[4] memory unknown = [uint256(20_000), 20_001, type(uint256).max, 20_000 - 8_192];
        for (uint256 i = 0; i < 4; i++) {
            vm.assertEq(this.hashOf(unknown[i]), 0, "unknown");
        }
    }

    function test_withoutTheStoreThereAre256Hashes() public {
        vm.roll(20_000);
        vm.assertTrue(this.hashOf(19_744) != 0, "known");
        vm.assertEq(this.hashOf(19_743), 0, "no code");
        // Code that answers, but not with one word.
        bytes[3] memory codes = [bytes(hex"00"), hex"601f5ff3", hex"60405ff3"];
        for (uint256 i = 0; i < 3; i++) {
            vm.etch(History.STORE, codes[i]);
            vm.assertEq(this.hashOf(19_743), 0, "another answer");
        }
    }
}
