// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Dispute, DownRecord, Stage, WatcherState} from "../../src/interfaces/ICourt.sol";
import {CourtHandler} from "./CourtHandler.sol";
import {GhostDispute, GhostEpoch, GhostWatcher} from "./CourtWorld.sol";
import {FuzzSelector, LeaseInvariants} from "./LeaseInvariants.sol";
import {Ghost} from "./World.sol";

/// The escrow and its court together: the escrow's invariants, and the court's of contracts/README.md.
contract CourtInvariants is LeaseInvariants {
    CourtHandler private world;

    function setUp() public {
        world = new CourtHandler();
        watch(world);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory) {
        bytes4[21] memory actions = [
            world.enrol.selector,
            world.renewAll.selector,
            world.renewAll.selector,
            world.leaveTable.selector,
            world.slash.selector,
            world.evict.selector,
            world.report.selector,
            world.report.selector,
            world.report.selector,
            world.report.selector,
            world.refute.selector,
            world.refute.selector,
            world.challenge.selector,
            world.challenge.selector,
            world.resolve.selector,
            world.resolve.selector,
            world.lapse.selector,
            world.passToCourtBorder.selector,
            world.passTerm.selector,
            world.blackList.selector,
            world.lose.selector
        ];
        bytes4[] memory court = new bytes4[](actions.length);
        for (uint256 i = 0; i < actions.length; i++) {
            court[i] = actions[i];
        }
        return selectors(court);
    }

    function invariant_courtHoldsStakesAndDeposits() public view {
        uint256 owed = world.lost();
        for (uint256 i = 0; i < world.watchersLength(); i++) {
            if (world.watcherGhost(i).account != address(0)) owed += world.STAKE();
        }
        for (uint256 i = 0; i < world.disputesLength(); i++) {
            if (!world.dispute(i).done) owed += world.DEPOSIT();
        }
        vm.assertEq(world.token().balanceOf(world.judge()), owed, "tokens");
        vm.assertEq(world.escrow().balanceOf(world.judge()), world.pendingBonds() + world.strayed(), "ledger");
    }

    function invariant_stakesBelongToTheirAccounts() public view {
        for (uint256 i = 0; i < world.watchersLength(); i++) {
            GhostWatcher memory g = world.watcherGhost(i);
            WatcherState memory state = world.court().watcherOf(world.watcher(i));
            vm.assertEq(state.account, g.account, "account");
            vm.assertEq(state.lastTerm, g.lastTerm, "last term");
            vm.assertEq(state.leaveBlock, g.account == address(0) ? 0 : world.leaveBlock(g), "leave block");
        }
    }

    function invariant_downIsWhatTheRecordsSay() public view {
        uint256[] memory down = new uint256[](world.leases());
        for (uint256 i = 0; i < world.epochsLength(); i++) {
            (GhostEpoch memory g, DownRecord memory record) = world.epochOf(i);
            vm.assertEq(record.down, g.down, "down");
            vm.assertEq(record.refuted, g.refuted, "refuted");
            vm.assertEq(record.down & record.refuted, 0, "struck for good");
            for (uint16 map = record.down; map != 0; map &= map - 1) {
                down[g.lease]++;
            }
        }
        for (uint256 i = 0; i < down.length; i++) {
            vm.assertEq(world.stateOf(i).downSlots, down[i], "slots of all records");
        }
    }

    function invariant_closedTablesOnlyLoseTheSlashed() public view {
        uint256 newest = world.newestTerm();
        for (uint256 term = newest < 20 ? 15 : newest - 5; term <= newest; term++) {
            address[] memory keys = world.court().table(term);
            address[] memory model = world.ghostTable(term);
            vm.assertEq(keys.length, model.length, "size");
            address[] memory before = term <= world.newestClosed() ? world.closedTable(term) : keys;
            vm.assertEq(keys.length, before.length, "size since it closed");
            for (uint256 i = 0; i < keys.length; i++) {
                vm.assertEq(keys[i], model[i], "place");
                if (keys[i] == before[i]) continue;
                vm.assertEq(keys[i], address(0), "emptied");
                vm.assertTrue(world.slashed(before[i]), "slashed");
            }
        }
    }

    function invariant_disputesEndOnce() public view {
        for (uint256 i = 0; i < world.disputesLength(); i++) {
            GhostDispute memory g = world.dispute(i);
            Dispute memory d = world.court().disputeOf(world.subjectOf(g));
            vm.assertEq(uint256(d.stage), uint256(g.done ? Stage.Done : Stage.Pending), "stage");
            vm.assertEq(d.challenger, g.challenger, "challenger");
            vm.assertEq(d.openedBlock, g.openedBlock, "opened");
            for (uint256 j = 0; j < i; j++) {
                vm.assertTrue(world.dispute(j).lease != g.lease, "once per lease");
            }
        }
    }

    /// Whatever a verdict is, it gives out what was posted, no more and no less.
    function invariant_disputesConserve() public view {
        for (uint256 i = 0; i < world.disputesLength(); i++) {
            GhostDispute memory g = world.dispute(i);
            Ghost memory lease = world.lease(g.lease);
            if (g.done) vm.assertEq(g.paidOut, lease.quote.resultBond + world.DEPOSIT(), "bond and deposit");
        }
    }

    function invariant_courtDeadlines() public view {
        for (uint256 i = 0; i < world.disputesLength(); i++) {
            GhostDispute memory g = world.dispute(i);
            if (!g.done) continue;
            uint256 after_ = g.doneBlock - g.openedBlock;
            if (g.lapsed) vm.assertGe(after_, world.VERDICT(), "lapsed");
            else vm.assertTrue(after_ > world.LAG() && after_ < world.VERDICT(), "resolved");
        }
        for (uint256 i = 0; i < world.epochsLength(); i++) {
            (GhostEpoch memory g,) = world.epochOf(i);
            if (g.reportBlock == 0) continue;
            uint256 end = (g.epoch + 1) * 32;
            vm.assertTrue(g.reportBlock >= end && g.reportBlock < end + world.REPORT(), "reported");
        }
    }

    /// Stakes and deposits leave the court too: only what was sent unasked stays.
    function afterInvariant() public override {
        super.afterInvariant();
        vm.assertEq(world.token().balanceOf(world.judge()), world.lost(), "left in the court");
        for (uint256 i = 0; i < world.disputesLength(); i++) {
            Dispute memory d = world.court().disputeOf(world.subjectOf(world.dispute(i)));
            vm.assertEq(uint256(d.stage), uint256(Stage.Done), "every dispute ends");
        }
    }
}
