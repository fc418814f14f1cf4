// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IEscrow, LeaseState, Quote, Status} from "../src/interfaces/IEscrow.sol";
import {EscrowTest} from "./support/EscrowTest.sol";

contract CloseTest is EscrowTest {
    Quote private q;
    bytes32 private lease;

    function setUp() public override {
        super.setUp();
        q = quote();
        lease = open(q);
    }

    function startClose(address sender) private {
        vm.prank(sender);
        escrow.startClose(q);
    }

    function finalizeTooEarly(uint256 firstBlock) private {
        vm.expectRevert(abi.encodeWithSelector(IEscrow.TooEarly.selector, lease, firstBlock, vm.getBlockNumber()));
        escrow.finalize(q);
    }

    // Natural end

    function test_statusBeforeAtAfterTheEnd() public {
        vm.roll(START_BLOCK + 1_799);
        assertStatus(q, Status.Open);
        vm.roll(START_BLOCK + 1_800);
        assertStatus(q, Status.Ended);
        vm.roll(START_BLOCK + 1_800 + SETTLE - 1);
        assertStatus(q, Status.Ended);
        vm.roll(START_BLOCK + 1_800 + SETTLE);
        assertStatus(q, Status.Finalizable);
    }

    function test_finalizeAfterTheNaturalEndBeforeAtAfter() public {
        uint256 firstBlock = START_BLOCK + 1_800 + SETTLE;
        finalizeTooEarly(firstBlock);
        vm.roll(START_BLOCK + 1_800);
        finalizeTooEarly(firstBlock);
        vm.roll(firstBlock - 1);
        finalizeTooEarly(firstBlock);
        vm.roll(firstBlock);
        vm.expectEmit();
        emit IEscrow.LeaseClosed(lease, provider, requester, 0, 50e18, 0, 0);
        escrow.finalize(q);
        assertBalances(FUNDS, FUNDS);
        assertStatus(q, Status.Closed);
    }

    function test_finalizeLongAfterByAStranger() public {
        vm.roll(START_BLOCK + 1_000_000);
        vm.prank(stranger);
        escrow.finalize(q);
        assertBalances(FUNDS, FUNDS);
    }

    // Requester's end

    function test_theRequesterEndsAtOnce() public {
        vm.roll(START_BLOCK + 10);
        vm.expectEmit();
        emit IEscrow.LeaseEnding(lease, uint40(START_BLOCK + 10), true);
        startClose(requester);
        assertStatus(q, Status.Ended);
        finalizeTooEarly(START_BLOCK + 10 + SETTLE);
        vm.roll(START_BLOCK + 10 + SETTLE - 1);
        finalizeTooEarly(START_BLOCK + 10 + SETTLE);
        vm.roll(START_BLOCK + 10 + SETTLE);
        escrow.finalize(q);
        assertBalances(FUNDS, FUNDS);
    }

    function test_theVoucherSignerEndsToo() public {
        startClose(voucherSigner);
        assertStatus(q, Status.Ended);
    }

    function test_theRequesterEndsOnce() public {
        startClose(requester);
        vm.roll(START_BLOCK + 5);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.AlreadyEnding.selector, lease, START_BLOCK));
        startClose(requester);
    }

    function test_theRequesterStopsTheClockEvenAfterTheEnd() public {
        skip(3_600, 1_810);
        startClose(requester);
        LeaseState memory state = escrow.leaseState(lease);
        vm.assertEq(state.endBlock, START_BLOCK + 1_800, "the end stays");
        vm.assertTrue(state.stopped, "stopped");
        skip(1_000, 10);
        vm.assertEq(escrow.leaseState(lease).elapsed, 3_600, "elapsed");
        vm.assertEq(escrow.payCap(q), 1e18 + 36.2e18, "cap");
    }

    // Provider's end

    function test_theProviderEndsAfterNotice() public {
        vm.roll(START_BLOCK + 10);
        vm.expectEmit();
        emit IEscrow.LeaseEnding(lease, uint40(START_BLOCK + 40), false);
        startClose(provider);
        assertStatus(q, Status.Open);
        vm.roll(START_BLOCK + 39);
        assertStatus(q, Status.Open);
        vm.roll(START_BLOCK + 40);
        assertStatus(q, Status.Ended);
        vm.roll(START_BLOCK + 40 + SETTLE - 1);
        finalizeTooEarly(START_BLOCK + 40 + SETTLE);
        vm.roll(START_BLOCK + 40 + SETTLE);
        escrow.finalize(q);
        assertBalances(FUNDS, FUNDS);
    }

    function test_theResultSignerEndsToo() public {
        startClose(resultSigner);
        vm.assertEq(escrow.leaseState(lease).endBlock, START_BLOCK + 30, "end");
    }

    function test_theProviderCannotPutTheEndOff() public {
        startClose(provider);
        vm.roll(START_BLOCK + 1);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.AlreadyEnding.selector, lease, START_BLOCK + 30));
        startClose(provider);
    }

    function test_theProviderCannotEndWithinNoticeOfTheEnd() public {
        vm.roll(START_BLOCK + 1_770);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.AlreadyEnding.selector, lease, START_BLOCK + 1_800));
        startClose(provider);
        vm.roll(START_BLOCK + 1_769);
        startClose(provider);
        vm.assertEq(escrow.leaseState(lease).endBlock, START_BLOCK + 1_799, "end");
    }

    function test_theRequesterMayCutTheNoticeShort() public {
        startClose(provider);
        vm.roll(START_BLOCK + 5);
        startClose(requester);
        vm.assertEq(escrow.leaseState(lease).endBlock, START_BLOCK + 5, "end");
    }

    function test_theProviderDoesNotStopTheClock() public {
        startClose(provider);
        skip(100, 50);
        vm.assertEq(escrow.leaseState(lease).elapsed, 100, "elapsed");
    }

    function test_strangersEndNothing() public {
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NotParty.selector, stranger));
        startClose(stranger);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NotParty.selector, address(rogue)));
        startClose(address(rogue));
    }

    // Cooperative

    function test_closeCooperativePaysExactlyAndAtOnce() public {
        skip(1_000, 500);
        redeem(q, 3e18);
        (bytes memory providerSignature, bytes memory requesterSignature) = closing(q, 8e18);
        vm.expectEmit();
        emit IEscrow.LeaseClosed(lease, provider, requester, 8e18, 42e18, 0, 0);
        vm.prank(stranger);
        escrow.closeCooperative(q, 8e18, providerSignature, requesterSignature);
        assertBalances(FUNDS + 8e18, FUNDS - 8e18);
        vm.assertEq(inUse(requester, voucherSigner), 8e18, "requester's delegate");
        vm.assertEq(inUse(provider, resultSigner), 0, "provider's delegate");
    }

    function test_closeCooperativeTakesPaidWithinItsRange() public {
        redeem(q, 1.1e18);
        uint96[2] memory outside = [uint96(1.1e18) - 1, 1.2e18 + 1];
        for (uint256 i = 0; i < 2; i++) {
            (bytes memory providerSignature, bytes memory requesterSignature) = closing(q, outside[i]);
            vm.expectRevert(abi.encodeWithSelector(IEscrow.PaidOutOfRange.selector, outside[i], 1.1e18, 1.2e18));
            escrow.closeCooperative(q, outside[i], providerSignature, requesterSignature);
        }
        close(q, 1.2e18);
        assertBalances(FUNDS + 1.2e18, FUNDS - 1.2e18);
    }

    function test_closeCooperativeAtWhatIsPaidAlready() public {
        redeem(q, 1.1e18);
        close(q, 1.1e18);
        assertBalances(FUNDS + 1.1e18, FUNDS - 1.1e18);
    }

    function test_closeCooperativeNeedsBothLeaseKeys() public {
        bytes32 digest = escrow.hashClose(lease, 0);
        (bytes memory good, bytes memory goodToo) = closing(q, 0);
        uint256[3] memory wrong = [PROVIDER_KEY, REQUESTER_KEY, STRANGER_KEY];
        for (uint256 i = 0; i < 3; i++) {
            bytes memory bad = compact(wrong[i], digest);
            vm.expectRevert(abi.encodeWithSelector(IEscrow.BadSignature.selector, digest, address(0), resultSigner));
            escrow.closeCooperative(q, 0, bad, goodToo);
            vm.expectRevert(abi.encodeWithSelector(IEscrow.BadSignature.selector, digest, address(0), voucherSigner));
            escrow.closeCooperative(q, 0, good, bad);
        }
    }

    function test_aCloseNamesItsAmount() public {
        (bytes memory providerSignature, bytes memory requesterSignature) = closing(q, 1);
        bytes32 digest = escrow.hashClose(lease, 0);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.BadSignature.selector, digest, address(0), resultSigner));
        escrow.closeCooperative(q, 0, providerSignature, requesterSignature);
    }

    function test_closeCooperativeAlsoAfterTheEnd() public {
        skip(1_000, 1_800);
        close(q, 2e18);
        assertBalances(FUNDS + 2e18, FUNDS - 2e18);
    }

    // Closed

    function test_closedIsClosed() public {
        close(q, 0);
        skip(10_000, 10_000);
        bytes memory refusal = abi.encodeWithSelector(IEscrow.AlreadyClosed.selector, lease);
        (bytes memory providerSignature, bytes memory requesterSignature) = closing(q, 0);
        vm.expectRevert(refusal);
        escrow.closeCooperative(q, 0, providerSignature, requesterSignature);
        vm.expectRevert(refusal);
        escrow.finalize(q);
        vm.expectRevert(refusal);
        startClose(requester);
        vm.expectRevert(refusal);
        rogue.adjustDown(lease, 1);
        vm.expectRevert(refusal);
        rogue.seize(q);
        assertBalances(FUNDS, FUNDS);
    }

    function test_unknownLeasesAreNotOpened() public {
        Quote memory unknown = quote(7);
        bytes32 name = escrow.hashQuote(unknown);
        bytes memory refusal = abi.encodeWithSelector(IEscrow.NotOpened.selector, name);
        (bytes memory providerSignature, bytes memory requesterSignature) = closing(unknown, 0);
        vm.expectRevert(refusal);
        escrow.closeCooperative(unknown, 0, providerSignature, requesterSignature);
        vm.expectRevert(refusal);
        escrow.finalize(unknown);
        vm.expectRevert(refusal);
        escrow.startClose(unknown);
        vm.expectRevert(refusal);
        rogue.adjustDown(name, 1);
        vm.expectRevert(refusal);
        rogue.seize(unknown);
        assertStatus(unknown, Status.None);
        vm.assertEq(escrow.payCap(unknown), 0, "cap");
        vm.assertEq(escrow.leaseState(name).elapsed, 0, "elapsed");
    }

    function test_aDustLeaseClosesLikeAnyOther() public {
        Quote memory dust = quote(1);
        (dust.deposit, dust.bond, dust.resultBond, dust.slotPenalty) = (1, 1, 0, 1);
        bytes32 name = open(dust);
        rogue.adjustDown(name, 1);
        close(dust, 1);
        // The one unit of penalty has no half: it is burned.
        vm.assertEq(escrow.burned(), 1, "burned");
    }

    function testFuzz_closingConservesEverything(uint96 paid, uint16 down, bool seized, uint32 seconds_) public {
        skip(seconds_, 1);
        uint256 cap = escrow.payCap(q);
        paid = uint96(paid % (cap + 1));
        rogue.adjustDown(lease, int256(uint256(down)));
        if (seized) rogue.seize(q);
        close(q, paid);
        uint256 penalty = uint256(down) * 2e18 < 20e18 ? uint256(down) * 2e18 : 20e18;
        uint256 lost = penalty + (seized ? 10e18 : 0);
        assertBalances(FUNDS + paid - lost, FUNDS - paid + penalty / 2);
        vm.assertEq(escrow.burned(), penalty - penalty / 2, "burned");
        vm.assertEq(escrow.balanceOf(address(rogue)), seized ? 10e18 : 0, "court");
    }
}
