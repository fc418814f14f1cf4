// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IEscrow, Opening, Quote, Voucher} from "../src/interfaces/IEscrow.sol";
import {Signatures} from "../src/libraries/Signatures.sol";
import {EscrowTest} from "./support/EscrowTest.sol";
import {GasBomb, HonestWallet, ReturnBomb, RevertingWallet, ShortAnswer, WritingWallet} from "./support/Wallets.sol";

contract ContractWalletsTest is EscrowTest {
    /// A lease whose requester is a contract with money, agreed to by `HonestWallet`'s rule.
    function opening(address wallet, uint256 salt) private returns (Opening memory o) {
        Quote memory q = quote(salt);
        q.requester = wallet;
        vm.prank(requester);
        escrow.moveTo(wallet, q.deposit);
        bytes32 lease = escrow.hashQuote(q);
        bytes32 digest = escrow.hashOpen(lease);
        o = Opening(q, compact(RESULT_KEY, lease), abi.encodePacked(digest, digest));
    }

    function refuses(Opening memory o) private {
        bytes32 digest = escrow.hashOpen(escrow.hashQuote(o.quote));
        vm.expectRevert(abi.encodeWithSelector(IEscrow.BadSignature.selector, digest, o.quote.requester, voucherSigner));
        open(o);
    }

    function test_aContractAccountOpens() public {
        Opening memory o = opening(address(new HonestWallet()), 1);
        bytes32 lease = open(o);
        vm.assertFalse(escrow.leaseState(lease).requesterCharged, "accounts are not charged");
    }

    function test_aContractAccountSellsToo() public {
        Quote memory q = quote();
        q.provider = address(new HonestWallet());
        vm.prank(provider);
        escrow.moveTo(q.provider, 30e18);
        bytes32 lease = escrow.hashQuote(q);
        bytes memory requesterSignature = compact(VOUCHER_KEY, escrow.hashOpen(lease));
        escrow.open(q, abi.encodePacked(lease, lease), requesterSignature);
        vm.assertFalse(escrow.leaseState(lease).providerCharged, "accounts are not charged");
    }

    function test_aContractAccountsDelegateNeedsNoAnswer() public {
        Opening memory o = opening(address(new GasBomb()), 1);
        vm.prank(o.quote.requester);
        escrow.setDelegate(voucherSigner, LIMIT, EXPIRY);
        o.requesterSignature = compact(VOUCHER_KEY, escrow.hashOpen(escrow.hashQuote(o.quote)));
        open(o);
    }

    function test_anAccountWithCodeStillSignsWithItsKey() public {
        Opening memory o = opening(quote(), RESULT_KEY, REQUESTER_KEY);
        vm.etch(requester, type(GasBomb).runtimeCode);
        open(o);
    }

    function test_otherSignaturesAreRefused() public {
        Opening memory o = opening(address(new HonestWallet()), 1);
        o.requesterSignature = "no";
        refuses(o);
    }

    function test_brokenAnswersAreRefused() public {
        refuses(opening(address(new ShortAnswer()), 1));
        refuses(opening(address(new RevertingWallet()), 2));
        refuses(opening(address(new WritingWallet()), 3));
        refuses(opening(address(new GasBomb()), 4));
    }

    function test_aReturnBombCostsNothingExtra() public {
        Opening memory o = opening(address(new ReturnBomb()), 1);
        uint256 before = gasleft();
        open(o);
        vm.assertLe(before - gasleft(), 150_000, "gas");
    }

    function test_aGasBombInABatchBlocksNobodyElse() public {
        Opening[] memory batch = new Opening[](3);
        batch[0] = opening(quote(1));
        batch[1] = opening(address(new GasBomb()), 2);
        batch[2] = opening(quote(3));
        uint256 before = gasleft();
        vm.assertEq(escrow.openMany(batch), 2, "opened");
        vm.assertLe(before - gasleft(), 250_000 + Signatures.ERC1271_GAS, "gas");
    }

    function test_anAccountWithoutCodeIsNotAsked() public {
        Quote memory q = quote();
        bytes32 lease = escrow.hashQuote(q);
        bytes memory providerSignature = compact(RESULT_KEY, lease);
        bytes32 digest = escrow.hashOpen(lease);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.BadSignature.selector, digest, requester, voucherSigner));
        escrow.open(q, providerSignature, "anything");
    }

    function test_codeOnAPayerKillsNoVoucher() public {
        Quote memory q = quote();
        open(q);
        skip(1_000, 500);
        // As an EIP-7702 delegation would: the payer's account and even its lease key now answer to code.
        vm.etch(requester, type(RevertingWallet).runtimeCode);
        vm.etch(voucherSigner, type(RevertingWallet).runtimeCode);
        vm.assertEq(redeem(q, 5e18), 5e18, "paid");
        close(q, 6e18);
        assertBalances(FUNDS + 6e18, FUNDS - 6e18);
    }

    function test_contractSignaturesAreNoVouchers() public {
        Quote memory q = opening(address(new HonestWallet()), 1).quote;
        q.voucherSigner = q.requester;
        bytes32 lease = escrow.hashQuote(q);
        bytes32 digest = escrow.hashOpen(lease);
        escrow.open(q, compact(RESULT_KEY, lease), abi.encodePacked(digest, digest));
        Voucher memory voucher = Voucher(lease, 1e18, 0, 0);
        digest = escrow.hashVoucher(voucher);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.BadSignature.selector, digest, address(0), q.requester));
        escrow.redeem(q, voucher, abi.encodePacked(digest, digest));
    }
}
