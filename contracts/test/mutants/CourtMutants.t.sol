// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICourt, SeatVote} from "../../src/interfaces/ICourt.sol";
import {Quote} from "../../src/interfaces/IEscrow.sol";
import {CourtTest} from "../support/CourtTest.sol";
import {Recorder} from "./EscrowMutants.t.sol";

/// What mutants of the court got away with before.
contract CourtMutantsTest is CourtTest {
    Recorder private immutable recorder = Recorder(address(vm));

    Quote private q;

    function setUp() public override {
        super.setUp();
        q = quote();
        open(q);
        vm.roll(endOf(epoch));
    }

    /// A signature that nobody made recovers the zero address, which is what an empty place holds.
    function test_nobodyVotesForAnEmptyPlace() public {
        address[] memory holders = watchersOf(resultSigner, epoch);
        SeatVote[] memory list = votes(resultSigner, epoch, ALL);
        slash(holders[0], keccak256("some subject"));
        list[0].r = 0;
        list[0].vs = 0;
        vm.expectRevert(abi.encodeWithSelector(ICourt.NotSeated.selector, 0, address(0), address(0)));
        court.reportDowntime(q, epoch, list);
    }

    function test_refutingBeforeAReportLeavesTheEscrowAlone() public {
        recorder.recordLogs();
        vm.assertEq(refute(q, epoch, startOf(epoch), endOf(epoch)), 0, "struck");
        Recorder.Log[] memory logs = recorder.getRecordedLogs();
        vm.assertEq(logs.length, 1, "events");
        vm.assertEq(logs[0].topics[0], ICourt.DowntimeRefuted.selector, "event");
    }

    /// Four tables count at a time; a place of one must not stand where another's is looked for.
    function test_slashingRemembersThePlacesOfFourTerms() public {
        vm.roll((FIRST_TERM + 1) * termBlocks);
        address key = watchers[6];
        enrol(key);
        slash(key, keccak256("some subject"));
        for (uint256 term = FIRST_TERM; term <= FIRST_TERM + 2; term++) {
            vm.assertEq(court.table(term)[6], address(0), "place");
        }
        vm.assertEq(court.table(FIRST_TERM + 3)[0], address(0), "place in the newest table");
    }

    function test_slashingInTheFirstTerm() public {
        vm.roll(10);
        (escrow, court) = deploy(token, rules, 64);
        address key = newWatcher();
        slash(key, keccak256("some subject"));
        vm.assertEq(court.table(2)[0], address(0), "place");
    }
}
