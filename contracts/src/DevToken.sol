// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title The worthless token of development networks
/// @notice Its whole supply belongs to whoever deploys it, and nobody can mint more.
contract DevToken is ERC20, ERC20Permit {
    /// 18 decimals, as most tokens have; the whole supply fits the 96 bits of an amount in a quote.
    uint256 public constant SUPPLY = 1_000_000_000e18;

    constructor() ERC20("Souk Development Token", "devSOUK") ERC20Permit("Souk Development Token") {
        _mint(msg.sender, SUPPLY);
    }
}
