// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DevToken} from "../src/DevToken.sol";
import {Vm} from "./support/Vm.sol";

contract DevTokenTest {
    Vm private constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

    function test_theDeployerOwnsTheWholeSupply() public {
        DevToken token = new DevToken();
        vm.assertEq(token.totalSupply(), token.SUPPLY(), "supply");
        vm.assertEq(token.balanceOf(address(this)), token.SUPPLY(), "deployer");
        vm.assertEq(token.decimals(), 18, "decimals");
        vm.assertLe(token.SUPPLY(), type(uint96).max, "fits an amount");
    }
}
