// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IEscrow, Quote} from "../../src/interfaces/IEscrow.sol";

/// A court that does whatever anyone tells it to: the worst that the escrow must survive.
contract RogueCourt {
    IEscrow public escrow;

    function obey(IEscrow escrow_) external {
        escrow = escrow_;
    }

    function adjustDown(bytes32 lease, int256 change) external {
        escrow.adjustDown(lease, change);
    }

    function seize(Quote calldata quote) external returns (uint96) {
        return escrow.seize(quote);
    }

    function moveTo(address to, uint256 amount) external {
        escrow.moveTo(to, amount);
    }

    function withdraw(address to, uint256 amount) external {
        escrow.withdraw(to, amount);
    }
}
