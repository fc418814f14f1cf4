// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// A contract account that accepts exactly one signature: the digest itself, twice.
contract HonestWallet {
    function isValidSignature(bytes32 digest, bytes calldata signature) external pure returns (bytes4) {
        return keccak256(signature) == keccak256(abi.encodePacked(digest, digest)) ? bytes4(0x1626ba7e) : bytes4(0);
    }
}

/// Burns all the gas it is given.
contract GasBomb {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        while (true) {}
        return 0;
    }
}

/// Accepts, and returns far more than asked, to make the caller pay for copying it.
contract ReturnBomb {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        assembly {
            mstore(0, shl(224, 0x1626ba7e))
            return(0, 60000)
        }
    }
}

/// Says yes in fewer bytes than an answer has.
contract ShortAnswer {
    fallback() external {
        assembly {
            mstore(0, shl(224, 0x1626ba7e))
            return(0, 4)
        }
    }
}

/// Says yes, and reverts.
contract RevertingWallet {
    fallback() external {
        assembly {
            mstore(0, shl(224, 0x1626ba7e))
            revert(0, 32)
        }
    }
}

/// Tries to use the question about its signature to change something.
contract WritingWallet {
    uint256 private count;

    function isValidSignature(bytes32, bytes calldata) external returns (bytes4) {
        count++;
        return 0x1626ba7e;
    }
}
