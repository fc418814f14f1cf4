// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IEscrow, Opening, Quote, Redemption} from "../../src/interfaces/IEscrow.sol";
import {EscrowTest} from "../support/EscrowTest.sol";

/// The cheatcodes that keep what was emitted.
interface Recorder {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    function recordLogs() external;
    function getRecordedLogs() external returns (Log[] memory);
}

/// What mutants of the escrow got away with before.
contract EscrowMutantsTest is EscrowTest {
    Recorder private immutable recorder = Recorder(address(vm));

    function test_aBatchSkipsAProviderWithoutFunds() public {
        Quote memory poor = quote(1);
        poor.bond = uint96(FUNDS);
        Opening[] memory openings = new Opening[](2);
        // By the accounts themselves, so that no delegate's limit stands before the balance.
        openings[0] = opening(poor, PROVIDER_KEY, REQUESTER_KEY);
        openings[1] = opening(quote());
        vm.assertEq(escrow.openMany(openings), 1, "opened");
    }

    function test_whatIsRedeemedIsNotSkipped() public {
        Quote memory q = quote();
        open(q);
        Redemption[] memory redemptions = new Redemption[](1);
        redemptions[0] = redemption(q, 1e18);
        recorder.recordLogs();
        escrow.redeemMany(redemptions);
        Recorder.Log[] memory logs = recorder.getRecordedLogs();
        vm.assertEq(logs.length, 1, "events");
        vm.assertEq(logs[0].topics[0], IEscrow.Redeemed.selector, "event");
    }

    function test_whatIsPaidAlreadyIsNoEvent() public {
        Quote memory q = quote();
        open(q);
        redeem(q, 1e18);
        recorder.recordLogs();
        vm.assertEq(redeem(q, 1e18), 0, "amount");
        vm.assertEq(recorder.getRecordedLogs().length, 0, "events");
    }

    function test_closedLeasesAddNothingToABatch() public {
        Quote memory q = quote();
        open(q);
        close(q, 0);
        Redemption[] memory redemptions = new Redemption[](1);
        redemptions[0] = redemption(q, 1e18);
        vm.assertEq(escrow.redeemMany(redemptions), 0, "total");
    }

    function test_theEventTellsBothHalvesOfAPenalty() public {
        Quote memory odd = quote();
        odd.slotPenalty = 3;
        bytes32 lease = open(odd);
        rogue.adjustDown(lease, 1);
        vm.expectEmit();
        emit IEscrow.LeaseClosed(lease, provider, requester, 7, odd.deposit - 7, 1, 2);
        close(odd, 7);
    }
}
