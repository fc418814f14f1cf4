// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

/// Answers like the system contract of EIP-2935, with the hashes that forge makes up: of the number in decimals.
contract HistoryStore {
    uint256 private constant WINDOW = 8_191;

    fallback(bytes calldata input) external returns (bytes memory) {
        require(input.length == 32);
        uint256 number = uint256(bytes32(input));
        require(number < block.number && block.number - number <= WINDOW);
        return abi.encode(keccak256(bytes(Strings.toString(number))));
    }
}
