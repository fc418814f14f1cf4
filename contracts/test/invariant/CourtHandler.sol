// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ballot, ICourt, ResultProof, SeatVote} from "../../src/interfaces/ICourt.sol";
import {Quote, Voucher} from "../../src/interfaces/IEscrow.sol";
import {BlackListToken} from "../support/HostileTokens.sol";
import {CourtWorld, GhostDispute, GhostEpoch, GhostWatcher} from "./CourtWorld.sol";
import {Ghost} from "./World.sol";

/// Acts for watchers, challengers and jurors: they vote as the run would have it, truth or not, and each call must do
/// what the model foretold.
contract CourtHandler is CourtWorld {
    // Table

    function enrol(uint256 which, uint256 who, bool consents) external {
        which = which % WATCHERS;
        address key = watcher(which);
        address[3] memory senders = [account(which), key, account(which + 1)];
        address sender = senders[who % 3];
        GhostWatcher memory w = watchers[key];
        bool allowed = w.account != address(0)
            ? (sender == key || sender == w.account) && w.lastTerm < vm.getBlockNumber() / TERM + 2
            : consents && sender != key && token.balanceOf(sender) >= STAKE && !listed(sender);
        bytes memory consent = compact(watcherKey(consents ? which : which + 1), court.hashEnrol(sender));
        vm.prank(sender);
        foretoldAt(allowed, judge, abi.encodeCall(court.enrol, (key, consent)));
        if (allowed) seated(key, w.account != address(0) ? w.account : sender);
    }

    /// All who may take their places for another term, but the last two, who come and go.
    function renewAll() public {
        for (uint256 i = 0; i < WATCHERS - 2; i++) {
            GhostWatcher memory w = watchers[watcher(i)];
            if (w.account == address(0) || w.lastTerm >= vm.getBlockNumber() / TERM + 2) continue;
            vm.prank(watcher(i));
            court.enrol(watcher(i), "");
            seated(watcher(i), w.account);
        }
    }

    function leaveTable(uint256 which, uint256 who, bool elsewhere) external {
        which = which % WATCHERS;
        // Few may: look for one.
        for (uint256 i = 0; i < WATCHERS; i++) {
            if (vm.getBlockNumber() < leaveBlock(watchers[watcher(which)])) which = which % WATCHERS + 1;
        }
        address key = watcher(which);
        GhostWatcher memory w = watchers[key];
        address sender = who % 3 == 0 ? key : account(who % 3 == 1 ? which : which + 1);
        address to = elsewhere ? ELSEWHERE : sender;
        bool allowed =
            w.account != address(0) && sender == w.account && vm.getBlockNumber() >= leaveBlock(w) && !listed(to);
        vm.prank(sender);
        foretoldAt(allowed, judge, abi.encodeCall(court.leave, (key, to)));
        if (allowed) delete watchers[key];
    }

    /// Shows two signatures of one key, or of two keys, or for one value.
    function slash(uint256 which, uint256 who, bytes32 subject, uint256 flaw) external {
        flaw = flaw % 6;
        which = which % WATCHERS;
        address key = watcher(which);
        bytes32 second = flaw == 1 ? bytes32(uint256(1)) : bytes32(uint256(2));
        uint256 other = watcherKey(flaw == 2 ? which + 1 : which);
        bytes memory call = abi.encodeCall(
            court.slash,
            (
                subject,
                bytes32(uint256(1)),
                compact(watcherKey(which), court.hashVote(subject, bytes32(uint256(1)))),
                second,
                compact(other, court.hashVote(subject, second))
            )
        );
        bool allowed = flaw != 1 && flaw != 2 && watchers[key].account != address(0);
        address reporter = account(who);
        vm.prank(reporter);
        foretoldAt(allowed, judge, call);
        if (!allowed) return;
        expected[reporter] += STAKE / 8;
        expected[BURN] += STAKE - STAKE / 8;
        delete watchers[key];
        slashed[key] = true;
        uint256 term = vm.getBlockNumber() / TERM;
        for (uint256 t = term - 1; t <= term + 2; t++) {
            for (uint256 i = 0; i < tables[t].length; i++) {
                if (tables[t][i] == key) tables[t][i] = address(0);
            }
        }
    }

    function evict(uint256 which, uint256 back, uint16 down, uint256 voters, uint256 flaw) external {
        address key = watcher(which);
        uint256 epoch = epochBack(back);
        bytes32 subject = keccak256(abi.encode(key, epoch));
        // Seldom does a drawn map have all bits, and nothing less evicts.
        if (down % 4 != 0) down = 0xffff;
        (SeatVote[] memory votes, bool sound, uint16 agreed) = drawVotes(subject, epoch, down, voters, flaw);
        address[] storage keys = tables[vm.getBlockNumber() / TERM + 2];
        uint256 place = 0;
        while (place < keys.length && keys[place] != key) place++;
        bool allowed = sound && agreed == 0xffff && votable(epoch) && place < keys.length;
        foretoldAt(allowed, judge, abi.encodeCall(court.evict, (key, epoch, votes)));
        if (!allowed) return;
        keys[place] = keys[keys.length - 1];
        keys.pop();
    }

    // Downtime

    function report(uint256 which, uint256 back, uint16 down, uint256 voters, uint256 flaw) external {
        if (ghosts.length == 0) return;
        which = recent(which, ghosts.length);
        Ghost storage g = ghosts[which];
        uint256 epoch = epochBack(back);
        bytes32 subject = keccak256(abi.encode(g.quote.resultSigner, epoch));
        (SeatVote[] memory votes, bool sound, uint16 agreed) = drawVotes(subject, epoch, down, voters, flaw);
        GhostEpoch storage e = recordOf(which, epoch);
        uint16 found = agreed & inside(epoch, g.openBlock, g.endBlock) & ~(e.down | e.refuted);
        bool allowed = sound && !g.closed && found != 0 && votable(epoch);
        foretoldAt(allowed, judge, abi.encodeCall(court.reportDowntime, (g.quote, epoch, votes)));
        if (!allowed) return;
        (e.down, e.reportBlock) = (e.down | found, vm.getBlockNumber());
        g.down += ones(found);
    }

    function refute(uint256 which, uint256 back, uint256 from, uint256 length, uint256 flaw) external {
        if (ghosts.length == 0) return;
        which = recent(which, ghosts.length);
        Ghost storage g = ghosts[which];
        uint256 epoch = epochBack(back);
        from = epoch * EPOCH + from % (EPOCH + 8) - 4;
        uint256 until = from + length % (EPOCH + 8);
        Voucher memory voucher = Voucher(flaw % 8 == 0 ? bytes32(0) : g.name, 0, uint40(from), uint40(until));
        uint256 key = keyOf(flaw % 8 == 1 ? g.quote.resultSigner : g.quote.voucherSigner);
        GhostEpoch storage e = recordOf(which, epoch);
        uint16 served = inside(epoch, from, until);
        bool allowed = flaw % 8 > 1 && !g.closed && served & ~e.refuted != 0;
        bytes memory signature = compact(key, escrow.hashVoucher(voucher));
        foretoldAt(allowed, judge, abi.encodeCall(court.refuteDowntime, (g.quote, epoch, voucher, signature)));
        if (!allowed) return;
        g.down -= ones(e.down & served);
        (e.down, e.refuted) = (e.down & ~served, e.refuted | served);
    }

    // Wrong results

    function challenge(uint256 which, uint256 who, bytes32 task, bool forged) external {
        if (ghosts.length == 0) return;
        which = recent(which, ghosts.length);
        Ghost storage g = ghosts[which];
        address[4] memory senders = [g.quote.requester, g.quote.voucherSigner, g.quote.requester, g.quote.provider];
        address sender = senders[who % 4];
        bytes32 output = keccak256(abi.encode(task));
        ResultProof memory proof = proofOf(g, task, output, forged);
        bool allowed = !forged && who % 4 != 3 && !g.closed && !g.seized && g.quote.resultBond >= SEATS * FEE
            && token.balanceOf(sender) >= DEPOSIT && !listed(sender);
        vm.prank(sender);
        foretoldAt(allowed, judge, abi.encodeCall(court.challenge, (g.quote, task, output, proof)));
        if (!allowed) return;
        g.seized = true;
        expected[judge] += g.quote.resultBond;
        disputes.push(
            GhostDispute({
                lease: which,
                task: task,
                output: output,
                challenger: sender,
                openedBlock: vm.getBlockNumber(),
                done: false,
                lapsed: false,
                verdict: 0,
                doneBlock: 0,
                paidOut: 0
            })
        );
    }

    function resolve(uint256 which, uint256 kind, uint256 voters, uint256 flaw) external {
        if (disputes.length == 0) return;
        GhostDispute storage d = disputes[recent(which, disputes.length)];
        Ghost storage g = ghosts[d.lease];
        // Mostly, the jury waits for its seed.
        if (kind / 3 % 4 != 0 && !d.done) rollTo(d.openedBlock + LAG + 1);
        bytes32 verdict = kind % 3 == 0 ? d.output : bytes32(kind % 3 - 1);
        (Ballot[] memory ballots, bool sound) = drawBallots(d, verdict, voters, flaw);
        uint256 seed = d.openedBlock + LAG;
        bool allowed = sound && !d.done && ballots.length >= QUORUM && vm.getBlockNumber() > seed
            && vm.getBlockNumber() < d.openedBlock + VERDICT && tables[seed / TERM].length >= LEAST;
        uint256 before = everyones();
        bytes memory call = abi.encodeCall(court.resolve, (g.quote, d.task, d.output, verdict, ballots));
        address[] memory jurors = allowed ? accountsOf(d, ballots) : new address[](0);
        foretoldAt(allowed, judge, call);
        if (!allowed) return;
        ended(d, before);
        d.verdict = verdict;
        for (uint256 i = 0; i < jurors.length; i++) {
            expected[jurors[i]] += FEE;
        }
        share(g.quote, d, jurors.length * FEE);
    }

    function lapse(uint256 which) external {
        if (disputes.length == 0) return;
        GhostDispute storage d = disputes[recent(which, disputes.length)];
        bool allowed = !d.done && vm.getBlockNumber() >= d.openedBlock + VERDICT;
        uint256 before = everyones();
        foretoldAt(allowed, judge, abi.encodeCall(court.lapse, (ghosts[d.lease].quote, d.task, d.output)));
        if (!allowed) return;
        ended(d, before);
        d.lapsed = true;
        expected[ghosts[d.lease].quote.provider] += ghosts[d.lease].quote.resultBond;
        expected[d.challenger] += DEPOSIT;
    }

    // Beside the rules

    /// Now and then the token refuses one party for good.
    function blackList(uint256 seed) external {
        if (seed % 4 == 0) BlackListToken(address(token)).list(account(ACTORS - 1));
    }

    /// A whole term later, in which nobody but watchers did anything.
    function passTerm() external {
        renewAll();
        rollTo(vm.getBlockNumber() + TERM);
    }

    function lose(uint256 amount) external {
        token.transfer(judge, amount % 1e18);
        lost += amount % 1e18;
    }

    /// Goes to the block before or at the end of this epoch, of its reports, or of a dispute.
    function passToCourtBorder(uint256 which, uint256 kind, bool reached) external {
        uint256 end = (vm.getBlockNumber() / EPOCH + 1) * EPOCH;
        uint256 border = end;
        if (kind % 4 == 1) border = end - EPOCH + REPORT;
        if (kind % 4 == 2 && disputes.length != 0) border = disputes[which % disputes.length].openedBlock + VERDICT;
        if (kind % 4 == 3) border = leaveBlock(watchers[watcher(which)]);
        // Not so far ahead that all tables are empty.
        if (border < vm.getBlockNumber() + 2 * TERM) rollTo(border - (reached ? 0 : 1));
    }

    function adjourn() internal override {
        for (uint256 i = 0; i < disputes.length; i++) {
            GhostDispute storage d = disputes[i];
            rollTo(d.openedBlock + VERDICT);
            if (!d.done) court.lapse(ghosts[d.lease].quote, d.task, d.output);
        }
        for (uint256 i = 0; i < WATCHERS; i++) {
            GhostWatcher memory w = watchers[watcher(i)];
            if (w.account == address(0)) continue;
            rollTo(leaveBlock(w));
            address to = listed(w.account) ? ELSEWHERE : w.account;
            vm.prank(w.account);
            court.leave(watcher(i), to);
        }
    }

    // Model

    /// One of `count` things, mostly among the last three: older ones are closed or done.
    function recent(uint256 which, uint256 count) private pure returns (uint256) {
        if (which % 4 == 0 || count < 3) return which / 4 % count;
        return count - 1 - which / 4 % 3;
    }

    /// An epoch of late, mostly the one before this.
    function epochBack(uint256 back) private view returns (uint256) {
        return vm.getBlockNumber() / EPOCH - (back % 8 < 4 ? back % 4 : 1);
    }

    /// Whether votes about an epoch count in this block.
    function votable(uint256 epoch) private view returns (bool) {
        uint256 end = (epoch + 1) * EPOCH;
        return vm.getBlockNumber() >= end && vm.getBlockNumber() < end + REPORT && tables[epoch / 2].length >= LEAST;
    }

    /// Votes of the seats in `voters`, each for `down` and some slots of its own; whether all are well-formed; and the
    /// slots in which a quorum agrees. One draw in four is spoilt.
    function drawVotes(bytes32 subject, uint256 epoch, uint16 down, uint256 voters, uint256 flaw)
        private
        view
        returns (SeatVote[] memory votes, bool sound, uint16 agreed)
    {
        flaw = flaw % 16;
        uint256[] memory chosen = seatsIn(epoch / 2, blockhash(epoch * EPOCH - LAG), subject, voters);
        votes = new SeatVote[](chosen.length);
        uint256[16] memory counts;
        for (uint256 i = 0; i < chosen.length; i++) {
            uint32 maps = mapsOf(down, part(voters, i), flaw);
            address key = holder(epoch / 2, blockhash(epoch * EPOCH - LAG), subject, chosen[i]);
            if (flaw == 2) key = key == watcher(0) ? watcher(1) : watcher(0);
            votes[i] = signedVote(flaw == 3 ? SEATS : chosen[i], maps, subject, key);
            for (uint256 slot = 0; slot < 16; slot++) {
                if (maps >> 16 + slot & 1 == 1 && maps >> slot & 1 == 0) counts[slot]++;
            }
        }
        sound = votes.length == 0 || flaw == 0 || flaw > 3;
        if (votes.length > 1 && flaw == 4) (votes[1], sound) = (votes[0], false);
        for (uint256 slot = 0; slot < 16; slot++) {
            if (counts[slot] >= QUORUM) agreed |= uint16(1 << slot);
        }
    }

    /// A watcher's maps: it saw and missed all of `down`, and some other slots either way.
    function mapsOf(uint16 down, uint256 seed, uint256 flaw) private pure returns (uint32) {
        uint16 seen = uint16(seed) | down;
        uint16 up = seen & ~down & uint16(seed >> 16);
        // Up, and not seen.
        if (flaw == 1) (up, seen) = (up | 8, seen & ~uint16(8));
        return uint32(seen) << 16 | up;
    }

    function signedVote(uint256 seat_, uint32 maps, bytes32 subject, address key)
        private
        view
        returns (SeatVote memory)
    {
        bytes32 digest = court.hashVote(subject, bytes32(uint256(maps)));
        (bytes32 r, bytes32 vs) = vm.signCompact(signerOf(key), digest);
        return SeatVote(uint8(seat_), maps, r, vs);
    }

    function drawBallots(GhostDispute storage d, bytes32 verdict, uint256 voters, uint256 flaw)
        private
        view
        returns (Ballot[] memory ballots, bool sound)
    {
        uint256 seedBlock = d.openedBlock + LAG;
        bytes32 subject = subjectOf(d);
        uint256[] memory chosen = seatsIn(seedBlock / TERM, blockhash(seedBlock), subject, voters);
        ballots = new Ballot[](chosen.length);
        for (uint256 i = 0; i < chosen.length; i++) {
            address key = holder(seedBlock / TERM, blockhash(seedBlock), subject, chosen[i]);
            bytes32 value = flaw % 8 == 1 ? bytes32(uint256(7)) : verdict;
            (bytes32 r, bytes32 vs) = vm.signCompact(signerOf(key), court.hashVote(subject, value));
            ballots[i] = Ballot(uint8(chosen[i]), r, vs);
        }
        sound = flaw % 8 != 1;
        if (ballots.length > 1 && flaw % 8 == 2) (ballots[0], sound) = (ballots[1], false);
    }

    /// The seats of `voters`, most of them in most draws, without those whose holder was slashed.
    function seatsIn(uint256 term, bytes32 seed, bytes32 subject, uint256 voters)
        private
        view
        returns (uint256[] memory chosen)
    {
        chosen = new uint256[](SEATS);
        uint256 count = 0;
        for (uint256 i = 0; i < SEATS && tables[term].length != 0; i++) {
            if (part(voters, 100 + i) % 4 == 0 || holder(term, seed, subject, i) == address(0)) continue;
            chosen[count++] = i;
        }
        assembly {
            mstore(chosen, count)
        }
    }

    function accountsOf(GhostDispute storage d, Ballot[] memory ballots)
        private
        view
        returns (address[] memory owners)
    {
        owners = new address[](ballots.length);
        uint256 seedBlock = d.openedBlock + LAG;
        for (uint256 i = 0; i < ballots.length; i++) {
            owners[i] = watchers[holder(seedBlock / TERM, blockhash(seedBlock), subjectOf(d), ballots[i].seat)].account;
        }
    }

    /// What a verdict gives to the parties, and burns.
    function share(Quote storage q, GhostDispute storage d, uint256 fees) private {
        if (d.verdict == d.output) {
            expected[q.provider] += q.resultBond + DEPOSIT - fees;
        } else if (d.verdict == 0) {
            expected[q.provider] += q.resultBond;
            expected[d.challenger] += DEPOSIT - fees;
        } else {
            uint256 rest = q.resultBond - fees;
            expected[d.challenger] += DEPOSIT;
            expected[q.requester] += rest / 2;
            expected[BURN] += rest - rest / 2;
        }
    }

    function ended(GhostDispute storage d, uint256 before) private {
        expected[judge] -= ghosts[d.lease].quote.resultBond;
        (d.done, d.doneBlock, d.paidOut) = (true, vm.getBlockNumber(), everyones() - before);
    }

    /// All balances but the court's.
    function everyones() private view returns (uint256 sum) {
        for (uint256 i = 0; i < ACTORS; i++) {
            sum += escrow.balanceOf(account(i)) + escrow.balanceOf(delegate(i));
        }
        sum += escrow.burned();
    }

    function proofOf(Ghost storage g, bytes32 task, bytes32 output, bool forged)
        private
        view
        returns (ResultProof memory)
    {
        // A batch of two, of which this is the second.
        bytes32[] memory path = new bytes32[](1);
        path[0] = keccak256("another result");
        bytes32 leaf = sha256(abi.encodePacked(bytes1(0), g.name, task, output));
        bytes32 root = sha256(abi.encodePacked(bytes1(uint8(1)), path[0], leaf));
        uint256 key = keyOf(forged ? g.quote.voucherSigner : g.quote.resultSigner);
        return ResultProof(1, 2, path, compact(key, escrow.hashResultBatch(g.name, root)));
    }

    function ones(uint16 map) private pure returns (uint256 count) {
        for (uint256 slot = 0; slot < 16; slot++) {
            count += map >> slot & 1;
        }
    }
}
