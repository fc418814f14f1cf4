// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DevToken} from "../src/DevToken.sol";
import {Ballot, ICourt} from "../src/interfaces/ICourt.sol";
import {Quote} from "../src/interfaces/IEscrow.sol";
import {CourtTest} from "./support/CourtTest.sol";
import {BlackListToken, CallingToken, NoReturnToken, Reentrant, TurningToken} from "./support/HostileTokens.sol";

contract CourtTokensTest is CourtTest {
    bytes32 private constant SUBJECT = keccak256("subject");

    Quote private q;

    function setUp() public override {}

    function foundOn(address token_, uint256 size) private {
        found(DevToken(token_), devPreset(), 64, size);
        q = quote();
        open(q);
    }

    function test_aFeeOnTransferIsRefusedAtOnce() public {
        TurningToken turning = new TurningToken();
        foundOn(address(turning), 7);
        turning.turn(1, 0);
        address key = newKey();
        supply(accountOf(key), 2 * STAKE);
        bytes memory signature = consent(key, accountOf(key));
        vm.expectRevert(abi.encodeWithSelector(ICourt.WrongAmount.selector, STAKE, STAKE * 99 / 100));
        vm.prank(accountOf(key));
        court.enrol(key, signature);
    }

    function test_aTokenWithoutReturnValuesWorks() public {
        foundOn(address(new NoReturnToken()), 7);
        bytes32 subject = challenge(q);
        vm.roll(vm.getBlockNumber() + 2);
        resolve(q, subject, OUTPUT, 8);
        slash(watchers[0], SUBJECT);
        vm.roll(court.watcherOf(watchers[1]).leaveBlock);
        vm.prank(accountOf(watchers[1]));
        court.leave(watchers[1], stranger);
        vm.assertEq(token.balanceOf(stranger), STAKE, "stake");
        vm.assertEq(token.balanceOf(address(court)), 5 * STAKE, "court");
    }

    // Black lists

    function test_aBlackListedJurorBlocksNobody() public {
        BlackListToken listing = new BlackListToken();
        foundOn(address(listing), 7);
        bytes32 subject = challenge(q);
        vm.roll(vm.getBlockNumber() + 2);
        address juror = accountOf(jurors(subject, court.disputeOf(subject).openedBlock)[0]);
        listing.list(juror);
        listing.list(provider);
        listing.list(requester);
        resolve(q, subject, OTHER_OUTPUT, 8);
        vm.assertGe(escrow.balanceOf(juror), JURY_FEE, "paid within the ledger");
        vm.assertEq(escrow.balanceOf(address(court)), 0, "court");
    }

    function test_aBlackListedChallengerBlocksNobody() public {
        BlackListToken listing = new BlackListToken();
        foundOn(address(listing), 7);
        challenge(q);
        listing.list(requester);
        vm.roll(vm.getBlockNumber() + 64);
        court.lapse(q, TASK, OUTPUT);
        close(q, 0);
        assertBalances(FUNDS, FUNDS + CHALLENGE_DEPOSIT);
    }

    function test_aBlackListedWatcherLeavesToElsewhereAndIsSlashed() public {
        BlackListToken listing = new BlackListToken();
        foundOn(address(listing), 7);
        for (uint256 i = 0; i < 2; i++) {
            listing.list(accountOf(watchers[i]));
        }
        listing.list(address(this));
        slash(watchers[0], SUBJECT);
        vm.assertEq(escrow.balanceOf(address(this)), STAKE / 8, "a listed reporter");
        vm.roll(court.watcherOf(watchers[1]).leaveBlock);
        vm.prank(accountOf(watchers[1]));
        court.leave(watchers[1], stranger);
        vm.assertEq(token.balanceOf(stranger), STAKE, "stake");
    }

    // Tokens that change

    function test_aTokenThatTurnsToKeepingFees() public {
        TurningToken turning = new TurningToken();
        foundOn(address(turning), 7);
        challenge(q);
        turning.turn(1, 0);
        vm.roll(vm.getBlockNumber() + 64);
        court.lapse(q, TASK, OUTPUT);
        close(q, 0);
        assertBalances(FUNDS, FUNDS + CHALLENGE_DEPOSIT * 99 / 100);
        slash(watchers[0], SUBJECT);
        vm.assertEq(escrow.balanceOf(address(this)), STAKE * 99 / 100 / 8, "reporter");
        vm.roll(court.watcherOf(watchers[1]).leaveBlock);
        for (uint256 i = 1; i < 7; i++) {
            vm.prank(accountOf(watchers[i]));
            court.leave(watchers[i], stranger);
        }
        vm.assertEq(token.balanceOf(stranger), 6 * STAKE * 99 / 100, "stakes");
        vm.assertEq(token.balanceOf(address(court)), 0, "court");
    }

    /// Of a deposit that shrank to 6 come the fees of 8 seats, not those of 15.
    function test_aDepositThatShrinksStillPaysAQuorum() public {
        TurningToken turning = new TurningToken();
        foundOn(address(turning), 7);
        bytes32 subject = challenge(q);
        turning.turn(60, 0);
        vm.roll(vm.getBlockNumber() + 2);
        Ballot[] memory all = ballots(subject, OUTPUT, 15);
        vm.expectRevert(abi.encodeWithSignature("Panic(uint256)", 0x11));
        court.resolve(q, TASK, OUTPUT, OUTPUT, all);
        resolve(q, subject, OUTPUT, 8);
        close(q, 0);
        assertBalances(FUNDS + CHALLENGE_DEPOSIT * 40 / 100 - 8 * JURY_FEE, FUNDS);
    }

    function test_aTokenThatTurnsToTakingMoreTakesNobodyElsesStake() public {
        TurningToken turning = new TurningToken();
        foundOn(address(turning), 7);
        challenge(q);
        turning.turn(0, 1);
        vm.roll(court.watcherOf(watchers[1]).leaveBlock);
        vm.expectRevert(abi.encodeWithSelector(ICourt.WrongAmount.selector, STAKE, STAKE * 101 / 100));
        vm.prank(accountOf(watchers[1]));
        court.leave(watchers[1], stranger);
        bytes memory first = compact(secretOf[watchers[0]], court.hashVote(SUBJECT, OUTPUT));
        bytes memory second = compact(secretOf[watchers[0]], court.hashVote(SUBJECT, 0));
        vm.expectRevert(abi.encodeWithSelector(ICourt.WrongAmount.selector, STAKE, STAKE * 101 / 100));
        court.slash(SUBJECT, OUTPUT, first, 0, second);
        vm.expectPartialRevert(ICourt.WrongAmount.selector);
        court.lapse(q, TASK, OUTPUT);
        turning.turn(0, 0);
        court.lapse(q, TASK, OUTPUT);
        vm.assertEq(token.balanceOf(address(court)), 7 * STAKE, "all stakes are there");
    }

    // Tokens that call back

    CallingToken private calling;
    Reentrant private attacker;
    address private first_;
    address private second_;

    /// An attacker with one stake before the court, that it may take back, and a key for another.
    function foundReentrant() private {
        calling = new CallingToken();
        foundOn(address(calling), 7);
        attacker = new Reentrant(calling, address(court));
        calling.transfer(address(attacker), 10 * STAKE);
        first_ = newKey();
        second_ = newKey();
        bytes memory signature = consent(first_, address(attacker));
        vm.prank(address(attacker));
        court.enrol(first_, signature);
        vm.roll(court.watcherOf(first_).leaveBlock);
    }

    function enrolling() private view returns (bytes memory) {
        return abi.encodeCall(ICourt.enrol, (second_, consent(second_, address(attacker))));
    }

    function leaving() private view returns (bytes memory) {
        return abi.encodeCall(ICourt.leave, (first_, address(attacker)));
    }

    function attack(bytes memory outer, bytes memory inner, uint256 stakes) private {
        vm.assertTrue(attacker.run(outer, inner), "outer call");
        vm.assertFalse(attacker.succeeded(), "inner call");
        vm.assertEq(token.balanceOf(address(court)), stakes * STAKE, "stakes");
    }

    function test_noEnrollingWithinEnrolling() public {
        foundReentrant();
        address third = newKey();
        bytes memory inner = abi.encodeCall(ICourt.enrol, (third, consent(third, address(attacker))));
        attack(enrolling(), inner, 9);
    }

    function test_noLeavingWithinLeaving() public {
        foundReentrant();
        attack(leaving(), leaving(), 7);
    }

    function test_noLeavingWithinEnrolling() public {
        foundReentrant();
        attack(enrolling(), leaving(), 9);
    }

    function test_noEnrollingWithinLeaving() public {
        foundReentrant();
        attack(leaving(), enrolling(), 7);
    }

    function test_noBatchWithinLeaving() public {
        foundReentrant();
        bytes[] memory batch = new bytes[](1);
        batch[0] = leaving();
        attack(leaving(), abi.encodeWithSignature("multicall(bytes[])", batch), 7);
    }

    function test_noSlashingWithinLeaving() public {
        foundReentrant();
        bytes memory one = compact(secretOf[first_], court.hashVote(SUBJECT, OUTPUT));
        bytes memory two = compact(secretOf[first_], court.hashVote(SUBJECT, 0));
        bytes memory slashing = abi.encodeCall(ICourt.slash, (SUBJECT, OUTPUT, one, 0, two));
        attack(leaving(), slashing, 7);
        vm.assertFalse(attacker.run(slashing, leaving()), "left already");
    }

    function test_noLeavingWithinSlashing() public {
        foundReentrant();
        bytes memory one = compact(secretOf[first_], court.hashVote(SUBJECT, OUTPUT));
        bytes memory two = compact(secretOf[first_], court.hashVote(SUBJECT, 0));
        attack(abi.encodeCall(ICourt.slash, (SUBJECT, OUTPUT, one, 0, two)), leaving(), 7);
    }

    function test_noLapsingWithinEnrolling() public {
        foundReentrant();
        Quote memory later = quote(1);
        open(later);
        challenge(later);
        vm.roll(vm.getBlockNumber() + 64);
        bytes memory lapsing = abi.encodeCall(ICourt.lapse, (later, TASK, OUTPUT));
        vm.assertTrue(attacker.run(enrolling(), lapsing), "outer call");
        vm.assertFalse(attacker.succeeded(), "inner call");
        vm.assertTrue(attacker.run(lapsing, leaving()), "outer call");
        vm.assertFalse(attacker.succeeded(), "inner call");
        vm.assertEq(token.balanceOf(address(court)), 9 * STAKE, "stakes");
    }
}
