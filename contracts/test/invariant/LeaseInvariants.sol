// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {LeaseState, Status} from "../../src/interfaces/IEscrow.sol";
import {Vm} from "../support/Vm.sol";
import {Handler} from "./Handler.sol";
import {Ghost} from "./World.sol";

struct FuzzSelector {
    address addr;
    bytes4[] selectors;
}

/// The escrow's invariants of contracts/README.md, each by itself, over whatever a handler did. They hold under every
/// court.
abstract contract LeaseInvariants {
    Vm internal constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
    address private constant BURN = 0x000000000000000000000000000000000000dEaD;

    Handler private world;

    function watch(Handler world_) internal {
        world = world_;
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(world);
    }

    /// The actions of the handler and `more` of its own; opening, redeeming and time more often, so that runs get
    /// somewhere.
    function selectors(bytes4[] memory more) internal view returns (FuzzSelector[] memory targets) {
        bytes4[22] memory actions = [
            world.deposit.selector,
            world.withdraw.selector,
            world.moveTo.selector,
            world.donate.selector,
            world.setDelegate.selector,
            world.stealByDelegate.selector,
            world.open.selector,
            world.open.selector,
            world.open.selector,
            world.open.selector,
            world.openAgain.selector,
            world.redeem.selector,
            world.redeem.selector,
            world.redeemForged.selector,
            world.startClose.selector,
            world.finalize.selector,
            world.closeCooperative.selector,
            world.playCourt.selector,
            world.stray.selector,
            world.pass.selector,
            world.pass.selector,
            world.passToBorder.selector
        ];
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(world), new bytes4[](actions.length + more.length));
        for (uint256 i = 0; i < targets[0].selectors.length; i++) {
            targets[0].selectors[i] = i < actions.length ? actions[i] : more[i - actions.length];
        }
    }

    function balances() private view returns (uint256 sum) {
        for (uint256 i = 0; i < world.actors(); i++) {
            sum += world.escrow().balanceOf(world.account(i)) + world.escrow().balanceOf(world.delegate(i));
        }
        sum += world.escrow().balanceOf(world.judge()) + world.escrow().burned();
    }

    function invariant_solvency() public view {
        uint256 locked;
        for (uint256 i = 0; i < world.leases(); i++) {
            LeaseState memory state = world.stateOf(i);
            if (state.status == Status.Closed) continue;
            Ghost memory g = world.lease(i);
            locked += g.quote.deposit - state.paid + g.quote.bond + (state.seized ? 0 : g.quote.resultBond);
        }
        uint256 held = world.token().balanceOf(address(world.escrow()));
        vm.assertEq(held, balances() + locked + world.donated(), "held and owed");
    }

    function invariant_closedLeasesConserve() public view {
        for (uint256 i = 0; i < world.leases(); i++) {
            Ghost memory g = world.lease(i);
            if (!g.closed) continue;
            uint256 out = world.stateOf(i).paid + g.refund + g.toRequester + g.toBurn + g.bondsBack;
            if (g.seized) out += g.quote.resultBond;
            vm.assertEq(out, uint256(g.quote.deposit) + g.quote.bond + g.quote.resultBond, "in and out");
        }
    }

    function invariant_paidIsCapped() public view {
        for (uint256 i = 0; i < world.leases(); i++) {
            Ghost memory g = world.lease(i);
            uint256 paid = world.stateOf(i).paid;
            vm.assertEq(paid, g.paid, "paid as the model says");
            vm.assertLe(paid, g.quote.deposit, "deposit");
            vm.assertLe(paid, world.escrow().payCap(g.quote), "pay cap");
        }
    }

    function invariant_penalties() public view {
        for (uint256 i = 0; i < world.leases(); i++) {
            Ghost memory g = world.lease(i);
            vm.assertEq(world.stateOf(i).downSlots, g.down, "down slots");
            if (!g.closed) continue;
            uint256 penalty = g.down * g.quote.slotPenalty;
            if (penalty > g.quote.bond) penalty = g.quote.bond;
            vm.assertEq(g.toRequester + g.toBurn, penalty, "penalty");
            vm.assertGe(g.toBurn, g.toRequester, "the odd unit burns");
            vm.assertLe(g.toBurn, g.toRequester + 1, "halves");
        }
    }

    function invariant_balancesFallByAuthority() public view {
        for (uint256 i = 0; i < world.actors(); i++) {
            address account = world.account(i);
            vm.assertEq(world.escrow().balanceOf(account), world.expected(account), "balance");
            address delegate = world.delegate(i);
            vm.assertEq(world.escrow().balanceOf(delegate), world.expected(delegate), "a delegate's own");
        }
        vm.assertEq(world.escrow().burned(), world.expected(BURN), "burned");
    }

    function invariant_courtReachesBondsOnly() public view {
        uint256 seized;
        for (uint256 i = 0; i < world.leases(); i++) {
            Ghost memory g = world.lease(i);
            if (g.seized) seized += g.quote.resultBond;
            vm.assertTrue(world.stateOf(i).seized == g.seized, "seized");
            if (!g.closed) continue;
            uint256 lost = uint256(g.quote.bond) + g.quote.resultBond - g.bondsBack;
            vm.assertLe(lost, uint256(g.quote.bond) + (g.seized ? g.quote.resultBond : 0), "provider's loss");
            vm.assertEq(g.refund, g.quote.deposit - g.paid, "requester's refund");
        }
        uint256 ofCourt = world.escrow().balanceOf(world.judge());
        vm.assertEq(ofCourt, world.expected(world.judge()), "court's balance");
        vm.assertLe(ofCourt, seized + world.strayed(), "court's takings");
    }

    function invariant_delegates() public view {
        for (uint256 i = 0; i < world.actors(); i++) {
            address account = world.account(i);
            uint256 owed;
            for (uint256 j = 0; j < world.leases(); j++) {
                owed += lockedBy(account, world.lease(j));
            }
            (, uint96 inUse,) = world.escrow().delegateOf(account, world.delegate(i));
            vm.assertEq(inUse, owed, "in use");
            vm.assertEq(inUse, world.inUseOf(account), "in use by the model");
        }
    }

    /// What a lease counts against the delegate of `account`: what it locked, less what came back.
    function lockedBy(address account, Ghost memory g) private pure returns (uint256) {
        if (account == g.quote.provider && g.providerCharged) {
            return uint256(g.quote.bond) + g.quote.resultBond - (g.closed ? g.bondsBack : 0);
        }
        if (account == g.quote.requester && g.requesterCharged) {
            return g.quote.deposit - (g.closed ? g.refund : 0);
        }
        return 0;
    }

    function invariant_closedIsAbsorbing() public view {
        for (uint256 i = 0; i < world.leases(); i++) {
            Ghost memory g = world.lease(i);
            vm.assertTrue((world.stateOf(i).status == Status.Closed) == g.closed, "closed");
            if (g.closed) vm.assertEq(world.fingerprint(g.name), g.stateAtClose, "changed since");
        }
    }

    function invariant_deadlines() public view {
        for (uint256 i = 0; i < world.leases(); i++) {
            Ghost memory g = world.lease(i);
            LeaseState memory state = world.stateOf(i);
            vm.assertEq(state.openBlock, g.openBlock, "open block");
            vm.assertEq(state.endBlock, g.endBlock, "end block");
            vm.assertLe(state.endBlock, g.openBlock + g.quote.blocks, "never later");
            if (g.closed && !g.cooperative) vm.assertGe(g.closeBlock, state.endBlock + world.SETTLE(), "finalized");
        }
    }

    /// From wherever a run ended, everyone gets out: only what was burned or sent unasked stays behind.
    function afterInvariant() public virtual {
        uint256 behind = world.leave();
        uint256 ofCourt = world.escrow().balanceOf(world.judge());
        vm.assertLe(ofCourt, world.strayed(), "kept by the court");
        vm.assertEq(behind, world.escrow().burned() + world.donated() + ofCourt, "left behind");
    }
}
