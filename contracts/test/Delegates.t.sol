// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IEscrow, Opening, Quote} from "../src/interfaces/IEscrow.sol";
import {EscrowTest} from "./support/EscrowTest.sol";

contract DelegatesTest is EscrowTest {
    function setRequesterDelegate(uint96 limit, uint40 expiry) private {
        vm.prank(requester);
        escrow.setDelegate(voucherSigner, limit, expiry);
    }

    function test_setDelegateIsReadBack() public {
        vm.expectEmit();
        emit IEscrow.DelegateSet(requester, stranger, 5, 6);
        vm.prank(requester);
        escrow.setDelegate(stranger, 5, 6);
        (uint96 limit, uint96 used, uint40 expiry) = escrow.delegateOf(requester, stranger);
        vm.assertEq(limit, 5, "limit");
        vm.assertEq(used, 0, "in use");
        vm.assertEq(expiry, 6, "expiry");
    }

    function test_openingChargesBothDelegates() public {
        open(quote());
        vm.assertEq(inUse(requester, voucherSigner), 50e18, "deposit");
        vm.assertEq(inUse(provider, resultSigner), 30e18, "bonds");
    }

    function test_accountsThemselvesAreNotCharged() public {
        open(opening(quote(), PROVIDER_KEY, REQUESTER_KEY));
        vm.assertEq(inUse(requester, voucherSigner), 0, "requester");
        vm.assertEq(inUse(provider, resultSigner), 0, "provider");
    }

    function test_settingAgainKeepsWhatIsInUse() public {
        open(quote());
        setRequesterDelegate(LIMIT, EXPIRY);
        setRequesterDelegate(0, 0);
        vm.assertEq(inUse(requester, voucherSigner), 50e18, "in use");
    }

    function test_limitIsReachedExactly() public {
        setRequesterDelegate(100e18, EXPIRY);
        open(quote(1));
        open(quote(2));
        Opening memory third = opening(quote(3));
        vm.expectRevert(
            abi.encodeWithSelector(IEscrow.DelegateLimit.selector, requester, voucherSigner, 100e18, 100e18, 50e18)
        );
        open(third);
    }

    function test_oneUnitBelowIsTooLittle() public {
        setRequesterDelegate(50e18 - 1, EXPIRY);
        Opening memory o = opening(quote());
        vm.expectRevert(
            abi.encodeWithSelector(IEscrow.DelegateLimit.selector, requester, voucherSigner, 50e18 - 1, 0, 50e18)
        );
        open(o);
    }

    function test_providersLimitCountsBothBonds() public {
        vm.prank(provider);
        escrow.setDelegate(resultSigner, 30e18 - 1, EXPIRY);
        Opening memory o = opening(quote());
        vm.expectRevert(
            abi.encodeWithSelector(IEscrow.DelegateLimit.selector, provider, resultSigner, 30e18 - 1, 0, 30e18)
        );
        open(o);
    }

    function test_expiryBeforeAtAfter() public {
        uint40 expiry = uint40(START_TIME + 100);
        setRequesterDelegate(LIMIT, expiry);
        Opening memory early = opening(quote(1));
        Opening memory onTime = opening(quote(2));
        vm.warp(expiry - 1);
        open(early);
        for (uint256 late = 0; late < 2; late++) {
            vm.warp(expiry + late);
            vm.expectRevert(abi.encodeWithSelector(IEscrow.DelegateExpired.selector, requester, voucherSigner, expiry));
            open(onTime);
        }
    }

    function test_expiryIsSecondsNotBlocks() public {
        Opening memory o = opening(quote());
        vm.roll(uint256(EXPIRY) + 1);
        open(o);
    }

    function test_revokedDelegateOpensNothing() public {
        setRequesterDelegate(0, 0);
        Opening memory o = opening(quote());
        vm.expectRevert(abi.encodeWithSelector(IEscrow.DelegateExpired.selector, requester, voucherSigner, 0));
        open(o);
    }

    function test_revokingTouchesNoOpenLease() public {
        Quote memory q = quote();
        open(q);
        setRequesterDelegate(0, 0);
        vm.prank(provider);
        escrow.setDelegate(resultSigner, 0, 0);
        skip(1_000, 500);
        vm.assertEq(redeem(q, 5e18), 5e18, "voucher of a revoked key");
        close(q, 6e18);
        assertBalances(FUNDS + 6e18, FUNDS - 6e18);
    }

    function test_shrunkDelegateGetsItsReleaseWithoutUnderflow() public {
        Quote memory q = quote();
        open(q);
        setRequesterDelegate(1, EXPIRY);
        close(q, 0);
        vm.assertEq(inUse(requester, voucherSigner), 0, "in use");
    }

    function test_whatWasSpentStaysInUse() public {
        Quote memory q = quote();
        open(q);
        rogue.adjustDown(escrow.hashQuote(q), 3);
        skip(1_000, 500);
        close(q, 7e18);
        vm.assertEq(inUse(requester, voucherSigner), 7e18, "paid");
        vm.assertEq(inUse(provider, resultSigner), 6e18, "penalty");
    }

    function test_aSeizedBondStaysInUse() public {
        Quote memory q = quote();
        open(q);
        rogue.seize(q);
        close(q, 0);
        vm.assertEq(inUse(provider, resultSigner), 10e18, "result bond");
    }

    function test_aDelegateOfOneAccountIsNobodyToAnother() public {
        Quote memory q = quote();
        q.requester = stranger;
        vm.prank(provider);
        escrow.moveTo(stranger, 100e18);
        Opening memory o = opening(q);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.DelegateExpired.selector, stranger, voucherSigner, 0));
        open(o);
    }

    function test_delegatesCannotWithdrawOrMove() public {
        vm.startPrank(voucherSigner);
        bytes memory refusal = abi.encodeWithSelector(IEscrow.InsufficientBalance.selector, voucherSigner, 0, 1);
        vm.expectRevert(refusal);
        escrow.withdraw(voucherSigner, 1);
        vm.expectRevert(refusal);
        escrow.moveTo(voucherSigner, 1);
    }

    function test_aStolenDelegateCostsAtMostItsLimit() public {
        // The thief plays provider to himself: sham leases whose deposits he pays out at once.
        vm.prank(provider);
        escrow.moveTo(stranger, 100e18);
        setRequesterDelegate(100e18, EXPIRY);
        uint256 opened;
        for (uint256 salt = 0; salt < 5; salt++) {
            Quote memory sham = quote(salt);
            (sham.provider, sham.resultSigner) = (stranger, stranger);
            (sham.startFee, sham.bond, sham.resultBond) = (sham.deposit, 0, 0);
            Opening memory o = opening(sham, STRANGER_KEY, VOUCHER_KEY);
            try escrow.open(o.quote, o.providerSignature, o.requesterSignature) {
                redeem(sham, sham.deposit);
                opened++;
            } catch {}
        }
        vm.assertEq(opened, 2, "sham leases");
        vm.assertEq(escrow.balanceOf(requester), FUNDS - 100e18, "lost");
    }
}
