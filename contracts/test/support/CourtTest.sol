// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Court} from "../../src/Court.sol";
import {DevToken} from "../../src/DevToken.sol";
import {Escrow} from "../../src/Escrow.sol";
import {Ballot, Preset, ResultProof, SeatVote} from "../../src/interfaces/ICourt.sol";
import {Quote, Voucher} from "../../src/interfaces/IEscrow.sol";
import {History} from "../../src/libraries/History.sol";
import {Results} from "../../src/libraries/Results.sol";
import {EscrowTest} from "./EscrowTest.sol";
import {HistoryStore} from "./HistoryStore.sol";

/// The market of EscrowTest before a real court, in the first block of a term for which, as for the next two, the same
/// watchers have enrolled.
abstract contract CourtTest is EscrowTest {
    uint16 internal constant ALL = 0xffff;
    uint256 internal constant FIRST_TERM = 12;
    uint256 internal constant STAKE = 100e18;
    uint256 internal constant CHALLENGE_DEPOSIT = 15e18;
    uint256 internal constant JURY_FEE = 0.5e18;
    bytes32 internal constant TASK = keccak256("task");
    bytes32 internal constant OUTPUT = keccak256("output");
    bytes32 internal constant OTHER_OUTPUT = keccak256("another output");

    Court internal court;
    Preset internal rules;
    uint256 internal epochBlocks;
    uint256 internal termBlocks;
    /// First epoch of the term in which tests begin.
    uint256 internal epoch;
    address[] internal watchers;
    mapping(address key => uint256) internal secretOf;

    function setUp() public virtual override {
        found(new DevToken(), devPreset(), 64, 7);
    }

    function devPreset() internal pure returns (Preset memory) {
        return Preset({
            slotBlocks: 1,
            termEpochs: 4,
            seats: 15,
            quorum: 8,
            leastWatchers: 3,
            lagBlocks: 1,
            reportBlocks: 16,
            verdictBlocks: 64,
            stake: uint96(STAKE),
            challengeDeposit: uint96(CHALLENGE_DEPOSIT),
            juryFee: uint96(JURY_FEE),
            fuel: 1e9
        });
    }

    function publicPreset() internal pure returns (Preset memory preset) {
        preset = devPreset();
        preset.slotBlocks = 112;
        preset.termEpochs = 24;
        preset.quorum = 11;
        preset.leastWatchers = 22;
        preset.lagBlocks = 30;
        preset.reportBlocks = 5_400;
        preset.verdictBlocks = 7_200;
    }

    /// Deploys escrow and court, each naming the other, and fills the tables of three terms with `size` watchers.
    function found(DevToken token_, Preset memory preset, uint32 settle, uint256 size) internal {
        vm.etch(History.STORE, type(HistoryStore).runtimeCode);
        vm.warp(START_TIME);
        token = token_;
        rules = preset;
        epochBlocks = 16 * uint256(preset.slotBlocks);
        termBlocks = preset.termEpochs * epochBlocks;
        epoch = FIRST_TERM * preset.termEpochs;
        vm.roll((FIRST_TERM - 2) * termBlocks);
        (escrow, court) = deploy(token_, preset, settle);
        fund(provider, resultSigner);
        fund(requester, voucherSigner);
        delete watchers;
        for (uint256 i = 0; i < size; i++) {
            newWatcher();
        }
        for (uint256 term = FIRST_TERM - 1; term <= FIRST_TERM; term++) {
            vm.roll(term * termBlocks);
            renewAll();
        }
    }

    function deploy(DevToken token_, Preset memory preset, uint32 settle) internal returns (Escrow, Court) {
        address predicted = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        Escrow escrow_ = new Escrow(token_, predicted, settle);
        return (escrow_, new Court(escrow_, preset));
    }

    // Watchers

    /// Returns a new key with a secret, and no stake yet.
    function newKey() internal returns (address key) {
        uint256 secret = 0x3A7C0000 + watchers.length;
        key = vm.addr(secret);
        secretOf[key] = secret;
        watchers.push(key);
    }

    function accountOf(address key) internal pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode("account", key)))));
    }

    /// Gives `account` tokens that the court may take.
    function supply(address account, uint256 amount) internal {
        SafeERC20.safeTransfer(token, account, amount);
        vm.startPrank(account);
        SafeERC20.forceApprove(token, address(court), type(uint256).max);
        vm.stopPrank();
    }

    function newWatcher() internal returns (address key) {
        key = newKey();
        supply(accountOf(key), STAKE);
        enrol(key);
    }

    function consent(address key, address account) internal view returns (bytes memory) {
        return compact(secretOf[key], court.hashEnrol(account));
    }

    function enrol(address key) internal returns (uint256) {
        bytes memory signature = consent(key, accountOf(key));
        vm.prank(accountOf(key));
        return court.enrol(key, signature);
    }

    function renewAll() internal {
        for (uint256 i = 0; i < watchers.length; i++) {
            enrol(watchers[i]);
        }
    }

    /// What `owner` signs to let the court take `amount`, without a deadline.
    function permitDigest(address owner, uint256 amount) internal view returns (bytes32) {
        bytes32 permit = keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 content =
            keccak256(abi.encode(permit, owner, address(court), amount, token.nonces(owner), type(uint256).max));
        return keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), content));
    }

    // Time

    function startOf(uint256 epoch_) internal view returns (uint256) {
        return epoch_ * epochBlocks;
    }

    /// First block in which downtime of the epoch can be reported.
    function endOf(uint256 epoch_) internal view returns (uint256) {
        return startOf(epoch_ + 1);
    }

    // Seats

    /// Who sits over downtime of `key`.
    function watchersOf(address key, uint256 epoch_) internal view returns (address[] memory) {
        bytes32 seed = History.hashOf(startOf(epoch_) - rules.lagBlocks);
        return court.seatsOf(seed, court.downtimeSubject(key, epoch_), epoch_ / rules.termEpochs);
    }

    /// Who sits over a dispute opened in `openedBlock`.
    function jurors(bytes32 subject, uint256 openedBlock) internal view returns (address[] memory) {
        uint256 seedBlock = openedBlock + rules.lagBlocks;
        return court.seatsOf(History.hashOf(seedBlock), subject, seedBlock / termBlocks);
    }

    function vote(address holder, uint256 seat, bytes32 subject, uint16 seen, uint16 up)
        internal
        view
        returns (SeatVote memory)
    {
        uint32 maps = uint32(seen) << 16 | up;
        (bytes32 r, bytes32 vs) = vm.signCompact(secretOf[holder], court.hashVote(subject, bytes32(uint256(maps))));
        return SeatVote(uint8(seat), maps, r, vs);
    }

    /// Votes of the first `count` seats that saw every slot, and `down` of them down.
    function votes(address key, uint256 epoch_, uint16 down, uint256 count)
        internal
        view
        returns (SeatVote[] memory list)
    {
        address[] memory holders = watchersOf(key, epoch_);
        bytes32 subject = court.downtimeSubject(key, epoch_);
        list = new SeatVote[](count);
        for (uint256 seat = 0; seat < count; seat++) {
            list[seat] = vote(holders[seat], seat, subject, ALL, ~down);
        }
    }

    /// As many votes as decide.
    function votes(address key, uint256 epoch_, uint16 down) internal view returns (SeatVote[] memory) {
        return votes(key, epoch_, down, rules.quorum);
    }

    function report(Quote memory q, uint256 epoch_, uint16 down) internal returns (uint16) {
        return court.reportDowntime(q, epoch_, votes(q.resultSigner, epoch_, down));
    }

    function refute(Quote memory q, uint256 epoch_, uint256 ackFrom, uint256 ackUntil) internal returns (uint16) {
        (Voucher memory voucher, bytes memory signature) = receipt(q, ackFrom, ackUntil);
        return court.refuteDowntime(q, epoch_, voucher, signature);
    }

    /// A voucher that acknowledges [ackFrom, ackUntil), and its signature.
    function receipt(Quote memory q, uint256 ackFrom, uint256 ackUntil)
        internal
        view
        returns (Voucher memory voucher, bytes memory signature)
    {
        voucher = Voucher(escrow.hashQuote(q), 0, uint40(ackFrom), uint40(ackUntil));
        signature = compact(VOUCHER_KEY, escrow.hashVoucher(voucher));
    }

    function slash(address key, bytes32 subject) internal {
        bytes memory first = compact(secretOf[key], court.hashVote(subject, bytes32(uint256(1))));
        bytes memory second = compact(secretOf[key], court.hashVote(subject, bytes32(uint256(2))));
        court.slash(subject, bytes32(uint256(1)), first, bytes32(uint256(2)), second);
    }

    // Disputes

    /// Proof that the provider signed `output` alone.
    function proof(Quote memory q, bytes32 output) internal view returns (ResultProof memory) {
        bytes32 lease = escrow.hashQuote(q);
        bytes32 root = Results.leaf(lease, TASK, output);
        return ResultProof(0, 1, new bytes32[](0), compact(RESULT_KEY, escrow.hashResultBatch(lease, root)));
    }

    /// Challenges OUTPUT from the requester's tokens.
    function challenge(Quote memory q) internal returns (bytes32) {
        ResultProof memory p = proof(q, OUTPUT);
        supply(q.requester, CHALLENGE_DEPOSIT);
        vm.prank(q.requester);
        return court.challenge(q, TASK, OUTPUT, p);
    }

    /// Ballots of the first `count` seats over a dispute.
    function ballots(bytes32 subject, bytes32 verdict, uint256 count) internal view returns (Ballot[] memory list) {
        address[] memory holders = jurors(subject, court.disputeOf(subject).openedBlock);
        bytes32 digest = court.hashVote(subject, verdict);
        list = new Ballot[](count);
        for (uint256 seat = 0; seat < count; seat++) {
            (bytes32 r, bytes32 vs) = vm.signCompact(secretOf[holders[seat]], digest);
            list[seat] = Ballot(uint8(seat), r, vs);
        }
    }

    function resolve(Quote memory q, bytes32 subject, bytes32 verdict, uint256 count) internal {
        Ballot[] memory list = ballots(subject, verdict, count);
        court.resolve(q, TASK, OUTPUT, verdict, list);
    }
}
