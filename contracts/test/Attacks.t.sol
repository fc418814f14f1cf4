// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ballot, DownRecord, ICourt, ResultProof, SeatVote, Stage} from "../src/interfaces/ICourt.sol";
import {IEscrow, Quote, Voucher} from "../src/interfaces/IEscrow.sol";
import {CourtTest} from "./support/CourtTest.sol";
import {RevertingWallet} from "./support/Wallets.sol";

/// Attacks on leases, watchers and juries that someone will try, each under its name.
contract AttacksTest is CourtTest {
    uint256 private constant HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;
    bytes32 private constant SUBJECT = keccak256("subject");

    Quote private q;
    bytes32 private lease;

    function setUp() public override {
        super.setUp();
        q = quote();
        lease = open(q);
    }

    function downSlots() private view returns (uint256) {
        return escrow.leaseState(lease).downSlots;
    }

    // Around the end of a lease

    /// A lease that ends `offset` blocks into the second epoch.
    function short(uint256 offset) private view returns (Quote memory ends) {
        ends = quote(offset);
        (ends.blocks, ends.deposit) = (uint32(16 + offset), 10e18);
    }

    function test_reportAndFinalizeInOneTransaction() public {
        for (uint256 offset = 1; offset <= 16; offset++) {
            open(short(offset));
        }
        uint256 lastReport = endOf(epoch + 1) + rules.reportBlocks - 1;
        vm.roll(lastReport);
        SeatVote[] memory list = votes(resultSigner, epoch + 1, ALL);
        for (uint256 offset = 1; offset <= 16; offset++) {
            vm.assertEq(court.reportDowntime(short(offset), epoch + 1, list), uint16((1 << offset) - 1), "found");
            vm.expectPartialRevert(IEscrow.TooEarly.selector);
            escrow.finalize(short(offset));
        }
        for (uint256 offset = 1; offset <= 16; offset++) {
            uint256 from = startOf(epoch + 1) + offset + 64;
            vm.assertGe(from, lastReport + rules.reportBlocks, "time to refute");
            vm.roll(from);
            vm.expectPartialRevert(ICourt.TooLate.selector);
            court.reportDowntime(short(offset), epoch + 1, list);
            escrow.finalize(short(offset));
        }
    }

    function test_finalizeAtTheFirstBlockAfterTheEnd() public {
        vm.prank(requester);
        escrow.startClose(q);
        vm.roll(vm.getBlockNumber() + 1);
        vm.expectPartialRevert(IEscrow.TooEarly.selector);
        escrow.finalize(q);
    }

    function test_aWatchdogThatClosesAtEachOutage() public {
        vm.roll(startOf(epoch) + 2);
        vm.prank(resultSigner);
        escrow.startClose(q);
        vm.roll(endOf(epoch));
        vm.assertEq(report(q, epoch, 0xfffc), 0xfffc, "the notice is part of the lease");
        vm.roll(endOf(epoch + 1));
        vm.assertEq(report(q, epoch + 1, ALL), ALL, "until 30 blocks later");
        vm.roll(endOf(epoch + 2));
        SeatVote[] memory list = votes(resultSigner, epoch + 2, ALL);
        vm.expectPartialRevert(ICourt.NothingNew.selector);
        court.reportDowntime(q, epoch + 2, list);
    }

    // Vouchers against downtime

    function test_oneLateVoucherRefutesAPastOutage() public {
        vm.roll(endOf(epoch));
        report(q, epoch, 0x01f0);
        vm.assertEq(refute(q, epoch, startOf(epoch) + 9, endOf(epoch)), 0, "served again, after the outage");
        vm.assertEq(downSlots(), 5, "the outage stays");
        vm.assertEq(refute(q, epoch, startOf(epoch), startOf(epoch) + 5), 0x0010, "no more than it says");
        vm.assertEq(downSlots(), 4, "the rest stays");
    }

    function test_killingVouchersByCode() public {
        vm.roll(endOf(epoch));
        report(q, epoch, ALL);
        vm.etch(requester, type(RevertingWallet).runtimeCode);
        vm.etch(voucherSigner, type(RevertingWallet).runtimeCode);
        vm.assertEq(refute(q, epoch, startOf(epoch), endOf(epoch)), ALL, "struck");
    }

    function test_killingVotesAndResultsByCode() public {
        for (uint256 i = 0; i < watchers.length; i++) {
            vm.etch(watchers[i], type(RevertingWallet).runtimeCode);
        }
        vm.etch(resultSigner, type(RevertingWallet).runtimeCode);
        vm.roll(endOf(epoch));
        vm.assertEq(report(q, epoch, ALL), ALL, "votes");
        bytes32 subject = challenge(q);
        vm.roll(vm.getBlockNumber() + 2);
        resolve(q, subject, OTHER_OUTPUT, 8);
        slash(watchers[0], SUBJECT);
    }

    function test_aRevokedDelegateVoidsNoEvidence() public {
        vm.prank(provider);
        escrow.setDelegate(resultSigner, 0, 0);
        vm.prank(requester);
        escrow.setDelegate(voucherSigner, 1, 0);
        vm.roll(endOf(epoch));
        vm.assertEq(report(q, epoch, ALL), ALL, "downtime");
        vm.assertEq(refute(q, epoch, startOf(epoch), endOf(epoch) - 1), ALL >> 1, "vouchers");
        bytes32 subject = challenge(q);
        vm.roll(vm.getBlockNumber() + 2);
        resolve(q, subject, OTHER_OUTPUT, 8);
        close(q, 0);
        vm.assertEq(inUse(provider, resultSigner), 2e18 + 10e18, "what was lost stays in use");
    }

    // Counting

    function test_aHealthySiblingShieldsADeadNode() public {
        Quote memory sibling = quote(1);
        sibling.resultSigner = vm.addr(0x51B);
        bytes32 name = open(opening(sibling, PROVIDER_KEY, VOUCHER_KEY));
        vm.roll(endOf(epoch));
        vm.assertEq(report(q, epoch, ALL), ALL, "the dead one");
        SeatVote[] memory list = votes(resultSigner, epoch, ALL);
        vm.expectPartialRevert(ICourt.NotSeated.selector);
        court.reportDowntime(sibling, epoch, list);
        list = votes(sibling.resultSigner, epoch, 0);
        vm.expectRevert(abi.encodeWithSelector(ICourt.NothingNew.selector, name, epoch));
        court.reportDowntime(sibling, epoch, list);
    }

    function test_theWeakestVotesFirst() public {
        vm.roll(endOf(epoch));
        report(q, epoch, 0x0001);
        vm.assertEq(report(q, epoch, ALL), 0xfffe, "the others still count");
        vm.assertEq(downSlots(), 16, "all");
    }

    function test_reportingSlotBySlot() public {
        vm.roll(endOf(epoch));
        for (uint256 slot = 0; slot < 16; slot++) {
            report(q, epoch, uint16(1 << slot));
            vm.assertEq(downSlots(), slot + 1, "each once");
        }
    }

    function test_theSameSeatTwice() public {
        vm.roll(endOf(epoch));
        SeatVote[] memory list = votes(resultSigner, epoch, ALL, 7);
        SeatVote[] memory padded = new SeatVote[](8);
        for (uint256 i = 0; i < 8; i++) {
            padded[i] = list[i < 7 ? i : 6];
        }
        vm.expectRevert(abi.encodeWithSelector(ICourt.BadSeat.selector, 6));
        court.reportDowntime(q, epoch, padded);
    }

    function test_aRelayerWithholds() public {
        vm.roll(endOf(epoch));
        SeatVote[] memory list = votes(resultSigner, epoch, ALL);
        vm.roll(endOf(epoch) + rules.reportBlocks - 1);
        vm.prank(stranger);
        vm.assertEq(court.reportDowntime(q, epoch, list), ALL, "anyone else sends the same votes");
        bytes32 subject = challenge(q);
        vm.roll(vm.getBlockNumber() + 2);
        Ballot[] memory ballots_ = ballots(subject, OUTPUT, 8);
        vm.prank(stranger);
        court.resolve(q, TASK, OUTPUT, OUTPUT, ballots_);
    }

    function test_highS() public {
        vm.roll(endOf(epoch));
        SeatVote[] memory list = votes(resultSigner, epoch, ALL);
        address holder = watchersOf(resultSigner, epoch)[0];
        for (uint256 parity = 0; parity < 2; parity++) {
            list[0].vs = bytes32(HALF_ORDER + 1 | parity << 255);
            vm.expectRevert(abi.encodeWithSelector(ICourt.NotSeated.selector, 0, holder, address(0)));
            court.reportDowntime(q, epoch, list);
        }
        bytes memory high = abi.encodePacked(list[0].r, HALF_ORDER + 1);
        bytes memory good = compact(secretOf[watchers[0]], court.hashVote(SUBJECT, OUTPUT));
        vm.expectRevert(ICourt.NoEquivocation.selector);
        court.slash(SUBJECT, OUTPUT, good, 0, high);
    }

    // Tables

    function test_aTableGrownAfterTheSeed() public {
        vm.roll(startOf(epoch + 1));
        bytes32 before = keccak256(abi.encode(watchersOf(resultSigner, epoch + 1)));
        for (uint256 i = 0; i < 10; i++) {
            newWatcher();
        }
        vm.assertEq(keccak256(abi.encode(watchersOf(resultSigner, epoch + 1))), before, "seats");
        vm.assertEq(court.table(FIRST_TERM).length, 7, "table");
    }

    /// Even with the longest lag, a key enrols only into tables of which no seed is known.
    function test_grindingKeysForASeat() public {
        rules.lagBlocks = 63;
        found(token, rules, 64, 7);
        // The first block in which anyone knows a seed of the next term.
        vm.roll((FIRST_TERM + 1) * termBlocks - 63 + 1);
        address key = newWatcher();
        uint256 joined = court.watcherOf(key).lastTerm;
        vm.assertEq(joined, FIRST_TERM + 2, "joined");
        vm.assertGe(joined * termBlocks - rules.lagBlocks, vm.getBlockNumber(), "its first seed is yet to come");
        vm.assertEq(court.table(FIRST_TERM + 1).length, 7, "closed");
    }

    function test_emptyTables() public {
        vm.roll((FIRST_TERM + 3) * termBlocks + epochBlocks);
        Quote memory later = quote(1);
        open(later);
        uint256 first = (FIRST_TERM + 3) * rules.termEpochs;
        vm.expectRevert(abi.encodeWithSelector(ICourt.TableTooSmall.selector, FIRST_TERM + 3, 0));
        court.reportDowntime(later, first, new SeatVote[](8));
        vm.expectRevert(abi.encodeWithSelector(ICourt.TableTooSmall.selector, FIRST_TERM + 3, 0));
        court.evict(watchers[0], first, new SeatVote[](8));
    }

    function test_stakeRentedForOneTerm() public {
        address key = newWatcher();
        uint256 firstVote = (FIRST_TERM + 2) * termBlocks;
        vm.assertGe(firstVote, vm.getBlockNumber() + termBlocks, "seen coming for a term");
        uint256 lastVote = (FIRST_TERM + 3) * termBlocks + rules.verdictBlocks;
        vm.assertGe(court.watcherOf(key).leaveBlock, lastVote, "bound until all of its votes are in");
    }

    function test_watchersExitBeforeSlashing() public {
        // The last epoch that the key's last table judges, in the last block in which it can be reported.
        uint256 last = (FIRST_TERM + 3) * rules.termEpochs - 1;
        vm.roll(startOf(last) - 1);
        Quote memory late = quote(1);
        open(late);
        vm.roll(endOf(last) + rules.reportBlocks - 1);
        address key = watchers[0];
        vm.expectPartialRevert(ICourt.TooEarly.selector);
        vm.prank(accountOf(key));
        court.leave(key, accountOf(key));
        report(late, last, ALL);
        vm.roll(court.watcherOf(key).leaveBlock - 1);
        slash(key, court.downtimeSubject(resultSigner, last));
        vm.roll(court.watcherOf(watchers[1]).leaveBlock);
        vm.expectRevert(abi.encodeWithSelector(ICourt.NotEnrolled.selector, key));
        vm.prank(accountOf(key));
        court.leave(key, accountOf(key));
    }

    /// Slashed in the last block in which votes on the term before last could still come.
    function test_aSlashedKeyVotesOn() public {
        uint256 last = (FIRST_TERM + 1) * rules.termEpochs - 1;
        vm.roll((FIRST_TERM + 1) * termBlocks - 2);
        bytes32 subject = challenge(q);
        vm.roll(endOf(last) + rules.reportBlocks - 1);
        SeatVote[] memory list = votes(resultSigner, last, ALL);
        address key = watchersOf(resultSigner, last)[0];
        address[] memory panel = jurors(subject, (FIRST_TERM + 1) * termBlocks - 2);
        Ballot[] memory all = ballots(subject, OUTPUT, 15);
        slash(key, SUBJECT);
        vm.expectRevert(abi.encodeWithSelector(ICourt.NotSeated.selector, 0, address(0), key));
        court.reportDowntime(q, last, list);
        vm.roll((FIRST_TERM + 2) * termBlocks - 3);
        uint256 seat = 0;
        while (panel[seat] != key) seat++;
        Ballot[] memory first = new Ballot[](8);
        first[0] = all[seat];
        vm.expectRevert(abi.encodeWithSelector(ICourt.NotSeated.selector, seat, address(0), key));
        court.resolve(q, TASK, OUTPUT, OUTPUT, first);
    }

    function test_slashedJustBeforeItsJuryDecides() public {
        vm.roll((FIRST_TERM + 1) * termBlocks - 2);
        bytes32 subject = challenge(q);
        vm.roll((FIRST_TERM + 2) * termBlocks - 3);
        address[] memory panel = jurors(subject, (FIRST_TERM + 1) * termBlocks - 2);
        Ballot[] memory all = ballots(subject, OUTPUT, 15);
        slash(panel[0], SUBJECT);
        vm.expectRevert(abi.encodeWithSelector(ICourt.NotSeated.selector, 0, address(0), panel[0]));
        court.resolve(q, TASK, OUTPUT, OUTPUT, all);
        Ballot[] memory rest = new Ballot[](15);
        uint256 size = 0;
        for (uint256 seat = 0; seat < 15; seat++) {
            if (panel[seat] != panel[0]) rest[size++] = all[seat];
        }
        vm.assertGe(size, 8, "a quorum is left in this draw");
        assembly {
            mstore(rest, size)
        }
        court.resolve(q, TASK, OUTPUT, OUTPUT, rest);
        vm.assertEq(escrow.balanceOf(accountOf(panel[0])), 0, "unpaid");
    }

    function test_evictingAcrossTheBorderOfATerm() public {
        uint256 last = (FIRST_TERM + 1) * rules.termEpochs - 1;
        vm.roll(endOf(last));
        vm.assertEq(court.currentTerm(), FIRST_TERM + 1, "the next term");
        SeatVote[] memory list = votes(watchers[2], last, ALL);
        vm.expectRevert(abi.encodeWithSelector(ICourt.NotEnrolled.selector, watchers[2]));
        court.evict(watchers[2], last, list);
        vm.assertEq(court.table(FIRST_TERM + 2)[2], watchers[2], "its closed table stays");
        renewAll();
        court.evict(watchers[2], last, list);
        vm.assertEq(court.table(FIRST_TERM + 3).length, 6, "out of the one being formed");
        vm.assertEq(court.watcherOf(watchers[2]).leaveBlock, (FIRST_TERM + 4) * termBlocks + 64, "leaves as before");
        vm.roll((FIRST_TERM + 4) * termBlocks + 64);
        vm.prank(accountOf(watchers[2]));
        court.leave(watchers[2], stranger);
        vm.assertEq(token.balanceOf(stranger), STAKE, "stake");
    }

    function test_lapsingAcrossTheBorderOfATerm() public {
        vm.roll((FIRST_TERM + 1) * termBlocks - 1);
        challenge(q);
        vm.roll((FIRST_TERM + 2) * termBlocks - 1);
        court.lapse(q, TASK, OUTPUT);
        close(q, 0);
        assertBalances(FUNDS, FUNDS + CHALLENGE_DEPOSIT);
    }

    /// Someone sends the permit to the token before the transaction that carries it.
    function test_thePermitFirst() public {
        address account = vm.addr(0xFEE1);
        token.transfer(account, STAKE);
        address key = newKey();
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(0xFEE1, permitDigest(account, STAKE));
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(ICourt.permit, (STAKE, type(uint256).max, v, r, s));
        calls[1] = abi.encodeCall(ICourt.enrol, (key, consent(key, account)));
        vm.prank(stranger);
        token.permit(account, address(court), STAKE, type(uint256).max, v, r, s);
        vm.prank(account);
        court.multicall(calls);
        vm.assertEq(court.watcherOf(key).account, account, "enrolled");
    }

    function test_aConsentTakenByAnotherAccount() public {
        address key = newKey();
        bytes memory signature = consent(key, accountOf(key));
        supply(stranger, STAKE);
        vm.expectRevert(abi.encodeWithSelector(ICourt.NoConsent.selector, key, stranger));
        vm.prank(stranger);
        court.enrol(key, signature);
    }

    // Bonds

    function test_dustLeases() public {
        Quote memory dust = quote(1);
        (dust.deposit, dust.startFee, dust.bond, dust.resultBond) = (1, 0, 1, 0);
        (dust.slotPenalty, dust.rate) = (type(uint96).max, 0);
        open(dust);
        ResultProof memory p = proof(dust, OUTPUT);
        supply(requester, CHALLENGE_DEPOSIT);
        vm.expectRevert(abi.encodeWithSelector(ICourt.BondTooSmall.selector, 0, 15 * JURY_FEE));
        vm.prank(requester);
        court.challenge(dust, TASK, OUTPUT, p);
        vm.roll(endOf(epoch));
        report(dust, epoch, ALL);
        close(dust, 0);
        vm.assertEq(escrow.burned(), 1, "burned");
        vm.assertEq(escrow.balanceOf(requester), FUNDS - 50e18, "nothing gained");
    }

    function lossOf(Quote memory lost, bool penaltyFirst) private returns (uint256) {
        uint256 before = escrow.balanceOf(provider);
        open(lost);
        uint256 at = vm.getBlockNumber() / epochBlocks + 1;
        vm.roll(endOf(at));
        if (penaltyFirst) report(lost, at, ALL);
        bytes32 subject = challenge(lost);
        if (!penaltyFirst) report(lost, at, ALL);
        vm.roll(vm.getBlockNumber() + 2);
        resolve(lost, subject, OTHER_OUTPUT, 8);
        close(lost, 0);
        return before - escrow.balanceOf(provider);
    }

    function test_seizeAndPenaltyInEitherOrder() public {
        vm.assertEq(lossOf(quote(1), true), 30e18, "penalty first");
        vm.assertEq(lossOf(quote(2), false), 30e18, "seizure first");
    }

    function test_oneBondUsedTwice() public {
        bytes32 subject = challenge(q);
        close(q, 0);
        assertBalances(FUNDS - 10e18, FUNDS);
        vm.roll(vm.getBlockNumber() + 2);
        resolve(q, subject, OUTPUT, 8);
        assertBalances(FUNDS + CHALLENGE_DEPOSIT - 8 * JURY_FEE, FUNDS);
        vm.assertEq(escrow.balanceOf(address(court)), 0, "spent once");
    }

    function test_dustSentToTheCourt() public {
        token.transfer(address(court), 7);
        vm.prank(provider);
        escrow.moveTo(address(court), 5);
        bytes32 subject = challenge(q);
        vm.roll(vm.getBlockNumber() + 2);
        resolve(q, subject, OTHER_OUTPUT, 8);
        vm.assertEq(escrow.balanceOf(address(court)), 5, "belongs to nobody");
        slash(watchers[0], SUBJECT);
        vm.assertEq(token.balanceOf(address(court)), 6 * STAKE + 7, "belongs to nobody");
    }

    function test_hoardingQuotes() public {
        Quote memory hoarded = quote(100);
        hoarded.deposit = 1e18;
        for (uint256 i = 1; i < 20; i++) {
            hoarded.salt = bytes32(i);
            open(hoarded);
        }
        hoarded.salt = 0;
        bytes32 digest = escrow.hashQuote(hoarded);
        bytes memory signature = compact(RESULT_KEY, digest);
        vm.expectRevert(
            abi.encodeWithSelector(IEscrow.DelegateLimit.selector, provider, resultSigner, LIMIT, LIMIT, 30e18)
        );
        vm.prank(requester);
        escrow.open(hoarded, signature, "");
        vm.warp(hoarded.openBefore);
        vm.expectPartialRevert(IEscrow.OpenTooLate.selector);
        vm.prank(requester);
        escrow.open(hoarded, signature, "");
    }

    function test_spammingClaims() public {
        uint256 funds = escrow.balanceOf(provider);
        for (uint256 i = 1; i <= 5; i++) {
            Quote memory each = quote(i);
            open(each);
            bytes32 subject = challenge(each);
            close(each, 0);
            vm.roll(vm.getBlockNumber() + 2);
            resolve(each, subject, OUTPUT, 15);
        }
        vm.assertEq(escrow.balanceOf(provider), funds + 5 * (CHALLENGE_DEPOSIT - 15 * JURY_FEE), "provider");
        vm.assertEq(token.balanceOf(requester), 0, "each cost a deposit");
    }

    /// What jurors cannot decide is never the challenger's loss beyond their fees, and never a win of whoever signed
    /// a zero for an output.
    function test_aProviderThatSignsZeroForAnOutput() public {
        ResultProof memory p = proof(q, 0);
        supply(requester, CHALLENGE_DEPOSIT);
        vm.prank(requester);
        bytes32 subject = court.challenge(q, TASK, 0, p);
        vm.roll(vm.getBlockNumber() + 2);
        Ballot[] memory list = ballots(subject, 0, 8);
        court.resolve(q, TASK, 0, 0, list);
        close(q, 0);
        assertBalances(FUNDS, FUNDS + CHALLENGE_DEPOSIT - 8 * JURY_FEE);
    }

    // Verdicts that contradict

    function assertDecided(bytes32 subject) private {
        vm.assertEq(uint256(court.disputeOf(subject).stage), uint256(Stage.Done), "stage");
        Ballot[] memory list = ballots(subject, OTHER_OUTPUT, 15);
        vm.expectRevert(abi.encodeWithSelector(ICourt.NotPending.selector, subject));
        court.resolve(q, TASK, OUTPUT, OTHER_OUTPUT, list);
        ResultProof memory p = proof(q, OUTPUT);
        supply(requester, CHALLENGE_DEPOSIT);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.AlreadySeized.selector, lease));
        vm.prank(requester);
        court.challenge(q, TASK, OUTPUT, p);
        vm.roll(vm.getBlockNumber() + 64);
        vm.expectRevert(abi.encodeWithSelector(ICourt.NotPending.selector, subject));
        court.lapse(q, TASK, OUTPUT);
    }

    function test_aSecondVerdictAfterTheFirst() public {
        bytes32 subject = challenge(q);
        vm.roll(vm.getBlockNumber() + 2);
        resolve(q, subject, OUTPUT, 8);
        assertDecided(subject);
    }

    function test_aVerdictAfterTheLapse() public {
        bytes32 subject = challenge(q);
        vm.roll(vm.getBlockNumber() + 64);
        court.lapse(q, TASK, OUTPUT);
        assertDecided(subject);
    }

    /// Ballots for two verdicts share a seat, and that burns a stake.
    function test_aQuorumForEachVerdict() public {
        bytes32 subject = challenge(q);
        vm.roll(vm.getBlockNumber() + 2);
        address key = jurors(subject, court.disputeOf(subject).openedBlock)[7];
        bytes memory first = compact(secretOf[key], court.hashVote(subject, OUTPUT));
        bytes memory second = compact(secretOf[key], court.hashVote(subject, OTHER_OUTPUT));
        court.slash(subject, OUTPUT, first, OTHER_OUTPUT, second);
        vm.assertEq(court.watcherOf(key).account, address(0), "slashed");
        vm.expectRevert(abi.encodeWithSelector(ICourt.NotEnrolled.selector, key));
        court.slash(subject, OUTPUT, first, OTHER_OUTPUT, second);
    }

    // Signatures of elsewhere

    /// Before a court with the same watchers and the same terms of a lease.
    function test_votesOfAnotherCourt() public {
        vm.roll(endOf(epoch));
        SeatVote[] memory list = votes(resultSigner, epoch, ALL);
        address[] memory same = watchers;
        found(token, rules, 64, 7);
        vm.assertEq(keccak256(abi.encode(same)), keccak256(abi.encode(watchers)), "watchers");
        q = quote();
        open(q);
        vm.roll(endOf(epoch));
        vm.expectPartialRevert(ICourt.NotSeated.selector);
        court.reportDowntime(q, epoch, list);
        report(q, epoch, ALL);
    }

    function test_votesOfAnotherChain() public {
        vm.roll(endOf(epoch));
        SeatVote[] memory list = votes(resultSigner, epoch, ALL);
        bytes32 domain = court.DOMAIN_SEPARATOR();
        vm.chainId(31_338);
        vm.assertTrue(domain != court.DOMAIN_SEPARATOR(), "domain");
        // The lease of the other chain, with this chain's name, opened here.
        q = quote();
        lease = open(q);
        vm.roll(endOf(epoch) + 1);
        vm.expectPartialRevert(ICourt.NotSeated.selector);
        court.reportDowntime(q, epoch, list);
    }

    function test_consentsOfAnotherCourtOrChain() public {
        address key = newKey();
        address account = accountOf(key);
        bytes memory signature = consent(key, account);
        vm.chainId(31_338);
        refusesConsent(key, signature);
        vm.chainId(31_337);
        (, court) = deploy(token, rules, 64);
        refusesConsent(key, signature);
    }

    function refusesConsent(address key, bytes memory signature) private {
        supply(accountOf(key), STAKE);
        vm.expectRevert(abi.encodeWithSelector(ICourt.NoConsent.selector, key, accountOf(key)));
        vm.prank(accountOf(key));
        court.enrol(key, signature);
    }

    function test_ballotsOfAnotherCourt() public {
        bytes32 subject = challenge(q);
        vm.roll(vm.getBlockNumber() + 2);
        Ballot[] memory list = ballots(subject, OUTPUT, 8);
        found(token, rules, 64, 7);
        lease = open(q);
        bytes32 here = challenge(q);
        vm.assertTrue(here != subject, "another lease, by the other escrow");
        vm.roll(vm.getBlockNumber() + 2);
        vm.expectPartialRevert(ICourt.NotSeated.selector);
        court.resolve(q, TASK, OUTPUT, OUTPUT, list);
    }

    function test_resultsOfAnotherChainOrContract() public {
        ResultProof memory p = proof(q, OUTPUT);
        vm.chainId(31_338);
        q = quote(3);
        refusesResult(p);
        vm.chainId(31_337);
        found(token, rules, 64, 7);
        q = quote();
        refusesResult(p);
    }

    function refusesResult(ResultProof memory p) private {
        lease = open(q);
        supply(requester, CHALLENGE_DEPOSIT);
        vm.expectRevert(abi.encodeWithSelector(ICourt.BadProof.selector, lease));
        vm.prank(requester);
        court.challenge(q, TASK, OUTPUT, p);
    }

    function test_vouchersOfAnotherChain() public {
        vm.roll(endOf(epoch));
        (Voucher memory voucher, bytes memory signature) = receipt(q, startOf(epoch), endOf(epoch));
        vm.chainId(31_338);
        Quote memory here = quote(1);
        bytes32 name = open(here);
        vm.expectRevert(abi.encodeWithSelector(ICourt.BadVoucher.selector, name));
        court.refuteDowntime(here, epoch, voucher, signature);
        voucher.lease = name;
        vm.expectRevert(abi.encodeWithSelector(ICourt.BadVoucher.selector, name));
        court.refuteDowntime(here, epoch, voucher, signature);
        DownRecord memory record = court.downRecord(name, epoch);
        vm.assertEq(record.refuted, 0, "nothing refuted");
    }
}
