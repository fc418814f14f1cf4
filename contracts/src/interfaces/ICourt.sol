// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IEscrow, Quote, Voucher} from "./IEscrow.sol";

/// What a court is built with. A slot is `slotBlocks` blocks, an epoch 16 slots, a term `termEpochs` epochs; all count
/// from block 0.
struct Preset {
    uint32 slotBlocks;
    uint32 termEpochs;
    /// Seats of a committee, at most 15.
    uint8 seats;
    /// Equal votes that decide, more than half of the seats.
    uint8 quorum;
    /// A table with fewer watchers judges nothing.
    uint16 leastWatchers;
    /// Blocks from a seed to the epoch it seats, and from a challenge to the seed of its jury.
    uint32 lagBlocks;
    /// Blocks after an epoch in which its downtime can be reported.
    uint32 reportBlocks;
    /// Blocks after a challenge in which it can be resolved.
    uint32 verdictBlocks;
    /// Base units a watcher puts at risk.
    uint96 stake;
    /// Base units a challenger puts at risk.
    uint96 challengeDeposit;
    /// Base units for each ballot that makes a verdict.
    uint96 juryFee;
    /// Fuel beyond which a juror calls a task undecidable.
    uint64 fuel;
}

/// What one seat says of a subject in an epoch; signed as Vote(subject, maps).
struct SeatVote {
    uint8 seat;
    /// Bits 16..31: slots that the watcher could judge. Bits 0..15: slots in which the subject answered.
    uint32 maps;
    /// Compact signature (EIP-2098).
    bytes32 r;
    bytes32 vs;
}

/// One seat's signature under Vote(subject, verdict).
struct Ballot {
    uint8 seat;
    bytes32 r;
    bytes32 vs;
}

/// Proof that a provider committed to one result: its place in a signed batch.
struct ResultProof {
    uint16 index;
    /// Leaves of the batch.
    uint16 size;
    /// Siblings from the leaf to the root; a level where the node has none gives none.
    bytes32[] path;
    /// Compact signature of `resultSigner` over ResultBatch(lease, root), in the escrow's domain.
    bytes signature;
}

/// What the court knows of a key that watches.
struct WatcherState {
    /// Whose stake it is; zero for a key that has none.
    address account;
    /// Newest term in whose table the key was given a place.
    uint32 lastTerm;
    /// First block in which the account can take the stake back.
    uint256 leaveBlock;
}

/// What the court found about one epoch of a lease. Bit s stands for slot s.
struct DownRecord {
    /// Slots that count as down.
    uint16 down;
    /// Slots refuted for good.
    uint16 refuted;
}

enum Stage {
    /// Never challenged.
    None,
    /// Waiting for its jury.
    Pending,
    /// Decided, or lapsed.
    Done
}

/// Where a dispute stands.
struct Dispute {
    Stage stage;
    /// Who posted the deposit.
    address challenger;
    /// Block of the challenge.
    uint40 openedBlock;
}

/// @title Souk's court: committees drawn by lot among staked watchers, and two kinds of verdict
/// @notice Nobody owns it. It reaches the bonds of leases that are not closed, through the escrow's two hooks, and the
/// stakes and deposits that were brought to it; nothing else. Amounts are base units of the escrow's token.
interface ICourt {
    // Table. Beside what is listed here, `multicall(bytes[])` carries out several calls as the sender, all or none.

    event Enrolled(address indexed key, address indexed account, uint256 indexed term, uint256 place);
    event Left(address indexed key, address indexed account, address to);
    event Slashed(address indexed key, address indexed account, bytes32 subject, address reporter);
    event Evicted(address indexed key, uint256 indexed term, uint256 epoch);

    /// A relation between the parameters does not hold.
    error BadPreset(string relation);
    /// The escrow answers to another court.
    error NotTheEscrowsCourt(address court);
    /// The key has a place in the table of this term already, or was evicted from it.
    error AlreadyEnrolled(address key, uint256 term);
    /// Neither the key nor the account behind it.
    error NotWatcher(address sender, address key);
    error NotEnrolled(address key);
    /// The key did not sign Enrol(account).
    error NoConsent(address key, address account);
    error TableFull(uint256 term);
    /// Something else than `expected` arrived, or more than it left: the token takes fees, which the court cannot work
    /// with.
    error WrongAmount(uint256 expected, uint256 arrived);
    /// The two signatures are not one key's under two different values.
    error NoEquivocation();
    /// The votes do not show the key down in each slot of the epoch.
    error NotDead(address key, uint256 epoch, uint16 down);
    /// Possible from block `atBlock` on.
    error TooEarly(uint256 atBlock, uint256 blockNumber);
    /// Was possible before block `beforeBlock`.
    error TooLate(uint256 beforeBlock, uint256 blockNumber);

    /// @notice Gives `key` a place in the table of the term after next. The first time, takes the stake from the
    /// sender, whose account it then is, and needs the key's signature over Enrol(sender). Later, key or account may
    /// send it, once a term, and `consent` is ignored.
    /// @return place Index in the table.
    function enrol(address key, bytes calldata consent) external returns (uint256 place);

