// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {
    Ballot,
    Dispute,
    DownRecord,
    ICourt,
    Preset,
    ResultProof,
    SeatVote,
    Stage,
    WatcherState
} from "./interfaces/ICourt.sol";
import {IEscrow, LeaseState, Quote, Status, Voucher} from "./interfaces/IEscrow.sol";
import {BURN} from "./Ledger.sol";
import {Digests} from "./libraries/Digests.sol";
import {History} from "./libraries/History.sol";
import {Results} from "./libraries/Results.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {EPOCH_SLOTS, Slots, Tally} from "./libraries/Slots.sol";
import {Table, Watcher} from "./Table.sol";

/// @title Court
/// @notice See {ICourt}; states, invariants and loss bounds are in docs/SETTLEMENT.md.
contract Court is Table, EIP712, Multicall, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    bytes32 private constant VOTE = keccak256("Vote(bytes32 subject,bytes32 value)");
    bytes32 private constant ENROL = keccak256("Enrol(address account)");

    /// A Tally counts to 15.
    uint256 private constant MOST_SEATS = 15;
    /// Blocks whose hashes the chain surely gives: 8,191, less some for a report on its way.
    uint256 private constant HISTORY_BLOCKS = 8000;
    /// What of a burned stake goes to who proved the fault, as a divisor.
    uint256 private constant REPORTER_SHARE = 8;

    IEscrow public immutable escrow;
    IERC20 public immutable token;

    uint256 private immutable _slotBlocks;
    uint256 private immutable _termEpochs;
    uint256 private immutable _seats;
    uint256 private immutable _quorum;
    uint256 private immutable _leastWatchers;
    uint256 private immutable _lagBlocks;
    uint256 private immutable _reportBlocks;
    uint256 private immutable _verdictBlocks;
    uint256 private immutable _settleBlocks;
    uint96 private immutable _stake;
    uint96 private immutable _challengeDeposit;
    uint96 private immutable _juryFee;
    uint64 private immutable _fuel;

    mapping(bytes32 lease => mapping(uint256 epoch => DownRecord)) private _down;
    mapping(bytes32 subject => Dispute) private _disputes;

    constructor(IEscrow escrow_, Preset memory preset_) EIP712("Souk Court", "1") {
        if (escrow_.court() != address(this)) revert NotTheEscrowsCourt(escrow_.court());
        escrow = escrow_;
        token = escrow_.token();
        _slotBlocks = preset_.slotBlocks;
        _termEpochs = preset_.termEpochs;
        _seats = preset_.seats;
        _quorum = preset_.quorum;
        _leastWatchers = preset_.leastWatchers;
        _lagBlocks = preset_.lagBlocks;
        _reportBlocks = preset_.reportBlocks;
        _verdictBlocks = preset_.verdictBlocks;
        _settleBlocks = escrow_.SETTLE();
        _stake = preset_.stake;
        _challengeDeposit = preset_.challengeDeposit;
        _juryFee = preset_.juryFee;
        _fuel = preset_.fuel;
        _checkPreset();
        // Deposits reach the escrow's ledger when a dispute ends, and burned stakes when someone is slashed.
        token.forceApprove(address(escrow_), type(uint256).max);
    }

    function _checkPreset() private view {
        uint256 epochBlocks = _epochBlocks();
        uint256 termBlocks = _termBlocks();
        _require(termBlocks != 0, "slotBlocks, termEpochs > 0");
        _require(_seats <= MOST_SEATS, "seats <= 15");
        _require(_quorum <= _seats && 2 * _quorum > _seats, "seats / 2 < quorum <= seats");
        _require(_leastWatchers != 0, "leastWatchers > 0");
        // A seed lies between the closing of its table and the epoch.
        _require(_lagBlocks != 0 && _lagBlocks <= termBlocks, "0 < lagBlocks <= term");
        _require(_lagBlocks + epochBlocks + _reportBlocks <= HISTORY_BLOCKS, "lagBlocks + epoch + reportBlocks <= 8000");
        _require(_lagBlocks < _verdictBlocks && _verdictBlocks <= HISTORY_BLOCKS, "lagBlocks < verdictBlocks <= 8000");
        // Whoever is slashed is out of all tables whose votes are still wanted.
        _require(_reportBlocks <= termBlocks && _verdictBlocks <= termBlocks, "reportBlocks, verdictBlocks <= term");
        _require(_reportBlocks != 0, "reportBlocks > 0");
        // A slot of the last block can be reported before a lease is finalized, and a report of the last moment refuted.
        _require(_settleBlocks >= epochBlocks + 2 * _reportBlocks, "SETTLE >= epoch + 2 * reportBlocks");
        _require(_settleBlocks >= _verdictBlocks, "SETTLE >= verdictBlocks");
        _require(_stake != 0, "stake > 0");
        _require(_challengeDeposit >= _seats * _juryFee, "challengeDeposit >= seats * juryFee");
    }

    function _require(bool holds, string memory relation) private pure {
        if (!holds) revert BadPreset(relation);
    }

    // Table

    function enrol(address key, bytes calldata consent) external nonReentrant returns (uint256 place) {
        Watcher memory watcher = _watchers[key];
        if (watcher.account != address(0)) {
            if (msg.sender != key && msg.sender != watcher.account) revert NotWatcher(msg.sender, key);
            return _seat(key, watcher);
        }
        address signer = Signatures.recover(hashEnrol(msg.sender), consent);
        if (signer == address(0) || signer != key) revert NoConsent(key, msg.sender);
        watcher.account = msg.sender;
        place = _seat(key, watcher);
        _take(_stake);
    }

    function permit(uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
        try IERC20Permit(address(token)).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
    }

    function leave(address key, address to) external nonReentrant {
        Watcher memory watcher = _watchers[key];
        if (watcher.account == address(0)) revert NotEnrolled(key);
        if (msg.sender != watcher.account) revert NotWatcher(msg.sender, key);
        _checkNotBefore(_leaveBlock(watcher));
        delete _watchers[key];
        emit Left(key, watcher.account, to);
        uint256 held = token.balanceOf(address(this));
        token.safeTransfer(to, _stake);
        _checkTaken(held, _stake);
    }

    function slash(
        bytes32 subject,
        bytes32 firstValue,
        bytes calldata firstSignature,
        bytes32 secondValue,
        bytes calldata secondSignature
    ) external nonReentrant {
        address key = Signatures.recover(hashVote(subject, firstValue), firstSignature);
        if (firstValue == secondValue || key != Signatures.recover(hashVote(subject, secondValue), secondSignature)) {
            revert NoEquivocation();
        }
        Watcher memory watcher = _watchers[key];
        if (watcher.account == address(0)) revert NotEnrolled(key);
        delete _watchers[key];
        _empty(key, watcher.places);
        emit Slashed(key, watcher.account, subject, msg.sender);
        uint256 burned = _toLedger(_stake);
        uint256 reward = burned / REPORTER_SHARE;
        escrow.moveTo(msg.sender, reward);
        escrow.moveTo(BURN, burned - reward);
    }

    function evict(address key, uint256 epoch, SeatVote[] calldata votes) external {
        uint16 down = _count(downtimeSubject(key, epoch), epoch, votes);
        if (down != Slots.ALL) revert NotDead(key, epoch, down);
        emit Evicted(key, _unseat(key), epoch);
    }

    // Downtime

    function reportDowntime(Quote calldata quote, uint256 epoch, SeatVote[] calldata votes)
        external
        returns (uint16 found)
    {
        (bytes32 lease, LeaseState memory state) = _live(quote);
        DownRecord storage record = _down[lease][epoch];
        uint256 start = epoch * _epochBlocks();
        found = _count(downtimeSubject(quote.resultSigner, epoch), epoch, votes)
            & Slots.inside(start, _slotBlocks, state.openBlock, state.endBlock);
        found &= ~(record.down | record.refuted);
        if (found == 0) revert NothingNew(lease, epoch);
        record.down |= found;
        emit DowntimeReported(lease, epoch, found);
        escrow.adjustDown(lease, int256(Slots.count(found)));
    }

    function refuteDowntime(Quote calldata quote, uint256 epoch, Voucher calldata voucher, bytes calldata signature)
        external
        returns (uint16 struck)
    {
        (bytes32 lease,) = _live(quote);
        address signer = Signatures.recover(_escrowDigest(Digests.hash(voucher)), signature);
        if (voucher.lease != lease || signer == address(0) || signer != quote.voucherSigner) revert BadVoucher(lease);
        DownRecord storage record = _down[lease][epoch];
        uint256 start = epoch * _epochBlocks();
        uint16 served = Slots.inside(start, _slotBlocks, voucher.ackFrom, voucher.ackUntil);
        if (served & ~record.refuted == 0) revert NothingNew(lease, epoch);
        struck = record.down & served;
        record.down &= ~served;
        record.refuted |= served;
        emit DowntimeRefuted(lease, epoch, struck);
        if (struck != 0) escrow.adjustDown(lease, -int256(Slots.count(struck)));
    }

    /// Returns the slots that at least `_quorum` seats saw, and did not see up.
    function _count(bytes32 subject, uint256 epoch, SeatVote[] calldata votes) private view returns (uint16) {
        uint256 start = epoch * _epochBlocks();
        uint256 end = start + _epochBlocks();
        _checkNotBefore(end);
        _checkBefore(end + _reportBlocks);
        Committee memory committee = _committee(subject, epoch / _termEpochs, start - _lagBlocks);
        Tally memory tally;
        for (uint256 i = 0; i < votes.length; i++) {
            SeatVote calldata vote = votes[i];
            _checkSeat(committee, vote.seat, bytes32(uint256(vote.maps)), vote.r, vote.vs);
            uint16 seen = uint16(vote.maps >> 16);
            uint16 up = uint16(vote.maps);
            if (up & ~seen != 0) revert BadMaps(vote.seat, vote.maps);
            tally.add(seen & ~up);
        }
        return tally.reaching(_quorum);
    }

    // Wrong results

    function challenge(Quote calldata quote, bytes32 task, bytes32 output, ResultProof calldata proof)
        external
        nonReentrant
        returns (bytes32 subject)
    {
        if (msg.sender != quote.requester && msg.sender != quote.voucherSigner) {
            revert NotRequester(msg.sender);
        }
        uint256 fees = _seats * _juryFee;
        if (quote.resultBond < fees) revert BondTooSmall(quote.resultBond, fees);
        bytes32 lease = _nameOf(quote);
        _checkResult(lease, quote.resultSigner, task, output, proof);
        subject = disputeSubject(lease, task, output);
        _disputes[subject] = Dispute(Stage.Pending, msg.sender, uint40(block.number));
        emit Challenged(lease, subject, task, output, msg.sender);
        escrow.seize(quote);
        _take(_challengeDeposit);
    }

    function _checkResult(bytes32 lease, address key, bytes32 task, bytes32 output, ResultProof calldata proof)
        private
        view
    {
        bytes32 leaf = Results.leaf(lease, task, output);
        (bytes32 root, bool exact) = Results.root(leaf, proof.index, proof.size, proof.path);
        address signer = Signatures.recover(_escrowDigest(Digests.hashResultBatch(lease, root)), proof.signature);
        if (!exact || signer == address(0) || signer != key) revert BadProof(lease);
    }

    function resolve(Quote calldata quote, bytes32 task, bytes32 output, bytes32 verdict, Ballot[] calldata ballots)
        external
        nonReentrant
    {
        (bytes32 subject, Dispute memory dispute) = _pending(quote, task, output);
        _checkBefore(dispute.openedBlock + _verdictBlocks);
        if (ballots.length < _quorum) revert TooFewBallots(ballots.length, _quorum);
        _disputes[subject].stage = Stage.Done;
        emit Resolved(subject, verdict, ballots.length);
        uint256 deposited = _toLedger(_challengeDeposit);
        uint256 fees = _payJury(subject, dispute.openedBlock + _lagBlocks, verdict, ballots);
        if (verdict == 0) {
            escrow.moveTo(quote.provider, quote.resultBond);
            escrow.moveTo(dispute.challenger, deposited - fees);
        } else if (verdict == output) {
            // In this order, so that no jury is ever paid by a provider that was right.
            escrow.moveTo(quote.provider, quote.resultBond + (deposited - fees));
        } else {
            uint256 rest = quote.resultBond - fees;
            escrow.moveTo(dispute.challenger, deposited);
            escrow.moveTo(quote.requester, rest / 2);
            escrow.moveTo(BURN, rest - rest / 2);
        }
    }

    /// Pays the account behind each ballot, once it is found to be one for the verdict.
    function _payJury(bytes32 subject, uint256 seedBlock, bytes32 verdict, Ballot[] calldata ballots)
        private
        returns (uint256 fees)
    {
        Committee memory committee = _committee(subject, seedBlock / _termBlocks(), seedBlock);
        for (uint256 i = 0; i < ballots.length; i++) {
            Ballot calldata ballot = ballots[i];
            address key = _checkSeat(committee, ballot.seat, verdict, ballot.r, ballot.vs);
            escrow.moveTo(_watchers[key].account, _juryFee);
            fees += _juryFee;
        }
    }

    function lapse(Quote calldata quote, bytes32 task, bytes32 output) external nonReentrant {
        (bytes32 subject, Dispute memory dispute) = _pending(quote, task, output);
        _checkNotBefore(dispute.openedBlock + _verdictBlocks);
        _disputes[subject].stage = Stage.Done;
        emit Lapsed(subject);
        escrow.moveTo(quote.provider, quote.resultBond);
        escrow.moveTo(dispute.challenger, _toLedger(_challengeDeposit));
    }

    function _pending(Quote calldata quote, bytes32 task, bytes32 output)
        private
        view
        returns (bytes32 subject, Dispute memory dispute)
    {
        subject = disputeSubject(_nameOf(quote), task, output);
        dispute = _disputes[subject];
        if (dispute.stage != Stage.Pending) revert NotPending(subject);
    }

    // Committees

    /// Who may vote on one subject, and what has been counted of them.
    struct Committee {
        bytes32 domain;
        bytes32 subject;
        bytes32 seed;
        uint256 term;
        uint256 size;
        /// Seats below this one have voted or never will.
        uint256 nextSeat;
    }

    function _committee(bytes32 subject, uint256 term, uint256 seedBlock) private view returns (Committee memory) {
        uint256 size = _sizeOf(term);
        if (size < _leastWatchers) revert TableTooSmall(term, size);
        bytes32 seed = History.hashOf(seedBlock);
        if (seed == 0) revert NoSeed(seedBlock);
        return Committee(_domainSeparatorV4(), subject, seed, term, size, 0);
    }

    /// Checks that whoever has the seat signed `value`, and returns the key.
    function _checkSeat(Committee memory committee, uint256 seat, bytes32 value, bytes32 r, bytes32 vs)
        private
        view
        returns (address key)
    {
        if (seat < committee.nextSeat || seat >= _seats) revert BadSeat(seat);
        committee.nextSeat = seat + 1;
        bytes32 digest = MessageHashUtils.toTypedDataHash(committee.domain, _voteHash(committee.subject, value));
        (address signer,,) = ECDSA.tryRecover(digest, r, vs);
        key = _holderOf(committee.term, committee.size, committee.seed, committee.subject, seat);
        if (signer == address(0) || signer != key) revert NotSeated(seat, key, signer);
    }

    // Views

    function preset() external view returns (Preset memory) {
        return Preset({
            slotBlocks: uint32(_slotBlocks),
            termEpochs: uint32(_termEpochs),
            seats: uint8(_seats),
            quorum: uint8(_quorum),
            leastWatchers: uint16(_leastWatchers),
            lagBlocks: uint32(_lagBlocks),
            reportBlocks: uint32(_reportBlocks),
            verdictBlocks: uint32(_verdictBlocks),
            stake: _stake,
            challengeDeposit: _challengeDeposit,
            juryFee: _juryFee,
            fuel: _fuel
        });
    }

    function currentTerm() public view override returns (uint256) {
        return block.number / _termBlocks();
    }

    function watcherOf(address key) external view returns (WatcherState memory) {
        Watcher memory watcher = _watchers[key];
        if (watcher.account == address(0)) return WatcherState(address(0), 0, 0);
        return WatcherState(watcher.account, watcher.lastTerm, _leaveBlock(watcher));
    }

    function downRecord(bytes32 lease, uint256 epoch) external view returns (DownRecord memory) {
        return _down[lease][epoch];
    }

    function disputeOf(bytes32 subject) external view returns (Dispute memory) {
        return _disputes[subject];
    }

    function seatsOf(bytes32 seed, bytes32 subject, uint256 term) external view returns (address[] memory keys) {
        uint256 size = _sizeOf(term);
        if (size < _leastWatchers) revert TableTooSmall(term, size);
        keys = new address[](_seats);
        for (uint256 seat = 0; seat < _seats; seat++) {
            keys[seat] = _holderOf(term, size, seed, subject, seat);
        }
    }

    function downtimeSubject(address key, uint256 epoch) public pure returns (bytes32) {
        return keccak256(abi.encode(key, epoch));
    }

    function disputeSubject(bytes32 lease, bytes32 task, bytes32 output) public pure returns (bytes32) {
        return keccak256(abi.encode(lease, task, output));
    }

    function hashVote(bytes32 subject, bytes32 value) public view returns (bytes32) {
        return _hashTypedDataV4(_voteHash(subject, value));
    }

    function hashEnrol(address account) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(ENROL, account)));
    }

    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    // Helpers

    /// Takes exactly `amount` tokens from the sender.
    function _take(uint256 amount) private {
        uint256 held = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 arrived = token.balanceOf(address(this)) - held;
        if (arrived != amount) revert WrongAmount(amount, arrived);
    }

    /// Brings tokens that the court holds to its balance in the escrow's ledger, and returns what arrived.
    function _toLedger(uint256 amount) private returns (uint256 arrived) {
        uint256 held = token.balanceOf(address(this));
        arrived = escrow.deposit(amount);
        _checkTaken(held, amount);
    }

    /// All beyond `amount` that the court held are stakes and deposits of others.
    function _checkTaken(uint256 held, uint256 amount) private view {
        uint256 left = token.balanceOf(address(this));
        if (left + amount < held) revert WrongAmount(amount, held - left);
    }

    /// Returns a lease that is opened and not closed; reverts for any other.
    function _live(Quote calldata quote) private view returns (bytes32 lease, LeaseState memory state) {
        lease = _nameOf(quote);
        state = escrow.leaseState(lease);
        if (state.status == Status.None || state.status == Status.Closed) revert NotLive(lease);
    }

    function _nameOf(Quote calldata quote) private view returns (bytes32 lease) {
        return _escrowDigest(Digests.hash(quote));
    }

    /// What the escrow itself would answer; asking it for its domain alone is cheaper than handing it the struct.
    function _escrowDigest(bytes32 structHash) private view returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(escrow.DOMAIN_SEPARATOR(), structHash);
    }

    function _leaveBlock(Watcher memory watcher) private view returns (uint256) {
        return (uint256(watcher.lastTerm) + 1) * _termBlocks() + _settleBlocks;
    }

    function _checkNotBefore(uint256 blockNumber) private view {
        if (block.number < blockNumber) revert TooEarly(blockNumber, block.number);
    }

    function _checkBefore(uint256 blockNumber) private view {
        if (block.number >= blockNumber) revert TooLate(blockNumber, block.number);
    }

    function _voteHash(bytes32 subject, bytes32 value) private pure returns (bytes32) {
        return keccak256(abi.encode(VOTE, subject, value));
    }

    function _epochBlocks() private view returns (uint256) {
        return _slotBlocks * EPOCH_SLOTS;
    }

    function _termBlocks() private view returns (uint256) {
        return _termEpochs * _epochBlocks();
    }
}
