// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Court} from "../../src/Court.sol";
import {Escrow} from "../../src/Escrow.sol";
import {DownRecord, Preset} from "../../src/interfaces/ICourt.sol";
import {BlackListToken} from "../support/HostileTokens.sol";
import {Handler} from "./Handler.sol";
import {Ghost} from "./World.sol";

/// What the model remembers of a watcher.
struct GhostWatcher {
    /// Whose stake it is; zero without one.
    address account;
    uint256 lastTerm;
}

/// What the model remembers of a dispute.
struct GhostDispute {
    uint256 lease;
    bytes32 task;
    bytes32 output;
    address challenger;
    uint256 openedBlock;
    bool done;
    bool lapsed;
    bytes32 verdict;
    uint256 doneBlock;
    /// What everyone together got when it was done, the court's own balance left out.
    uint256 paidOut;
}

/// What the model remembers of an epoch of a lease for which something was reported or refuted.
struct GhostEpoch {
    uint256 lease;
    uint256 epoch;
    uint16 down;
    uint16 refuted;
    /// When something was last reported.
    uint256 reportBlock;
}

/// A court whose watchers belong to the parties of the leases, a token that can refuse one of them, and a slow model of
/// the court: tables as lists, maps slot by slot, seats by the formula of the protocol.
abstract contract CourtWorld is Handler {
    uint256 internal constant WATCHERS = 7;
    uint256 internal constant SLOT = 2;
    uint256 internal constant EPOCH = 16 * SLOT;
    uint256 internal constant TERM = 2 * EPOCH;
    uint256 internal constant SEATS = 5;
    uint256 internal constant QUORUM = 3;
    uint256 internal constant LEAST = 3;
    uint256 public constant LAG = 4;
    uint256 public constant REPORT = 40;
    uint256 public constant VERDICT = 30;
    uint256 public constant STAKE = 40e18;
    uint256 public constant DEPOSIT = 10e18;
    uint256 internal constant FEE = 1e18;
    uint32 private constant BLOCKS_TO_SETTLE = 112;

    Court public court;

    mapping(address key => GhostWatcher) internal watchers;
    mapping(uint256 term => address[]) internal tables;
    /// A table as it was when it closed.
    mapping(uint256 term => address[]) private asClosed;
    uint256 public newestClosed;
    mapping(address key => bool) public slashed;
    GhostDispute[] internal disputes;
    GhostEpoch[] internal epochs;
    /// Tokens sent to the court unasked.
    uint256 public lost;
    /// The newest term in which anything was ever enrolled.
    uint256 public newestTerm;

    constructor() {
        for (uint256 i = 0; i < ACTORS; i++) {
            address[2] memory owners = [account(i), delegate(i)];
            for (uint256 j = 0; j < 2; j++) {
                token.transfer(owners[j], FUNDS);
                vm.prank(owners[j]);
                token.approve(address(court), type(uint256).max);
            }
        }
        for (uint256 ahead = 0; ahead < 3; ahead++) {
            if (ahead != 0) vm.roll(vm.getBlockNumber() + TERM);
            rolled();
            for (uint256 i = 0; i < WATCHERS; i++) {
                seat(i);
            }
        }
    }

    function build() internal override returns (ERC20, Escrow) {
        BlackListToken money = new BlackListToken();
        address next = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        Escrow bonds = new Escrow(money, next, BLOCKS_TO_SETTLE);
        Preset memory preset = Preset({
            slotBlocks: uint32(SLOT),
            termEpochs: 2,
            seats: uint8(SEATS),
            quorum: uint8(QUORUM),
            leastWatchers: uint16(LEAST),
            lagBlocks: uint32(LAG),
            reportBlocks: uint32(REPORT),
            verdictBlocks: uint32(VERDICT),
            stake: uint96(STAKE),
            challengeDeposit: uint96(DEPOSIT),
            juryFee: uint96(FEE),
            fuel: 1
        });
        court = new Court(bonds, preset);
        return (money, bonds);
    }

    // Model

    function watcherKey(uint256 i) internal pure returns (uint256) {
        return 0x3A7C4E0 + i % WATCHERS;
    }

    function watcher(uint256 i) public pure returns (address) {
        return vm.addr(watcherKey(i));
    }

    /// The private key of a watcher.
    function signerOf(address key) internal pure returns (uint256) {
        for (uint256 i = 0; i < WATCHERS; i++) {
            if (key == watcher(i)) return watcherKey(i);
        }
        revert("no watcher");
    }

    /// Takes a place for a watcher, its account the sender.
    function seat(uint256 i) internal {
        (address key, address owner) = (watcher(i), account(i));
        bytes memory consent = compact(watcherKey(i), court.hashEnrol(owner));
        vm.prank(owner);
        court.enrol(key, consent);
        seated(key, owner);
    }

    function seated(address key, address owner) internal {
        uint256 term = vm.getBlockNumber() / TERM + 2;
        tables[term].push(key);
        watchers[key] = GhostWatcher(owner, term);
        if (term > newestTerm) newestTerm = term;
    }

    /// Remembers the tables that time has closed.
    function rolled() internal override {
        uint256 closed = vm.getBlockNumber() / TERM + 1;
        if (newestClosed == 0) newestClosed = closed - 1;
        for (; newestClosed < closed; newestClosed++) {
            asClosed[newestClosed + 1] = tables[newestClosed + 1];
        }
    }

    function holder(uint256 term, bytes32 seed, bytes32 subject, uint256 i) internal view returns (address) {
        address[] storage keys = tables[term];
        return keys[uint256(keccak256(abi.encode(seed, subject, i))) % keys.length];
    }

    /// Slots of an epoch that lie in the blocks [from, until), looked at block by block.
    function inside(uint256 epoch, uint256 from, uint256 until) internal pure returns (uint16 map) {
        for (uint256 slot = 0; slot < 16; slot++) {
            bool all = true;
            for (uint256 i = 0; i < SLOT; i++) {
                uint256 block_ = epoch * EPOCH + slot * SLOT + i;
                if (block_ < from || block_ >= until) all = false;
            }
            if (all) map |= uint16(1 << slot);
        }
    }

    /// What is known of an epoch of a lease.
    function recordOf(uint256 lease_, uint256 epoch) internal returns (GhostEpoch storage) {
        for (uint256 i = 0; i < epochs.length; i++) {
            if (epochs[i].lease == lease_ && epochs[i].epoch == epoch) return epochs[i];
        }
        epochs.push(GhostEpoch(lease_, epoch, 0, 0, 0));
        return epochs[epochs.length - 1];
    }

    // Views for the invariants

    function disputesLength() external view returns (uint256) {
        return disputes.length;
    }

    function dispute(uint256 i) external view returns (GhostDispute memory) {
        return disputes[i];
    }

    function subjectOf(GhostDispute memory d) public view returns (bytes32) {
        return keccak256(abi.encode(ghosts[d.lease].name, d.task, d.output));
    }

    function epochsLength() external view returns (uint256) {
        return epochs.length;
    }

    function epochOf(uint256 i) external view returns (GhostEpoch memory, DownRecord memory) {
        return (epochs[i], court.downRecord(ghosts[epochs[i].lease].name, epochs[i].epoch));
    }

    function watchersLength() external pure returns (uint256) {
        return WATCHERS;
    }

    function watcherGhost(uint256 i) external view returns (GhostWatcher memory) {
        return watchers[watcher(i)];
    }

    function ghostTable(uint256 term) external view returns (address[] memory) {
        return tables[term];
    }

    function closedTable(uint256 term) external view returns (address[] memory) {
        return asClosed[term];
    }

    function listed(address who) public view override returns (bool) {
        return BlackListToken(address(token)).listed(who);
    }

    /// First block in which the account of a watcher can take its stake back.
    function leaveBlock(GhostWatcher memory w) public view returns (uint256) {
        return (w.lastTerm + 1) * TERM + SETTLE;
    }

    function pendingBonds() external view returns (uint256 sum) {
        for (uint256 i = 0; i < disputes.length; i++) {
            if (!disputes[i].done) sum += ghosts[disputes[i].lease].quote.resultBond;
        }
    }
}