    /// @notice Lets the token's ERC-2612 permit precede another call in one `multicall`. A permit that fails is
    /// ignored: someone may have sent it first.
    function permit(uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice Returns the stake of `key`, SETTLE blocks after its last term, to where its account wants it.
    function leave(address key, address to) external;

    /// @notice Burns the stake of a key that signed two different values for one subject, in whatever role; the sender
    /// gets an eighth. The key loses its place in every table from which it could still vote. The proof never ages: it
    /// burns any stake that is put behind the key again.
    function slash(
        bytes32 subject,
        bytes32 firstValue,
        bytes calldata firstSignature,
        bytes32 secondValue,
        bytes calldata secondSignature
    ) external;

    /// @notice Removes a key from the table that is being formed, if its own committee calls it down in all slots of an
    /// epoch. It keeps its stake and can enrol again in the next term.
    function evict(address key, uint256 epoch, SeatVote[] calldata votes) external;

    // Downtime

    event DowntimeReported(bytes32 indexed lease, uint256 indexed epoch, uint16 found);
    event DowntimeRefuted(bytes32 indexed lease, uint256 indexed epoch, uint16 struck);

    /// The lease was never opened, or is closed.
    error NotLive(bytes32 lease);
    /// The table of the term is smaller than the least.
    error TableTooSmall(uint256 term, uint256 size);
    /// The chain no longer gives, or does not yet give, the hash of this block.
    error NoSeed(uint256 blockNumber);
    /// Seats must rise, and lie below the number of seats.
    error BadSeat(uint256 seat);
    /// The signature is not of the key that has the seat.
    error NotSeated(uint256 seat, address expected, address signer);
    /// Up, and not seen.
    error BadMaps(uint256 seat, uint32 maps);
    /// The votes add no down slot to what is known.
    error NothingNew(bytes32 lease, uint256 epoch);
    /// The voucher is not signed by the lease's voucher signer, or is of another lease.
    error BadVoucher(bytes32 lease);

    /// @notice Counts the slots of `epoch` that at least `quorum` seats call down and that lie wholly inside the lease,
    /// each once. Anyone may send it, from the end of the epoch until `reportBlocks` later.
    /// @return found The slots that were new.
    function reportDowntime(Quote calldata quote, uint256 epoch, SeatVote[] calldata votes)
        external
        returns (uint16 found);

    /// @notice Strikes for good the slots of `epoch` that lie wholly inside the blocks [ackFrom, ackUntil) which a
    /// voucher acknowledges. Anyone may send it until the lease is closed, before a report as well as after it.
    /// @return struck The slots that no longer count.
    function refuteDowntime(Quote calldata quote, uint256 epoch, Voucher calldata voucher, bytes calldata signature)
        external
        returns (uint16 struck);

    // Wrong results

    event Challenged(bytes32 indexed lease, bytes32 indexed subject, bytes32 task, bytes32 output, address challenger);
    event Resolved(bytes32 indexed subject, bytes32 verdict, uint256 ballots);
    event Lapsed(bytes32 indexed subject);

    /// The sender is neither the requester nor the voucher signer of the lease.
    error NotRequester(address sender);
    /// The result bond does not pay a jury.
    error BondTooSmall(uint256 resultBond, uint256 needed);
    /// The provider did not sign a batch with this result.
    error BadProof(bytes32 lease);
    error NotPending(bytes32 subject);
    error TooFewBallots(uint256 ballots, uint256 needed);

    /// @notice Puts one result of a lease before a jury, once per lease; by the requester's side, which posts the
    /// deposit from the sender's tokens. Takes the result bond out of the lease, so that closing never waits.
    /// @return subject What the jurors sign about.
    function challenge(Quote calldata quote, bytes32 task, bytes32 output, ResultProof calldata proof)
        external
        returns (bytes32 subject);

    /// @notice Decides a dispute by at least `quorum` ballots for one value. The provider's own output: it gets the
    /// bond back, and the deposit less the jury's fees. Zero, undecidable, whatever the output was: bond back, deposit
    /// back less the fees.
    /// Anything else: deposit back; of the bond less the fees half to the requester, the rest burned.
    function resolve(Quote calldata quote, bytes32 task, bytes32 output, bytes32 verdict, Ballot[] calldata ballots)
        external;

    /// @notice Returns bond and deposit whole when no verdict came in time; anyone may send it.
    function lapse(Quote calldata quote, bytes32 task, bytes32 output) external;

    // Views

    function preset() external view returns (Preset memory);

    function escrow() external view returns (IEscrow);

    function token() external view returns (IERC20);

    /// @return The term that the current block belongs to. Tables of terms from two later on are not yet closed.
    function currentTerm() external view returns (uint256);

    /// @return The keys in the table of `term`; a slashed key leaves a zero.
    function table(uint256 term) external view returns (address[] memory);

    function watcherOf(address key) external view returns (WatcherState memory);

    function downRecord(bytes32 lease, uint256 epoch) external view returns (DownRecord memory);

    function disputeOf(bytes32 subject) external view returns (Dispute memory);

    /// @return Who has the seats of `subject` in the table of `term` under `seed`.
    function seatsOf(bytes32 seed, bytes32 subject, uint256 term) external view returns (address[] memory);

    function downtimeSubject(address key, uint256 epoch) external pure returns (bytes32);

    function disputeSubject(bytes32 lease, bytes32 task, bytes32 output) external pure returns (bytes32);

    function hashVote(bytes32 subject, bytes32 value) external view returns (bytes32);

    function hashEnrol(address account) external view returns (bytes32);

    // solhint-disable-next-line func-name-mixedcase
    function DOMAIN_SEPARATOR() external view returns (bytes32);
}
