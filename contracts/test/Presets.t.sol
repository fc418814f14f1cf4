// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Court} from "../src/Court.sol";
import {DevToken} from "../src/DevToken.sol";
import {Escrow} from "../src/Escrow.sol";
import {ICourt, Preset} from "../src/interfaces/ICourt.sol";
import {CourtTest} from "./support/CourtTest.sol";

contract PresetsTest is CourtTest {
    uint32 private constant PUBLIC_SETTLE = 43_200;

    Preset private p;
    uint32 private settle = 64;

    function setUp() public override {
        token = new DevToken();
        p = devPreset();
    }

    function usePublic() private {
        p = publicPreset();
        settle = PUBLIC_SETTLE;
    }

    function refused(string memory relation) private {
        address predicted = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        Escrow names = new Escrow(token, predicted, settle);
        vm.expectRevert(abi.encodeWithSelector(ICourt.BadPreset.selector, relation));
        new Court(names, p);
    }

    function accepted() private {
        (Escrow escrow_, Court court_) = deploy(token, p, settle);
        vm.assertEq(keccak256(abi.encode(court_.preset())), keccak256(abi.encode(p)), "preset");
        vm.assertEq(address(court_.escrow()), address(escrow_), "escrow");
        vm.assertEq(address(court_.token()), address(token), "token");
        vm.assertEq(escrow_.court(), address(court_), "court");
    }

    function test_bothPresetsAreAccepted() public {
        accepted();
        usePublic();
        accepted();
    }

    function test_escrowAndCourtNameEachOther() public {
        (Escrow escrow_, Court court_) = deploy(token, p, settle);
        vm.expectRevert(abi.encodeWithSelector(ICourt.NotTheEscrowsCourt.selector, address(court_)));
        new Court(escrow_, p);
    }

    function test_timeHasLength() public {
        p.slotBlocks = 0;
        refused("slotBlocks, termEpochs > 0");
        p = devPreset();
        p.termEpochs = 0;
        refused("slotBlocks, termEpochs > 0");
    }

    function test_aTallyCountsToFifteen() public {
        p.seats = 16;
        p.quorum = 9;
        refused("seats <= 15");
    }

    function test_aQuorumIsMoreThanHalfOfTheSeats() public {
        p.quorum = 7;
        refused("seats / 2 < quorum <= seats");
        p.quorum = 16;
        refused("seats / 2 < quorum <= seats");
        p.quorum = 15;
        accepted();
        (p.seats, p.quorum) = (14, 7);
        refused("seats / 2 < quorum <= seats");
        (p.seats, p.quorum) = (0, 0);
        refused("seats / 2 < quorum <= seats");
        (p.seats, p.quorum) = (1, 1);
        accepted();
    }

    function test_someoneWatches() public {
        p.leastWatchers = 0;
        refused("leastWatchers > 0");
        p.leastWatchers = 1;
        accepted();
    }

    function test_aSeedLiesBetweenTheClosingOfItsTableAndTheEpoch() public {
        p.lagBlocks = 0;
        refused("0 < lagBlocks <= term");
        p.lagBlocks = 65;
        refused("0 < lagBlocks <= term");
        // A verdict takes longer, and no longer than a term.
        p = devPreset();
        p.lagBlocks = 63;
        accepted();
    }

    function test_theSeedOfAReportIsStillKnown() public {
        usePublic();
        p.reportBlocks = 8_000 - 1_792 - 30 + 1;
        refused("lagBlocks + epoch + reportBlocks <= 8000");
        p.reportBlocks--;
        accepted();
    }

    function test_theSeedOfAJuryIsKnownInTime() public {
        p.lagBlocks = p.verdictBlocks;
        refused("lagBlocks < verdictBlocks <= 8000");
        usePublic();
        p.verdictBlocks = 8_001;
        refused("lagBlocks < verdictBlocks <= 8000");
        p.verdictBlocks = 8_000;
        accepted();
    }

    function test_aSlashedKeyIsOutOfWhatIsStillWanted() public {
        settle = 1_000;
        p.verdictBlocks = 65;
        refused("reportBlocks, verdictBlocks <= term");
        p = devPreset();
        p.reportBlocks = 65;
        refused("reportBlocks, verdictBlocks <= term");
        p.reportBlocks = 64;
        accepted();
    }

    function test_reportsHaveTime() public {
        p.reportBlocks = 0;
        refused("reportBlocks > 0");
        p.reportBlocks = 1;
        accepted();
    }

    function test_theLastSlotIsReportedAndRefutedBeforeTheLeaseIsFinalized() public {
        p.reportBlocks = 25;
        refused("SETTLE >= epoch + 2 * reportBlocks");
        p.reportBlocks = 24;
        accepted();
    }

    function test_aStakeStaysUntilVerdictsAreIn() public {
        settle = 63;
        refused("SETTLE >= verdictBlocks");
        settle = 64;
        accepted();
    }

    function test_aStakeIsSomething() public {
        p.stake = 0;
        refused("stake > 0");
    }

    function test_theDepositPaysAJury() public {
        p.challengeDeposit = 15 * p.juryFee - 1;
        refused("challengeDeposit >= seats * juryFee");
        p.challengeDeposit++;
        accepted();
    }
}
