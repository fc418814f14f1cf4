// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IEscrow} from "../../src/interfaces/IEscrow.sol";
import {Vm} from "../support/Vm.sol";
import {FuzzSelector} from "./LeaseInvariants.sol";
import {Loner} from "./Loner.sol";

/// Nobody grows rich alone: whatever one party calls, it gets what others signed for and no more, and the others lose
/// no more than that.
contract LonerInvariants {
    Vm private constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

    Loner internal world;

    function setUp() public virtual {
        world = new Loner(false);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(world);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[12] memory actions = [
            world.money.selector,
            world.money.selector,
            world.openOwn.selector,
            world.openAgain.selector,
            world.redeemOwn.selector,
            world.end.selector,
            world.litigate.selector,
            world.accuse.selector,
            world.watch.selector,
            world.playCourt.selector,
            world.wait.selector,
            world.wait.selector
        ];
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(world), new bytes4[](actions.length));
        for (uint256 i = 0; i < actions.length; i++) {
            targets[0].selectors[i] = actions[i];
        }
    }

    /// What the others' signatures give away: the newest voucher, and what a stolen delegate may lock.
    function signedAway() internal view virtual returns (uint256) {
        return world.PAID();
    }

    function invariant_nobodyGrowsRichAlone() public view {
        vm.assertLe(world.wealth(0), world.first(0) + signedAway(), "the loner");
    }

    function invariant_othersAreUntouched() public view {
        for (uint256 i = 2; i < world.actors(); i++) {
            vm.assertEq(world.wealth(i), world.first(i), "neither side of any lease");
        }
    }

    function afterInvariant() external {
        world.finish();
        vm.assertGe(world.wealth(1) + signedAway(), world.first(1), "the honest party");
        vm.assertLe(world.wealth(0), world.first(0) + signedAway(), "the loner");
    }
}

/// A stolen delegate costs its account at most its limit.
contract ThiefInvariants is LonerInvariants {
    function setUp() public override {
        world = new Loner(true);
    }

    function signedAway() internal view override returns (uint256) {
        return world.PAID() + world.limitOf(world.account(1));
    }
}
