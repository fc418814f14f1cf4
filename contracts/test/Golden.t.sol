// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Escrow} from "../src/Escrow.sol";
import {Quote, Voucher} from "../src/interfaces/IEscrow.sol";
import {Signatures} from "../src/libraries/Signatures.sol";
import {Vm} from "./support/Vm.sol";

/// Holds the escrow's digests and signatures against vectors that another implementation wrote and TypeScript reads.
contract GoldenTest {
    Vm private constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
    uint256 private constant FEWEST = 16;

    string private json;
    Escrow private escrow;

    function setUp() public {
        json = vm.readFile("test/golden/eip712.json");
        address where = vm.parseJsonAddress(json, ".domain.verifyingContract");
        vm.chainId(vm.parseJsonUint(json, ".domain.chainId"));
        Escrow built = new Escrow(IERC20(address(0)), address(0), 1);
        vm.etch(where, address(built).code);
        escrow = Escrow(where);
    }

    function recover(bytes32 digest, bytes calldata signature) external pure returns (address) {
        return Signatures.recover(digest, signature);
    }

    function test_digestsAndSignatures() public view {
        uint256 i = 0;
        for (; vm.keyExistsJson(json, path(i, "")); i++) {
            bytes32 digest = vm.parseJsonBytes32(json, path(i, ".digest"));
            vm.assertEq(digestOf(i), digest, path(i, ".digest"));
            address signer = this.recover(digest, vm.parseJsonBytes(json, path(i, ".signature")));
            vm.assertEq(signer, vm.parseJsonAddress(json, path(i, ".signer")), path(i, ".signer"));
        }
        vm.assertGe(i, FEWEST, "vectors read");
    }

    function digestOf(uint256 i) private view returns (bytes32) {
        bytes32 kind = keccak256(bytes(vm.parseJsonString(json, path(i, ".type"))));
        if (kind == keccak256("Quote")) return escrow.hashQuote(quoteOf(i));
        bytes32 lease = word(i, "lease");
        if (kind == keccak256("Open")) return escrow.hashOpen(lease);
        if (kind == keccak256("Close")) return escrow.hashClose(lease, uint96(number(i, "paid")));
        if (kind == keccak256("ResultBatch")) return escrow.hashResultBatch(lease, word(i, "root"));
        uint40 ackFrom = uint40(number(i, "ackFrom"));
        return
            escrow.hashVoucher(Voucher(lease, uint96(number(i, "cumulative")), ackFrom, uint40(number(i, "ackUntil"))));
    }

    function quoteOf(uint256 i) private view returns (Quote memory q) {
        q.provider = account(i, "provider");
        q.requester = account(i, "requester");
        q.resultSigner = account(i, "resultSigner");
        q.voucherSigner = account(i, "voucherSigner");
        q.rate = uint128(number(i, "rate"));
        q.startFee = uint96(number(i, "startFee"));
        q.deposit = uint96(number(i, "deposit"));
        q.bond = uint96(number(i, "bond"));
        q.resultBond = uint96(number(i, "resultBond"));
        q.slotPenalty = uint96(number(i, "slotPenalty"));
        q.openBefore = uint40(number(i, "openBefore"));
        q.blocks = uint32(number(i, "blocks"));
        q.notice = uint32(number(i, "notice"));
        q.prepay = uint32(number(i, "prepay"));
        q.terms = word(i, "terms");
        q.salt = word(i, "salt");
    }

    function number(uint256 i, string memory name) private view returns (uint256) {
        return vm.parseJsonUint(json, member(i, name));
    }

    function account(uint256 i, string memory name) private view returns (address) {
        return vm.parseJsonAddress(json, member(i, name));
    }

    function word(uint256 i, string memory name) private view returns (bytes32) {
        return vm.parseJsonBytes32(json, member(i, name));
    }

    function member(uint256 i, string memory name) private pure returns (string memory) {
        return path(i, string.concat(".message.", name));
    }

    function path(uint256 i, string memory tail) private pure returns (string memory) {
        return string.concat(".cases[", vm.toString(i), "]", tail);
    }
}
