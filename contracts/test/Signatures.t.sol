// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Signatures} from "../src/libraries/Signatures.sol";
import {Vm} from "./support/Vm.sol";
import {HonestWallet, RevertingWallet, ShortAnswer} from "./support/Wallets.sol";

contract SignaturesTest {
    Vm private constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
    uint256 private constant HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;
    uint256 private constant KEY = 0xA11CE;
    bytes32 private constant DIGEST = keccak256("digest");

    function recover(bytes32 digest, bytes calldata signature) external pure returns (address) {
        return Signatures.recover(digest, signature);
    }

    function acceptedBy(address account, bytes32 digest, bytes calldata signature) external view returns (bool) {
        return Signatures.acceptedBy(account, digest, signature);
    }

    function testFuzz_recoversWhoSigned(uint256 key, bytes32 digest) public view {
        key = key % 1e70 + 1;
        (bytes32 r, bytes32 vs) = vm.signCompact(key, digest);
        vm.assertEq(this.recover(digest, abi.encodePacked(r, vs)), vm.addr(key), "signer");
    }

    /// The precompile takes s up to the group's order; we take it up to half of that, so that each signature is one.
    function test_highSIsRefused() public view {
        (bytes32 r,) = vm.signCompact(KEY, DIGEST);
        for (uint256 parity = 0; parity < 2; parity++) {
            vm.assertTrue(ecrecover(DIGEST, uint8(27 + parity), r, bytes32(HALF_ORDER + 1)) != address(0), "valid");
            bytes memory high = abi.encodePacked(r, HALF_ORDER + 1 | parity << 255);
            vm.assertEq(this.recover(DIGEST, high), address(0), "high s");
            bytes memory low = abi.encodePacked(r, HALF_ORDER | parity << 255);
            vm.assertTrue(this.recover(DIGEST, low) != address(0), "low s");
        }
    }

    function test_onlyCompactSignaturesCount() public view {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, DIGEST);
        vm.assertEq(this.recover(DIGEST, abi.encodePacked(r, s, v)), address(0), "65 bytes");
        vm.assertEq(this.recover(DIGEST, abi.encodePacked(r)), address(0), "32 bytes");
        vm.assertEq(this.recover(DIGEST, ""), address(0), "empty");
        vm.assertEq(this.recover(DIGEST, new bytes(64)), address(0), "zeros");
    }

    /// In a call of its own, where memory holds zeros: what an answer leaves out must not be taken for zeros.
    function test_onlyAWholeWordIsAnAnswer() public {
        bytes memory signature = abi.encodePacked(DIGEST, DIGEST);
        vm.assertTrue(this.acceptedBy(address(new HonestWallet()), DIGEST, signature), "honest");
        vm.assertFalse(this.acceptedBy(address(new HonestWallet()), DIGEST, "other"), "other signature");
        vm.assertFalse(this.acceptedBy(address(new ShortAnswer()), DIGEST, signature), "short answer");
        vm.assertFalse(this.acceptedBy(address(new RevertingWallet()), DIGEST, signature), "reverting");
        vm.assertFalse(this.acceptedBy(address(0xE0A), DIGEST, signature), "no code");
        for (uint160 precompile = 1; precompile <= 0x11; precompile++) {
            vm.assertFalse(this.acceptedBy(address(precompile), DIGEST, signature), "precompile");
        }
    }
}
