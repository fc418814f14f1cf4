// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Delegates} from "./Delegates.sol";
import {IEscrow, LeaseState, Opening, Quote, Redemption, Status, Voucher} from "./interfaces/IEscrow.sol";
import {Ledger} from "./Ledger.sol";
import {Digests} from "./libraries/Digests.sol";
import {Lease, LeaseWord} from "./libraries/LeaseSlot.sol";
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

    mapping(bytes32 lease => LeaseWord) private _leases;

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
        Lease memory state;
        state.clock = uint40(block.timestamp);
        state.openBlock = uint40(block.number);
        state.endBlock = uint40(block.number + quote.blocks);
        state.providerCharged = providerCharged;
        state.requesterCharged = requesterCharged;
        _leases[lease] = state.pack();
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
        LeaseWord word = _leases[lease];
        if (!word.opened()) return (0, abi.encodeWithSelector(NotOpened.selector, lease));
        Lease memory state = word.unpack();
        if (state.closed) return (0, abi.encodeWithSelector(AlreadyClosed.selector, lease));
        if (voucher.lease != lease) return (0, abi.encodeWithSelector(WrongLease.selector, lease, voucher.lease));
        bytes32 digest = hashVoucher(voucher);
        if (!_signedBy(quote.voucherSigner, digest, signature)) {
            return (0, abi.encodeWithSelector(BadSignature.selector, digest, address(0), quote.voucherSigner));
        }
        uint96 payable_ = _min(voucher.cumulative, _payCap(quote, state));
        if (payable_ <= state.paid) return (0, "");
        amount = payable_ - state.paid;
        state.paid = payable_;
        _leases[lease] = state.pack();
        _credit(quote.provider, amount);
        emit Redeemed(lease, quote.provider, amount, payable_);
    }

    // Ending

    function startClose(Quote calldata quote) external {
        (bytes32 lease, Lease memory state) = _load(quote);
        bool byRequester = msg.sender == quote.requester || msg.sender == quote.voucherSigner;
        if (byRequester) {
            if (state.stopped) revert AlreadyEnding(lease, state.endBlock);
            state.clock = uint40(state.elapsed());
            state.stopped = true;
            if (block.number < state.endBlock) state.endBlock = uint40(block.number);
        } else {
            if (msg.sender != quote.provider && msg.sender != quote.resultSigner) revert NotParty(msg.sender);
            uint256 end = block.number + quote.notice;
            if (end >= state.endBlock) revert AlreadyEnding(lease, state.endBlock);
            state.endBlock = uint40(end);
        }
        _leases[lease] = state.pack();
        emit LeaseEnding(lease, state.endBlock, byRequester);
    }

    function finalize(Quote calldata quote) external {
        (bytes32 lease, Lease memory state) = _load(quote);
        uint256 from = uint256(state.endBlock) + SETTLE;
        if (block.number < from) revert TooEarly(lease, from, block.number);
        _settle(lease, quote, state);
    }

    function closeCooperative(
        Quote calldata quote,
        uint96 paid,
        bytes calldata providerSignature,
        bytes calldata requesterSignature
    ) external {
        (bytes32 lease, Lease memory state) = _load(quote);
        bytes32 digest = hashClose(lease, paid);
        _checkSignedBy(quote.resultSigner, digest, providerSignature);
        _checkSignedBy(quote.voucherSigner, digest, requesterSignature);
        uint96 most = _payCap(quote, state);
        if (paid < state.paid || paid > most) revert PaidOutOfRange(paid, state.paid, most);
        uint96 rest = paid - state.paid;
        state.paid = paid;
        _credit(quote.provider, rest);
        _settle(lease, quote, state);
    }

    /// Closes the lease and gives back what is left: the deposit's rest to the requester, the bonds' to the provider.
    function _settle(bytes32 lease, Quote calldata quote, Lease memory state) private {
        state.closed = true;
        _leases[lease] = state.pack();
        uint96 refund = quote.deposit - state.paid;
        uint96 penalty = uint96(_smaller(uint256(state.downSlots) * quote.slotPenalty, quote.bond));
        // The odd unit is burned, so that a false alarm never brings the requester more than it destroys.
        uint96 toRequester = penalty / 2;
        uint256 bondsBack = (state.seized ? quote.bond : _bonds(quote)) - penalty;
        _credit(quote.requester, uint256(refund) + toRequester);
        _credit(quote.provider, bondsBack);
        _credit(BURN, penalty - toRequester);
        if (state.requesterCharged) _release(quote.requester, quote.voucherSigner, refund);
        if (state.providerCharged) _release(quote.provider, quote.resultSigner, bondsBack);
        emit LeaseClosed(
            lease, quote.provider, quote.requester, state.paid, refund, toRequester, penalty - toRequester
        );
    }

    // Court

    function adjustDown(bytes32 lease, int256 change) external onlyCourt {
        Lease memory state = _load(lease);
        int256 most = int256(uint256(type(uint24).max));
        if (change < -most || change > most) revert DownOutOfRange(lease, state.downSlots, change);
        int256 slots = int256(uint256(state.downSlots)) + change;
        if (slots < 0 || slots > most) revert DownOutOfRange(lease, state.downSlots, change);
        state.downSlots = uint24(uint256(slots));
        _leases[lease] = state.pack();
        emit DownAdjusted(lease, change, state.downSlots);
    }

    function seize(Quote calldata quote) external onlyCourt returns (uint96 amount) {
        (bytes32 lease, Lease memory state) = _load(quote);
        if (state.seized) revert AlreadySeized(lease);
        state.seized = true;
        _leases[lease] = state.pack();
        amount = quote.resultBond;
        _credit(court, amount);
        emit Seized(lease, amount);
    }

    // Views

    function leaseState(bytes32 lease) external view returns (LeaseState memory) {
        LeaseWord word = _leases[lease];
        Lease memory state = word.unpack();
        return LeaseState({
            status: word.opened() ? _statusOf(state) : Status.None,
            paid: state.paid,
            openBlock: state.openBlock,
            endBlock: state.endBlock,
            elapsed: word.opened() ? uint40(state.elapsed()) : 0,
            downSlots: state.downSlots,
            stopped: state.stopped,
            seized: state.seized,
            providerCharged: state.providerCharged,
            requesterCharged: state.requesterCharged
        });
    }

    function payCap(Quote calldata quote) external view returns (uint96) {
        LeaseWord word = _leases[hashQuote(quote)];
        return word.opened() ? _payCap(quote, word.unpack()) : 0;
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
    function _load(bytes32 lease) private view returns (Lease memory state) {
        LeaseWord word = _leases[lease];
        if (!word.opened()) revert NotOpened(lease);
        state = word.unpack();
        if (state.closed) revert AlreadyClosed(lease);
    }

    function _load(Quote calldata quote) private view returns (bytes32 lease, Lease memory state) {
        lease = hashQuote(quote);
        state = _load(lease);
    }

    function _statusOf(Lease memory state) private view returns (Status) {
        if (state.closed) return Status.Closed;
        if (block.number < state.endBlock) return Status.Open;
        return block.number < uint256(state.endBlock) + SETTLE ? Status.Ended : Status.Finalizable;
    }

    /// What may have been paid by now: min(deposit, startFee + floor(rate * (elapsed + prepay) / RATE_SCALE)).
    function _payCap(Quote calldata quote, Lease memory state) private view returns (uint96) {
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
