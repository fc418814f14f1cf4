// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// Slots of an epoch: as many as a map has bits.
uint256 constant EPOCH_SLOTS = 16;

/// @title Maps of the sixteen slots of an epoch; bit s stands for slot s
library Slots {
    uint16 internal constant ALL = 0xffff;

    /// Returns the slots of the epoch that begins at block `start` which lie wholly inside the blocks [from, to).
    function inside(uint256 start, uint256 slotBlocks, uint256 from, uint256 to) internal pure returns (uint16) {
        uint256 first = from <= start ? 0 : (from - start + slotBlocks - 1) / slotBlocks;
        uint256 last = to <= start ? 0 : (to - start) / slotBlocks;
        if (last > EPOCH_SLOTS) last = EPOCH_SLOTS;
        if (first >= last) return 0;
        return uint16((1 << last) - (1 << first));
    }

    /// Counts the slots of a map: of each two bits, then of each four, of each eight, of all.
    function count(uint16 map) internal pure returns (uint256 slots) {
        slots = (map & 0x5555) + (map >> 1 & 0x5555);
        slots = (slots & 0x3333) + (slots >> 2 & 0x3333);
        slots = (slots & 0x0f0f) + (slots >> 4 & 0x0f0f);
        slots = (slots & 0x00ff) + (slots >> 8);
    }
}

/// Sixteen counters of up to 15 side by side: bit s of plane p is bit p of the counter of slot s.
struct Tally {
    uint16 ones;
    uint16 twos;
    uint16 fours;
    uint16 eights;
}

using {add, reaching} for Tally global;

/// Counts one vote for each slot of the map; at most 15 times.
function add(Tally memory tally, uint16 map) pure {
    uint16 carry = tally.ones & map;
    tally.ones ^= map;
    map = carry;
    carry = tally.twos & map;
    tally.twos ^= map;
    map = carry;
    carry = tally.fours & map;
    tally.fours ^= map;
    tally.eights ^= carry;
}

/// Returns the slots whose counters are at least `quorum`, from 1 to 15: from the highest bit down, a counter that
/// differs from the quorum is greater where it has the bit and the quorum has not.
function reaching(Tally memory tally, uint256 quorum) pure returns (uint16) {
    uint16 greater;
    uint16 equal = Slots.ALL;
    (greater, equal) = _compare(greater, equal, tally.eights, quorum & 8 != 0);
    (greater, equal) = _compare(greater, equal, tally.fours, quorum & 4 != 0);
    (greater, equal) = _compare(greater, equal, tally.twos, quorum & 2 != 0);
    (greater, equal) = _compare(greater, equal, tally.ones, quorum & 1 != 0);
    return greater | equal;
}

function _compare(uint16 greater, uint16 equal, uint16 plane, bool bit) pure returns (uint16, uint16) {
    return bit ? (greater, equal & plane) : (greater | equal & plane, equal & ~plane);
}
