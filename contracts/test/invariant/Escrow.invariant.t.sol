// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {FuzzSelector, LeaseInvariants} from "./LeaseInvariants.sol";
import {RogueHandler} from "./RogueHandler.sol";

/// The escrow under the worst court there could be.
contract EscrowInvariants is LeaseInvariants {
    RogueHandler private world;

    function setUp() public {
        world = new RogueHandler();
        watch(world);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory) {
        bytes4[] memory court = new bytes4[](3);
        (court[0], court[1], court[2]) = (world.adjustDown.selector, world.seize.selector, world.courtPays.selector);
        return selectors(court);
    }
}
