// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Court} from "../src/Court.sol";
import {DevToken} from "../src/DevToken.sol";
import {Results} from "../src/libraries/Results.sol";
import {Signatures} from "../src/libraries/Signatures.sol";
import {Slots, Tally} from "../src/libraries/Slots.sol";
import {CourtTest} from "./support/CourtTest.sol";

/// Holds all that the court and its peers compute alike against vectors that another implementation wrote and
/// TypeScript reads.
contract CourtGoldenTest is CourtTest {
    uint256 private constant FEWEST = 10;
    /// Storage slot of the tables, by the order of Table's variables.
    uint256 private constant TABLES = 1;
    uint256 private constant EPOCH_SLOTS = 16;

    string private json;

    function setUp() public override {
        json = vm.readFile("test/golden/eip712.json");
        vm.chainId(vm.parseJsonUint(json, ".court.domain.chainId"));
        (, Court built) = deploy(new DevToken(), devPreset(), 64);
        address where = vm.parseJsonAddress(json, ".court.domain.verifyingContract");
        vm.etch(where, address(built).code);
        court = Court(where);
    }

    function at(string memory list, uint256 i, string memory tail) private pure returns (string memory) {
        return string.concat(".court.", list, "[", vm.toString(i), "]", tail);
    }

    function number(string memory list, uint256 i, string memory tail) private view returns (uint256) {
        return vm.parseJsonUint(json, at(list, i, tail));
    }

    function word(string memory where) private view returns (bytes32) {
        return vm.parseJsonBytes32(json, where);
    }

    function recover(bytes32 digest, bytes calldata signature) external pure returns (address) {
        return Signatures.recover(digest, signature);
    }

    function root(bytes32 leaf, uint256 index, uint256 size, bytes32[] calldata path)
        external
        pure
        returns (bytes32, bool)
    {
        return Results.root(leaf, index, size, path);
    }

    function test_digestsAndSignatures() public view {
        uint256 i = 0;
        for (; vm.keyExistsJson(json, at("cases", i, "")); i++) {
            bytes32 digest = word(at("cases", i, ".digest"));
            vm.assertEq(digestOf(i), digest, at("cases", i, ".digest"));
            address signer = this.recover(digest, vm.parseJsonBytes(json, at("cases", i, ".signature")));
            vm.assertEq(signer, vm.parseJsonAddress(json, at("cases", i, ".signer")), at("cases", i, ".signer"));
        }
        vm.assertGe(i, FEWEST, "vectors read");
    }

    function digestOf(uint256 i) private view returns (bytes32) {
        bytes32 kind = keccak256(bytes(vm.parseJsonString(json, at("cases", i, ".type"))));
        if (kind == keccak256("Vote")) {
            return court.hashVote(word(at("cases", i, ".message.subject")), word(at("cases", i, ".message.value")));
        }
        if (kind == keccak256("Enrol")) {
            return court.hashEnrol(vm.parseJsonAddress(json, at("cases", i, ".message.account")));
        }
        // Never on chain, yet under the court's domain.
        bytes32 content = kind == keccak256("Plea")
            ? keccak256(
                abi.encode(
                    keccak256("Plea(bytes32 subject,string peerId)"),
                    word(at("cases", i, ".message.subject")),
                    keccak256(bytes(vm.parseJsonString(json, at("cases", i, ".message.peerId"))))
                )
            )
            : keccak256(abi.encode(keccak256("Probe(bytes32 nonce)"), word(at("cases", i, ".message.nonce"))));
        return keccak256(abi.encodePacked(hex"1901", court.DOMAIN_SEPARATOR(), content));
    }

    function test_subjects() public view {
        address key = vm.parseJsonAddress(json, ".court.downtime.resultSigner");
        bytes32 subject = court.downtimeSubject(key, vm.parseJsonUint(json, ".court.downtime.epoch"));
        vm.assertEq(subject, word(".court.downtime.subject"), "downtime");
        subject = court.disputeSubject(
            word(".court.dispute.lease"), word(".court.dispute.task"), word(".court.dispute.output")
        );
        vm.assertEq(subject, word(".court.dispute.subject"), "dispute");
    }

    function test_seats() public {
        uint256 size = vm.parseJsonUint(json, ".court.seats.size");
        bytes32 length = keccak256(abi.encode(FIRST_TERM, TABLES));
        vm.store(address(court), length, bytes32(size));
        for (uint256 place = 0; place < size; place++) {
            bytes32 slot = bytes32(uint256(keccak256(abi.encode(length))) + place);
            vm.store(address(court), slot, bytes32(place + 1));
        }
        address[] memory keys = court.seatsOf(word(".court.seats.seed"), word(".court.seats.subject"), FIRST_TERM);
        vm.assertEq(keys.length, 15, "seats");
        for (uint256 seat = 0; seat < 15; seat++) {
            uint256 place = number("seats.places", seat, "");
            vm.assertEq(keys[seat], address(uint160(place + 1)), at("seats.places", seat, ""));
        }
    }

    function test_slots() public view {
        uint256 i = 0;
        for (; vm.keyExistsJson(json, at("slots", i, "")); i++) {
            uint256 slotBlocks = number("slots", i, ".slotBlocks");
            uint256 start = number("slots", i, ".epoch") * EPOCH_SLOTS * slotBlocks;
            uint16 inside = Slots.inside(start, slotBlocks, number("slots", i, ".from"), number("slots", i, ".to"));
            vm.assertEq(inside, number("slots", i, ".inside"), at("slots", i, ""));
        }
        vm.assertGe(i, 9, "vectors read");
    }

    function test_tallies() public view {
        for (uint256 i = 0; i < 3; i++) {
            Tally memory tally;
            for (uint256 seat = 0; seat < 15; seat++) {
                tally.add(uint16(number("tallies", i, string.concat(".downs[", vm.toString(seat), "]"))));
            }
            uint16 found_ = tally.reaching(number("tallies", i, ".quorum"));
            vm.assertEq(found_, number("tallies", i, ".found"), at("tallies", i, ""));
        }
    }

    function test_resultTrees() public view {
        uint256 i = 0;
        for (; vm.keyExistsJson(json, at("results", i, "")); i++) {
            uint256 size = 0;
            while (vm.keyExistsJson(json, at("results", i, element("leaves", size)))) size++;
            for (uint256 index = 0; index < size; index++) {
                (bytes32 found_, bool exact) = this.root(leafOf(i, index), index, size, siblings(i, index));
                vm.assertTrue(exact, at("results", i, element("paths", index)));
                vm.assertEq(found_, word(at("results", i, ".root")), at("results", i, ".root"));
            }
        }
        vm.assertGe(i, 4, "vectors read");
    }

    function leafOf(uint256 i, uint256 index) private view returns (bytes32) {
        string memory one = at("results", i, element("leaves", index));
        bytes32 lease = word(at("results", i, ".lease"));
        return Results.leaf(lease, word(string.concat(one, ".task")), word(string.concat(one, ".output")));
    }

    function siblings(uint256 i, uint256 index) private view returns (bytes32[] memory path) {
        string memory list = at("results", i, element("paths", index));
        uint256 length = 0;
        while (vm.keyExistsJson(json, string.concat(list, "[", vm.toString(length), "]"))) length++;
        path = new bytes32[](length);
        for (uint256 k = 0; k < length; k++) {
            path[k] = word(string.concat(list, "[", vm.toString(k), "]"));
        }
    }

    function element(string memory list, uint256 index) private pure returns (string memory) {
        return string.concat(".", list, "[", vm.toString(index), "]");
    }
}
