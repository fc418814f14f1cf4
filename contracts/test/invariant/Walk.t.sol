// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICourt} from "../../src/interfaces/ICourt.sol";
import {IEscrow} from "../../src/interfaces/IEscrow.sol";
import {Vm} from "../support/Vm.sol";
import {CourtHandler} from "./CourtHandler.sol";
import {GhostDispute, GhostEpoch} from "./CourtWorld.sol";

/// That the handler gets somewhere: walks of it make every call succeed and fail, and end disputes in every way.
contract WalkTest {
    Vm private constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
    uint256 private constant WALKS = 8;
    uint256 private constant STEPS = 350;

    CourtHandler private world;
    mapping(bytes4 selector => uint256) private done;
    mapping(bytes4 selector => uint256) private refused;
    mapping(string outcome => uint256) private outcomes;

    function test_walksReachEverything() public {
        bytes4[13] memory calls = [
            IEscrow.open.selector,
            IEscrow.redeem.selector,
            IEscrow.startClose.selector,
            IEscrow.finalize.selector,
            ICourt.enrol.selector,
            ICourt.leave.selector,
            ICourt.slash.selector,
            ICourt.evict.selector,
            ICourt.reportDowntime.selector,
            ICourt.refuteDowntime.selector,
            ICourt.challenge.selector,
            ICourt.resolve.selector,
            ICourt.lapse.selector
        ];
        for (uint256 walk = 0; walk < WALKS; walk++) {
            world = new CourtHandler();
            for (uint256 i = 0; i < STEPS; i++) {
                step(uint256(keccak256(abi.encode(walk, i))));
            }
            for (uint256 i = 0; i < calls.length; i++) {
                done[calls[i]] += world.done(calls[i]);
                refused[calls[i]] += world.refused(calls[i]);
            }
            look();
        }
        for (uint256 i = 0; i < calls.length; i++) {
            vm.assertGe(done[calls[i]], 1, vm.toString(i));
            vm.assertGe(refused[calls[i]], 1, vm.toString(i));
        }
        string[6] memory wanted = ["right", "undecided", "wrong", "lapsed", "down", "refuted"];
        for (uint256 i = 0; i < wanted.length; i++) {
            vm.assertGe(outcomes[wanted[i]], 1, wanted[i]);
        }
    }

    function step(uint256 seed) private {
        (uint256 a, uint256 b, uint256 c, uint256 d) = (at(seed, 1), at(seed, 2), at(seed, 3), at(seed, 4));
        uint256 action = at(seed, 0) % 25;
        if (action < 3) world.open(a, b, c, d);
        else if (action == 3) world.redeem(a, uint96(b));
        else if (action == 4) world.startClose(a, b);
        else if (action == 5) world.finalize(a);
        else if (action == 6) world.enrol(a, b, c % 2 == 0);
        else if (action < 9) world.renewAll();
        else if (action == 9) world.leaveTable(a, b, c % 2 == 0);
        else if (action == 10 && a % 4 == 0) world.slash(a, b, bytes32(c), d);
        else if (action == 11) world.evict(a, b, uint16(c), d, at(seed, 5));
        else if (action < 14) world.report(a, b, uint16(c), d, at(seed, 5));
        else if (action == 14) world.refute(a, b, c, d, at(seed, 5));
        else if (action < 17) world.challenge(a, b, bytes32(c), d % 8 == 0);
        else if (action < 20) world.resolve(a, b, c, d);
        else if (action == 20) world.lapse(a);
        else if (action < 23) world.pass(a, b);
        else if (action == 23) world.passToCourtBorder(a, b, c % 2 == 0);
        else world.passTerm();
    }

    function at(uint256 seed, uint256 i) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, i)));
    }

    /// Counts what this walk came to.
    function look() private {
        for (uint256 i = 0; i < world.disputesLength(); i++) {
            GhostDispute memory d = world.dispute(i);
            if (!d.done) continue;
            if (d.lapsed) outcomes["lapsed"]++;
            else if (d.verdict == d.output) outcomes["right"]++;
            else outcomes[d.verdict == 0 ? "undecided" : "wrong"]++;
        }
        for (uint256 i = 0; i < world.epochsLength(); i++) {
            (GhostEpoch memory e,) = world.epochOf(i);
            if (e.down != 0) outcomes["down"]++;
            if (e.reportBlock != 0 && e.refuted != 0) outcomes["refuted"]++;
        }
    }
}
