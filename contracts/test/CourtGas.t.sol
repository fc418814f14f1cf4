// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DevToken} from "../src/DevToken.sol";
import {Ballot, ResultProof, SeatVote} from "../src/interfaces/ICourt.sol";
import {Quote, Voucher} from "../src/interfaces/IEscrow.sol";
import {Results} from "../src/libraries/Results.sol";
import {CourtTest} from "./support/CourtTest.sol";
import {Trees} from "./support/Trees.sol";

/// Gas of whole transactions (isolated, with calldata) before the public court with a hundred watchers, between
/// accounts that have traded and been paid before. The figures are committed in contracts/snapshots.
/// forge-config: default.isolate = true
contract CourtGasTest is CourtTest {
    bytes32 private constant SUBJECT = keccak256("subject");

    Quote private q;
    /// Has a dispute that is not decided.
    Quote private other;

    function setUp() public override {
        found(new DevToken(), publicPreset(), 43_200, 100);
        q = quote();
        q.blocks = 43_200;
        open(q);
        for (uint256 i = 0; i < watchers.length; i++) {
            pay(accountOf(watchers[i]));
        }
        pay(stranger);
        pay(address(0xdEaD));
        other = quote(1);
        open(other);
        challenge(other);
    }

    function pay(address account) private {
        vm.prank(provider);
        escrow.moveTo(account, 1);
        token.transfer(account, 1);
    }

    function measured(string memory name, uint256 target) private {
        uint256 gas = vm.snapshotGasLastCall("Court", name);
        vm.assertGe(gas, 21_000, "whole transactions are measured");
        vm.assertLe(gas, target, name);
    }

    function test_reportDowntime() public {
        vm.roll(endOf(epoch));
        SeatVote[] memory list = votes(resultSigner, epoch, 0x0ff0);
        court.reportDowntime(q, epoch, list);
        measured("reportDowntime", 190_000);
    }

    function test_refuteDowntime() public {
        vm.roll(endOf(epoch));
        report(q, epoch, 0x0ff0);
        (Voucher memory voucher, bytes memory signature) = receipt(q, startOf(epoch), endOf(epoch) - 500);
        court.refuteDowntime(q, epoch, voucher, signature);
        measured("refuteDowntime", 60_000);
    }

    function test_refuteDowntimeFirst() public {
        (Voucher memory voucher, bytes memory signature) = receipt(q, startOf(epoch), endOf(epoch) - 500);
        court.refuteDowntime(q, epoch, voucher, signature);
        measured("refuteDowntimeFirst", 75_000);
    }

    /// Proof of the fourth of ten results.
    function proofOfOneInTen() private view returns (ResultProof memory) {
        bytes32 lease = escrow.hashQuote(q);
        bytes32[] memory leaves = new bytes32[](10);
        for (uint256 i = 0; i < 10; i++) {
            leaves[i] = Results.leaf(lease, i == 3 ? TASK : bytes32(i), OUTPUT);
        }
        bytes memory signature = compact(RESULT_KEY, escrow.hashResultBatch(lease, Trees.root(leaves)));
        return ResultProof(3, 10, Trees.path(leaves, 3), signature);
    }

    function challenges(ResultProof memory p, string memory name, uint256 target) private {
        supply(requester, 2 * CHALLENGE_DEPOSIT);
        vm.prank(requester);
        court.challenge(q, TASK, OUTPUT, p);
        measured(name, target);
    }

    function test_challenge() public {
        challenges(proof(q, OUTPUT), "challenge", 105_000);
    }

    function test_challengeOfOneInTen() public {
        challenges(proofOfOneInTen(), "challengeOneInTen", 112_000);
    }

    /// Fills an empty ledger balance of the court.
    function test_challengeAlone() public {
        vm.roll(vm.getBlockNumber() + 7_200);
        court.lapse(other, TASK, OUTPUT);
        challenges(proof(q, OUTPUT), "challengeAlone", 122_000);
    }

    function decided(bytes32 verdict, string memory name) private {
        bytes32 subject = challenge(q);
        vm.roll(vm.getBlockNumber() + 3_000);
        Ballot[] memory list = ballots(subject, verdict, 11);
        court.resolve(q, TASK, OUTPUT, verdict, list);
        measured(name, 300_000);
    }

    function test_resolveForTheProvider() public {
        decided(OUTPUT, "resolveForProvider");
    }

    function test_resolveUndecidable() public {
        decided(0, "resolveUndecidable");
    }

    function test_resolveForTheRequester() public {
        decided(OTHER_OUTPUT, "resolveForRequester");
    }

    function test_lapse() public {
        challenge(q);
        vm.roll(vm.getBlockNumber() + 7_200);
        court.lapse(q, TASK, OUTPUT);
        measured("lapse", 100_000);
    }

    function test_enrol() public {
        address key = newKey();
        supply(accountOf(key), 2 * STAKE);
        bytes memory signature = consent(key, accountOf(key));
        vm.prank(accountOf(key));
        court.enrol(key, signature);
        measured("enrol", 120_000);
    }

    function test_renewal() public {
        vm.roll((FIRST_TERM + 1) * termBlocks);
        enrol(watchers[0]);
        vm.prank(watchers[1]);
        court.enrol(watchers[1], "");
        measured("renewal", 65_000);
    }

    function test_slash() public {
        bytes memory first = compact(secretOf[watchers[7]], court.hashVote(SUBJECT, OUTPUT));
        bytes memory second = compact(secretOf[watchers[7]], court.hashVote(SUBJECT, OTHER_OUTPUT));
        vm.prank(stranger);
        court.slash(SUBJECT, OUTPUT, first, OTHER_OUTPUT, second);
        measured("slash", 130_000);
    }

    function test_evict() public {
        vm.roll(endOf(epoch));
        SeatVote[] memory list = votes(watchers[7], epoch, ALL);
        court.evict(watchers[7], epoch, list);
        measured("evict", 160_000);
    }

    function test_leave() public {
        vm.roll((FIRST_TERM + 3) * termBlocks + 43_200);
        vm.prank(accountOf(watchers[7]));
        court.leave(watchers[7], accountOf(watchers[7]));
        measured("leave", 65_000);
    }
}
