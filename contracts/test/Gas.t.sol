// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Opening, Quote, Redemption} from "../src/interfaces/IEscrow.sol";
import {EscrowTest} from "./support/EscrowTest.sol";

/// Gas of whole transactions (isolated, with calldata) between accounts that have traded before, against the targets.
/// The figures are committed in contracts/snapshots.
/// forge-config: default.isolate = true
contract GasTest is EscrowTest {
    Quote[] private leases;

    function setUp() public override {
        super.setUp();
        vm.prank(requester);
        escrow.setDelegate(voucherSigner, 2 * LIMIT, EXPIRY);
        for (uint256 i = 0; i < 10; i++) {
            leases.push(quote(keccakOf(i)));
            open(leases[i]);
        }
        skip(1_000, 500);
    }

    function keccakOf(uint256 i) private pure returns (uint256) {
        return uint256(keccak256(abi.encode("gas", i)));
    }

    function fresh(uint256 i) private view returns (Quote memory) {
        return quote(keccakOf(100 + i));
    }

    function measured(string memory name, uint256 parts, uint256 target) private {
        uint256 gas = vm.snapshotGasLastCall("Escrow", name);
        vm.assertGe(gas, 21_000, "whole transactions are measured");
        vm.assertLe(gas / parts, target, name);
    }

    function test_openByTheRequestersDelegate() public {
        Opening memory o = opening(fresh(0));
        vm.prank(voucherSigner);
        escrow.open(o.quote, o.providerSignature, "");
        measured("open", 1, 95_000);
    }

    function test_openRelayed() public {
        Opening memory o = opening(fresh(0));
        vm.prank(stranger);
        escrow.open(o.quote, o.providerSignature, o.requesterSignature);
        measured("openRelayed", 1, 98_000);
    }

    function test_openTen() public {
        Opening[] memory batch = new Opening[](10);
        for (uint256 i = 0; i < 10; i++) {
            batch[i] = opening(fresh(i));
            batch[i].requesterSignature = "";
        }
        vm.prank(voucherSigner);
        escrow.openMany(batch);
        measured("openTen", 10, 63_000);
    }

    function test_openTenRelayed() public {
        Opening[] memory batch = new Opening[](10);
        for (uint256 i = 0; i < 10; i++) {
            batch[i] = opening(fresh(i));
        }
        vm.prank(stranger);
        escrow.openMany(batch);
        measured("openTenRelayed", 10, 66_000);
    }

    function test_redeem() public {
        Redemption memory r = redemption(leases[0], 3.123456789e18);
        escrow.redeem(r.quote, r.voucher, r.signature);
        measured("redeem", 1, 50_000);
    }

    function test_redeemTen() public {
        Redemption[] memory batch = new Redemption[](10);
        for (uint256 i = 0; i < 10; i++) {
            batch[i] = redemption(leases[i], 3.123456789e18);
        }
        escrow.redeemMany(batch);
        measured("redeemTen", 10, 26_000);
    }

    function test_closeCooperative() public {
        (bytes memory providerSignature, bytes memory requesterSignature) = closing(leases[0], 3.123456789e18);
        escrow.closeCooperative(leases[0], 3.123456789e18, providerSignature, requesterSignature);
        measured("closeCooperative", 1, 74_000);
    }

    function test_startClose() public {
        vm.prank(voucherSigner);
        escrow.startClose(leases[0]);
        measured("startClose", 1, 40_000);
    }

    function test_finalize() public {
        vm.roll(START_BLOCK + 1_800 + SETTLE);
        escrow.finalize(leases[0]);
        measured("finalize", 1, 65_000);
    }

    function test_finalizeWithPenalty() public {
        rogue.adjustDown(escrow.hashQuote(leases[0]), 1);
        vm.roll(START_BLOCK + 1_800 + SETTLE);
        escrow.finalize(leases[0]);
        measured("finalizePenalty", 1, 90_000);
    }

    function test_setDelegate() public {
        vm.prank(requester);
        escrow.setDelegate(stranger, LIMIT, EXPIRY);
        measured("setDelegate", 1, 50_000);
    }

    function test_withdraw() public {
        vm.prank(requester);
        escrow.withdraw(requester, 1e18);
        measured("withdraw", 1, 65_000);
    }

    function test_deposit() public {
        vm.prank(provider);
        escrow.withdraw(provider, 2e18);
        vm.prank(provider);
        escrow.deposit(1e18);
        measured("deposit", 1, 65_000);
    }
}
