// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ballot, Dispute, ICourt, ResultProof, Stage} from "../src/interfaces/ICourt.sol";
import {IEscrow, Quote} from "../src/interfaces/IEscrow.sol";
import {Results} from "../src/libraries/Results.sol";
import {CourtTest} from "./support/CourtTest.sol";
import {Trees} from "./support/Trees.sol";

contract DisputesTest is CourtTest {
    uint256 private constant BOND = 10e18;

    Quote private q;
    bytes32 private lease;

    function setUp() public override {
        super.setUp();
        q = quote();
        lease = open(q);
    }

    function assertStage(bytes32 subject, Stage expected) private view {
        vm.assertEq(uint256(court.disputeOf(subject).stage), uint256(expected), "stage");
    }

    /// The court keeps the watchers' stakes and nothing else.
    function assertNothingKept() private view {
        vm.assertEq(escrow.balanceOf(address(court)), 0, "court's balance");
        vm.assertEq(token.balanceOf(address(court)), 7 * STAKE, "court's tokens");
    }

    /// Adds up what the jury was paid.
    function juryPay() private view returns (uint256 total) {
        for (uint256 i = 0; i < watchers.length; i++) {
            total += escrow.balanceOf(accountOf(watchers[i]));
        }
    }

    // Challenging

    function test_aChallengeTakesTheResultBondAndADeposit() public {
        ResultProof memory p = proof(q, OUTPUT);
        supply(requester, CHALLENGE_DEPOSIT);
        bytes32 expected = keccak256(abi.encode(lease, TASK, OUTPUT));
        vm.expectEmit();
        emit ICourt.Challenged(lease, expected, TASK, OUTPUT, requester);
        vm.expectEmit();
        emit IEscrow.Seized(lease, uint96(BOND));
        vm.prank(requester);
        bytes32 subject = court.challenge(q, TASK, OUTPUT, p);
        vm.assertEq(subject, expected, "subject");
        vm.assertEq(court.disputeSubject(lease, TASK, OUTPUT), expected, "subject");
        Dispute memory dispute = court.disputeOf(subject);
        assertStage(subject, Stage.Pending);
        vm.assertEq(dispute.challenger, requester, "challenger");
        vm.assertEq(dispute.openedBlock, vm.getBlockNumber(), "block");
        vm.assertEq(escrow.balanceOf(address(court)), BOND, "bond");
        vm.assertEq(token.balanceOf(address(court)), 7 * STAKE + CHALLENGE_DEPOSIT, "deposit");
        vm.assertTrue(escrow.leaseState(lease).seized, "seized");
    }

    function test_theVoucherSignerChallengesWithItsOwnDeposit() public {
        ResultProof memory p = proof(q, OUTPUT);
        supply(voucherSigner, CHALLENGE_DEPOSIT);
        vm.prank(voucherSigner);
        bytes32 subject = court.challenge(q, TASK, OUTPUT, p);
        vm.assertEq(court.disputeOf(subject).challenger, voucherSigner, "challenger");
        vm.assertEq(token.balanceOf(voucherSigner), 0, "deposit");
    }

    function test_onlyTheRequestersSideChallenges() public {
        ResultProof memory p = proof(q, OUTPUT);
        address[3] memory others = [provider, resultSigner, stranger];
        for (uint256 i = 0; i < 3; i++) {
            supply(others[i], CHALLENGE_DEPOSIT);
            vm.expectRevert(abi.encodeWithSelector(ICourt.NotRequester.selector, others[i]));
            vm.prank(others[i]);
            court.challenge(q, TASK, OUTPUT, p);
        }
    }

    function test_aChallengeNeedsItsDeposit() public {
        ResultProof memory p = proof(q, OUTPUT);
        supply(requester, CHALLENGE_DEPOSIT - 1);
        vm.expectRevert();
        vm.prank(requester);
        court.challenge(q, TASK, OUTPUT, p);
        vm.assertFalse(escrow.leaseState(lease).seized, "seized");
        assertStage(court.disputeSubject(lease, TASK, OUTPUT), Stage.None);
    }

    function test_theResultBondPaysAJury() public {
        Quote memory small = quote(1);
        small.resultBond = uint96(15 * JURY_FEE - 1);
        open(small);
        ResultProof memory p = proof(small, OUTPUT);
        supply(requester, CHALLENGE_DEPOSIT);
        vm.expectRevert(abi.encodeWithSelector(ICourt.BondTooSmall.selector, 15 * JURY_FEE - 1, 15 * JURY_FEE));
        vm.prank(requester);
        court.challenge(small, TASK, OUTPUT, p);
        small.resultBond++;
        open(small);
        challenge(small);
    }

    function bad(ResultProof memory p, bytes32 task, bytes32 output) private {
        vm.expectRevert(abi.encodeWithSelector(ICourt.BadProof.selector, lease));
        vm.prank(requester);
        court.challenge(q, task, output, p);
    }

    function test_onlyResultsThatTheProviderSignedAreChallenged() public {
        supply(requester, CHALLENGE_DEPOSIT);
        ResultProof memory p = proof(q, OUTPUT);
        bad(p, OUTPUT, OUTPUT);
        bad(p, TASK, OTHER_OUTPUT);
        bytes32 root = Results.leaf(lease, TASK, OUTPUT);
        bytes32 digest = escrow.hashResultBatch(lease, root);
        bytes[4] memory signatures =
            [compact(PROVIDER_KEY, digest), compact(VOUCHER_KEY, digest), compact(RESULT_KEY, root), new bytes(64)];
        for (uint256 i = 0; i < 4; i++) {
            p.signature = signatures[i];
            bad(p, TASK, OUTPUT);
        }
    }

    function test_aResultOfAnotherLeaseIsNoProof() public {
        supply(requester, CHALLENGE_DEPOSIT);
        Quote memory other = quote(1);
        open(other);
        bad(proof(other, OUTPUT), TASK, OUTPUT);
    }

    function test_aLeaseWithoutAResultSignerHasNoProof() public {
        supply(requester, CHALLENGE_DEPOSIT);
        q = quote(1);
        q.resultSigner = address(0);
        lease = open(opening(q, PROVIDER_KEY, VOUCHER_KEY));
        bad(ResultProof(0, 1, new bytes32[](0), new bytes(64)), TASK, OUTPUT);
    }

    function test_aPathHasExactlyTheNodesItNeeds() public {
        supply(requester, CHALLENGE_DEPOSIT);
        bytes32[] memory leaves = new bytes32[](5);
        for (uint256 i = 0; i < 5; i++) {
            leaves[i] = Results.leaf(lease, bytes32(i), OUTPUT);
        }
        leaves[4] = Results.leaf(lease, TASK, OUTPUT);
        bytes memory signature = compact(RESULT_KEY, escrow.hashResultBatch(lease, Trees.root(leaves)));
        bytes32[] memory path = Trees.path(leaves, 4);
        vm.assertEq(path.length, 1, "an odd leaf moves up");
        bad(ResultProof(4, 5, new bytes32[](0), signature), TASK, OUTPUT);
        bad(ResultProof(4, 5, new bytes32[](2), signature), TASK, OUTPUT);
        bad(ResultProof(3, 5, path, signature), TASK, OUTPUT);
        bad(ResultProof(5, 5, path, signature), TASK, OUTPUT);
        bad(ResultProof(0, 0, path, signature), TASK, OUTPUT);
        bad(ResultProof(1024, 1025, path, signature), TASK, OUTPUT);
        vm.prank(requester);
        court.challenge(q, TASK, OUTPUT, ResultProof(4, 5, path, signature));
    }

    function test_oneChallengeALease() public {
        challenge(q);
        supply(requester, CHALLENGE_DEPOSIT);
        bytes32[2] memory outputs = [OUTPUT, OTHER_OUTPUT];
        for (uint256 i = 0; i < 2; i++) {
            ResultProof memory p = proof(q, outputs[i]);
            vm.expectRevert(abi.encodeWithSelector(IEscrow.AlreadySeized.selector, lease));
            vm.prank(requester);
            court.challenge(q, TASK, outputs[i], p);
        }
    }

    function test_challengingUntilTheLeaseIsClosed() public {
        vm.roll(escrow.leaseState(lease).endBlock + 64);
        bytes32 subject = challenge(q);
        escrow.finalize(q);
        assertStage(subject, Stage.Pending);
        Quote memory other = quote(1);
        open(other);
        close(other, 0);
        ResultProof memory p = proof(other, OUTPUT);
        supply(requester, CHALLENGE_DEPOSIT);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.AlreadyClosed.selector, escrow.hashQuote(other)));
        vm.prank(requester);
        court.challenge(other, TASK, OUTPUT, p);
        other = quote(2);
        p = proof(other, OUTPUT);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NotOpened.selector, escrow.hashQuote(other)));
        vm.prank(requester);
        court.challenge(other, TASK, OUTPUT, p);
    }

    // Deciding

    function test_theProvidersOwnOutputGivesItTheDeposit() public {
        bytes32 subject = challenge(q);
        vm.roll(vm.getBlockNumber() + 2);
        Ballot[] memory list = ballots(subject, OUTPUT, 8);
        vm.expectEmit();
        emit ICourt.Resolved(subject, OUTPUT, 8);
        vm.prank(stranger);
        court.resolve(q, TASK, OUTPUT, OUTPUT, list);
        assertStage(subject, Stage.Done);
        vm.assertEq(juryPay(), 8 * JURY_FEE, "jury");
        close(q, 0);
        assertBalances(FUNDS + CHALLENGE_DEPOSIT - 8 * JURY_FEE, FUNDS);
        assertNothingKept();
    }

    function test_anUndecidableResultCostsTheChallengerTheJury() public {
        bytes32 subject = challenge(q);
        vm.roll(vm.getBlockNumber() + 2);
        resolve(q, subject, 0, 9);
        vm.assertEq(juryPay(), 9 * JURY_FEE, "jury");
        close(q, 0);
        assertBalances(FUNDS, FUNDS + CHALLENGE_DEPOSIT - 9 * JURY_FEE);
        assertNothingKept();
    }

    function test_anotherOutputCostsTheProviderItsBond() public {
        bytes32 subject = challenge(q);
        vm.roll(vm.getBlockNumber() + 2);
        resolve(q, subject, OTHER_OUTPUT, 15);
        uint256 rest = BOND - 15 * JURY_FEE;
        vm.assertEq(juryPay(), 15 * JURY_FEE, "jury");
        close(q, 0);
        assertBalances(FUNDS - BOND, FUNDS + CHALLENGE_DEPOSIT + rest / 2);
        vm.assertEq(escrow.burned(), rest / 2, "burned");
        assertNothingKept();
    }

    function test_theOddUnitOfABondIsBurned() public {
        Quote memory odd = quote(1);
        odd.resultBond = uint96(15 * JURY_FEE + 1);
        open(odd);
        bytes32 subject = challenge(odd);
        vm.roll(vm.getBlockNumber() + 2);
        resolve(odd, subject, OTHER_OUTPUT, 15);
        vm.assertEq(escrow.burned(), 1, "burned");
    }

    function test_aVoucherSignersDepositComesBackToIt() public {
        ResultProof memory p = proof(q, OUTPUT);
        supply(voucherSigner, CHALLENGE_DEPOSIT);
        vm.prank(voucherSigner);
        bytes32 subject = court.challenge(q, TASK, OUTPUT, p);
        vm.roll(vm.getBlockNumber() + 2);
        resolve(q, subject, OTHER_OUTPUT, 8);
        vm.assertEq(escrow.balanceOf(voucherSigner), CHALLENGE_DEPOSIT, "challenger");
        vm.assertEq(escrow.balanceOf(requester), FUNDS - 50e18 + (BOND - 8 * JURY_FEE) / 2, "requester");
    }

    function test_aJurorIsPaidForEachSeat() public {
        bytes32 subject = challenge(q);
        vm.roll(vm.getBlockNumber() + 2);
        address[] memory holders = jurors(subject, court.disputeOf(subject).openedBlock);
        resolve(q, subject, OUTPUT, 15);
        for (uint256 i = 0; i < watchers.length; i++) {
            uint256 seats = 0;
            for (uint256 seat = 0; seat < 15; seat++) {
                if (holders[seat] == watchers[i]) seats++;
            }
            vm.assertEq(escrow.balanceOf(accountOf(watchers[i])), seats * JURY_FEE, "juror");
        }
    }

    function test_decidingTakesAQuorum() public {
        bytes32 subject = challenge(q);
        vm.roll(vm.getBlockNumber() + 2);
        Ballot[] memory list = ballots(subject, OUTPUT, 7);
        vm.expectRevert(abi.encodeWithSelector(ICourt.TooFewBallots.selector, 7, 8));
        court.resolve(q, TASK, OUTPUT, OUTPUT, list);
    }

    function test_decidingFromTheSeedUntilVerdictBlocksAfterTheChallenge() public {
        uint256 opened = vm.getBlockNumber();
        bytes32 subject = challenge(q);
        vm.roll(opened + 1);
        vm.expectRevert(abi.encodeWithSelector(ICourt.NoSeed.selector, opened + 1));
        court.resolve(q, TASK, OUTPUT, OUTPUT, new Ballot[](8));
        vm.roll(opened + 2);
        Ballot[] memory list = ballots(subject, OUTPUT, 8);
        vm.roll(opened + 64);
        vm.expectRevert(abi.encodeWithSelector(ICourt.TooLate.selector, opened + 64, opened + 64));
        court.resolve(q, TASK, OUTPUT, OUTPUT, list);
        vm.roll(opened + 63);
        court.resolve(q, TASK, OUTPUT, OUTPUT, list);
        assertStage(subject, Stage.Done);
    }

    function test_theFirstBlockAfterTheSeedDecides() public {
        bytes32 subject = challenge(q);
        vm.roll(vm.getBlockNumber() + 2);
        resolve(q, subject, 0, 8);
        assertStage(subject, Stage.Done);
    }

    function test_ballotsSitInRisingSeats() public {
        bytes32 subject = challenge(q);
        vm.roll(vm.getBlockNumber() + 2);
        Ballot[] memory list = ballots(subject, OUTPUT, 8);
        (list[6], list[7]) = (list[7], list[6]);
        vm.expectRevert(abi.encodeWithSelector(ICourt.BadSeat.selector, 6));
        court.resolve(q, TASK, OUTPUT, OUTPUT, list);
        list[7] = list[6];
        list[6] = list[5];
        vm.expectRevert(abi.encodeWithSelector(ICourt.BadSeat.selector, 5));
        court.resolve(q, TASK, OUTPUT, OUTPUT, list);
    }

    function test_ballotsForAnotherVerdictOrSubjectDoNotCount() public {
        bytes32 subject = challenge(q);
        vm.roll(vm.getBlockNumber() + 2);
        Ballot[] memory list = ballots(subject, OUTPUT, 8);
        vm.expectPartialRevert(ICourt.NotSeated.selector);
        court.resolve(q, TASK, OUTPUT, OTHER_OUTPUT, list);
        vm.expectRevert(
            abi.encodeWithSelector(ICourt.NotPending.selector, court.disputeSubject(lease, TASK, OTHER_OUTPUT))
        );
        court.resolve(q, TASK, OTHER_OUTPUT, OUTPUT, list);
    }

    function test_whatWasNeverChallengedIsNotDecided() public {
        bytes32 subject = court.disputeSubject(lease, TASK, OUTPUT);
        vm.expectRevert(abi.encodeWithSelector(ICourt.NotPending.selector, subject));
        court.resolve(q, TASK, OUTPUT, OUTPUT, new Ballot[](8));
        vm.expectRevert(abi.encodeWithSelector(ICourt.NotPending.selector, subject));
        court.lapse(q, TASK, OUTPUT);
    }

    function test_aVerdictOutlivesTheLease() public {
        bytes32 subject = challenge(q);
        close(q, 0);
        vm.roll(vm.getBlockNumber() + 2);
        resolve(q, subject, OUTPUT, 8);
        assertBalances(FUNDS + CHALLENGE_DEPOSIT - 8 * JURY_FEE, FUNDS);
        assertNothingKept();
    }

    function test_theJuryIsOfTheTermOfItsSeed() public {
        vm.roll((FIRST_TERM + 1) * termBlocks - 1);
        bytes32 subject = challenge(q);
        vm.roll((FIRST_TERM + 1) * termBlocks + 1);
        address late = newWatcher();
        vm.assertEq(court.table(FIRST_TERM + 3)[0], late, "a table of its own");
        address[] memory holders = jurors(subject, (FIRST_TERM + 1) * termBlocks - 1);
        vm.assertEq(
            keccak256(abi.encode(holders)),
            keccak256(abi.encode(court.seatsOf(blockhash((FIRST_TERM + 1) * termBlocks), subject, FIRST_TERM + 1))),
            "the next term's table"
        );
        resolve(q, subject, OUTPUT, 8);
        assertStage(subject, Stage.Done);
    }

    // Lapsing

    function test_withoutAVerdictAllGoesBack() public {
        uint256 opened = vm.getBlockNumber();
        bytes32 subject = challenge(q);
        vm.roll(opened + 63);
        vm.expectRevert(abi.encodeWithSelector(ICourt.TooEarly.selector, opened + 64, opened + 63));
        court.lapse(q, TASK, OUTPUT);
        vm.roll(opened + 64);
        vm.expectEmit();
        emit ICourt.Lapsed(subject);
        vm.prank(stranger);
        court.lapse(q, TASK, OUTPUT);
        assertStage(subject, Stage.Done);
        close(q, 0);
        assertBalances(FUNDS, FUNDS + CHALLENGE_DEPOSIT);
        assertNothingKept();
    }

    function test_aTableThatIsTooSmallOnlyLapses() public {
        vm.roll((FIRST_TERM + 3) * termBlocks - 1);
        bytes32 subject = challenge(q);
        vm.roll(vm.getBlockNumber() + 10);
        vm.expectRevert(abi.encodeWithSelector(ICourt.TableTooSmall.selector, FIRST_TERM + 3, 0));
        court.resolve(q, TASK, OUTPUT, OUTPUT, new Ballot[](8));
        vm.roll(vm.getBlockNumber() + 64);
        court.lapse(q, TASK, OUTPUT);
        assertStage(subject, Stage.Done);
    }

    // Properties

    /// Whatever the verdict and however many agree, what comes out is what went in, and within the bounds of each.
    function testFuzz_verdictsConserve(uint96 resultBond, uint8 count, uint8 kind) public {
        Quote memory other = quote(1);
        other.resultBond = uint96(15 * JURY_FEE + resultBond % 50e18);
        open(other);
        uint256 bank = escrow.balanceOf(provider);
        bytes32 subject = challenge(other);
        vm.roll(vm.getBlockNumber() + 2);
        uint256 agreeing = 8 + count % 8;
        bytes32 verdict = [OUTPUT, bytes32(0), OTHER_OUTPUT][kind % 3];
        uint256 before = escrow.balanceOf(requester);
        resolve(other, subject, verdict, agreeing);
        uint256 got = escrow.balanceOf(requester) - before;
        uint256 out = escrow.balanceOf(provider) - bank + got + juryPay() + escrow.burned();
        vm.assertEq(out, other.resultBond + CHALLENGE_DEPOSIT, "conserved");
        vm.assertEq(juryPay(), agreeing * JURY_FEE, "jury");
        if (verdict == OTHER_OUTPUT) {
            vm.assertLe(got - CHALLENGE_DEPOSIT, escrow.burned(), "no profit beyond the burn");
        }
        vm.assertEq(escrow.balanceOf(address(court)), 0, "court");
    }
}
