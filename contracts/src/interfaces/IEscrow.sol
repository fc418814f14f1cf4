// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// The terms of one lease. Its EIP-712 digest is the lease's name.
struct Quote {
    /// Account that sells, and whose ledger balance holds the bonds.
    address provider;
    /// Account that buys, and whose ledger balance holds the deposit.
    address requester;
    /// Key that signs results and closes for the provider; fixed for the lease.
    address resultSigner;
    /// Key that signs vouchers and closes for the requester; fixed for the lease.
    address voucherSigner;
    /// Base units of the token times 1e12, per second.
    uint128 rate;
    /// Base units that are due as soon as the lease is open.
    uint96 startFee;
    /// Base units the requester locks: nothing beyond it is ever paid.
    uint96 deposit;
    /// Base units the provider locks against downtime.
    uint96 bond;
    /// Base units the provider locks against wrong results.
    uint96 resultBond;
    /// Base units taken from `bond` for each slot of proven downtime.
    uint96 slotPenalty;
    /// Unix seconds: the lease opens only in a block whose timestamp is lower.
    uint40 openBefore;
    /// Length of the lease in blocks, from the block that opens it.
    uint32 blocks;
    /// Blocks that the provider serves on after it asks for the end.
    uint32 notice;
    /// Seconds of service that may be paid ahead of their time.
    uint32 prepay;
    /// Hash of everything else the parties agreed on.
    bytes32 terms;
    /// Makes equal terms two leases.
    bytes32 salt;
}

/// The requester's cumulative payment, and its countersignature of service in blocks [ackFrom, ackUntil).
struct Voucher {
    bytes32 lease;
    /// Base units paid since the lease opened, not since the last voucher.
    uint96 cumulative;
    uint40 ackFrom;
    uint40 ackUntil;
}

/// One lease to open. Signatures are compact (64 bytes, EIP-2098) or, for a contract account, its own.
struct Opening {
    Quote quote;
    bytes providerSignature;
    /// Empty when the sender is the requester or its delegate.
    bytes requesterSignature;
}

/// One voucher to redeem.
struct Redemption {
    Quote quote;
    Voucher voucher;
    bytes signature;
}

/// Where a lease stands at the current block; derived, never stored.
enum Status {
    /// Never opened.
    None,
    /// Before its end.
    Open,
    /// After its end, within SETTLE: redeem, report and refute, but not yet finalize.
    Ended,
    /// SETTLE blocks after its end: anyone may finalize.
    Finalizable,
    /// Settled for good.
    Closed
}

/// What the chain remembers of a lease; the rest is in its quote.
struct LeaseState {
    Status status;
    /// Base units paid to the provider so far.
    uint96 paid;
    /// Block that opened the lease.
    uint40 openBlock;
    /// First block that no longer belongs to the lease; may lie ahead.
    uint40 endBlock;
    /// Seconds of service counted for the pay cap until now.
    uint40 elapsed;
    /// Slots of downtime that the court found.
    uint24 downSlots;
    /// The requester's side ended the lease, so that `elapsed` stands still.
    bool stopped;
    /// The court has taken the result bond.
    bool seized;
    /// `bond` and `resultBond` count against the limit of the delegate `resultSigner`.
    bool providerCharged;
    /// `deposit` counts against the limit of the delegate `voucherSigner`.
    bool requesterCharged;
}

/// @title Souk's escrow: a ledger in one token, leases paid by vouchers, bonds that a court can reach
/// @notice Nobody owns it. All amounts are base units of the token. Deadlines are block numbers; seconds appear in
/// the pay cap and where someone's consent runs out (`openBefore`, a delegate's expiry), which is judged at opening.
interface IEscrow {
    // Ledger. Beside what is listed here, `multicall(bytes[])` carries out several calls as the sender, all or none.

    event Deposited(address indexed account, uint256 amount);
    event Withdrawn(address indexed account, address indexed to, uint256 amount);
    event Moved(address indexed from, address indexed to, uint256 amount);

    /// The free balance of `account` is lower than what should leave it.
    error InsufficientBalance(address account, uint256 balance, uint256 needed);
    /// Money sent there would be lost: the zero address, or the escrow itself.
    error BadRecipient(address to);
    /// A transfer out took more from the escrow than the amount withdrawn.
    error TokenTookMore(uint256 amount, uint256 taken);

