// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Escrow} from "../../src/Escrow.sol";
import {LeaseState, Quote} from "../../src/interfaces/IEscrow.sol";
import {Vm} from "../support/Vm.sol";

/// What the model remembers of a lease, in the plainest form.
struct Ghost {
    Quote quote;
    bytes32 name;
    bool providerCharged;
    bool requesterCharged;
    uint256 openTime;
    uint256 openBlock;
    uint256 endBlock;
    bool stopped;
    uint256 stoppedAfter;
    uint256 paid;
    uint256 down;
    bool seized;
    bool closed;
    bool cooperative;
    uint256 closeBlock;
    uint256 refund;
    uint256 bondsBack;
    uint256 toRequester;
    uint256 toBurn;
    bytes32 stateAtClose;
}

/// Accounts, their delegates, and a slow model of the escrow that is written without looking at it.
abstract contract World {
    Vm internal constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
    address internal constant BURN = 0x000000000000000000000000000000000000dEaD;
    address internal constant ELSEWHERE = address(0xE15E);
    uint256 internal constant ACTORS = 4;
    uint256 internal constant FUNDS = 1_000e18;

    ERC20 public immutable token;
    Escrow public immutable escrow;
    address public immutable judge;
    uint256 public immutable SETTLE;

    Ghost[] internal ghosts;
    uint256 public donated;
    uint256 public strayed;
    mapping(address account => uint256) public expected;
    mapping(address account => uint256) public limitOf;
    mapping(address account => uint256) public expiryOf;
    mapping(address account => uint256) public inUseOf;

    constructor() {
        vm.warp(1_800_000_000);
        vm.roll(1_000);
        (ERC20 token_, Escrow escrow_) = build();
        (token, escrow, judge, SETTLE) = (token_, escrow_, escrow_.court(), escrow_.SETTLE());
        for (uint256 i = 0; i < ACTORS; i++) {
            token.transfer(account(i), 2 * FUNDS);
            vm.startPrank(account(i));
            token.approve(address(escrow), type(uint256).max);
            escrow.deposit(FUNDS);
            escrow.setDelegate(delegate(i), uint96(FUNDS / 2), uint40(vm.getBlockTimestamp() + 1 days));
            vm.stopPrank();
            expected[account(i)] = FUNDS;
            limitOf[account(i)] = FUNDS / 2;
            expiryOf[account(i)] = vm.getBlockTimestamp() + 1 days;
        }
    }

    /// Makes a token, whose whole supply it keeps, and an escrow with its court.
    function build() internal virtual returns (ERC20, Escrow);

    function accountKey(uint256 i) internal pure returns (uint256) {
        return 0xACC0 + i % ACTORS;
    }

    function delegateKey(uint256 i) internal pure returns (uint256) {
        return 0xDE1E0 + i % ACTORS;
    }

    function account(uint256 i) public pure returns (address) {
        return vm.addr(accountKey(i));
    }

    function delegate(uint256 i) public pure returns (address) {
        return vm.addr(delegateKey(i));
    }

    function actors() external pure returns (uint256) {
        return ACTORS;
    }

    function leases() external view returns (uint256) {
        return ghosts.length;
    }

    function lease(uint256 i) external view returns (Ghost memory) {
        return ghosts[i];
    }

    /// Whether the token moves nothing from or to `who`.
    function listed(address) public view virtual returns (bool) {
        return false;
    }

    function stateOf(uint256 i) public view returns (LeaseState memory) {
        return escrow.leaseState(ghosts[i].name);
    }

    /// The pay cap by the model.
    function cap(Ghost storage g) internal view returns (uint256) {
        uint256 elapsed = g.stopped ? g.stoppedAfter : vm.getBlockTimestamp() - g.openTime;
        uint256 earned = g.quote.startFee + uint256(g.quote.rate) * (elapsed + g.quote.prepay) / 1e12;
        return earned < g.quote.deposit ? earned : g.quote.deposit;
    }

    function compact(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (bytes32 r, bytes32 vs) = vm.signCompact(key, digest);
        return abi.encodePacked(r, vs);
    }

    /// The key behind an address of this world.
    function keyOf(address who) internal pure returns (uint256) {
        for (uint256 i = 0; i < ACTORS; i++) {
            if (who == account(i)) return accountKey(i);
            if (who == delegate(i)) return delegateKey(i);
        }
        revert("no key");
    }
}
