// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// What the chain remembers of a lease, in one word:
///   bits   0..95   paid: base units paid to the provider
///   bits  96..135  clock: unix seconds of the opening; once stopped, seconds that the lease lasted
///   bits 136..175  openBlock
///   bits 176..215  endBlock: first block that no longer belongs to the lease
///   bits 216..239  downSlots
///   bits 240..244  flags, as below
/// Never zero once opened, since no lease opens in block 0.
type Lease is uint256;

using {
    opened,
    paid,
    openBlock,
    endBlock,
    downSlots,
    elapsed,
    has,
    withPaid,
    withStoppedClock,
    withEndBlock,
    withDownSlots,
    withFlag
} for Lease global;

// The requester's side stopped the clock.
uint256 constant STOPPED = 1 << 240;
// The court has the result bond.
uint256 constant SEIZED = 1 << 241;
// The bonds count against the provider's delegate.
uint256 constant PROVIDER_CHARGED = 1 << 242;
// The deposit counts against the requester's delegate.
uint256 constant REQUESTER_CHARGED = 1 << 243;
// Settled for good.
uint256 constant CLOSED = 1 << 244;

uint256 constant CLOCK_AT = 96;
uint256 constant OPEN_AT = 136;
uint256 constant END_AT = 176;
uint256 constant DOWN_AT = 216;

/// Returns a lease that opens now and ends at `end`; a `flag` that does not hold is passed as 0.
function openedNow(uint40 end, uint256 flags) view returns (Lease) {
    return Lease.wrap(
        uint256(uint40(block.timestamp)) << CLOCK_AT | uint256(uint40(block.number)) << OPEN_AT | uint256(end) << END_AT
            | flags
    );
}

function opened(Lease lease) pure returns (bool) {
    return Lease.unwrap(lease) != 0;
}

function paid(Lease lease) pure returns (uint96) {
    return uint96(Lease.unwrap(lease));
}

function openBlock(Lease lease) pure returns (uint40) {
    return uint40(Lease.unwrap(lease) >> OPEN_AT);
}

function endBlock(Lease lease) pure returns (uint40) {
    return uint40(Lease.unwrap(lease) >> END_AT);
}

function downSlots(Lease lease) pure returns (uint24) {
    return uint24(Lease.unwrap(lease) >> DOWN_AT);
}

/// Seconds the lease has lasted for the pay cap. Time after the end counts until the requester's side stops the clock:
/// the chain does not know when a block of the past was made.
function elapsed(Lease lease) view returns (uint256) {
    uint256 clock = uint40(Lease.unwrap(lease) >> CLOCK_AT);
    return lease.has(STOPPED) ? clock : block.timestamp - clock;
}

function has(Lease lease, uint256 flag) pure returns (bool) {
    return Lease.unwrap(lease) & flag != 0;
}

function withPaid(Lease lease, uint96 value) pure returns (Lease) {
    return _with(lease, 0, type(uint96).max, value);
}

function withStoppedClock(Lease lease) view returns (Lease) {
    return _with(lease, CLOCK_AT, type(uint40).max, lease.elapsed()).withFlag(STOPPED);
}

function withEndBlock(Lease lease, uint40 value) pure returns (Lease) {
    return _with(lease, END_AT, type(uint40).max, value);
}

function withDownSlots(Lease lease, uint24 value) pure returns (Lease) {
    return _with(lease, DOWN_AT, type(uint24).max, value);
}

function withFlag(Lease lease, uint256 flag) pure returns (Lease) {
    return Lease.wrap(Lease.unwrap(lease) | flag);
}

/// Replaces the bits of `mask`, `shift` bits from the right, by `value`, which must fit the mask.
function _with(Lease lease, uint256 shift, uint256 mask, uint256 value) pure returns (Lease) {
    return Lease.wrap(Lease.unwrap(lease) & ~(mask << shift) | value << shift);
}
