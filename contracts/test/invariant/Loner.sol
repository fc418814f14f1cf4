// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ballot, ResultProof, SeatVote} from "../../src/interfaces/ICourt.sol";
import {Quote, Status, Voucher} from "../../src/interfaces/IEscrow.sol";
import {CourtWorld} from "./CourtWorld.sol";

/// One party against everyone: it has its account, its delegate and a watcher, sells to the honest party in one lease
/// and buys from it in another, and calls what it likes. The others signed what honest parties sign, and do nothing. A
/// thief has the honest party's delegate besides.
contract Loner is CourtWorld {
    uint256 private constant LONER = 0;
    uint256 private constant HONEST = 1;
    /// What the honest party paid by its newest voucher.
    uint96 public constant PAID = 10e18;
    bytes32 private constant TASK = keccak256("task");
    bytes32 private constant OUTPUT = keccak256("output");

    bool private immutable thief;
    Quote[] private quotes;
    uint256[ACTORS] private atFirst;

    constructor(bool thief_) {
        thief = thief_;
        for (uint256 i = 0; i < ACTORS; i++) {
            atFirst[i] = wealth(i);
        }
        vm.warp(vm.getBlockTimestamp() + 1);
        openBoth(LONER, HONEST, 1);
        openBoth(HONEST, LONER, 2);
    }

    // What it calls, whether it succeeds or not

    function money(uint256 kind, uint256 amount) external {
        amount = amount % (2 * FUNDS);
        address to = kind / 4 % 2 == 0 ? delegate(LONER) : account(LONER);
        bytes[4] memory calls = [
            abi.encodeCall(escrow.deposit, (amount)),
            abi.encodeCall(escrow.withdraw, (to, amount)),
            abi.encodeCall(escrow.moveTo, (to, amount)),
            abi.encodeCall(escrow.setDelegate, (delegate(LONER), uint96(amount), type(uint40).max))
        ];
        attempt(address(escrow), calls[kind % 4], kind);
    }

    /// Opens a lease with itself, or, as a thief, between itself and the honest party.
    function openOwn(uint256 kind, uint256 seed) external {
        Quote memory q = drawOwn(seed);
        (q.provider, q.resultSigner) = (account(LONER), delegate(LONER));
        (q.requester, q.voucherSigner) = (delegate(LONER), account(LONER));
        if (thief && kind % 3 == 1) (q.requester, q.voucherSigner) = (account(HONEST), delegate(HONEST));
        if (thief && kind % 3 == 2) {
            (q.provider, q.resultSigner) = (account(HONEST), delegate(HONEST));
            (q.requester, q.voucherSigner) = (account(LONER), delegate(LONER));
        }
        bytes32 name = escrow.hashQuote(q);
        bytes memory call = abi.encodeCall(
            escrow.open, (q, signedBy(q.resultSigner, name), signedBy(q.voucherSigner, escrow.hashOpen(name)))
        );
        if (attempt(address(escrow), call, kind)) quotes.push(q);
    }

    function openAgain(uint256 which) external override {
        Quote memory q = quotes[which % quotes.length];
        bytes32 name = escrow.hashQuote(q);
        bytes memory provider = signedBy(q.resultSigner, name);
        attempt(
            address(escrow),
            abi.encodeCall(escrow.open, (q, provider, signedBy(q.voucherSigner, escrow.hashOpen(name)))),
            0
        );
    }

    /// The honest party's vouchers are those that it signed; its own may say anything.
    function redeemOwn(uint256 which, uint96 cumulative, uint256 from, uint256 length) external {
        Quote memory q = quotes[which % quotes.length];
        if (which % quotes.length == 0) cumulative = cumulative % (PAID + 1);
        uint256 start = vm.getBlockNumber() - from % 100;
        Voucher memory voucher = Voucher(escrow.hashQuote(q), cumulative, uint40(start), uint40(start + length % 100));
        bytes memory signature = signedBy(q.voucherSigner, escrow.hashVoucher(voucher));
        attempt(address(escrow), abi.encodeCall(escrow.redeem, (q, voucher, signature)), from);
        uint256 epoch = start / EPOCH;
        attempt(judge, abi.encodeCall(court.refuteDowntime, (q, epoch, voucher, signature)), from);
        // And one that it signs itself, whose key it has not.
        bytes memory forged = signedBy(delegate(LONER), escrow.hashVoucher(voucher));
        if (which % quotes.length == 0) {
            attempt(address(escrow), abi.encodeCall(escrow.redeem, (q, voucher, forged)), 0);
        }
    }

    function end(uint256 which, uint256 kind, uint96 paid) external {
        Quote memory q = quotes[which % quotes.length];
        attempt(address(escrow), abi.encodeCall(escrow.startClose, (q)), kind);
        attempt(address(escrow), abi.encodeCall(escrow.finalize, (q)), kind);
        // The honest party agrees to close at what it paid, or at what it was paid, which is nothing.
        if (which % quotes.length == 0) paid = PAID;
        if (kind % 4 == 0) return;
        bytes32 digest = escrow.hashClose(escrow.hashQuote(q), paid);
        bytes memory provider = signedBy(q.resultSigner, digest);
        bytes memory call =
            abi.encodeCall(escrow.closeCooperative, (q, paid, provider, signedBy(q.voucherSigner, digest)));
        attempt(address(escrow), call, kind);
    }

    function litigate(uint256 which, uint256 kind, bytes32 verdict) external {
        Quote memory q = quotes[which % quotes.length];
        bytes32 name = escrow.hashQuote(q);
        bytes32 leaf = sha256(abi.encodePacked(bytes1(0), name, TASK, OUTPUT));
        bytes memory signature = signedBy(q.resultSigner, escrow.hashResultBatch(name, leaf));
        ResultProof memory proof = ResultProof(0, 1, new bytes32[](0), signature);
        attempt(judge, abi.encodeCall(court.challenge, (q, TASK, OUTPUT, proof)), kind);
        attempt(judge, abi.encodeCall(court.lapse, (q, TASK, OUTPUT)), kind);
        Ballot[] memory ballots = ballotsOn(court.disputeSubject(name, TASK, OUTPUT), verdict);
        attempt(judge, abi.encodeCall(court.resolve, (q, TASK, OUTPUT, verdict, ballots)), kind);
    }

    /// Calls down whoever it can, with the seats it has.
    function accuse(uint256 which, uint256 back, uint16 down) external {
        uint256 epoch = vm.getBlockNumber() / EPOCH - 1 - back % 2;
        Quote memory q = quotes[which % quotes.length];
        attempt(judge, abi.encodeCall(court.reportDowntime, (q, epoch, votesOn(q.resultSigner, epoch, down))), back);
        address key = watcher(which);
        attempt(judge, abi.encodeCall(court.evict, (key, epoch, votesOn(key, epoch, 0xffff))), back);
    }

    function watch(uint256 kind, bytes32 subject) external {
        bytes memory one = compact(watcherKey(LONER), court.hashVote(subject, bytes32(uint256(1))));
        bytes memory two = compact(watcherKey(LONER), court.hashVote(subject, bytes32(uint256(2))));
        bytes memory consent = compact(watcherKey(LONER), court.hashEnrol(account(LONER)));
        if (kind % 8 == 0) {
            attempt(
                judge, abi.encodeCall(court.slash, (subject, bytes32(uint256(1)), one, bytes32(uint256(2)), two)), kind
            );
        }
        attempt(judge, abi.encodeCall(court.enrol, (watcher(LONER), consent)), 0);
        attempt(judge, abi.encodeCall(court.leave, (watcher(kind), account(LONER))), 0);
        attempt(judge, abi.encodeCall(court.slash, (subject, bytes32(uint256(1)), one, bytes32(uint256(1)), one)), kind);
    }

    function playCourt(uint256 which, uint256 kind) external override {
        Quote memory q = quotes[which % quotes.length];
        attempt(address(escrow), abi.encodeCall(escrow.seize, (q)), kind);
        attempt(address(escrow), abi.encodeCall(escrow.adjustDown, (escrow.hashQuote(q), 1)), kind);
    }

    function wait(uint256 seconds_, uint256 blocks_) external {
        vm.warp(vm.getBlockTimestamp() + seconds_ % 300);
        rollTo(vm.getBlockNumber() + blocks_ % 40);
    }

    // What the invariants ask

    /// What an actor can spend: tokens and balances of its account and its delegate.
    function spendable(uint256 who) public view returns (uint256 sum) {
        address[2] memory owners = [account(who), delegate(who)];
        for (uint256 i = 0; i < 2; i++) {
            sum += token.balanceOf(owners[i]) + escrow.balanceOf(owners[i]);
        }
    }

    function wealth(uint256 who) public view returns (uint256 sum) {
        sum = spendable(who);
        for (uint256 i = 0; i < WATCHERS; i++) {
            if (court.watcherOf(watcher(i)).account == account(who)) sum += STAKE;
        }
    }

    function first(uint256 who) external view returns (uint256) {
        return atFirst[who];
    }

    /// Anyone ends what is left.
    function adjourn() internal override {
        for (uint256 i = 0; i < quotes.length; i++) {
            rollTo(vm.getBlockNumber() + quotes[i].blocks + SETTLE + VERDICT);
            bytes32 name = escrow.hashQuote(quotes[i]);
            if (escrow.leaseState(name).status != Status.Closed) escrow.finalize(quotes[i]);
            (bool lapsed,) = judge.call(abi.encodeCall(court.lapse, (quotes[i], TASK, OUTPUT)));
            lapsed;
        }
    }

    function finish() external {
        adjourn();
    }

    // Helpers

    /// Its account, or its delegate, calls; nobody foretells what comes of it.
    function attempt(address target, bytes memory call, uint256 kind) private returns (bool success) {
        vm.prank(kind % 2 == 0 ? account(LONER) : delegate(LONER));
        (success,) = target.call(call);
        if (success) done[bytes4(call)]++;
    }

    function openBoth(uint256 seller, uint256 buyer, uint256 salt) private {
        Quote memory q = drawOwn(salt);
        (q.provider, q.resultSigner) = (account(seller), delegate(seller));
        (q.requester, q.voucherSigner) = (account(buyer), delegate(buyer));
        (q.rate, q.deposit, q.resultBond, q.blocks) = (1e29, 40e18, 20e18, 100);
        bytes32 name = escrow.hashQuote(q);
        escrow.open(q, signedBy(q.provider, name), signedBy(q.requester, escrow.hashOpen(name)));
        quotes.push(q);
    }

    function drawOwn(uint256 seed) private view returns (Quote memory q) {
        (q.rate, q.startFee) = (uint128(part(seed, 1) % 1e30), uint96(part(seed, 2) % 2e18));
        (q.deposit, q.bond) = (uint96(part(seed, 3) % 150e18), uint96(part(seed, 4) % 60e18));
        (q.resultBond, q.slotPenalty) = (uint96(part(seed, 5) % 60e18), uint96(part(seed, 6) % 10e18));
        (q.blocks, q.notice) = (uint32(1 + part(seed, 7) % 100), uint32(part(seed, 8) % 50));
        (q.openBefore, q.salt) = (type(uint40).max, bytes32(seed));
    }

    function signedBy(address who, bytes32 digest) private pure returns (bytes memory) {
        return compact(keyOf(who), digest);
    }

    /// Its seats, unless there are enough of them to decide: that limit is stated, not held.
    function mySeats(uint256 term, bytes32 seed, bytes32 subject) private view returns (uint256[] memory seats) {
        seats = new uint256[](SEATS);
        uint256 count;
        address[] memory keys = court.table(term);
        for (uint256 i = 0; i < SEATS && keys.length != 0; i++) {
            address key = keys[uint256(keccak256(abi.encode(seed, subject, i))) % keys.length];
            if (key == watcher(LONER)) seats[count++] = i;
        }
        if (count >= QUORUM) count = 0;
        assembly {
            mstore(seats, count)
        }
    }

    function ballotsOn(bytes32 subject, bytes32 verdict) private view returns (Ballot[] memory ballots) {
        uint256 seedBlock = court.disputeOf(subject).openedBlock + LAG;
        uint256[] memory seats = mySeats(seedBlock / TERM, blockhash(seedBlock), subject);
        ballots = new Ballot[](seats.length);
        for (uint256 i = 0; i < seats.length; i++) {
            (bytes32 r, bytes32 vs) = vm.signCompact(watcherKey(LONER), court.hashVote(subject, verdict));
            ballots[i] = Ballot(uint8(seats[i]), r, vs);
        }
    }

    function votesOn(address key, uint256 epoch, uint16 down) private view returns (SeatVote[] memory votes) {
        bytes32 subject = keccak256(abi.encode(key, epoch));
        uint256[] memory seats = mySeats(epoch / 2, blockhash(epoch * EPOCH - LAG), subject);
        votes = new SeatVote[](seats.length);
        uint32 maps = uint32(down) << 16;
        for (uint256 i = 0; i < seats.length; i++) {
            (bytes32 r, bytes32 vs) = vm.signCompact(watcherKey(LONER), court.hashVote(subject, bytes32(uint256(maps))));
            votes[i] = SeatVote(uint8(seats[i]), maps, r, vs);
        }
    }
}
