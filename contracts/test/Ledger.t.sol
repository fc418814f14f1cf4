// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IEscrow} from "../src/interfaces/IEscrow.sol";
import {EscrowTest} from "./support/EscrowTest.sol";

contract LedgerTest is EscrowTest {
    uint256 private constant AMOUNT = 70e18;

    function setUp() public override {
        super.setUp();
        token.transfer(stranger, AMOUNT);
    }

    function test_depositNeedsAllowanceAndCredits() public {
        vm.prank(stranger);
        vm.expectRevert();
        escrow.deposit(AMOUNT);

        vm.startPrank(stranger);
        token.approve(address(escrow), AMOUNT);
        vm.expectEmit();
        emit IEscrow.Deposited(stranger, AMOUNT);
        vm.assertEq(escrow.deposit(AMOUNT), AMOUNT, "credited");
        vm.assertEq(escrow.balanceOf(stranger), AMOUNT, "balance");
    }

    function permit(uint256 deadline) private view returns (uint8 v, bytes32 r, bytes32 s) {
        bytes32 typeHash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 message =
            keccak256(abi.encode(typeHash, stranger, address(escrow), AMOUNT, token.nonces(stranger), deadline));
        return vm.sign(STRANGER_KEY, keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), message)));
    }

    function test_depositWithPermitTakesOneCall() public {
        (uint8 v, bytes32 r, bytes32 s) = permit(START_TIME);
        vm.prank(stranger);
        vm.assertEq(escrow.depositWithPermit(AMOUNT, START_TIME, v, r, s), AMOUNT, "credited");
        vm.assertEq(escrow.balanceOf(stranger), AMOUNT, "balance");
    }

    function test_permitSentFirstBySomeoneElseDoesNotMatter() public {
        (uint8 v, bytes32 r, bytes32 s) = permit(START_TIME);
        token.permit(stranger, address(escrow), AMOUNT, START_TIME, v, r, s);
        vm.prank(stranger);
        escrow.depositWithPermit(AMOUNT, START_TIME, v, r, s);
        vm.assertEq(escrow.balanceOf(stranger), AMOUNT, "balance");
    }

    function test_permitOfSomeoneElseBringsNothing() public {
        (uint8 v, bytes32 r, bytes32 s) = permit(START_TIME);
        vm.prank(provider);
        vm.expectRevert();
        escrow.depositWithPermit(AMOUNT, START_TIME, v, r, s);
    }

    function test_permitPastItsDeadlineBringsNothing() public {
        (uint8 v, bytes32 r, bytes32 s) = permit(START_TIME - 1);
        vm.prank(stranger);
        vm.expectRevert();
        escrow.depositWithPermit(AMOUNT, START_TIME - 1, v, r, s);
    }

    function test_withdrawSendsTokens() public {
        vm.expectEmit();
        emit IEscrow.Withdrawn(provider, stranger, 3e18);
        vm.prank(provider);
        escrow.withdraw(stranger, 3e18);
        vm.assertEq(token.balanceOf(stranger), AMOUNT + 3e18, "wallet");
        vm.assertEq(escrow.balanceOf(provider), FUNDS - 3e18, "balance");
    }

    function test_withdrawAllAndNotAUnitMore() public {
        vm.expectRevert(abi.encodeWithSelector(IEscrow.InsufficientBalance.selector, provider, FUNDS, FUNDS + 1));
        vm.prank(provider);
        escrow.withdraw(provider, FUNDS + 1);
        vm.prank(provider);
        escrow.withdraw(provider, FUNDS);
        vm.assertEq(escrow.balanceOf(provider), 0, "balance");
    }

    function test_lockedMoneyCannotBeWithdrawn() public {
        open(quote());
        vm.expectRevert(abi.encodeWithSelector(IEscrow.InsufficientBalance.selector, requester, FUNDS - 50e18, FUNDS));
        vm.prank(requester);
        escrow.withdraw(requester, FUNDS);
    }

    function test_moveToPaysWithinTheLedger() public {
        vm.expectEmit();
        emit IEscrow.Moved(provider, stranger, 3e18);
        vm.prank(provider);
        escrow.moveTo(stranger, 3e18);
        vm.assertEq(escrow.balanceOf(stranger), 3e18, "balance");
        vm.assertEq(token.balanceOf(stranger), AMOUNT, "wallet");

        vm.expectRevert(abi.encodeWithSelector(IEscrow.InsufficientBalance.selector, stranger, 3e18, 3e18 + 1));
        vm.prank(stranger);
        escrow.moveTo(provider, 3e18 + 1);
    }

    function test_moveToOneselfChangesNothing() public {
        vm.prank(provider);
        escrow.moveTo(provider, FUNDS);
        vm.assertEq(escrow.balanceOf(provider), FUNDS, "balance");
    }

    function test_recipientsThatLoseMoneyAreRefused() public {
        address[2] memory bad = [address(0), address(escrow)];
        vm.startPrank(provider);
        for (uint256 i = 0; i < bad.length; i++) {
            vm.expectRevert(abi.encodeWithSelector(IEscrow.BadRecipient.selector, bad[i]));
            escrow.withdraw(bad[i], 1);
            vm.expectRevert(abi.encodeWithSelector(IEscrow.BadRecipient.selector, bad[i]));
            escrow.moveTo(bad[i], 1);
        }
    }

    function test_burnedIsABalanceOfNobody() public {
        vm.prank(provider);
        escrow.moveTo(0x000000000000000000000000000000000000dEaD, 5);
        vm.assertEq(escrow.burned(), 5, "burned");
    }

    function test_multicallActsAsTheSenderAllOrNothing() public {
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(escrow.setDelegate, (stranger, 7, EXPIRY));
        calls[1] = abi.encodeCall(escrow.moveTo, (stranger, FUNDS));
        vm.prank(provider);
        escrow.multicall(calls);
        vm.assertEq(escrow.balanceOf(stranger), FUNDS, "moved");

        calls[0] = abi.encodeCall(escrow.setDelegate, (stranger, 8, EXPIRY));
        calls[1] = abi.encodeCall(escrow.moveTo, (stranger, 1));
        vm.expectRevert(abi.encodeWithSelector(IEscrow.InsufficientBalance.selector, provider, 0, 1));
        vm.prank(provider);
        escrow.multicall(calls);
        (uint96 limit,,) = escrow.delegateOf(provider, stranger);
        vm.assertEq(limit, 7, "second batch undone");
    }

    function test_noNativeCoinIsTaken() public {
        (bool plain,) = address(escrow).call{value: 1}("");
        vm.assertFalse(plain, "plain transfer");
        (bool batch,) = address(escrow).call{value: 1}(abi.encodeCall(escrow.multicall, (new bytes[](0))));
        vm.assertFalse(batch, "multicall");
    }

    function testFuzz_depositsAndWithdrawalsBalance(uint96 first, uint96 second) public {
        uint256 amount = uint256(first) % AMOUNT;
        uint256 back = amount == 0 ? 0 : uint256(second) % amount;
        vm.startPrank(stranger);
        token.approve(address(escrow), AMOUNT);
        escrow.deposit(amount);
        escrow.withdraw(stranger, back);
        vm.assertEq(escrow.balanceOf(stranger), amount - back, "ledger");
        vm.assertEq(token.balanceOf(stranger), AMOUNT - amount + back, "wallet");
    }
}
