// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Escrow} from "../src/Escrow.sol";
import {IEscrow, Opening, Quote, Redemption} from "../src/interfaces/IEscrow.sol";
import {EscrowTest} from "./support/EscrowTest.sol";

contract ReplayTest is EscrowTest {
    uint256 private constant CHAIN = 31_337;

    function test_signaturesOfAnotherEscrowOpenNothing() public {
        Opening memory o = opening(quote());
        escrow = new Escrow(token, address(rogue), SETTLE);
        token.transfer(provider, FUNDS);
        token.transfer(requester, FUNDS);
        fund(provider, resultSigner);
        fund(requester, voucherSigner);
        bytes32 digest = escrow.hashQuote(o.quote);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.BadSignature.selector, digest, provider, resultSigner));
        open(o);
    }

    function test_signaturesOfAnotherChainOpenNothing() public {
        Opening memory o = opening(quote());
        bytes32 here = escrow.DOMAIN_SEPARATOR();
        vm.chainId(CHAIN + 1);
        vm.assertTrue(escrow.DOMAIN_SEPARATOR() != here, "domain");
        bytes32 digest = escrow.hashQuote(o.quote);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.BadSignature.selector, digest, provider, resultSigner));
        open(o);
    }

    function test_vouchersOfAnotherChainPayNothing() public {
        // After a fork both chains know the deployment, and each lease under the name of its own chain.
        Quote memory q = quote();
        Redemption memory foreign = redemption(q, 1e18);
        vm.chainId(CHAIN + 1);
        bytes32 lease = open(q);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.WrongLease.selector, lease, foreign.voucher.lease));
        redeem(foreign);
        foreign.voucher.lease = lease;
        vm.expectPartialRevert(IEscrow.BadSignature.selector);
        redeem(foreign);
    }

    function test_closesOfAnotherLeaseCloseNothing() public {
        Quote memory q = quote(1);
        open(q);
        Quote memory other = quote(2);
        open(other);
        (bytes memory providerSignature, bytes memory requesterSignature) = closing(other, 0);
        vm.expectPartialRevert(IEscrow.BadSignature.selector);
        escrow.closeCooperative(q, 0, providerSignature, requesterSignature);
    }

    function test_aVoucherIsNoClose() public {
        Quote memory q = quote();
        open(q);
        (bytes memory providerSignature,) = closing(q, 1e18);
        bytes memory voucherSignature = redemption(q, 1e18).signature;
        vm.expectPartialRevert(IEscrow.BadSignature.selector);
        escrow.closeCooperative(q, 1e18, providerSignature, voucherSignature);
    }

    function test_anOpenSignatureOpensOnlyItsLease() public {
        Opening memory first = opening(quote(1));
        Opening memory second = opening(quote(2));
        second.requesterSignature = first.requesterSignature;
        vm.expectPartialRevert(IEscrow.BadSignature.selector);
        open(second);
    }
}
