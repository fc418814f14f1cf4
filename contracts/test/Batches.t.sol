// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IEscrow, Opening, Quote, Redemption} from "../src/interfaces/IEscrow.sol";
import {EscrowTest} from "./support/EscrowTest.sol";

contract BatchesTest is EscrowTest {
    function test_openManyOpensAll() public {
        Opening[] memory batch = new Opening[](3);
        for (uint256 i = 0; i < 3; i++) {
            batch[i] = opening(quote(i));
        }
        vm.assertEq(escrow.openMany(batch), 3, "opened");
        assertBalances(FUNDS - 90e18, FUNDS - 150e18);
    }

    function test_openManySkipsWhatFailsAndSaysWhy() public {
        Opening[] memory batch = new Opening[](4);
        batch[0] = opening(quote(0), RESULT_KEY, STRANGER_KEY);
        batch[1] = opening(quote(1));
        batch[2] = batch[1];
        batch[3] = opening(quote(3));
        bytes32 bad = escrow.hashQuote(batch[0].quote);
        bytes32 twice = escrow.hashQuote(batch[1].quote);
        bytes32 badDigest = escrow.hashOpen(bad);
        vm.expectEmit();
        emit IEscrow.OpenSkipped(
            bad, abi.encodeWithSelector(IEscrow.BadSignature.selector, badDigest, requester, voucherSigner)
        );
        vm.expectEmit();
        emit IEscrow.OpenSkipped(twice, abi.encodeWithSelector(IEscrow.AlreadyOpened.selector, twice));
        vm.assertEq(escrow.openMany(batch), 2, "opened");
        assertBalances(FUNDS - 60e18, FUNDS - 100e18);
    }

    function test_openManyCountsWhatEarlierOnesLocked() public {
        vm.prank(requester);
        escrow.moveTo(stranger, FUNDS - 150e18 + 1);
        Opening[] memory batch = new Opening[](3);
        for (uint256 i = 0; i < 3; i++) {
            batch[i] = opening(quote(i));
        }
        vm.assertEq(escrow.openMany(batch), 2, "opened");
        vm.assertEq(escrow.balanceOf(requester), 50e18 - 1, "requester's balance");
    }

    function test_openManyRevertsWhenNothingOpens() public {
        Opening[] memory batch = new Opening[](1);
        batch[0] = opening(quote(), STRANGER_KEY, VOUCHER_KEY);
        vm.expectRevert(IEscrow.NothingOpened.selector);
        escrow.openMany(batch);
        vm.expectRevert(IEscrow.NothingOpened.selector);
        escrow.openMany(new Opening[](0));
    }

    function test_openManyTakesTheSenderForEmptySignatures() public {
        Opening[] memory batch = new Opening[](2);
        for (uint256 i = 0; i < 2; i++) {
            batch[i] = opening(quote(i));
            batch[i].requesterSignature = "";
        }
        vm.prank(voucherSigner);
        vm.assertEq(escrow.openMany(batch), 2, "opened");
    }

    function test_redeemManySkipsWhatIsBadAndSaysWhy() public {
        Redemption[] memory batch = new Redemption[](5);
        for (uint256 i = 0; i < 3; i++) {
            open(quote(i));
        }
        skip(1_000, 10);
        batch[0] = redemption(quote(9), 1e18);
        batch[1] = redemption(quoteAtStart(0), 2e18);
        batch[2] = redemption(quoteAtStart(1), 3e18);
        batch[2].signature = compact(STRANGER_KEY, escrow.hashVoucher(batch[2].voucher));
        batch[3] = redemption(quoteAtStart(2), 4e18);
        batch[4] = redemption(quoteAtStart(2), 5e18);
        batch[4].quote = batch[1].quote;
        bytes32 unknown = batch[0].voucher.lease;
        vm.expectEmit();
        emit IEscrow.RedeemSkipped(unknown, abi.encodeWithSelector(IEscrow.NotOpened.selector, unknown));
        vm.assertEq(escrow.redeemMany(batch), 6e18, "total");
        vm.assertEq(stateOf(batch[2].quote).paid, 0, "forged voucher");
        vm.assertEq(escrow.redeemMany(batch), 0, "again");
    }

    function test_redeemManyOfNothingPaysNothing() public {
        vm.assertEq(escrow.redeemMany(new Redemption[](0)), 0, "total");
    }

    /// Vouchers of several leases, at one instant, in any order and cut into any batches, pay the same.
    function testFuzz_orderAndBatchingDoNotMatter(uint256 seed, uint16 seconds_, uint8 cut) public {
        Redemption[] memory all = new Redemption[](6);
        for (uint256 i = 0; i < 2; i++) {
            open(quote(i));
        }
        skip(seconds_, 10);
        uint96[2] memory highest;
        for (uint256 i = 0; i < 6; i++) {
            uint96 cumulative = uint96(uint256(keccak256(abi.encode(seed, i))) % 60e18);
            if (cumulative > highest[i % 2]) highest[i % 2] = cumulative;
            all[i] = redemption(quoteAtStart(i % 2), cumulative);
        }
        shuffle(all, seed);
        redeemInTwo(all, cut % 7);
        for (uint256 i = 0; i < 2; i++) {
            uint256 cap = escrow.payCap(quoteAtStart(i));
            uint256 expected = highest[i] < cap ? highest[i] : cap;
            vm.assertEq(stateOf(quoteAtStart(i)).paid, expected, "paid");
        }
    }

    function redeemInTwo(Redemption[] memory all, uint256 cut) private {
        Redemption[] memory first = new Redemption[](cut < all.length ? cut : all.length);
        for (uint256 i = 0; i < first.length; i++) {
            first[i] = all[i];
        }
        escrow.redeemMany(first);
        for (uint256 i = first.length; i < all.length; i++) {
            redeem(all[i]);
        }
    }

    function shuffle(Redemption[] memory all, uint256 seed) private pure {
        for (uint256 i = all.length - 1; i > 0; i--) {
            uint256 j = uint256(keccak256(abi.encode("order", seed, i))) % (i + 1);
            (all[i], all[j]) = (all[j], all[i]);
        }
    }

    /// The quote as it was made before any time passed.
    function quoteAtStart(uint256 salt) private view returns (Quote memory q) {
        q = quote(salt);
        q.openBefore = uint40(START_TIME + 300);
    }
}
