// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Escrow} from "../src/Escrow.sol";
import {IEscrow} from "../src/interfaces/IEscrow.sol";
import {
    BlackListToken,
    CallingToken,
    FalseToken,
    FeeToken,
    GreedyToken,
    NoReturnToken,
    Reentrant
} from "./support/HostileTokens.sol";
import {Vm} from "./support/Vm.sol";

contract TokensTest {
    Vm private constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
    address private constant FRIEND = address(0xF1);
    uint256 private constant AMOUNT = 1_000e18;

    Escrow private escrow;

    function escrowOn(address token) private {
        escrow = new Escrow(IERC20(token), address(0), 1);
        IERC20(token).approve(address(escrow), type(uint256).max);
    }

    function covers(IERC20 token, uint256 obligations) private view {
        vm.assertEq(token.balanceOf(address(escrow)), obligations, "solvency");
    }

    function test_aFeeOnTransferIsCreditedAsItArrived() public {
        FeeToken token = new FeeToken();
        escrowOn(address(token));
        vm.assertEq(escrow.deposit(AMOUNT), AMOUNT * 99 / 100, "credited");
        covers(token, AMOUNT * 99 / 100);
        escrow.withdraw(FRIEND, 100e18);
        vm.assertEq(token.balanceOf(FRIEND), 99e18, "arrived");
        covers(token, escrow.balanceOf(address(this)));
    }

    function test_aTokenThatTakesMoreOnTheWayOutIsStopped() public {
        GreedyToken token = new GreedyToken();
        escrowOn(address(token));
        escrow.deposit(AMOUNT);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.TokenTookMore.selector, 100e18, 101e18));
        escrow.withdraw(FRIEND, 100e18);
        covers(token, escrow.balanceOf(address(this)));
    }

    function test_aTokenWithoutReturnValuesWorks() public {
        NoReturnToken token = new NoReturnToken();
        escrow = new Escrow(IERC20(address(token)), address(0), 1);
        token.approve(address(escrow), AMOUNT);
        escrow.deposit(AMOUNT);
        escrow.withdraw(FRIEND, AMOUNT);
        vm.assertEq(token.balanceOf(FRIEND), AMOUNT, "withdrawn");
    }

    function test_aTokenWithoutPermitDepositsByAllowance() public {
        FeeToken token = new FeeToken();
        escrowOn(address(token));
        escrow.depositWithPermit(AMOUNT, 0, 0, 0, 0);
        vm.assertEq(escrow.balanceOf(address(this)), AMOUNT * 99 / 100, "credited");
    }

    function test_aTokenThatSaysFalseIsRefused() public {
        FalseToken token = new FalseToken();
        escrowOn(address(token));
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(token)));
        escrow.deposit(AMOUNT);
    }

    function test_ablackListedAccountBlocksNobodyElse() public {
        BlackListToken token = new BlackListToken();
        escrowOn(address(token));
        escrow.deposit(AMOUNT);
        escrow.moveTo(FRIEND, 5e18);
        token.list(FRIEND);
        vm.expectRevert("listed");
        vm.prank(FRIEND);
        escrow.withdraw(FRIEND, 5e18);
        vm.assertEq(escrow.balanceOf(FRIEND), 5e18, "kept");
        vm.prank(FRIEND);
        escrow.withdraw(address(0xF2), 5e18);
        escrow.withdraw(address(0xF3), AMOUNT - 5e18);
        covers(token, 0);
    }

    function reentrant() private returns (CallingToken token, Reentrant attacker) {
        token = new CallingToken();
        escrowOn(address(token));
        escrow.deposit(AMOUNT);
        attacker = new Reentrant(token, address(escrow));
        token.transfer(address(attacker), AMOUNT);
        escrow.moveTo(address(attacker), 100e18);
    }

    function attack(bytes memory outer, bytes memory inner) private {
        (CallingToken token, Reentrant attacker) = reentrant();
        vm.assertTrue(attacker.run(outer, inner), "outer call");
        vm.assertFalse(attacker.succeeded(), "inner call");
        covers(token, escrow.balanceOf(address(this)) + escrow.balanceOf(address(attacker)));
    }

    function test_noDepositWithinADeposit() public {
        attack(abi.encodeCall(IEscrow.deposit, (50e18)), abi.encodeCall(IEscrow.deposit, (20e18)));
    }

    function test_noWithdrawalWithinADeposit() public {
        attack(abi.encodeCall(IEscrow.deposit, (50e18)), abi.encodeCall(IEscrow.withdraw, (FRIEND, 20e18)));
    }

    function test_noDepositWithinAWithdrawal() public {
        attack(abi.encodeCall(IEscrow.withdraw, (FRIEND, 50e18)), abi.encodeCall(IEscrow.deposit, (20e18)));
    }

    function test_noWithdrawalWithinAWithdrawal() public {
        attack(abi.encodeCall(IEscrow.withdraw, (FRIEND, 50e18)), abi.encodeCall(IEscrow.withdraw, (FRIEND, 20e18)));
    }

    function test_noDepositHiddenInABatchWithinADeposit() public {
        bytes[] memory batch = new bytes[](1);
        batch[0] = abi.encodeCall(IEscrow.deposit, (20e18));
        attack(abi.encodeCall(IEscrow.deposit, (50e18)), abi.encodeWithSignature("multicall(bytes[])", batch));
    }

    function test_movingWithinAWithdrawalIsHarmless() public {
        (CallingToken token, Reentrant attacker) = reentrant();
        bytes memory outer = abi.encodeCall(IEscrow.withdraw, (FRIEND, 60e18));
        attacker.run(outer, abi.encodeCall(IEscrow.moveTo, (FRIEND, 60e18)));
        vm.assertFalse(attacker.succeeded(), "spent already");
        attacker.run(abi.encodeCall(IEscrow.withdraw, (FRIEND, 1e18)), abi.encodeCall(IEscrow.moveTo, (FRIEND, 2e18)));
        vm.assertTrue(attacker.succeeded(), "what is left");
        vm.assertEq(escrow.balanceOf(address(attacker)), 37e18, "attacker");
        covers(token, AMOUNT - 61e18);
    }

    function test_whatIsSentUnaskedBelongsToNobody() public {
        FeeToken token = new FeeToken();
        escrowOn(address(token));
        token.transfer(address(escrow), 100e18);
        vm.assertEq(escrow.balanceOf(address(this)), 0, "no credit");
        escrow.deposit(AMOUNT);
        vm.assertEq(escrow.balanceOf(address(this)), AMOUNT * 99 / 100, "only what the deposit brought");
    }
}
