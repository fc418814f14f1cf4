// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Escrow} from "../src/Escrow.sol";
import {IEscrow, Quote} from "../src/interfaces/IEscrow.sol";
import {EscrowTest} from "./support/EscrowTest.sol";

contract HooksTest is EscrowTest {
    Quote private q;
    bytes32 private lease;

    function setUp() public override {
        super.setUp();
        q = quote();
        lease = open(q);
    }

    function test_onlyTheCourt() public {
        address[3] memory others = [requester, provider, stranger];
        for (uint256 i = 0; i < 3; i++) {
            bytes memory refusal = abi.encodeWithSelector(IEscrow.NotCourt.selector, others[i]);
            vm.expectRevert(refusal);
            vm.prank(others[i]);
            escrow.adjustDown(lease, 1);
            vm.expectRevert(refusal);
            vm.prank(others[i]);
            escrow.seize(q);
        }
    }

    function test_withoutACourtNobodyIsIt() public {
        escrow = new Escrow(token, address(0), SETTLE);
        fund(stranger, stranger);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NotCourt.selector, stranger));
        vm.prank(stranger);
        escrow.adjustDown(lease, 1);
    }

    function test_penaltiesAreHalvedAndTheRestBurned() public {
        vm.expectEmit();
        emit IEscrow.DownAdjusted(lease, 3, 3);
        rogue.adjustDown(lease, 3);
        vm.assertEq(escrow.leaseState(lease).downSlots, 3, "down slots");
        close(q, 0);
        assertBalances(FUNDS - 6e18, FUNDS + 3e18);
        vm.assertEq(escrow.burned(), 3e18, "burned");
    }

    function test_refutedSlotsAreStruck() public {
        rogue.adjustDown(lease, 3);
        rogue.adjustDown(lease, -3);
        close(q, 0);
        assertBalances(FUNDS, FUNDS);
    }

    function test_penaltiesNeverExceedTheBond() public {
        rogue.adjustDown(lease, 10);
        rogue.adjustDown(lease, 1_000);
        close(q, 0);
        assertBalances(FUNDS - 20e18, FUNDS + 10e18);
    }

    function test_theOddUnitIsBurned() public {
        Quote memory odd = quote(1);
        odd.slotPenalty = 3;
        rogue.adjustDown(open(odd), 1);
        close(odd, 0);
        vm.assertEq(escrow.burned(), 2, "burned");
        vm.assertEq(escrow.balanceOf(requester), FUNDS - 50e18 + 1, "requester");
    }

    function test_theDownCountHasBorders() public {
        int256[4] memory outside = [int256(-3), type(int256).min, type(int256).max, 0xffffff - 1];
        rogue.adjustDown(lease, 2);
        for (uint256 i = 0; i < outside.length; i++) {
            vm.expectRevert(abi.encodeWithSelector(IEscrow.DownOutOfRange.selector, lease, 2, outside[i]));
            rogue.adjustDown(lease, outside[i]);
        }
        rogue.adjustDown(lease, 0xffffff - 2);
        rogue.adjustDown(lease, -0xffffff);
        vm.assertEq(escrow.leaseState(lease).downSlots, 0, "down slots");
    }

    function test_theLargestPenaltyDoesNotOverflow() public {
        Quote memory large = quote(1);
        large.slotPenalty = type(uint96).max;
        rogue.adjustDown(open(large), 0xffffff);
        close(large, 0);
        vm.assertEq(escrow.burned(), 10e18, "burned");
    }

    function test_seizeMovesTheResultBondOnce() public {
        vm.expectEmit();
        emit IEscrow.Seized(lease, 10e18);
        vm.assertEq(rogue.seize(q), 10e18, "amount");
        vm.assertTrue(escrow.leaseState(lease).seized, "seized");
        vm.expectRevert(abi.encodeWithSelector(IEscrow.AlreadySeized.selector, lease));
        rogue.seize(q);
        close(q, 0);
        assertBalances(FUNDS - 10e18, FUNDS);
    }

    function test_seizeAndPenaltyTakeFromDifferentBondsInAnyOrder() public {
        rogue.seize(q);
        rogue.adjustDown(lease, 10);
        close(q, 0);
        uint256 first = escrow.balanceOf(provider);
        Quote memory other = quote(1);
        rogue.adjustDown(open(other), 10);
        rogue.seize(other);
        close(other, 0);
        vm.assertEq(FUNDS - first, first - escrow.balanceOf(provider), "same loss");
        vm.assertEq(FUNDS - first, 30e18, "both bonds");
    }

    function test_theCourtPaysFromItsBalance() public {
        rogue.seize(q);
        rogue.moveTo(stranger, 4e18);
        rogue.withdraw(stranger, 6e18);
        vm.assertEq(escrow.balanceOf(stranger), 4e18, "ledger");
        vm.assertEq(token.balanceOf(stranger), 6e18, "wallet");
    }

    function test_theCourtActsUntilTheLeaseIsClosed() public {
        vm.roll(START_BLOCK + 1_800 + SETTLE);
        rogue.adjustDown(lease, 1);
        rogue.seize(q);
        escrow.finalize(q);
        assertBalances(FUNDS - 12e18, FUNDS + 1e18);
    }

    function testFuzz_theCountIsTheSumOfItsChanges(int16[10] memory changes) public {
        int256 expected;
        for (uint256 i = 0; i < 10; i++) {
            if (expected + changes[i] < 0) {
                vm.expectPartialRevert(IEscrow.DownOutOfRange.selector);
                rogue.adjustDown(lease, changes[i]);
            } else {
                rogue.adjustDown(lease, changes[i]);
                expected += changes[i];
            }
        }
        vm.assertEq(escrow.leaseState(lease).downSlots, uint256(expected), "down slots");
    }
}
