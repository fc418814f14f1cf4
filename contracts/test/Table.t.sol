// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICourt, SeatVote, WatcherState} from "../src/interfaces/ICourt.sol";
import {CourtTest} from "./support/CourtTest.sol";

contract TableTest is CourtTest {
    bytes32 private constant SUBJECT = keccak256("subject");
    /// Storage slot of the tables, by the order of Table's variables.
    uint256 private constant TABLES = 1;

    address private key;

    function setUp() public override {
        super.setUp();
        key = newKey();
        supply(accountOf(key), 10 * STAKE);
    }

    function assertTable(uint256 term, address[] memory expected) private view {
        vm.assertEq(keccak256(abi.encode(court.table(term))), keccak256(abi.encode(expected)), "table");
    }

    // Enrolling

    function test_enrolTakesTheStakeForAPlaceInTheTermAfterNext() public {
        address account = accountOf(key);
        uint256 held = token.balanceOf(address(court));
        bytes memory signature = consent(key, account);
        vm.expectEmit();
        emit ICourt.Enrolled(key, account, FIRST_TERM + 2, 7);
        vm.prank(account);
        vm.assertEq(court.enrol(key, signature), 7, "place");
        vm.assertEq(token.balanceOf(account), 9 * STAKE, "account");
        vm.assertEq(token.balanceOf(address(court)), held + STAKE, "court");
        assertTable(FIRST_TERM + 2, watchers);
        WatcherState memory state = court.watcherOf(key);
        vm.assertEq(state.account, account, "account");
        vm.assertEq(state.lastTerm, FIRST_TERM + 2, "last term");
        vm.assertEq(state.leaveBlock, (FIRST_TERM + 3) * termBlocks + 64, "leave block");
    }

    function test_aPlaceNeedsTheKeysConsentToThisAccount() public {
        bytes[5] memory bad = [
            consent(key, stranger),
            compact(STRANGER_KEY, court.hashEnrol(accountOf(key))),
            compact(secretOf[key], court.hashVote(SUBJECT, OUTPUT)),
            bytes(""),
            new bytes(64)
        ];
        for (uint256 i = 0; i < bad.length; i++) {
            vm.expectRevert(abi.encodeWithSelector(ICourt.NoConsent.selector, key, accountOf(key)));
            vm.prank(accountOf(key));
            court.enrol(key, bad[i]);
        }
    }

    function test_nobodyEnrolsTheZeroKey() public {
        vm.expectRevert(abi.encodeWithSelector(ICourt.NoConsent.selector, address(0), accountOf(key)));
        vm.prank(accountOf(key));
        court.enrol(address(0), new bytes(64));
    }

    function test_aPlaceNeedsAStake() public {
        bytes memory signature = consent(key, stranger);
        vm.expectRevert();
        vm.prank(stranger);
        court.enrol(key, signature);
        vm.assertEq(court.table(FIRST_TERM + 2).length, 7, "table");
    }

    function test_keyOrAccountRenewWithoutAStake() public {
        uint256 held = token.balanceOf(address(court));
        vm.roll((FIRST_TERM + 1) * termBlocks);
        vm.prank(watchers[0]);
        court.enrol(watchers[0], "");
        vm.prank(accountOf(watchers[1]));
        court.enrol(watchers[1], "");
        vm.assertEq(token.balanceOf(address(court)), held, "held");
        vm.expectRevert(abi.encodeWithSelector(ICourt.NotWatcher.selector, stranger, watchers[2]));
        vm.prank(stranger);
        court.enrol(watchers[2], "");
    }

    function test_aKeyHasOnePlaceInATable() public {
        enrol(key);
        vm.expectRevert(abi.encodeWithSelector(ICourt.AlreadyEnrolled.selector, key, FIRST_TERM + 2));
        vm.prank(key);
        court.enrol(key, "");
    }

    function test_aTableIsFormedInTheSecondTermBeforeItsOwn() public {
        vm.roll((FIRST_TERM + 1) * termBlocks - 1);
        vm.assertEq(court.currentTerm(), FIRST_TERM, "term");
        enrol(key);
        vm.assertEq(court.watcherOf(key).lastTerm, FIRST_TERM + 2, "in the last block");
        vm.roll((FIRST_TERM + 1) * termBlocks);
        vm.assertEq(court.currentTerm(), FIRST_TERM + 1, "next term");
        vm.assertEq(enrol(key), 0, "first of a new table");
        vm.assertEq(court.watcherOf(key).lastTerm, FIRST_TERM + 3, "in the next block");
        vm.assertEq(court.table(FIRST_TERM + 2).length, 8, "closed");
    }

    function test_aTableHasAnEnd() public {
        bytes32 length = keccak256(abi.encode(FIRST_TERM + 2, TABLES));
        vm.store(address(court), length, bytes32(uint256(65_536)));
        bytes memory signature = consent(key, accountOf(key));
        vm.expectRevert(abi.encodeWithSelector(ICourt.TableFull.selector, FIRST_TERM + 2));
        vm.prank(accountOf(key));
        court.enrol(key, signature);
        vm.store(address(court), length, bytes32(uint256(65_535)));
        vm.assertEq(enrol(key), 65_535, "the last place");
        slash(key, SUBJECT);
        vm.assertEq(court.watcherOf(key).account, address(0), "slashed");
    }

    function test_permitAndEnrolInOneTransaction() public {
        address account = vm.addr(0xFEE1);
        token.transfer(account, STAKE);
        bytes[] memory calls = new bytes[](2);
        bytes32 digest = permitDigest(account, STAKE);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(0xFEE1, digest);
        calls[0] = abi.encodeCall(ICourt.permit, (STAKE, type(uint256).max, v, r, s));
        calls[1] = abi.encodeCall(ICourt.enrol, (key, consent(key, account)));
        vm.prank(account);
        court.multicall(calls);
        vm.assertEq(court.watcherOf(key).account, account, "account");
    }

    // Leaving

    function test_aStakeComesBackSettleBlocksAfterTheLastTerm() public {
        address account = accountOf(watchers[3]);
        uint256 at = (FIRST_TERM + 3) * termBlocks + 64;
        vm.roll(at - 1);
        vm.expectRevert(abi.encodeWithSelector(ICourt.TooEarly.selector, at, at - 1));
        vm.prank(account);
        court.leave(watchers[3], account);
        vm.roll(at);
        vm.expectEmit();
        emit ICourt.Left(watchers[3], account, stranger);
        vm.prank(account);
        court.leave(watchers[3], stranger);
        vm.assertEq(token.balanceOf(stranger), STAKE, "stake");
        vm.assertEq(keccak256(abi.encode(court.watcherOf(watchers[3]))), keccak256(new bytes(96)), "forgotten");
        vm.expectRevert(abi.encodeWithSelector(ICourt.NotEnrolled.selector, watchers[3]));
        vm.prank(account);
        court.leave(watchers[3], account);
    }

    function test_onlyTheAccountLeaves() public {
        vm.roll((FIRST_TERM + 3) * termBlocks + 64);
        address[2] memory others = [watchers[3], stranger];
        for (uint256 i = 0; i < 2; i++) {
            vm.expectRevert(abi.encodeWithSelector(ICourt.NotWatcher.selector, others[i], watchers[3]));
            vm.prank(others[i]);
            court.leave(watchers[3], others[i]);
        }
    }

    function test_whoLeftComesBackWithANewStake() public {
        enrol(key);
        vm.roll(court.watcherOf(key).leaveBlock);
        vm.prank(accountOf(key));
        court.leave(key, accountOf(key));
        enrol(key);
        vm.assertEq(token.balanceOf(accountOf(key)), 9 * STAKE, "staked again");
        vm.assertEq(court.watcherOf(key).lastTerm, court.currentTerm() + 2, "last term");
    }

    function test_renewingPutsLeavingOff() public {
        vm.roll((FIRST_TERM + 2) * termBlocks);
        enrol(watchers[0]);
        vm.roll((FIRST_TERM + 3) * termBlocks + 64);
        vm.expectPartialRevert(ICourt.TooEarly.selector);
        vm.prank(accountOf(watchers[0]));
        court.leave(watchers[0], stranger);
    }

    // Slashing

    function test_twoValuesForOneSubjectBurnTheStake() public {
        bytes memory first = compact(secretOf[watchers[2]], court.hashVote(SUBJECT, OUTPUT));
        bytes memory second = compact(secretOf[watchers[2]], court.hashVote(SUBJECT, 0));
        vm.expectEmit();
        emit ICourt.Slashed(watchers[2], accountOf(watchers[2]), SUBJECT, stranger);
        vm.prank(stranger);
        court.slash(SUBJECT, OUTPUT, first, 0, second);
        vm.assertEq(escrow.balanceOf(stranger), STAKE / 8, "reporter");
        vm.assertEq(escrow.burned(), STAKE - STAKE / 8, "burned");
        vm.assertEq(token.balanceOf(address(court)), 6 * STAKE, "court");
        vm.assertEq(escrow.balanceOf(address(court)), 0, "court's balance");
        vm.assertEq(court.watcherOf(watchers[2]).account, address(0), "watcher");
        for (uint256 term = FIRST_TERM; term <= FIRST_TERM + 2; term++) {
            vm.assertEq(court.table(term)[2], address(0), "place");
            vm.assertEq(court.table(term)[1], watchers[1], "another's place");
            vm.assertEq(court.table(term).length, 7, "size");
        }
    }

    function test_theOddUnitsOfAStakeAreBurned() public {
        rules.stake = 15;
        found(token, rules, 64, 7);
        vm.prank(stranger);
        slash(watchers[0], SUBJECT);
        vm.assertEq(escrow.burned(), 14, "burned");
    }

    function test_oneValueTwiceIsNoEquivocation() public {
        bytes memory signature = compact(secretOf[key], court.hashVote(SUBJECT, OUTPUT));
        vm.expectRevert(ICourt.NoEquivocation.selector);
        court.slash(SUBJECT, OUTPUT, signature, OUTPUT, signature);
    }

    function test_twoKeysAreNoEquivocation() public {
        bytes memory first = compact(secretOf[watchers[0]], court.hashVote(SUBJECT, OUTPUT));
        bytes memory second = compact(secretOf[watchers[1]], court.hashVote(SUBJECT, 0));
        vm.expectRevert(ICourt.NoEquivocation.selector);
        court.slash(SUBJECT, OUTPUT, first, 0, second);
        bytes32 other = keccak256("another subject");
        second = compact(secretOf[watchers[0]], court.hashVote(other, 0));
        vm.expectRevert(ICourt.NoEquivocation.selector);
        court.slash(SUBJECT, OUTPUT, first, 0, second);
    }

    function test_onlyStakesAreSlashed() public {
        bytes memory first = compact(secretOf[key], court.hashVote(SUBJECT, OUTPUT));
        bytes memory second = compact(secretOf[key], court.hashVote(SUBJECT, 0));
        vm.expectRevert(abi.encodeWithSelector(ICourt.NotEnrolled.selector, key));
        court.slash(SUBJECT, OUTPUT, first, 0, second);
        vm.expectRevert(abi.encodeWithSelector(ICourt.NotEnrolled.selector, address(0)));
        court.slash(SUBJECT, OUTPUT, "no", 0, "signatures");
    }

    function test_aProofOutlivesTheStakeThatItBurned() public {
        enrol(key);
        slash(key, SUBJECT);
        enrol(key);
        vm.assertEq(court.table(FIRST_TERM + 2)[7], address(0), "old place");
        vm.assertEq(court.table(FIRST_TERM + 2)[8], key, "new place");
        slash(key, SUBJECT);
        vm.assertEq(court.table(FIRST_TERM + 2)[8], address(0), "new place");
        vm.assertEq(token.balanceOf(address(court)), 7 * STAKE, "two stakes went");
    }

    // Evicting

    function evict(address dead, uint256 epoch_) private {
        court.evict(dead, epoch_, votes(dead, epoch_, ALL));
    }

    function test_aDeadKeyLosesItsPlaceInTheTableThatIsFormed() public {
        vm.roll(endOf(epoch));
        SeatVote[] memory list = votes(watchers[2], epoch, ALL);
        vm.expectEmit();
        emit ICourt.Evicted(watchers[2], FIRST_TERM + 2, epoch);
        court.evict(watchers[2], epoch, list);
        address[] memory formed = court.table(FIRST_TERM + 2);
        vm.assertEq(formed.length, 6, "size");
        vm.assertEq(formed[2], watchers[6], "the last moved");
        vm.assertEq(court.table(FIRST_TERM)[2], watchers[2], "closed tables stay");
        vm.assertEq(court.table(FIRST_TERM + 1)[2], watchers[2], "closed tables stay");
        vm.assertEq(court.watcherOf(watchers[2]).account, accountOf(watchers[2]), "keeps its stake");
    }

    function test_theEvictedComeBackNextTerm() public {
        vm.roll(endOf(epoch));
        evict(watchers[2], epoch);
        vm.expectRevert(abi.encodeWithSelector(ICourt.AlreadyEnrolled.selector, watchers[2], FIRST_TERM + 2));
        vm.prank(watchers[2]);
        court.enrol(watchers[2], "");
        vm.roll((FIRST_TERM + 1) * termBlocks);
        enrol(watchers[2]);
        vm.assertEq(court.table(FIRST_TERM + 3)[0], watchers[2], "back");
    }

    function test_oneSlotAliveIsNotDead() public {
        vm.roll(endOf(epoch));
        SeatVote[] memory list = votes(watchers[2], epoch, ALL - 1);
        vm.expectRevert(abi.encodeWithSelector(ICourt.NotDead.selector, watchers[2], epoch, ALL - 1));
        court.evict(watchers[2], epoch, list);
    }

    function test_evictingKeepsToTheTimesOfAReport() public {
        vm.roll(endOf(epoch));
        SeatVote[] memory list = votes(watchers[2], epoch, ALL);
        vm.roll(endOf(epoch) - 1);
        vm.expectRevert(abi.encodeWithSelector(ICourt.TooEarly.selector, endOf(epoch), endOf(epoch) - 1));
        court.evict(watchers[2], epoch, list);
        vm.roll(endOf(epoch) + 16);
        vm.expectRevert(abi.encodeWithSelector(ICourt.TooLate.selector, endOf(epoch) + 16, endOf(epoch) + 16));
        court.evict(watchers[2], epoch, list);
        vm.roll(endOf(epoch) + 15);
        court.evict(watchers[2], epoch, list);
    }

    function test_onlyWhoIsInTheTableIsEvicted() public {
        vm.roll(endOf(epoch));
        address[3] memory others = [key, stranger, address(0)];
        for (uint256 i = 0; i < 3; i++) {
            SeatVote[] memory list = votes(others[i], epoch, ALL);
            vm.expectRevert(abi.encodeWithSelector(ICourt.NotEnrolled.selector, others[i]));
            court.evict(others[i], epoch, list);
        }
        evict(watchers[6], epoch);
        SeatVote[] memory again = votes(watchers[6], epoch, ALL);
        vm.expectRevert(abi.encodeWithSelector(ICourt.NotEnrolled.selector, watchers[6]));
        court.evict(watchers[6], epoch, again);
    }

    function test_aTableIsEmptiedFromEitherEnd() public {
        vm.roll(endOf(epoch));
        uint8[7] memory order = [6, 0, 5, 1, 4, 2, 3];
        for (uint256 i = 0; i < 7; i++) {
            evict(watchers[order[i]], epoch);
            vm.assertEq(court.table(FIRST_TERM + 2).length, 6 - i, "size");
        }
        enrol(key);
        vm.assertEq(court.table(FIRST_TERM + 2)[0], key, "room");
    }

    function test_aKeyThatMovedIsSlashedAtItsNewPlace() public {
        vm.roll(endOf(epoch));
        evict(watchers[2], epoch);
        slash(watchers[6], SUBJECT);
        vm.assertEq(court.table(FIRST_TERM + 2)[2], address(0), "new place");
        vm.assertEq(court.table(FIRST_TERM + 1)[6], address(0), "old table");
    }

    function test_slashingTheEvictedEmptiesNobodyElsesPlace() public {
        vm.roll(endOf(epoch));
        evict(watchers[2], epoch);
        slash(watchers[2], SUBJECT);
        vm.assertEq(court.table(FIRST_TERM + 2)[2], watchers[6], "the last that moved");
        vm.assertEq(court.table(FIRST_TERM + 1)[2], address(0), "its own");
    }

    function test_anEmptyLastPlaceMovesLikeAnyOther() public {
        vm.roll(endOf(epoch));
        slash(watchers[6], SUBJECT);
        address[] memory holders = watchersOf(watchers[2], epoch);
        bytes32 subject = court.downtimeSubject(watchers[2], epoch);
        SeatVote[] memory list = new SeatVote[](8);
        uint256 found_ = 0;
        for (uint256 seat = 0; seat < 15 && found_ < 8; seat++) {
            if (holders[seat] != address(0)) list[found_++] = vote(holders[seat], seat, subject, ALL, 0);
        }
        court.evict(watchers[2], epoch, list);
        vm.assertEq(court.table(FIRST_TERM + 2)[2], address(0), "empty");
        vm.assertEq(court.table(FIRST_TERM + 2).length, 6, "size");
        vm.assertEq(court.watcherOf(address(0)).account, address(0), "nobody");
    }

    function test_placesOfSkippedTermsTouchNothing() public {
        enrol(key);
        vm.roll((FIRST_TERM + 4) * termBlocks);
        for (uint256 i = 0; i < 7; i++) {
            enrol(watchers[i]);
        }
        address late = newWatcher();
        // The key's place 7 in the table of FIRST_TERM + 2 stands where that of FIRST_TERM + 6 would.
        vm.assertEq(court.table(FIRST_TERM + 6)[7], late, "at the same place");
        slash(key, SUBJECT);
        vm.assertEq(court.table(FIRST_TERM + 6)[7], late, "stays");
    }
}
