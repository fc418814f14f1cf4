// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IEscrow} from "./interfaces/IEscrow.sol";

/// @title What an account lets its hot keys lock
/// @dev A key is looked up under the account that a quote names, so nobody can claim another's key, and one storage
/// slot holds all there is to know. An expiry is judged at opening alone, like `openBefore`, and in seconds like it: it
/// limits a consent, it is no deadline by which anyone loses what they have.
abstract contract Delegates is IEscrow {
    struct Delegate {
        uint96 limit;
        uint96 inUse;
        uint40 expiry;
    }

    mapping(address account => mapping(address key => Delegate)) private _delegates;

    function setDelegate(address key, uint96 limit, uint40 expiry) external {
        Delegate storage delegate = _delegates[msg.sender][key];
        delegate.limit = limit;
        delegate.expiry = expiry;
        emit DelegateSet(msg.sender, key, limit, expiry);
    }

    function delegateOf(address account, address key)
        external
        view
        returns (uint96 limit, uint96 inUse, uint40 expiry)
    {
        Delegate storage delegate = _delegates[account][key];
        return (delegate.limit, delegate.inUse, delegate.expiry);
    }

    /// Returns the encoded error that keeps `key` from locking `amount` of the account's balance; empty when it may.
    function _refuseDelegate(address account, address key, uint256 amount)
        internal
        view
        returns (bytes memory refusal)
    {
        Delegate memory delegate = _delegates[account][key];
        if (block.timestamp >= delegate.expiry) {
            return abi.encodeWithSelector(DelegateExpired.selector, account, key, delegate.expiry);
        }
        if (delegate.inUse + amount > delegate.limit) {
            return abi.encodeWithSelector(DelegateLimit.selector, account, key, delegate.limit, delegate.inUse, amount);
        }
    }

    function _charge(address account, address key, uint256 amount) internal {
        // Fits: _refuseDelegate found the sum within a limit of 96 bits.
        _delegates[account][key].inUse += uint96(amount);
    }

    function _release(address account, address key, uint256 amount) internal {
        // Fits: no more is released than was charged.
        _delegates[account][key].inUse -= uint96(amount);
    }
}
