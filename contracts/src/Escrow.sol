// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Delegates} from "./Delegates.sol";
import {IEscrow, LeaseState, Opening, Quote, Redemption, Status, Voucher} from "./interfaces/IEscrow.sol";
import {BURN, Ledger} from "./Ledger.sol";
import {Digests} from "./libraries/Digests.sol";
import {CLOSED, Lease, openedNow, PROVIDER_CHARGED, REQUESTER_CHARGED, SEIZED, STOPPED} from "./libraries/Lease.sol";
import {Signatures} from "./libraries/Signatures.sol";

/// @title Escrow
/// @notice See {IEscrow}; the invariants are in contracts/README.md.
/// @dev Leases never touch the token, only the ledger. What a batch may skip is first judged in full by a `_refuse…`
/// function, which returns the encoded error instead of reverting; only then does anything change.
contract Escrow is Ledger, Delegates, EIP712 {
    /// Scale of `Quote.rate`.
    uint256 private constant RATE_SCALE = 1e12;

    address public immutable court;
    uint32 public immutable SETTLE;

    mapping(bytes32 name => Lease) private _leases;

    constructor(IERC20 token_, address court_, uint32 settleBlocks) Ledger(token_) EIP712("Souk Escrow", "1") {
        court = court_;
        SETTLE = settleBlocks;
    }

    modifier onlyCourt() {
        if (msg.sender != court) revert NotCourt(msg.sender);
        _;
    }

    // Opening

    function open(Quote calldata quote, bytes calldata providerSignature, bytes calldata requesterSignature)
        external
        returns (bytes32 lease)
    {
        bytes memory refusal;
        (lease, refusal) = _open(quote, providerSignature, requesterSignature);
        _revertWith(refusal);
    }

    function openMany(Opening[] calldata openings) external returns (uint256 opened) {
        for (uint256 i = 0; i < openings.length; i++) {
            Opening calldata opening = openings[i];
            (bytes32 lease, bytes memory refusal) =
                _open(opening.quote, opening.providerSignature, opening.requesterSignature);
            if (refusal.length == 0) opened++;
            else emit OpenSkipped(lease, refusal);
        }
        if (opened == 0) revert NothingOpened();
    }

    function _open(Quote calldata quote, bytes calldata providerSignature, bytes calldata requesterSignature)
        private
        returns (bytes32 lease, bytes memory refusal)
    {
        lease = hashQuote(quote);
        refusal = _refuseTerms(lease, quote);
        if (refusal.length != 0) return (lease, refusal);
        bool providerCharged;
        (providerCharged, refusal) = _consentOfProvider(lease, quote, providerSignature);
        if (refusal.length != 0) return (lease, refusal);
        bool requesterCharged;
        (requesterCharged, refusal) = _consentOfRequester(lease, quote, requesterSignature);
        if (refusal.length != 0) return (lease, refusal);
        _lock(lease, quote, providerCharged, requesterCharged);
    }

    function _refuseTerms(bytes32 lease, Quote calldata quote) private view returns (bytes memory) {
        if (_leases[lease].opened()) return abi.encodeWithSelector(AlreadyOpened.selector, lease);
        if (block.timestamp >= quote.openBefore) {
            return abi.encodeWithSelector(OpenTooLate.selector, lease, quote.openBefore, block.timestamp);
        }
        if (quote.blocks == 0) return abi.encodeWithSelector(NoDuration.selector, lease);
        // With one account on both sides the two balance checks below would look at the same money.
        if (quote.provider == quote.requester) return abi.encodeWithSelector(SelfLease.selector, quote.provider);
        bytes memory refusal = _refuseBalance(quote.provider, _bonds(quote));
        return refusal.length != 0 ? refusal : _refuseBalance(quote.requester, quote.deposit);
    }

    function _refuseBalance(address account, uint256 needed) private view returns (bytes memory refusal) {
        uint256 balance = balanceOf(account);
        if (needed > balance) {
            refusal = abi.encodeWithSelector(InsufficientBalance.selector, account, balance, needed);
        }
    }

    function _consentOfProvider(bytes32 lease, Quote calldata quote, bytes calldata signature)
        private
        view
        returns (bool charged, bytes memory refusal)
    {
        return _consent(lease, signature, quote.provider, quote.resultSigner, _bonds(quote));
    }

    function _consentOfRequester(bytes32 lease, Quote calldata quote, bytes calldata signature)
        private
        view
        returns (bool charged, bytes memory refusal)
    {
        if (signature.length != 0) {
            return _consent(hashOpen(lease), signature, quote.requester, quote.voucherSigner, quote.deposit);
        }
        if (msg.sender == quote.requester) return (false, "");
        if (msg.sender == quote.voucherSigner) {
            return (true, _refuseDelegate(quote.requester, msg.sender, quote.deposit));
        }
        refusal = abi.encodeWithSelector(NotRequester.selector, msg.sender, quote.requester, quote.voucherSigner);
    }

    /// Decides whether `account` agrees to lock `amount`, and whether that counts against its delegate `key`.
    function _consent(bytes32 digest, bytes calldata signature, address account, address key, uint256 amount)
        private
        view
        returns (bool charged, bytes memory refusal)
    {
        address signer = Signatures.recover(digest, signature);
        if (signer != address(0)) {
            if (signer == account) return (false, "");
            if (signer == key) return (true, _refuseDelegate(account, key, amount));
        }
        if (Signatures.acceptedBy(account, digest, signature)) return (false, "");
        refusal = abi.encodeWithSelector(BadSignature.selector, digest, account, key);
    }

    function _lock(bytes32 lease, Quote calldata quote, bool providerCharged, bool requesterCharged) private {
        uint256 flags = (providerCharged ? PROVIDER_CHARGED : 0) | (requesterCharged ? REQUESTER_CHARGED : 0);
        _leases[lease] = openedNow(uint40(block.number + quote.blocks), flags);
        _debit(quote.requester, quote.deposit);
        _debit(quote.provider, _bonds(quote));
        if (requesterCharged) _charge(quote.requester, quote.voucherSigner, quote.deposit);
        if (providerCharged) _charge(quote.provider, quote.resultSigner, _bonds(quote));
        emit LeaseOpened(lease, quote.provider, quote.requester, quote);
    }

    // Paying

    function redeem(Quote calldata quote, Voucher calldata voucher, bytes calldata signature)
        external
        returns (uint96 amount)
    {
        bytes memory refusal;
        (amount, refusal) = _redeem(hashQuote(quote), quote, voucher, signature);
        _revertWith(refusal);
    }

    function redeemMany(Redemption[] calldata redemptions) external returns (uint256 total) {
        for (uint256 i = 0; i < redemptions.length; i++) {
            Redemption calldata item = redemptions[i];
            bytes32 lease = hashQuote(item.quote);
            (uint96 amount, bytes memory refusal) = _redeem(lease, item.quote, item.voucher, item.signature);
            total += amount;
            if (refusal.length != 0) emit RedeemSkipped(lease, refusal);
        }
    }

    function _redeem(bytes32 lease, Quote calldata quote, Voucher calldata voucher, bytes calldata signature)
        private
        returns (uint96 amount, bytes memory refusal)
    {
        Lease state = _leases[lease];
        if (!state.opened()) return (0, abi.encodeWithSelector(NotOpened.selector, lease));
        if (state.has(CLOSED)) return (0, abi.encodeWithSelector(AlreadyClosed.selector, lease));
        if (voucher.lease != lease) return (0, abi.encodeWithSelector(WrongLease.selector, lease, voucher.lease));
        bytes32 digest = hashVoucher(voucher);
        if (!_signedBy(quote.voucherSigner, digest, signature)) {
            return (0, abi.encodeWithSelector(BadSignature.selector, digest, address(0), quote.voucherSigner));
        }
        uint96 payable_ = _min(voucher.cumulative, _payCap(quote, state));
        uint96 paid = state.paid();
        if (payable_ <= paid) return (0, "");
        amount = payable_ - paid;
        _leases[lease] = state.withPaid(payable_);
        _credit(quote.provider, amount);
        emit Redeemed(lease, quote.provider, amount, payable_);
    }

    // Ending

    function startClose(Quote calldata quote) external {
        (bytes32 lease, Lease state) = _load(quote);
        bool byRequester = msg.sender == quote.requester || msg.sender == quote.voucherSigner;
        uint256 end = block.number;
        if (byRequester) {
            if (state.has(STOPPED)) revert AlreadyEnding(lease, state.endBlock());
            state = state.withStoppedClock();
        } else {
            if (msg.sender != quote.provider && msg.sender != quote.resultSigner) revert NotParty(msg.sender);
            end += quote.notice;
            if (end >= state.endBlock()) revert AlreadyEnding(lease, state.endBlock());
        }
        if (end < state.endBlock()) state = state.withEndBlock(uint40(end));
        _leases[lease] = state;
        emit LeaseEnding(lease, state.endBlock(), byRequester);
    }

    function finalize(Quote calldata quote) external {
        (bytes32 lease, Lease state) = _load(quote);
        uint256 from = uint256(state.endBlock()) + SETTLE;
        if (block.number < from) revert TooEarly(lease, from, block.number);
        _settle(lease, quote, state, 0);
    }

    function closeCooperative(
        Quote calldata quote,
        uint96 paid,
        bytes calldata providerSignature,
        bytes calldata requesterSignature
    ) external {
        (bytes32 lease, Lease state) = _load(quote);
        bytes32 digest = hashClose(lease, paid);
        _checkSignedBy(quote.resultSigner, digest, providerSignature);
        _checkSignedBy(quote.voucherSigner, digest, requesterSignature);
        uint96 most = _payCap(quote, state);
        uint96 before = state.paid();
        if (paid < before || paid > most) revert PaidOutOfRange(paid, before, most);
        _settle(lease, quote, state.withPaid(paid), paid - before);
    }

    /// Closes the lease: pays `rest` to the provider, and gives back what is left, the deposit's to the requester, the
    /// bonds' to the provider.
    function _settle(bytes32 lease, Quote calldata quote, Lease state, uint96 rest) private {
        _leases[lease] = state.withFlag(CLOSED);
        uint96 refund = quote.deposit - state.paid();
        uint96 penalty = uint96(_smaller(uint256(state.downSlots()) * quote.slotPenalty, quote.bond));
        // The odd unit is burned, so that a false alarm never brings the requester more than it destroys.
        uint96 toRequester = penalty / 2;
        uint256 bondsBack = (state.has(SEIZED) ? quote.bond : _bonds(quote)) - penalty;
        _credit(quote.requester, uint256(refund) + toRequester);
        _credit(quote.provider, bondsBack + rest);
        _credit(BURN, penalty - toRequester);
        if (state.has(REQUESTER_CHARGED)) _release(quote.requester, quote.voucherSigner, refund);
        if (state.has(PROVIDER_CHARGED)) _release(quote.provider, quote.resultSigner, bondsBack);
        emit LeaseClosed(
            lease, quote.provider, quote.requester, state.paid(), refund, toRequester, penalty - toRequester
        );
    }

    // Court

    function adjustDown(bytes32 lease, int256 change) external onlyCourt {
        Lease state = _load(lease);
        uint24 before = state.downSlots();
        int256 most = int256(uint256(type(uint24).max));
        if (change < -most || change > most) revert DownOutOfRange(lease, before, change);
        int256 slots = int256(uint256(before)) + change;
        if (slots < 0 || slots > most) revert DownOutOfRange(lease, before, change);
        uint24 downSlots = uint24(uint256(slots));
        _leases[lease] = state.withDownSlots(downSlots);
        emit DownAdjusted(lease, change, downSlots);
    }

    function seize(Quote calldata quote) external onlyCourt returns (uint96 amount) {
        (bytes32 lease, Lease state) = _load(quote);
        if (state.has(SEIZED)) revert AlreadySeized(lease);
        _leases[lease] = state.withFlag(SEIZED);
        amount = quote.resultBond;
        _credit(court, amount);
        emit Seized(lease, amount);
    }

    // Views

    function leaseState(bytes32 lease) external view returns (LeaseState memory) {
        Lease state = _leases[lease];
        return LeaseState({
            status: _statusOf(state),
            paid: state.paid(),
            openBlock: state.openBlock(),
            endBlock: state.endBlock(),
            elapsed: state.opened() ? uint40(state.elapsed()) : 0,
            downSlots: state.downSlots(),
            stopped: state.has(STOPPED),
            seized: state.has(SEIZED),
            providerCharged: state.has(PROVIDER_CHARGED),
            requesterCharged: state.has(REQUESTER_CHARGED)
        });
    }

    function payCap(Quote calldata quote) external view returns (uint96) {
        Lease state = _leases[hashQuote(quote)];
        return state.opened() ? _payCap(quote, state) : 0;
    }

    function hashQuote(Quote calldata quote) public view returns (bytes32) {
        return _hashTypedDataV4(Digests.hash(quote));
    }

    function hashOpen(bytes32 lease) public view returns (bytes32) {
        return _hashTypedDataV4(Digests.hashOpen(lease));
    }

    function hashVoucher(Voucher calldata voucher) public view returns (bytes32) {
        return _hashTypedDataV4(Digests.hash(voucher));
    }

    function hashClose(bytes32 lease, uint96 paid) public view returns (bytes32) {
        return _hashTypedDataV4(Digests.hashClose(lease, paid));
    }

    function hashResultBatch(bytes32 lease, bytes32 root) external view returns (bytes32) {
        return _hashTypedDataV4(Digests.hashResultBatch(lease, root));
    }

    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    // Helpers

    /// Returns a lease that is open or ending; reverts for any other.
    function _load(bytes32 lease) private view returns (Lease state) {
        state = _leases[lease];
        if (!state.opened()) revert NotOpened(lease);
        if (state.has(CLOSED)) revert AlreadyClosed(lease);
    }

    function _load(Quote calldata quote) private view returns (bytes32 lease, Lease state) {
        lease = hashQuote(quote);
        state = _load(lease);
    }

    function _statusOf(Lease state) private view returns (Status) {
        if (!state.opened()) return Status.None;
        if (state.has(CLOSED)) return Status.Closed;
        if (block.number < state.endBlock()) return Status.Open;
        return block.number < uint256(state.endBlock()) + SETTLE ? Status.Ended : Status.Finalizable;
    }

    /// What may have been paid by now: min(deposit, startFee + floor(rate * (elapsed + prepay) / RATE_SCALE)).
    function _payCap(Quote calldata quote, Lease state) private view returns (uint96) {
        // Fits: 128 bits of rate times 41 bits of seconds.
        uint256 earned = quote.startFee + uint256(quote.rate) * (state.elapsed() + quote.prepay) / RATE_SCALE;
        return uint96(_smaller(earned, quote.deposit));
    }

    function _bonds(Quote calldata quote) private pure returns (uint256) {
        return uint256(quote.bond) + quote.resultBond;
    }

    function _signedBy(address key, bytes32 digest, bytes calldata signature) private pure returns (bool) {
        address signer = Signatures.recover(digest, signature);
        return signer != address(0) && signer == key;
    }

    function _checkSignedBy(address key, bytes32 digest, bytes calldata signature) private pure {
        if (!_signedBy(key, digest, signature)) revert BadSignature(digest, address(0), key);
    }

    function _revertWith(bytes memory encodedError) private pure {
        if (encodedError.length == 0) return;
        assembly ("memory-safe") {
            revert(add(encodedError, 0x20), mload(encodedError))
        }
    }

    function _smaller(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }

    function _min(uint96 a, uint96 b) private pure returns (uint96) {
        return a < b ? a : b;
    }
}
