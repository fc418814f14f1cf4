// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {LeaseState, Quote, Voucher} from "../../src/interfaces/IEscrow.sol";
import {Ghost, World} from "./World.sol";

/// Acts for everyone, mostly in bad faith: each call is foretold by the model, made, and must do what was foretold,
/// whether that is to succeed or to fail. What a court does is added by those who have one.
abstract contract Handler is World {
    /// How often each function of the contracts succeeded, and failed as foretold.
    mapping(bytes4 selector => uint256) public done;
    mapping(bytes4 selector => uint256) public refused;

    // Ledger

    function deposit(uint256 who, uint256 amount) external {
        address from = account(who);
        amount = amount % (token.balanceOf(from) + 1);
        bool allowed = !listed(from);
        vm.prank(from);
        foretold(allowed, abi.encodeCall(escrow.deposit, (amount)));
        if (allowed) expected[from] += amount;
    }

    function withdraw(uint256 who, uint256 amount) external {
        address from = account(who);
        amount = amount % (expected[from] + 2);
        bool allowed = amount <= expected[from] && !listed(from);
        vm.prank(from);
        foretold(allowed, abi.encodeCall(escrow.withdraw, (from, amount)));
        if (allowed) expected[from] -= amount;
    }

    function moveTo(uint256 who, uint256 whom, uint256 amount) external {
        address from = account(who);
        amount = amount % (expected[from] + 2);
        bool allowed = amount <= expected[from];
        vm.prank(from);
        foretold(allowed, abi.encodeCall(escrow.moveTo, (account(whom), amount)));
        if (!allowed) return;
        expected[from] -= amount;
        expected[account(whom)] += amount;
    }

    function donate(uint256 amount) external {
        amount = amount % 1e18;
        token.transfer(address(escrow), amount);
        donated += amount;
    }

    /// Pays into the court's balance, as no honest client does.
    function stray(uint256 who, uint256 amount) external {
        address from = account(who);
        amount = amount % 1e18;
        bool allowed = amount <= expected[from];
        vm.prank(from);
        foretold(allowed, abi.encodeCall(escrow.moveTo, (judge, amount)));
        if (!allowed) return;
        expected[from] -= amount;
        expected[judge] += amount;
        strayed += amount;
    }

    function setDelegate(uint256 who, uint96 limit, uint256 ahead) external {
        limit = uint96(limit % FUNDS);
        uint256 expiry = vm.getBlockTimestamp() + ahead % 2 days;
        vm.prank(account(who));
        escrow.setDelegate(delegate(who), limit, uint40(expiry));
        limitOf[account(who)] = limit;
        expiryOf[account(who)] = expiry;
    }

    function stealByDelegate(uint256 who, uint256 amount) external {
        // More than it may have itself: a deposit it once posted to challenge a result.
        amount = expected[delegate(who)] + 1 + amount % FUNDS;
        vm.startPrank(delegate(who));
        foretold(false, abi.encodeCall(escrow.withdraw, (delegate(who), amount)));
        foretold(false, abi.encodeCall(escrow.moveTo, (delegate(who), amount)));
        vm.stopPrank();
    }

    // Leases

    /// Opens a lease between two actors; `how` chooses who signs, and now and then a wrong key.
    function open(uint256 seller, uint256 buyer, uint256 seed, uint256 how) external {
        Quote memory q = draw(seller, buyer, seed);
        bool byDelegate = how % 2 == 0;
        bool forDelegate = (how / 2) % 2 == 0;
        uint256 providerKey = byDelegate ? delegateKey(seller) : accountKey(seller);
        uint256 requesterKey = forDelegate ? delegateKey(buyer) : accountKey(buyer);
        bool forged = (how / 4) % 8 == 0;
        if (forged) requesterKey = accountKey(buyer % ACTORS + 1);
        bool allowed = !forged && mayOpen(q, byDelegate, forDelegate);
        foretold(allowed, openCall(q, providerKey, requesterKey));
        if (allowed) remember(q, byDelegate, forDelegate);
    }

    function openCall(Quote memory q, uint256 providerKey, uint256 requesterKey) private view returns (bytes memory) {
        bytes32 name = escrow.hashQuote(q);
        bytes memory requesterSignature = compact(requesterKey, escrow.hashOpen(name));
        return abi.encodeCall(escrow.open, (q, compact(providerKey, name), requesterSignature));
    }

    /// Opens a lease that exists already, by its accounts themselves.
    function openAgain(uint256 which) external virtual {
        if (ghosts.length == 0) return;
        Ghost storage g = ghosts[which % ghosts.length];
        foretold(false, openCall(g.quote, keyOf(g.quote.provider), keyOf(g.quote.requester)));
    }

    function redeem(uint256 which, uint96 cumulative) external {
        if (ghosts.length == 0) return;
        Ghost storage g = ghosts[which % ghosts.length];
        Voucher memory voucher = Voucher(g.name, cumulative, 0, 0);
        bytes memory signature = compact(keyOf(g.quote.voucherSigner), escrow.hashVoucher(voucher));
        foretold(!g.closed, abi.encodeCall(escrow.redeem, (g.quote, voucher, signature)));
        if (g.closed) return;
        uint256 most = cap(g);
        uint256 target = cumulative < most ? cumulative : most;
        if (target <= g.paid) return;
        expected[g.quote.provider] += target - g.paid;
        g.paid = target;
    }

    /// Pays with a voucher that the provider signed for itself.
    function redeemForged(uint256 which, uint96 cumulative) external {
        if (ghosts.length == 0) return;
        Ghost storage g = ghosts[which % ghosts.length];
        Voucher memory voucher = Voucher(g.name, cumulative, 0, 0);
        bytes memory signature = compact(keyOf(g.quote.provider), escrow.hashVoucher(voucher));
        foretold(false, abi.encodeCall(escrow.redeem, (g.quote, voucher, signature)));
    }

    function startClose(uint256 which, uint256 who) external {
        if (ghosts.length == 0) return;
        Ghost storage g = ghosts[which % ghosts.length];
        address[5] memory senders =
            [g.quote.provider, g.quote.resultSigner, g.quote.requester, g.quote.voucherSigner, judge];
        who = who % 5;
        bool byRequester = who == 2 || who == 3;
        uint256 end = vm.getBlockNumber() + (byRequester ? 0 : g.quote.notice);
        bool allowed = !g.closed && who != 4 && (byRequester ? !g.stopped : end < g.endBlock);
        vm.prank(senders[who]);
        foretold(allowed, abi.encodeCall(escrow.startClose, (g.quote)));
        if (!allowed) return;
        if (end < g.endBlock) g.endBlock = end;
        if (!byRequester) return;
        g.stopped = true;
        g.stoppedAfter = vm.getBlockTimestamp() - g.openTime;
    }

    function finalize(uint256 which) external {
        if (ghosts.length == 0) return;
        Ghost storage g = ghosts[which % ghosts.length];
        bool allowed = !g.closed && vm.getBlockNumber() >= g.endBlock + SETTLE;
        uint256[3] memory before = measure(g);
        foretold(allowed, abi.encodeCall(escrow.finalize, (g.quote)));
        if (allowed) settle(g, before, 0);
    }

    function closeCooperative(uint256 which, uint256 paid) external {
        if (ghosts.length == 0) return;
        Ghost storage g = ghosts[which % ghosts.length];
        uint256 most = cap(g);
        paid = paid % (uint256(most) + 2);
        bool allowed = !g.closed && paid >= g.paid && paid <= most;
        uint256[3] memory before = measure(g);
        foretold(allowed, closeCall(g.quote, uint96(paid)));
        if (!allowed) return;
        uint256 rest = paid - g.paid;
        g.paid = paid;
        g.cooperative = true;
        settle(g, before, rest);
    }

    function closeCall(Quote memory q, uint96 paid) private view returns (bytes memory) {
        bytes32 digest = escrow.hashClose(escrow.hashQuote(q), paid);
        bytes memory requesterSignature = compact(keyOf(q.voucherSigner), digest);
        return
            abi.encodeCall(
                escrow.closeCooperative, (q, paid, compact(keyOf(q.resultSigner), digest), requesterSignature)
            );
    }

    /// Plays the court.
    function playCourt(uint256 which, uint256 who) external virtual {
        if (ghosts.length == 0) return;
        Ghost storage g = ghosts[which % ghosts.length];
        vm.startPrank(account(who));
        foretold(false, abi.encodeCall(escrow.adjustDown, (g.name, 1)));
        foretold(false, abi.encodeCall(escrow.seize, (g.quote)));
        vm.stopPrank();
    }

    // Time

    function pass(uint256 seconds_, uint256 blocks_) external {
        vm.warp(vm.getBlockTimestamp() + seconds_ % 200);
        vm.roll(vm.getBlockNumber() + blocks_ % 30);
        rolled();
    }

    /// Goes to the block before or at a lease's first block of finalizing.
    function passToBorder(uint256 which, bool reached) external {
        if (ghosts.length == 0) return;
        uint256 border = ghosts[which % ghosts.length].endBlock + SETTLE - (reached ? 0 : 1);
        rollTo(border);
    }

    function rollTo(uint256 border) internal {
        if (border > vm.getBlockNumber()) vm.roll(border);
        rolled();
    }

    /// Called whenever blocks have passed.
    function rolled() internal virtual {}

    /// Lets anyone close everything, and everyone take everything; returns what stays behind in the escrow.
    function leave() external returns (uint256) {
        for (uint256 i = 0; i < ghosts.length; i++) {
            Ghost storage g = ghosts[i];
            uint256 latest = g.openBlock + g.quote.blocks + SETTLE;
            rollTo(latest);
            if (!g.closed) escrow.finalize(g.quote);
        }
        adjourn();
        for (uint256 i = 0; i < ACTORS; i++) {
            takeAll(account(i));
            takeAll(delegate(i));
        }
        return token.balanceOf(address(escrow));
    }

    /// Lets anyone bring the court to its end.
    function adjourn() internal virtual;

    /// Whom the token refuses sends it elsewhere.
    function takeAll(address from) private {
        uint256 balance = escrow.balanceOf(from);
        address to = listed(from) ? ELSEWHERE : from;
        vm.prank(from);
        escrow.withdraw(to, balance);
    }

    // Model

    function draw(uint256 seller, uint256 buyer, uint256 seed) private view returns (Quote memory q) {
        q.provider = account(seller);
        q.requester = account(buyer);
        q.resultSigner = delegate(seller);
        q.voucherSigner = delegate(buyer);
        q.rate = uint128(part(seed, 1) % 1e30);
        q.startFee = uint96(part(seed, 2) % 2e18);
        q.deposit = uint96(part(seed, 3) % 150e18);
        q.bond = uint96(part(seed, 4) % 60e18);
        q.resultBond = uint96(part(seed, 5) % 60e18);
        q.slotPenalty = uint96(part(seed, 6) % 10e18);
        q.openBefore = uint40(vm.getBlockTimestamp() + part(seed, 7) % 20);
        q.blocks = uint32(part(seed, 8) % 100);
        q.notice = uint32(part(seed, 9) % 50);
        q.prepay = uint32(part(seed, 10) % 30);
        q.salt = bytes32(seed);
    }

    function part(uint256 seed, uint256 i) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, i)));
    }

    function mayOpen(Quote memory q, bool byDelegate, bool forDelegate) private view returns (bool) {
        if (vm.getBlockTimestamp() >= q.openBefore || q.blocks == 0 || q.provider == q.requester) return false;
        for (uint256 i = 0; i < ghosts.length; i++) {
            if (ghosts[i].name == escrow.hashQuote(q)) return false;
        }
        uint256 bonds = uint256(q.bond) + q.resultBond;
        if (expected[q.provider] < bonds || expected[q.requester] < q.deposit) return false;
        return (!byDelegate || mayLock(q.provider, bonds)) && (!forDelegate || mayLock(q.requester, q.deposit));
    }

    function mayLock(address who, uint256 amount) private view returns (bool) {
        return vm.getBlockTimestamp() < expiryOf[who] && inUseOf[who] + amount <= limitOf[who];
    }

    function remember(Quote memory q, bool byDelegate, bool forDelegate) private {
        Ghost storage g = ghosts.push();
        (g.quote, g.name) = (q, escrow.hashQuote(q));
        (g.providerCharged, g.requesterCharged) = (byDelegate, forDelegate);
        (g.openTime, g.openBlock) = (vm.getBlockTimestamp(), vm.getBlockNumber());
        g.endBlock = g.openBlock + q.blocks;
        uint256 bonds = uint256(q.bond) + q.resultBond;
        expected[q.provider] -= bonds;
        expected[q.requester] -= q.deposit;
        if (byDelegate) inUseOf[q.provider] += bonds;
        if (forDelegate) inUseOf[q.requester] += q.deposit;
    }

    /// Balances that closing a lease changes.
    function measure(Ghost storage g) private view returns (uint256[3] memory) {
        return [escrow.balanceOf(g.quote.provider), escrow.balanceOf(g.quote.requester), escrow.balanceOf(BURN)];
    }

    /// Takes over what closing really paid, and what it should have done to the balances.
    function settle(Ghost storage g, uint256[3] memory before, uint256 rest) private {
        uint256[3] memory now_ = measure(g);
        uint256 penalty = g.down * g.quote.slotPenalty;
        if (penalty > g.quote.bond) penalty = g.quote.bond;
        g.refund = g.quote.deposit - g.paid;
        g.bondsBack = now_[0] - before[0] - rest;
        g.toRequester = now_[1] - before[1] - g.refund;
        g.toBurn = now_[2] - before[2];
        uint256 back = uint256(g.quote.bond) + (g.seized ? 0 : g.quote.resultBond) - penalty;
        expected[g.quote.provider] += back + rest;
        expected[g.quote.requester] += g.refund + penalty / 2;
        expected[BURN] += penalty - penalty / 2;
        if (g.providerCharged) inUseOf[g.quote.provider] -= back;
        if (g.requesterCharged) inUseOf[g.quote.requester] -= g.refund;
        g.closed = true;
        g.closeBlock = vm.getBlockNumber();
        g.stateAtClose = fingerprint(g.name);
    }

    /// All of a closed lease but the clock, which runs on where nobody stopped it.
    function fingerprint(bytes32 name) public view returns (bytes32) {
        LeaseState memory state = escrow.leaseState(name);
        state.elapsed = 0;
        return keccak256(abi.encode(state));
    }

    function foretold(bool success, bytes memory call) internal {
        foretoldAt(success, address(escrow), call);
    }

    function foretoldAt(bool success, address target, bytes memory call) internal {
        (bool succeeded, bytes memory why) = target.call(call);
        (succeeded ? done : refused)[bytes4(call)]++;
        if (succeeded == success) return;
        if (succeeded) revert("succeeded against the model");
        assembly {
            revert(add(why, 0x20), mload(why))
        }
    }
}
