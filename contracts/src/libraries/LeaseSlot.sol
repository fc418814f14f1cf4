// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// One lease in one storage word; never zero once opened, since no lease opens in block 0.
type LeaseWord is uint256;

/// The unpacked word.
struct Lease {
    /// Base units paid to the provider.
    uint96 paid;
    /// Unix seconds of the opening; once `stopped`, seconds that the lease lasted.
    uint40 clock;
    uint40 openBlock;
    /// First block that no longer belongs to the lease.
    uint40 endBlock;
    uint24 downSlots;
    bool stopped;
    bool seized;
    bool providerCharged;
    bool requesterCharged;
    bool closed;
}

using {unpack, opened} for LeaseWord global;
using {pack, elapsed} for Lease global;

uint256 constant CLOCK_AT = 96;
uint256 constant OPEN_AT = 136;
uint256 constant END_AT = 176;
uint256 constant DOWN_AT = 216;
uint256 constant STOPPED = 1 << 240;
uint256 constant SEIZED = 1 << 241;
uint256 constant PROVIDER_CHARGED = 1 << 242;
uint256 constant REQUESTER_CHARGED = 1 << 243;
uint256 constant CLOSED = 1 << 244;

function opened(LeaseWord word) pure returns (bool) {
    return LeaseWord.unwrap(word) != 0;
}

function unpack(LeaseWord packed) pure returns (Lease memory lease) {
    uint256 word = LeaseWord.unwrap(packed);
    lease.paid = uint96(word);
    lease.clock = uint40(word >> CLOCK_AT);
    lease.openBlock = uint40(word >> OPEN_AT);
    lease.endBlock = uint40(word >> END_AT);
    lease.downSlots = uint24(word >> DOWN_AT);
    lease.stopped = word & STOPPED != 0;
    lease.seized = word & SEIZED != 0;
    lease.providerCharged = word & PROVIDER_CHARGED != 0;
    lease.requesterCharged = word & REQUESTER_CHARGED != 0;
    lease.closed = word & CLOSED != 0;
}

function pack(Lease memory lease) pure returns (LeaseWord) {
    uint256 word = uint256(lease.paid) | uint256(lease.clock) << CLOCK_AT | uint256(lease.openBlock) << OPEN_AT
        | uint256(lease.endBlock) << END_AT | uint256(lease.downSlots) << DOWN_AT;
    if (lease.stopped) word |= STOPPED;
    if (lease.seized) word |= SEIZED;
    if (lease.providerCharged) word |= PROVIDER_CHARGED;
    if (lease.requesterCharged) word |= REQUESTER_CHARGED;
    if (lease.closed) word |= CLOSED;
    return LeaseWord.wrap(word);
}

/// Seconds the lease has lasted for the pay cap. Time after the end counts until the requester's side stops the clock:
/// the chain does not know when a block of the past was made.
function elapsed(Lease memory lease) view returns (uint256) {
    return lease.stopped ? lease.clock : block.timestamp - lease.clock;
}
