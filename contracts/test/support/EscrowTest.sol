// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {DevToken} from "../../src/DevToken.sol";
import {Escrow} from "../../src/Escrow.sol";
import {LeaseState, Opening, Quote, Redemption, Status, Voucher} from "../../src/interfaces/IEscrow.sol";
import {RogueCourt} from "./RogueCourt.sol";
import {Vm} from "./Vm.sol";

/// One provider, one requester, a delegate each, a court that anyone commands, and an ordinary lease between them.
abstract contract EscrowTest {
    Vm internal constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

    uint256 internal constant PROVIDER_KEY = 0xA11CE;
    uint256 internal constant REQUESTER_KEY = 0xB0B;
    uint256 internal constant RESULT_KEY = 0xA11CE1;
    uint256 internal constant VOUCHER_KEY = 0xB0B1;
    uint256 internal constant STRANGER_KEY = 0x57A46E;
    uint32 internal constant SETTLE = 100;
    uint256 internal constant START_TIME = 1_800_000_000;
    uint256 internal constant START_BLOCK = 1_000;
    uint256 internal constant FUNDS = 2_000e18;
    uint96 internal constant LIMIT = 600e18;
    uint40 internal constant EXPIRY = uint40(START_TIME + 30 days);

    address internal immutable provider = vm.addr(PROVIDER_KEY);
    address internal immutable requester = vm.addr(REQUESTER_KEY);
    address internal immutable resultSigner = vm.addr(RESULT_KEY);
    address internal immutable voucherSigner = vm.addr(VOUCHER_KEY);
    address internal immutable stranger = vm.addr(STRANGER_KEY);

    DevToken internal token;
    Escrow internal escrow;
    RogueCourt internal rogue;

    function setUp() public virtual {
        vm.warp(START_TIME);
        vm.roll(START_BLOCK);
        token = new DevToken();
        rogue = new RogueCourt();
        escrow = new Escrow(token, address(rogue), SETTLE);
        rogue.obey(escrow);
        fund(provider, resultSigner);
        fund(requester, voucherSigner);
    }

    /// Gives `account` a balance of FUNDS and `delegate` a limit on it.
    function fund(address account, address delegate) internal {
        SafeERC20.safeTransfer(token, account, FUNDS);
        vm.startPrank(account);
        SafeERC20.forceApprove(token, address(escrow), type(uint256).max);
        escrow.deposit(FUNDS);
        escrow.setDelegate(delegate, LIMIT, EXPIRY);
        vm.stopPrank();
    }

    /// 0.01 token a second, 1 to start, 50 at most; penalties of 2 a slot.
    function quote() internal view returns (Quote memory) {
        return Quote({
            provider: provider,
            requester: requester,
            resultSigner: resultSigner,
            voucherSigner: voucherSigner,
            rate: 0.01e18 * 1e12,
            startFee: 1e18,
            deposit: 50e18,
            bond: 20e18,
            resultBond: 10e18,
            slotPenalty: 2e18,
            openBefore: uint40(vm.getBlockTimestamp() + 300),
            blocks: 1_800,
            notice: 30,
            prepay: 20,
            terms: keccak256("terms"),
            salt: keccak256("salt")
        });
    }

    function quote(uint256 salt) internal view returns (Quote memory q) {
        q = quote();
        q.salt = bytes32(salt);
    }

    function compact(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (bytes32 r, bytes32 vs) = vm.signCompact(key, digest);
        return abi.encodePacked(r, vs);
    }

    /// The lease's opening, signed by these two keys.
    function opening(Quote memory q, uint256 providerKey, uint256 requesterKey) internal view returns (Opening memory) {
        bytes32 lease = escrow.hashQuote(q);
        return Opening(q, compact(providerKey, lease), compact(requesterKey, escrow.hashOpen(lease)));
    }

    /// The lease's opening, signed by both delegates.
    function opening(Quote memory q) internal view returns (Opening memory) {
        return opening(q, RESULT_KEY, VOUCHER_KEY);
    }

    function open(Opening memory o) internal returns (bytes32) {
        return escrow.open(o.quote, o.providerSignature, o.requesterSignature);
    }

    function open(Quote memory q) internal returns (bytes32) {
        return open(opening(q));
    }

    function redemption(Quote memory q, uint96 cumulative) internal view returns (Redemption memory) {
        Voucher memory voucher = Voucher(escrow.hashQuote(q), cumulative, 0, 0);
        return Redemption(q, voucher, compact(VOUCHER_KEY, escrow.hashVoucher(voucher)));
    }

    function redeem(Redemption memory r) internal returns (uint96) {
        return escrow.redeem(r.quote, r.voucher, r.signature);
    }

    function redeem(Quote memory q, uint96 cumulative) internal returns (uint96) {
        return redeem(redemption(q, cumulative));
    }

    /// Both lease keys' signatures over a close at `paid`.
    function closing(Quote memory q, uint96 paid) internal view returns (bytes memory, bytes memory) {
        bytes32 digest = escrow.hashClose(escrow.hashQuote(q), paid);
        return (compact(RESULT_KEY, digest), compact(VOUCHER_KEY, digest));
    }

    function close(Quote memory q, uint96 paid) internal {
        (bytes memory providerSignature, bytes memory requesterSignature) = closing(q, paid);
        escrow.closeCooperative(q, paid, providerSignature, requesterSignature);
    }

    function stateOf(Quote memory q) internal view returns (LeaseState memory) {
        return escrow.leaseState(escrow.hashQuote(q));
    }

    function inUse(address account, address key) internal view returns (uint256 used) {
        (, used,) = escrow.delegateOf(account, key);
    }

    function skip(uint256 seconds_, uint256 blocks_) internal {
        vm.warp(vm.getBlockTimestamp() + seconds_);
        vm.roll(vm.getBlockNumber() + blocks_);
    }

    function assertStatus(Quote memory q, Status expected) internal view {
        vm.assertEq(uint256(stateOf(q).status), uint256(expected), "status");
    }

    function assertBalances(uint256 ofProvider, uint256 ofRequester) internal view {
        vm.assertEq(escrow.balanceOf(provider), ofProvider, "provider's balance");
        vm.assertEq(escrow.balanceOf(requester), ofRequester, "requester's balance");
    }
}
