// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IEscrow} from "./interfaces/IEscrow.sol";

// The account that penalties are burned to: no key is known for it, and none can be found.
address constant BURN = 0x000000000000000000000000000000000000dEaD;

/// @title Free balances of accounts in one token
/// @dev Only `deposit*` and `withdraw` touch the token. Both measure what the token really moved, and a guard keeps a
/// token that calls back from being measured twice.
abstract contract Ledger is IEscrow, Multicall, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    IERC20 public immutable token;

    mapping(address account => uint256) private _balances;

    constructor(IERC20 token_) {
        token = token_;
    }

    function deposit(uint256 amount) external returns (uint256 credited) {
        return _deposit(amount);
    }

    function depositWithPermit(uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        returns (uint256 credited)
    {
        try IERC20Permit(address(token)).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        return _deposit(amount);
    }

    function withdraw(address to, uint256 amount) external nonReentrant {
        _checkRecipient(to);
        _debit(msg.sender, amount);
        emit Withdrawn(msg.sender, to, amount);
        uint256 held = token.balanceOf(address(this));
        token.safeTransfer(to, amount);
        uint256 left = token.balanceOf(address(this));
        if (left + amount < held) revert TokenTookMore(amount, held - left);
    }

    function moveTo(address to, uint256 amount) external {
        _checkRecipient(to);
        _debit(msg.sender, amount);
        _credit(to, amount);
        emit Moved(msg.sender, to, amount);
    }

    function balanceOf(address account) public view returns (uint256) {
        return _balances[account];
    }

    function burned() external view returns (uint256) {
        return _balances[BURN];
    }

    function _deposit(uint256 amount) private nonReentrant returns (uint256 credited) {
        uint256 held = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        credited = token.balanceOf(address(this)) - held;
        _credit(msg.sender, credited);
        emit Deposited(msg.sender, credited);
    }

    function _credit(address account, uint256 amount) internal {
        if (amount != 0) _balances[account] += amount;
    }

    function _debit(address account, uint256 amount) internal {
        uint256 balance = _balances[account];
        if (amount > balance) revert InsufficientBalance(account, balance, amount);
        unchecked {
            _balances[account] = balance - amount;
        }
    }

    function _checkRecipient(address to) private view {
        if (to == address(0) || to == address(this)) revert BadRecipient(to);
    }
}
