// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICourt} from "./interfaces/ICourt.sol";

/// What the court remembers of a watcher, in one word.
struct Watcher {
    /// Whose stake it is.
    address account;
    /// Newest term in whose table the key was given a place.
    uint32 lastTerm;
    /// Its places in the tables of the last four terms it took part in: that of term t in bits 16 × (t mod 4) and up.
    uint64 places;
}

/// @title Who watches in which term
/// @dev A table takes keys during the second term before its own, so its members are known a whole term ahead and
/// nothing about it can change once its seeds are. Slashing alone writes to a closed table: it empties a place and moves
/// nobody else.
abstract contract Table is ICourt {
    /// Places of one table: an index has 16 bits.
    uint256 private constant MOST_PLACES = 1 << 16;

    /// Terms between the one in which a table is formed and its own.
    uint256 private constant AHEAD = 2;

    mapping(address key => Watcher) internal _watchers;
    mapping(uint256 term => address[]) private _tables;

    function currentTerm() public view virtual returns (uint256);

    function table(uint256 term) external view returns (address[] memory) {
        return _tables[term];
    }

    /// Gives a staked key a place in the table that is being formed.
    function _seat(address key, Watcher memory watcher) internal returns (uint256 place) {
        uint256 term = currentTerm() + AHEAD;
        if (watcher.lastTerm >= term) revert AlreadyEnrolled(key, term);
        address[] storage keys = _tables[term];
        place = keys.length;
        if (place == MOST_PLACES) revert TableFull(term);
        keys.push(key);
        watcher.lastTerm = uint32(term);
        watcher.places = _withPlace(watcher.places, term, place);
        _watchers[key] = watcher;
        emit Enrolled(key, watcher.account, term, place);
    }

    /// Takes a key out of the table that is being formed; the last key takes its place. Does nothing for one that is
    /// not in it. The key's `lastTerm` stays, so that it cannot come back into this table.
    function _unseat(address key) internal returns (uint256 term) {
        term = currentTerm() + AHEAD;
        address[] storage keys = _tables[term];
        uint256 place = _placeOf(_watchers[key].places, term);
        if (place >= keys.length || keys[place] != key) revert NotEnrolled(key);
        address last = keys[keys.length - 1];
        keys[place] = last;
        keys.pop();
        Watcher storage moved = _watchers[last];
        moved.places = _withPlace(moved.places, term, place);
    }

    /// Empties every place from which a key could still vote: tables of the last, this and the next term, and the one
    /// being formed.
    function _empty(address key, uint64 places) internal {
        uint256 newest = currentTerm() + AHEAD;
        for (uint256 term = newest < 3 ? 0 : newest - 3; term <= newest; term++) {
            address[] storage keys = _tables[term];
            uint256 place = _placeOf(places, term);
            if (place < keys.length && keys[place] == key) keys[place] = address(0);
        }
    }

    function _sizeOf(uint256 term) internal view returns (uint256) {
        return _tables[term].length;
    }

    /// Returns who has seat `seat` of `subject`: a place of the table, of `size` places, by lot.
    function _holderOf(uint256 term, uint256 size, bytes32 seed, bytes32 subject, uint256 seat)
        internal
        view
        returns (address)
    {
        return _tables[term][uint256(keccak256(abi.encode(seed, subject, seat))) % size];
    }

    function _placeOf(uint64 places, uint256 term) private pure returns (uint256) {
        return uint16(places >> _shift(term));
    }

    function _withPlace(uint64 places, uint256 term, uint256 place) private pure returns (uint64) {
        uint256 shift = _shift(term);
        return uint64(places & ~(uint256(type(uint16).max) << shift) | place << shift);
    }

    function _shift(uint256 term) private pure returns (uint256) {
        return term % 4 * 16;
    }
}
