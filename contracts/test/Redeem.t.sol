// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IEscrow, Quote, Redemption, Status, Voucher} from "../src/interfaces/IEscrow.sol";
import {EscrowTest} from "./support/EscrowTest.sol";

contract RedeemTest is EscrowTest {
    Quote private q;

    function setUp() public override {
        super.setUp();
        q = quote();
        open(q);
    }

    function expectBadSignature(Voucher memory voucher) private {
        bytes32 digest = escrow.hashVoucher(voucher);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.BadSignature.selector, digest, address(0), voucherSigner));
    }

    function test_redeemPaysTheDifference() public {
        skip(1_000, 500);
        bytes32 lease = escrow.hashQuote(q);
        Redemption memory second = redemption(q, 5e18);
        vm.assertEq(redeem(q, 3e18), 3e18, "first");
        vm.expectEmit();
        emit IEscrow.Redeemed(lease, provider, 2e18, 5e18);
        vm.assertEq(redeem(second), 2e18, "second");
        vm.assertEq(stateOf(q).paid, 5e18, "paid");
        assertBalances(FUNDS - 30e18 + 5e18, FUNDS - 50e18);
    }

    function test_redeemTwiceOrLowerPaysNothing() public {
        skip(1_000, 500);
        redeem(q, 5e18);
        vm.assertEq(redeem(q, 5e18), 0, "same");
        vm.assertEq(redeem(q, 4e18), 0, "lower");
        vm.assertEq(stateOf(q).paid, 5e18, "paid");
    }

    function test_theCapIsStartFeePlusTimePlusPrepay() public {
        vm.assertEq(redeem(q, 50e18), 1e18 + 0.2e18, "at the opening");
        skip(7, 3);
        vm.assertEq(redeem(q, 50e18), 0.07e18, "7 seconds");
        vm.assertEq(escrow.payCap(q), 1.27e18, "cap");
    }

    function test_theCapNeverExceedsTheDeposit() public {
        skip(1_000_000, 1);
        vm.assertEq(redeem(q, type(uint96).max), 50e18, "paid");
        vm.assertEq(redeem(q, type(uint96).max), 0, "again");
    }

    function test_theCapRoundsDown() public {
        Quote memory odd = quote(1);
        (odd.rate, odd.startFee, odd.prepay) = (1e12 - 1, 0, 0);
        open(odd);
        skip(1, 1);
        vm.assertEq(escrow.payCap(odd), 0, "one second");
        skip(1, 1);
        vm.assertEq(escrow.payCap(odd), 1, "two seconds");
    }

    function test_theLargestQuoteDoesNotOverflow() public {
        Quote memory large = quote(1);
        (large.rate, large.startFee, large.prepay) = (type(uint128).max, type(uint96).max, type(uint32).max);
        open(large);
        vm.warp(type(uint40).max);
        vm.assertEq(redeem(large, type(uint96).max), 50e18, "paid");
    }

    function test_anyoneMayRedeem() public {
        Redemption memory r = redemption(q, 1e18);
        vm.prank(stranger);
        redeem(r);
        vm.assertEq(escrow.balanceOf(provider), FUNDS - 30e18 + 1e18, "provider");
    }

    function test_onlyTheVoucherSignerPays() public {
        Voucher memory voucher = redemption(q, 1e18).voucher;
        bytes32 digest = escrow.hashVoucher(voucher);
        uint256[4] memory keys = [REQUESTER_KEY, PROVIDER_KEY, RESULT_KEY, STRANGER_KEY];
        for (uint256 i = 0; i < keys.length; i++) {
            bytes memory signature = compact(keys[i], digest);
            expectBadSignature(voucher);
            escrow.redeem(q, voucher, signature);
        }
    }

    function test_everyFieldIsSigned() public {
        Redemption memory r = redemption(q, 1e18);
        r.voucher.cumulative += 1;
        expectBadSignature(r.voucher);
        redeem(r);
        r = redemption(q, 1e18);
        r.voucher.ackFrom += 1;
        expectBadSignature(r.voucher);
        redeem(r);
        r = redemption(q, 1e18);
        r.voucher.ackUntil += 1;
        expectBadSignature(r.voucher);
        redeem(r);
    }

    function test_aVoucherOfAnotherLeaseIsRefused() public {
        Quote memory other = quote(1);
        bytes32 otherLease = open(other);
        Redemption memory r = redemption(q, 1e18);
        r.quote = other;
        vm.expectRevert(abi.encodeWithSelector(IEscrow.WrongLease.selector, otherLease, r.voucher.lease));
        redeem(r);
    }

    function test_aVoucherSignedByTheZeroAddressIsRefused() public {
        Quote memory nobody = quote(1);
        nobody.voucherSigner = address(0);
        open(opening(nobody, RESULT_KEY, REQUESTER_KEY));
        Voucher memory voucher = Voucher(escrow.hashQuote(nobody), 1e18, 0, 0);
        bytes32 digest = escrow.hashVoucher(voucher);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.BadSignature.selector, digest, address(0), address(0)));
        escrow.redeem(nobody, voucher, new bytes(64));
    }

    function test_anUnknownLeasePaysNothing() public {
        Quote memory unknown = quote(7);
        Redemption memory r = redemption(unknown, 1e18);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NotOpened.selector, r.voucher.lease));
        redeem(r);
    }

    function test_redeemUntilClosedAndNotAfter() public {
        skip(1_000, 1_800 + SETTLE - 1);
        vm.assertEq(redeem(q, 1e18), 1e18, "within SETTLE");
        skip(2, 1);
        assertStatus(q, Status.Finalizable);
        vm.assertEq(redeem(q, 2e18), 1e18, "finalizable, not yet finalized");
        escrow.finalize(q);
        Redemption memory r = redemption(q, 3e18);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.AlreadyClosed.selector, r.voucher.lease));
        redeem(r);
    }

    function test_aStoppedClockPaysNoMore() public {
        skip(100, 50);
        vm.prank(voucherSigner);
        escrow.startClose(q);
        skip(10_000, 50);
        vm.assertEq(redeem(q, 50e18), 1e18 + 1.2e18, "100 s and prepay");
    }

    function testFuzz_paidIsTheFormula(uint128 rate, uint96 startFee, uint32 prepay, uint32 seconds_, uint96 sum)
        public
    {
        Quote memory any = quote(1);
        (any.rate, any.startFee, any.prepay) = (rate, startFee, prepay);
        open(any);
        skip(seconds_, 1);
        uint256 earned = uint256(startFee) + uint256(rate) * (uint256(seconds_) + prepay) / 1e12;
        uint256 expected = earned < any.deposit ? earned : any.deposit;
        if (sum < expected) expected = sum;
        vm.assertEq(redeem(any, sum), expected, "paid");
    }

    function testFuzz_stepsAddUpToTheLast(uint96[8] memory sums, uint16[8] memory seconds_) public {
        uint256 total;
        for (uint256 i = 0; i < 8; i++) {
            skip(seconds_[i], 1);
            total += redeem(q, sums[i]);
            vm.assertEq(stateOf(q).paid, total, "paid");
            vm.assertLe(total, escrow.payCap(q), "cap");
        }
        vm.assertEq(escrow.balanceOf(provider), FUNDS - 30e18 + total, "provider");
    }
}
