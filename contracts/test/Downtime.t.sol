// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DevToken} from "../src/DevToken.sol";
import {DownRecord, ICourt, SeatVote} from "../src/interfaces/ICourt.sol";
import {Quote, Voucher} from "../src/interfaces/IEscrow.sol";
import {History} from "../src/libraries/History.sol";
import {CourtTest} from "./support/CourtTest.sol";

contract DowntimeTest is CourtTest {
    bytes private constant OVERFLOW = abi.encodeWithSignature("Panic(uint256)", 0x11);

    Quote private q;
    bytes32 private lease;

    function setUp() public override {
        super.setUp();
        q = quote();
        lease = open(q);
        vm.roll(endOf(epoch));
    }

    function assertRecord(uint256 epoch_, uint16 down, uint16 refuted) private view {
        DownRecord memory record = court.downRecord(lease, epoch_);
        vm.assertEq(record.down, down, "down");
        vm.assertEq(record.refuted, refuted, "refuted");
    }

    function assertDownSlots(uint256 expected) private view {
        vm.assertEq(escrow.leaseState(lease).downSlots, expected, "down slots");
    }

    function reportReverts(SeatVote[] memory list, bytes memory with) private {
        vm.expectRevert(with);
        court.reportDowntime(q, epoch, list);
    }

    // Reporting

    function test_aReportCountsWhatAQuorumCallsDown() public {
        SeatVote[] memory list = votes(resultSigner, epoch, 0x8421);
        vm.expectEmit();
        emit ICourt.DowntimeReported(lease, epoch, 0x8421);
        vm.assertEq(court.reportDowntime(q, epoch, list), 0x8421, "found");
        assertRecord(epoch, 0x8421, 0);
        assertDownSlots(4);
        close(q, 0);
        assertBalances(FUNDS - 8e18, FUNDS + 4e18);
        vm.assertEq(escrow.burned(), 4e18, "burned");
    }

    function test_reportsFromTheEndOfTheEpochUntilReportBlocksLater() public {
        SeatVote[] memory list = votes(resultSigner, epoch, 1);
        uint256 end = endOf(epoch);
        vm.roll(end - 1);
        reportReverts(list, abi.encodeWithSelector(ICourt.TooEarly.selector, end, end - 1));
        vm.roll(end + 16);
        reportReverts(list, abi.encodeWithSelector(ICourt.TooLate.selector, end + 16, end + 16));
        vm.roll(end + 15);
        court.reportDowntime(q, epoch, list);
        assertDownSlots(1);
    }

    function test_theFirstBlockAfterTheEpochIsInTime() public {
        report(q, epoch, 1);
        assertDownSlots(1);
    }

    function test_eachSlotCountsOnce() public {
        report(q, epoch, 0x0003);
        reportReverts(
            votes(resultSigner, epoch, 0x0003), abi.encodeWithSelector(ICourt.NothingNew.selector, lease, epoch)
        );
        vm.assertEq(report(q, epoch, 0x0006), 0x0004, "new");
        assertRecord(epoch, 0x0007, 0);
        assertDownSlots(3);
    }

    function test_nothingDownIsNothingNew() public {
        reportReverts(votes(resultSigner, epoch, 0), abi.encodeWithSelector(ICourt.NothingNew.selector, lease, epoch));
        reportReverts(new SeatVote[](0), abi.encodeWithSelector(ICourt.NothingNew.selector, lease, epoch));
    }

    function test_oneVoteLessThanAQuorumIsNothing() public {
        bytes memory nothing = abi.encodeWithSelector(ICourt.NothingNew.selector, lease, epoch);
        reportReverts(votes(resultSigner, epoch, ALL, 7), nothing);
        court.reportDowntime(q, epoch, votes(resultSigner, epoch, ALL, 8));
        assertDownSlots(16);
    }

    function test_anySeatsMakeAQuorum() public {
        SeatVote[] memory all = votes(resultSigner, epoch, ALL, 15);
        SeatVote[] memory last = new SeatVote[](8);
        for (uint256 i = 0; i < 8; i++) {
            last[i] = all[i + 7];
        }
        vm.assertEq(court.reportDowntime(q, epoch, last), ALL, "found");
    }

    function test_aSlotNotSeenIsAnAbstention() public {
        address[] memory holders = watchersOf(resultSigner, epoch);
        bytes32 subject = court.downtimeSubject(resultSigner, epoch);
        SeatVote[] memory list = new SeatVote[](8);
        for (uint256 seat = 0; seat < 8; seat++) {
            // All see slots 0 and 1; the last one judges slot 0 alone, and nobody finds slot 1 up.
            list[seat] = vote(holders[seat], seat, subject, seat == 7 ? 0x0001 : 0x0003, 0);
        }
        vm.assertEq(court.reportDowntime(q, epoch, list), 0x0001, "found");
    }

    function test_upAndNotSeenIsNoVote() public {
        SeatVote[] memory list = votes(resultSigner, epoch, ALL);
        address holder = watchersOf(resultSigner, epoch)[3];
        list[3] = vote(holder, 3, court.downtimeSubject(resultSigner, epoch), 0x00ff, 0x0100);
        reportReverts(list, abi.encodeWithSelector(ICourt.BadMaps.selector, 3, list[3].maps));
    }

    function test_onlySlotsWhollyInsideTheLeaseCount() public {
        Quote memory late = quote(1);
        late.blocks = 10;
        vm.roll(startOf(epoch + 1) + 3);
        open(late);
        SeatVote[] memory earlier = votes(resultSigner, epoch, ALL);
        vm.expectPartialRevert(ICourt.NothingNew.selector);
        court.reportDowntime(late, epoch, earlier);
        vm.roll(endOf(epoch + 1));
        vm.assertEq(report(late, epoch + 1, ALL), 0x1ff8, "blocks 3 to 12");
        vm.assertEq(report(q, epoch + 1, ALL), ALL, "the other lease has them all");
    }

    function test_aLeaseThatWasEndedLosesNoSlotAfterItsEnd() public {
        vm.roll(startOf(epoch + 1) + 5);
        vm.prank(requester);
        escrow.startClose(q);
        vm.roll(endOf(epoch + 1));
        vm.assertEq(report(q, epoch + 1, ALL), 0x001f, "found");
    }

    function test_onlyLiveLeasesAreReported() public {
        Quote memory unknown = quote(1);
        SeatVote[] memory list = votes(resultSigner, epoch, ALL);
        vm.expectRevert(abi.encodeWithSelector(ICourt.NotLive.selector, escrow.hashQuote(unknown)));
        court.reportDowntime(unknown, epoch, list);
        close(q, 0);
        reportReverts(list, abi.encodeWithSelector(ICourt.NotLive.selector, lease));
    }

    function test_seatsRiseAndHaveAnEnd() public {
        SeatVote[] memory list = votes(resultSigner, epoch, ALL, 9);
        (list[4], list[5]) = (list[5], list[4]);
        reportReverts(list, abi.encodeWithSelector(ICourt.BadSeat.selector, 4));
        list[4] = list[5];
        list[5] = list[4];
        reportReverts(list, abi.encodeWithSelector(ICourt.BadSeat.selector, 4));
        list = votes(resultSigner, epoch, ALL, 15);
        list[14].seat = 15;
        reportReverts(list, abi.encodeWithSelector(ICourt.BadSeat.selector, 15));
        list[14].seat = 255;
        reportReverts(list, abi.encodeWithSelector(ICourt.BadSeat.selector, 255));
    }

    function test_onlyWhoHasTheSeatVotesFromIt() public {
        SeatVote[] memory list = votes(resultSigner, epoch, ALL);
        address[] memory holders = watchersOf(resultSigner, epoch);
        bytes32 subject = court.downtimeSubject(resultSigner, epoch);
        uint256 seat = 1;
        while (holders[seat] == holders[0]) seat++;
        list[seat] = vote(holders[0], seat, subject, ALL, 0);
        reportReverts(list, abi.encodeWithSelector(ICourt.NotSeated.selector, seat, holders[seat], holders[0]));
        list[seat].r = 0;
        reportReverts(list, abi.encodeWithSelector(ICourt.NotSeated.selector, seat, holders[seat], address(0)));
    }

    function test_votesOfAnotherEpochOrKeyDoNotCount() public {
        SeatVote[] memory list = votes(stranger, epoch, ALL);
        vm.expectPartialRevert(ICourt.NotSeated.selector);
        court.reportDowntime(q, epoch, list);
        list = votes(resultSigner, epoch, ALL);
        vm.roll(endOf(epoch + 1));
        vm.expectPartialRevert(ICourt.NotSeated.selector);
        court.reportDowntime(q, epoch + 1, list);
    }

    function test_aSmallTableJudgesNothing() public {
        rules.leastWatchers = 8;
        found(token, rules, 64, 7);
        open(q);
        vm.roll(endOf(epoch));
        bytes memory small = abi.encodeWithSelector(ICourt.TableTooSmall.selector, FIRST_TERM, 7);
        vm.expectRevert(small);
        court.reportDowntime(q, epoch, new SeatVote[](8));
        vm.expectRevert(small);
        court.seatsOf(0, 0, FIRST_TERM);
        found(token, rules, 64, 8);
        open(q);
        vm.roll(endOf(epoch));
        vm.assertEq(report(q, epoch, ALL), ALL, "one more is enough");
    }

    function test_withoutASeedThereAreNoSeats() public {
        found(new DevToken(), publicPreset(), 43_200, 22);
        q.blocks = 43_200;
        lease = open(q);
        vm.roll(endOf(epoch) + 5_399);
        SeatVote[] memory list = votes(resultSigner, epoch, ALL);
        vm.etch(History.STORE, "");
        reportReverts(list, abi.encodeWithSelector(ICourt.NoSeed.selector, startOf(epoch) - 30));
    }

    function test_thePublicCourtReportsToTheLastBlock() public {
        found(new DevToken(), publicPreset(), 43_200, 22);
        q.blocks = 43_200;
        lease = open(q);
        vm.roll(endOf(epoch) + 5_399);
        vm.assertEq(report(q, epoch, ALL), ALL, "found");
        close(q, 0);
        assertBalances(FUNDS - 20e18, FUNDS + 10e18);
    }

    function test_epochsOutOfRangeRevert() public {
        uint256[3] memory outside = [type(uint256).max, type(uint256).max / 16, type(uint256).max / 16 + 1];
        for (uint256 i = 0; i < 3; i++) {
            vm.expectRevert(OVERFLOW);
            court.reportDowntime(q, outside[i], new SeatVote[](8));
            vm.expectRevert(OVERFLOW);
            court.evict(watchers[0], outside[i], new SeatVote[](8));
        }
        vm.roll(16);
        Quote memory first = quote(9);
        open(first);
        // Before the first epoch there is no block for a seed.
        vm.expectRevert(OVERFLOW);
        court.reportDowntime(first, 0, new SeatVote[](8));
    }

    function test_countsAreKeptByLeaseAndEpoch() public {
        report(q, epoch, 0x0001);
        report(q, epoch, 0x0002);
        vm.roll(endOf(epoch + 1));
        report(q, epoch + 1, 0x8000);
        assertRecord(epoch, 0x0003, 0);
        assertRecord(epoch + 1, 0x8000, 0);
        assertDownSlots(3);
    }

    // Refuting

    function test_aVoucherStrikesTheSlotsThatItAcknowledges() public {
        report(q, epoch, ALL);
        (Voucher memory voucher, bytes memory signature) = receipt(q, startOf(epoch) + 4, startOf(epoch) + 12);
        vm.expectEmit();
        emit ICourt.DowntimeRefuted(lease, epoch, 0x0ff0);
        vm.prank(stranger);
        vm.assertEq(court.refuteDowntime(q, epoch, voucher, signature), 0x0ff0, "struck");
        assertRecord(epoch, 0xf00f, 0x0ff0);
        assertDownSlots(8);
    }

    function test_whatIsRefutedStaysRefuted() public {
        vm.assertEq(refute(q, epoch, startOf(epoch), startOf(epoch) + 8), 0, "nothing to strike yet");
        assertRecord(epoch, 0, 0x00ff);
        vm.assertEq(report(q, epoch, ALL), 0xff00, "found");
        assertDownSlots(8);
        SeatVote[] memory again = votes(resultSigner, epoch, 0x00ff);
        reportReverts(again, abi.encodeWithSelector(ICourt.NothingNew.selector, lease, epoch));
    }

    function test_aVoucherOutsideTheEpochStrikesNothing() public {
        report(q, epoch, ALL);
        uint256[2][4] memory ranges = [
            [startOf(epoch) - 16, startOf(epoch)],
            [endOf(epoch), endOf(epoch) + 16],
            [startOf(epoch) + 8, startOf(epoch) + 8],
            [startOf(epoch) + 9, startOf(epoch) + 8]
        ];
        for (uint256 i = 0; i < 4; i++) {
            (Voucher memory voucher, bytes memory signature) = receipt(q, ranges[i][0], ranges[i][1]);
            vm.expectRevert(abi.encodeWithSelector(ICourt.NothingNew.selector, lease, epoch));
            court.refuteDowntime(q, epoch, voucher, signature);
        }
        refute(q, epoch, 0, type(uint40).max);
        assertRecord(epoch, 0, ALL);
        assertDownSlots(0);
    }

    function test_theSameVoucherTwiceIsNothingNew() public {
        refute(q, epoch, startOf(epoch), endOf(epoch));
        (Voucher memory voucher, bytes memory signature) = receipt(q, startOf(epoch) + 1, endOf(epoch));
        vm.expectRevert(abi.encodeWithSelector(ICourt.NothingNew.selector, lease, epoch));
        court.refuteDowntime(q, epoch, voucher, signature);
    }

    function test_onlyTheVoucherSignerRefutes() public {
        report(q, epoch, ALL);
        (Voucher memory voucher, bytes memory signature) = receipt(q, startOf(epoch), endOf(epoch));
        bytes[4] memory bad = [
            compact(RESULT_KEY, escrow.hashVoucher(voucher)),
            compact(REQUESTER_KEY, escrow.hashVoucher(voucher)),
            new bytes(64),
            bytes.concat(signature, hex"00")
        ];
        for (uint256 i = 0; i < 4; i++) {
            vm.expectRevert(abi.encodeWithSelector(ICourt.BadVoucher.selector, lease));
            court.refuteDowntime(q, epoch, voucher, bad[i]);
        }
        voucher.ackUntil--;
        vm.expectRevert(abi.encodeWithSelector(ICourt.BadVoucher.selector, lease));
        court.refuteDowntime(q, epoch, voucher, signature);
    }

    function test_aVoucherOfAnotherLeaseRefutesNothing() public {
        Quote memory other = quote(1);
        bytes32 name = open(other);
        report(q, epoch, ALL);
        (Voucher memory voucher, bytes memory signature) = receipt(q, startOf(epoch), endOf(epoch));
        vm.expectRevert(abi.encodeWithSelector(ICourt.BadVoucher.selector, name));
        court.refuteDowntime(other, epoch, voucher, signature);
    }

    function test_aVoucherSignedByNobodyRefutesNothing() public {
        Quote memory nobodys = quote(1);
        nobodys.voucherSigner = address(0);
        bytes32 name = open(opening(nobodys, RESULT_KEY, REQUESTER_KEY));
        Voucher memory voucher = Voucher(name, 0, 0, type(uint40).max);
        vm.expectRevert(abi.encodeWithSelector(ICourt.BadVoucher.selector, name));
        court.refuteDowntime(nobodys, epoch, voucher, new bytes(64));
    }

    function test_refutingUntilTheLeaseIsClosed() public {
        report(q, epoch, ALL);
        vm.roll(escrow.leaseState(lease).endBlock + 64);
        vm.assertEq(refute(q, epoch, startOf(epoch), endOf(epoch)), ALL, "struck");
        escrow.finalize(q);
        assertBalances(FUNDS, FUNDS);
        (Voucher memory voucher, bytes memory signature) = receipt(q, startOf(epoch), endOf(epoch));
        vm.expectRevert(abi.encodeWithSelector(ICourt.NotLive.selector, lease));
        court.refuteDowntime(q, epoch, voucher, signature);
    }

    function test_anUnknownLeaseIsNotRefuted() public {
        Quote memory unknown = quote(1);
        (Voucher memory voucher, bytes memory signature) = receipt(unknown, startOf(epoch), endOf(epoch));
        vm.expectRevert(abi.encodeWithSelector(ICourt.NotLive.selector, escrow.hashQuote(unknown)));
        court.refuteDowntime(unknown, epoch, voucher, signature);
    }

    function test_refutingInAnEpochOutOfRangeReverts() public {
        (Voucher memory voucher, bytes memory signature) = receipt(q, 0, type(uint40).max);
        vm.expectRevert(OVERFLOW);
        court.refuteDowntime(q, type(uint256).max / 8, voucher, signature);
        vm.expectRevert(abi.encodeWithSelector(ICourt.NothingNew.selector, lease, type(uint256).max / 16));
        court.refuteDowntime(q, type(uint256).max / 16, voucher, signature);
    }

    // Properties

    /// Any votes of any seats: the court finds what counting by hand finds.
    function testFuzz_theCourtCountsLikeByHand(uint16[15] memory seen, uint16[15] memory up, uint256 present) public {
        address[] memory holders = watchersOf(resultSigner, epoch);
        bytes32 subject = court.downtimeSubject(resultSigner, epoch);
        SeatVote[] memory list = new SeatVote[](15);
        uint256 size = 0;
        uint256[16] memory downs;
        for (uint256 seat = 0; seat < 15; seat++) {
            if (present >> seat & 1 == 0) continue;
            list[size++] = vote(holders[seat], seat, subject, seen[seat], up[seat] & seen[seat]);
            for (uint256 slot = 0; slot < 16; slot++) {
                if ((seen[seat] & ~up[seat]) >> slot & 1 == 1) downs[slot]++;
            }
        }
        uint16 expected = 0;
        for (uint256 slot = 0; slot < 16; slot++) {
            if (downs[slot] >= 8) expected |= uint16(1 << slot);
        }
        assembly {
            mstore(list, size)
        }
        if (expected == 0) {
            reportReverts(list, abi.encodeWithSelector(ICourt.NothingNew.selector, lease, epoch));
        } else {
            vm.assertEq(court.reportDowntime(q, epoch, list), expected, "found");
        }
    }

    /// Reports in any order and split in any way, and vouchers before, between or after them, give the same.
    function testFuzz_orderAndSplittingDoNotMatter(uint16[4] memory downs, uint8 ackFrom, uint8 ackUntil, uint8 when)
        public
    {
        uint16 all = 0;
        uint256 from = startOf(epoch) + ackFrom % 17;
        uint256 until = startOf(epoch) + ackUntil % 17;
        uint16 served = 0;
        for (uint256 i = 0; i <= 4; i++) {
            if (i == when % 5 && until > from) {
                refute(q, epoch, from, until);
                served = uint16((1 << (until - startOf(epoch))) - (1 << (from - startOf(epoch))));
            }
            if (i == 4) break;
            SeatVote[] memory list = votes(resultSigner, epoch, downs[i]);
            try court.reportDowntime(q, epoch, list) {} catch {}
            all |= downs[i];
        }
        assertRecord(epoch, all & ~served, served);
        uint256 slots = 0;
        for (uint256 map = all & ~served; map != 0; map >>= 1) {
            slots += map & 1;
        }
        assertDownSlots(slots);
    }
}
