// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {DevToken} from "../../src/DevToken.sol";
import {Escrow} from "../../src/Escrow.sol";
import {RogueCourt} from "../support/RogueCourt.sol";
import {Handler} from "./Handler.sol";
import {Ghost} from "./World.sol";

/// A world whose court does whatever anyone tells it to.
contract RogueHandler is Handler {
    function build() internal override returns (ERC20 token_, Escrow escrow_) {
        token_ = new DevToken();
        RogueCourt court = new RogueCourt();
        escrow_ = new Escrow(token_, address(court), 20);
        court.obey(escrow_);
    }

    function adjustDown(uint256 which, int8 change) external {
        if (ghosts.length == 0) return;
        Ghost storage g = ghosts[which % ghosts.length];
        bool allowed = !g.closed && int256(g.down) + change >= 0;
        foretoldAt(allowed, judge, abi.encodeCall(RogueCourt.adjustDown, (g.name, int256(change))));
        if (allowed) g.down = uint256(int256(g.down) + change);
    }

    function seize(uint256 which) external {
        if (ghosts.length == 0) return;
        Ghost storage g = ghosts[which % ghosts.length];
        bool allowed = !g.closed && !g.seized;
        foretoldAt(allowed, judge, abi.encodeCall(RogueCourt.seize, (g.quote)));
        if (!allowed) return;
        g.seized = true;
        expected[judge] += g.quote.resultBond;
    }

    function courtPays(uint256 whom, uint256 amount) external {
        amount = amount % (expected[judge] + 2);
        bool allowed = amount <= expected[judge];
        foretoldAt(allowed, judge, abi.encodeCall(RogueCourt.moveTo, (account(whom), amount)));
        if (!allowed) return;
        expected[judge] -= amount;
        expected[account(whom)] += amount;
    }

    function adjourn() internal override {
        RogueCourt(judge).withdraw(judge, escrow.balanceOf(judge));
    }
}
