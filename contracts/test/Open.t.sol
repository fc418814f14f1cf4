// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IEscrow, LeaseState, Opening, Quote, Status} from "../src/interfaces/IEscrow.sol";
import {EscrowTest} from "./support/EscrowTest.sol";

contract OpenTest is EscrowTest {
    function expectBadSignature(bytes32 digest, address account, address key) private {
        vm.expectRevert(abi.encodeWithSelector(IEscrow.BadSignature.selector, digest, account, key));
    }

    function test_openLocksAndRemembers() public {
        Quote memory q = quote();
        bytes32 lease = escrow.hashQuote(q);
        Opening memory o = opening(q);
        vm.expectEmit();
        emit IEscrow.LeaseOpened(lease, provider, requester, q);
        vm.assertEq(open(o), lease, "name");
        assertBalances(FUNDS - 30e18, FUNDS - 50e18);
        LeaseState memory state = escrow.leaseState(lease);
        vm.assertEq(uint256(state.status), uint256(Status.Open), "status");
        vm.assertEq(state.openBlock, START_BLOCK, "open block");
        vm.assertEq(state.endBlock, START_BLOCK + 1_800, "end block");
        vm.assertEq(state.elapsed, 0, "elapsed");
        vm.assertEq(state.paid, 0, "paid");
        vm.assertTrue(state.providerCharged && state.requesterCharged, "charged");
        vm.assertFalse(state.stopped || state.seized, "flags");
    }

    function test_anyPairOfAuthoritiesOpens() public {
        uint256[2] memory providerKeys = [PROVIDER_KEY, RESULT_KEY];
        uint256[2] memory requesterKeys = [REQUESTER_KEY, VOUCHER_KEY];
        for (uint256 i = 0; i < 4; i++) {
            Quote memory q = quote(i);
            bytes32 lease = open(opening(q, providerKeys[i / 2], requesterKeys[i % 2]));
            LeaseState memory state = escrow.leaseState(lease);
            vm.assertTrue(state.providerCharged == (i / 2 == 1), "provider charged");
            vm.assertTrue(state.requesterCharged == (i % 2 == 1), "requester charged");
        }
    }

    function test_anEmptySignatureMeansTheSender() public {
        Opening memory o = opening(quote());
        vm.prank(voucherSigner);
        bytes32 lease = escrow.open(o.quote, o.providerSignature, "");
        vm.assertTrue(escrow.leaseState(lease).requesterCharged, "delegate charged");

        o = opening(quote(1));
        vm.prank(requester);
        lease = escrow.open(o.quote, o.providerSignature, "");
        vm.assertFalse(escrow.leaseState(lease).requesterCharged, "account not charged");
    }

    function test_aStrangerIsNotTheRequester() public {
        Opening memory o = opening(quote());
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NotRequester.selector, stranger, requester, voucherSigner));
        vm.prank(stranger);
        escrow.open(o.quote, o.providerSignature, "");
    }

    function test_aSendingDelegateIsBoundByItsLimitAndExpiry() public {
        Opening memory o = opening(quote());
        vm.prank(requester);
        escrow.setDelegate(voucherSigner, 49e18, EXPIRY);
        vm.expectRevert(
            abi.encodeWithSelector(IEscrow.DelegateLimit.selector, requester, voucherSigner, 49e18, 0, 50e18)
        );
        vm.prank(voucherSigner);
        escrow.open(o.quote, o.providerSignature, "");
    }

    function test_theProvidersSignatureIsNeverEmpty() public {
        Opening memory o = opening(quote());
        expectBadSignature(escrow.hashQuote(o.quote), provider, resultSigner);
        vm.prank(provider);
        escrow.open(o.quote, "", o.requesterSignature);
    }

    function test_strangersSignaturesOpenNothing() public {
        Quote memory q = quote();
        bytes32 lease = escrow.hashQuote(q);
        Opening memory o = opening(q, STRANGER_KEY, VOUCHER_KEY);
        expectBadSignature(lease, provider, resultSigner);
        open(o);
        o = opening(q, RESULT_KEY, STRANGER_KEY);
        expectBadSignature(escrow.hashOpen(lease), requester, voucherSigner);
        open(o);
    }

    function test_oneSidesKeyIsNoAuthorityForTheOther() public {
        Quote memory q = quote();
        Opening memory o = opening(q, REQUESTER_KEY, VOUCHER_KEY);
        expectBadSignature(escrow.hashQuote(q), provider, resultSigner);
        open(o);
        o = opening(q, RESULT_KEY, RESULT_KEY);
        expectBadSignature(escrow.hashOpen(escrow.hashQuote(q)), requester, voucherSigner);
        open(o);
    }

    function test_theQuotesSignatureIsNoOpenSignature() public {
        Quote memory q = quote();
        bytes32 lease = escrow.hashQuote(q);
        bytes memory providerSignature = compact(RESULT_KEY, lease);
        bytes memory requesterSignature = compact(VOUCHER_KEY, lease);
        expectBadSignature(escrow.hashOpen(lease), requester, voucherSigner);
        escrow.open(q, providerSignature, requesterSignature);
    }

    function test_ordinaryLongSignaturesAreRefused() public {
        Quote memory q = quote();
        bytes32 lease = escrow.hashQuote(q);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(RESULT_KEY, lease);
        bytes memory requesterSignature = compact(VOUCHER_KEY, escrow.hashOpen(lease));
        expectBadSignature(lease, provider, resultSigner);
        escrow.open(q, abi.encodePacked(r, s, v), requesterSignature);
    }

    function test_theZeroAddressSignsNothing() public {
        Quote memory q = quote();
        (q.requester, q.voucherSigner, q.deposit) = (address(0), address(0), 0);
        bytes32 lease = escrow.hashQuote(q);
        bytes memory providerSignature = compact(RESULT_KEY, lease);
        expectBadSignature(escrow.hashOpen(lease), address(0), address(0));
        escrow.open(q, providerSignature, new bytes(64));
    }

    function test_openBeforeBeforeAtAfter() public {
        Opening memory early = opening(quote(1));
        Opening memory late = opening(quote(2));
        uint40 openBefore = early.quote.openBefore;
        bytes32 lease = escrow.hashQuote(late.quote);
        vm.warp(openBefore - 1);
        open(early);
        for (uint256 i = 0; i < 2; i++) {
            vm.warp(openBefore + i);
            vm.expectRevert(abi.encodeWithSelector(IEscrow.OpenTooLate.selector, lease, openBefore, openBefore + i));
            open(late);
        }
    }

    function test_aLeaseOpensOnce() public {
        Opening memory o = opening(quote());
        bytes32 lease = open(o);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.AlreadyOpened.selector, lease));
        open(o);
        close(o.quote, 0);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.AlreadyOpened.selector, lease));
        open(o);
    }

    function test_aLeaseOfNoBlocksIsRefused() public {
        Quote memory q = quote();
        q.blocks = 0;
        Opening memory o = opening(q);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NoDuration.selector, escrow.hashQuote(q)));
        open(o);
    }

    function test_oneAccountOnBothSidesIsRefused() public {
        Quote memory q = quote();
        q.requester = provider;
        Opening memory o = opening(q, PROVIDER_KEY, PROVIDER_KEY);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.SelfLease.selector, provider));
        open(o);
    }

    function test_balancesMustCoverExactly() public {
        vm.prank(requester);
        escrow.moveTo(stranger, FUNDS - 50e18 + 1);
        Opening memory o = opening(quote());
        vm.expectRevert(abi.encodeWithSelector(IEscrow.InsufficientBalance.selector, requester, 50e18 - 1, 50e18));
        open(o);
        vm.prank(stranger);
        escrow.moveTo(requester, 1);
        open(o);
        vm.assertEq(escrow.balanceOf(requester), 0, "all locked");
    }

    function test_theProvidersBalanceMustCoverBothBonds() public {
        vm.prank(provider);
        escrow.moveTo(stranger, FUNDS - 30e18 + 1);
        Opening memory o = opening(quote());
        vm.expectRevert(abi.encodeWithSelector(IEscrow.InsufficientBalance.selector, provider, 30e18 - 1, 30e18));
        open(o);
    }

    function test_theSameBondCannotBackTwoLeases() public {
        vm.prank(provider);
        escrow.moveTo(stranger, FUNDS - 59e18);
        open(quote(1));
        Opening memory second = opening(quote(2));
        vm.expectRevert(abi.encodeWithSelector(IEscrow.InsufficientBalance.selector, provider, 29e18, 30e18));
        open(second);
    }

    /// Every word with one bit too many; opening would not even read the slot penalty, but closing would.
    function test_wordsWithBitsBeyondTheirTypeAreRefused() public {
        uint8[14] memory bits = [160, 160, 160, 160, 128, 96, 96, 96, 96, 96, 40, 32, 32, 32];
        bytes memory quoteWords = abi.encode(quote());
        for (uint256 i = 0; i < bits.length; i++) {
            bytes memory dirty = bytes.concat(quoteWords);
            uint256 highest = 31 - bits[i] / 8;
            dirty[i * 32 + highest] = 0x01;
            (bool success, bytes memory why) = address(escrow).call(bytes.concat(escrow.hashQuote.selector, dirty));
            vm.assertFalse(success, "dirty word");
            vm.assertEq(bytes32(why), bytes32(IEscrow.MalformedQuote.selector), "refusal");
        }
    }

    function testFuzz_locksWhatTheQuoteSays(uint96 deposit, uint96 bond, uint96 resultBond) public {
        Quote memory q = quote();
        q.deposit = uint96(deposit % LIMIT);
        q.bond = uint96(bond % (LIMIT / 2));
        q.resultBond = uint96(resultBond % (LIMIT / 2));
        open(q);
        assertBalances(FUNDS - q.bond - q.resultBond, FUNDS - q.deposit);
        close(q, 0);
        assertBalances(FUNDS, FUNDS);
    }

    function testFuzz_anyChangeToTheQuoteVoidsItsSignatures(uint256 word, uint256 bit) public {
        Opening memory o = opening(quote());
        bytes memory call = abi.encodeCall(escrow.open, (o.quote, o.providerSignature, o.requesterSignature));
        uint256 offset = 4 + (word % 16) * 32 + (bit % 256) / 8;
        call[offset] = bytes1(uint8(call[offset]) ^ uint8(1 << (bit % 8)));
        (bool success,) = address(escrow).call(call);
        vm.assertFalse(success, "opened with a changed quote");
    }
}