    /// @notice Takes `amount` tokens from the sender and credits what really arrived to the sender's balance.
    /// @return credited Base units that arrived.
    function deposit(uint256 amount) external returns (uint256 credited);

    /// @notice Does the same after an ERC-2612 permit of `amount`. A permit that fails is ignored: someone may have
    /// sent it first, and then the allowance is there.
    function depositWithPermit(uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        returns (uint256 credited);

    /// @notice Sends `amount` of the sender's free balance to `to` as tokens. No delegate can do this.
    function withdraw(address to, uint256 amount) external;

    /// @notice Moves `amount` of the sender's free balance to the balance of `to`, without touching the token: a
    /// payment that no black list and no receiving hook can block.
    function moveTo(address to, uint256 amount) external;

    /// @return The free balance of `account`.
    function balanceOf(address account) external view returns (uint256);

    /// @return Base units burned so far: the balance of an account whose key nobody has.
    function burned() external view returns (uint256);

    // Delegates

    event DelegateSet(address indexed account, address indexed key, uint96 limit, uint40 expiry);

    /// The delegate was never set, or its expiry has come.
    error DelegateExpired(address account, address key, uint40 expiry);
    /// Opening would bring what the delegate has locked and not got back above its limit.
    error DelegateLimit(address account, address key, uint256 limit, uint256 inUse, uint256 needed);

    /// @notice Lets `key` lock up to `limit` of the sender's balance in leases, until a block whose timestamp is
    /// `expiry` (unix seconds, exclusive) or later. What is in use is kept, so that setting a limit again is no gift;
    /// limit or expiry 0 revokes. Open leases are untouched.
    function setDelegate(address key, uint96 limit, uint40 expiry) external;

    /// @return limit Most that may be locked and not got back.
    /// @return inUse What is: deposits and bonds locked in leases, and what of them was spent.
    /// @return expiry Unix seconds from which on the key opens nothing.
    function delegateOf(address account, address key) external view returns (uint96 limit, uint96 inUse, uint40 expiry);

    // Leases

    event LeaseOpened(bytes32 indexed lease, address indexed provider, address indexed requester, Quote quote);
    event OpenSkipped(bytes32 indexed lease, bytes reason);
    event Redeemed(bytes32 indexed lease, address indexed provider, uint96 amount, uint96 paid);
    event RedeemSkipped(bytes32 indexed lease, bytes reason);
    event LeaseEnding(bytes32 indexed lease, uint40 endBlock, bool byRequester);
    /// `paid` over the whole life; `refund` to the requester; of the penalty `toRequester` and `toBurn`.
    event LeaseClosed(
        bytes32 indexed lease,
        address indexed provider,
        address indexed requester,
        uint96 paid,
        uint96 refund,
        uint96 toRequester,
        uint96 toBurn
    );

    /// A member of a quote has bits beyond its type.
    error MalformedQuote();
    error AlreadyOpened(bytes32 lease);
    error NotOpened(bytes32 lease);
    error AlreadyClosed(bytes32 lease);
    /// The block's timestamp has reached `openBefore`.
    error OpenTooLate(bytes32 lease, uint40 openBefore, uint256 timestamp);
    /// A lease of no blocks.
    error NoDuration(bytes32 lease);
    /// Provider and requester are one account.
    error SelfLease(address account);
    /// Neither `account` nor `key` (where the delegate may sign) made this signature, and no contract accepted it.
    error BadSignature(bytes32 digest, address account, address key);
    /// The signature of an opening is empty, and the sender is neither the requester nor the voucher signer.
    error NotRequester(address sender, address requester, address voucherSigner);
    /// The voucher names another lease than the quote.
    error WrongLease(bytes32 expected, bytes32 actual);
    /// Not one lease of the batch could be opened.
    error NothingOpened();
    /// The sender is on neither side of the lease.
    error NotParty(address sender);
    /// The lease ends at `endBlock` already; the call would not bring it forward.
    error AlreadyEnding(bytes32 lease, uint40 endBlock);
    /// Finalizing is possible from block `atBlock` on.
    error TooEarly(bytes32 lease, uint256 atBlock, uint256 blockNumber);
    /// A close must pay at least what is paid already and at most what the pay cap allows now.
    error PaidOutOfRange(uint96 paid, uint96 least, uint96 most);

    /// @notice Opens a lease; anyone may send it. Locks `deposit` from the requester's balance, `bond` and
    /// `resultBond` from the provider's. The provider's side signs the quote, the requester's `Open(lease)`; each by
    /// its account, or by its lease key as an unexpired delegate within its limit, or by ERC-1271 of its account. With
    /// an empty `requesterSignature` the sender stands for the requester's side.
    /// @return lease The digest of the quote.
    function open(Quote calldata quote, bytes calldata providerSignature, bytes calldata requesterSignature)
        external
        returns (bytes32 lease);

    /// @notice Opens what can be opened, emits `OpenSkipped` for the rest, reverts if nothing could.
    /// @return opened How many leases were opened.
    function openMany(Opening[] calldata openings) external returns (uint256 opened);

    /// @notice Pays what the voucher adds, up to the deposit and to what time has earned
    /// (startFee + floor(rate * (elapsed + prepay) / 1e12)); less than that is never an error. Anyone may send it,
    /// until the lease is closed. The voucher counts by the key `voucherSigner` alone.
    /// @return amount Base units credited to the provider now.
    function redeem(Quote calldata quote, Voucher calldata voucher, bytes calldata signature)
        external
        returns (uint96 amount);

    /// @notice Redeems each voucher that is good and emits `RedeemSkipped` for each that is not.
    /// @return total Base units credited now.
    function redeemMany(Redemption[] calldata redemptions) external returns (uint256 total);

    /// @notice Ends a lease before its time: at once for the requester's side (account or voucher signer), which also
    /// stops the pay cap from growing, even after the end; after `notice` blocks for the provider's (account or result
    /// signer).
    function startClose(Quote calldata quote) external;

    /// @notice Settles a lease SETTLE blocks after its end, whatever ended it; anyone may send it.
    function finalize(Quote calldata quote) external;

    /// @notice Settles a lease at once at exactly `paid` in total, by both lease keys' signatures over
    /// `Close(lease, paid)`. Penalties found so far are still taken.
    function closeCooperative(
        Quote calldata quote,
        uint96 paid,
        bytes calldata providerSignature,
        bytes calldata requesterSignature
    ) external;

    // Court

    event DownAdjusted(bytes32 indexed lease, int256 change, uint24 downSlots);
    event Seized(bytes32 indexed lease, uint96 amount);

    error NotCourt(address sender);
    /// The count of down slots would leave its range.
    error DownOutOfRange(bytes32 lease, uint24 downSlots, int256 change);
    error AlreadySeized(bytes32 lease);

    /// @notice Changes the number of down slots of a lease that is not closed. Court only.
    function adjustDown(bytes32 lease, int256 change) external;

    /// @notice Moves the result bond of a lease that is not closed to the court's balance, once. Court only.
    /// @return amount Base units moved.
    function seize(Quote calldata quote) external returns (uint96 amount);

    // Views

    function leaseState(bytes32 lease) external view returns (LeaseState memory);

    /// @return Base units that vouchers of `quote` could have paid in total by now: the pay cap.
    function payCap(Quote calldata quote) external view returns (uint96);

    /// @return The digest that the provider signs, which is the lease's name.
    function hashQuote(Quote calldata quote) external view returns (bytes32);

    /// @return The digest that the requester signs to open.
    function hashOpen(bytes32 lease) external view returns (bytes32);

    function hashVoucher(Voucher calldata voucher) external view returns (bytes32);

    function hashClose(bytes32 lease, uint96 paid) external view returns (bytes32);

    /// @return The digest under which a provider signs the Merkle root of a batch of results, for the court.
    function hashResultBatch(bytes32 lease, bytes32 root) external view returns (bytes32);

    // solhint-disable-next-line func-name-mixedcase
    function DOMAIN_SEPARATOR() external view returns (bytes32);

    /// @return Blocks between the end of a lease and its finalizing.
    // solhint-disable-next-line func-name-mixedcase
    function SETTLE() external view returns (uint32);

    function token() external view returns (IERC20);

    /// @return The only caller of `adjustDown` and `seize`; the zero address where there is no court.
    function court() external view returns (address);
}
