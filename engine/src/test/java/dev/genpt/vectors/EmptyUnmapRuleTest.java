package dev.genpt.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.iommu.IommuDomain;
import dev.genpt.table.Feature;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule 1: a gather that must not move, and what follows from it. */
final class EmptyUnmapRuleTest {
  private static final Gather HELD = new Gather(0x10000, 0x10fff, 1);

  private final Rule rule = new EmptyUnmapRule();
  private final IommuDomain merging = RuleFixture.x86(Feature.FLUSH_RANGE);
  private final IommuDomain noGaps = RuleFixture.x86(Feature.FLUSH_RANGE_NO_GAPS);

  private static Answer unmapped(long bytes, Gather gather, int live, Event... events) {
    return Answer.empty()
        .withHex(Answer.UNMAPPED, bytes)
        .with(Answer.GATHER, gather)
        .withCount(Answer.TOP_LEVEL, 3)
        .withCount(Answer.LIVE, live)
        .withEvents(List.of(events));
  }

  private Answer fast(IommuDomain domain, long iova, Gather recorded, Gather due, Answer answer) {
    var unmap = new Operation.UnmapFast(iova, 0x1000);
    return rule.correct(RuleFixture.before(unmap, domain, recorded, due), answer);
  }

  @Test
  void aGatherOfItsOwnStaysUntouched() {
    var unmap = RuleFixture.before(new Operation.Unmap(0x5000, 0x1000, false), merging);
    Answer moved = unmapped(0, new Gather(0x5000, 0x4fff, 0), 1);
    assertEquals(unmapped(0, Gather.UNTOUCHED, 1), rule.correct(unmap, moved));
  }

  @Test
  void atAddressZeroTheMovedGatherHeldEverything() {
    var unmap = RuleFixture.before(new Operation.Unmap(0, 0x1000, false), merging);
    Answer moved = unmapped(0, new Gather(0, -1, 0), 1);
    assertEquals(unmapped(0, Gather.UNTOUCHED, 1), rule.correct(unmap, moved));
  }

  @Test
  void anotherGatherIsNotExcused() {
    var unmap = RuleFixture.before(new Operation.Unmap(0x5000, 0x1000, false), merging);
    for (Gather gather :
        List.of(
            new Gather(0x5000, 0x5fff, 0),
            new Gather(0x4000, 0x4fff, 0),
            new Gather(0x5000, 0x4fff, 1))) {
      Answer recorded = unmapped(0, gather, 1);
      assertEquals(recorded, rule.correct(unmap, recorded));
    }
    Answer something = unmapped(0x1000, new Gather(0x5000, 0x4fff, 0), 1);
    assertEquals(something, rule.correct(unmap, something));
  }

  @Test
  void aLongGatherStaysAsItWas() {
    Answer moved = unmapped(0, new Gather(0x10000, 0x1ffff, 1), 4);
    assertEquals(unmapped(0, HELD, 4), fast(merging, 0x20000, HELD, HELD, moved));
    Answer elsewhere = unmapped(0, new Gather(0x10000, 0x2ffff, 1), 4);
    assertEquals(elsewhere, fast(merging, 0x20000, HELD, HELD, elsewhere));
  }

  @Test
  void withoutGapsNothingIsFlushedAheadAndTheTablesWait() {
    Answer flushed =
        unmapped(0, new Gather(0x20000, 0x1ffff, 0), 3, Event.sync(0x10000, 0x10fff, 1));
    assertEquals(unmapped(0, HELD, 4), fast(noGaps, 0x20000, HELD, HELD, flushed));
    assertEquals(flushed, fast(merging, 0x20000, HELD, HELD, flushed), "no reason to flush");
  }

  @Test
  void laterUnmapsFollowFromTheGatherThatStayed() {
    Gather moved = new Gather(0x10000, 0x1ffff, 1);
    Answer recorded = unmapped(0x1000, new Gather(0x8000, 0x1ffff, 2), 4);
    assertEquals(
        unmapped(0x1000, new Gather(0x8000, 0x10fff, 2), 4),
        fast(merging, 0x8000, moved, HELD, recorded));
  }

  @Test
  void laterUnmapsWithoutGapsFollowToo() {
    // Recorded: the moved gather was flushed in vain. Due: what is held is flushed first.
    Gather moved = new Gather(0x20000, 0x1ffff, 0);
    Answer recorded = unmapped(0x1000, new Gather(0x40000, 0x40fff, 1), 3);
    assertEquals(
        unmapped(0x1000, new Gather(0x40000, 0x40fff, 1), 3, Event.sync(0x10000, 0x10fff, 1)),
        fast(noGaps, 0x40000, moved, HELD, recorded));
  }

  @Test
  void theFlushFollowsAndOtherAnswersCountTheTablesThatWait() {
    Gather moved = new Gather(0x20000, 0x1ffff, 0);
    var sync = RuleFixture.before(new Operation.Sync(), noGaps, moved, HELD);
    Answer nothing = Answer.empty().withCount(Answer.TOP_LEVEL, 3).withCount(Answer.LIVE, 3);
    assertEquals(
        nothing.withEvents(List.of(Event.sync(0x10000, 0x10fff, 1))), rule.correct(sync, nothing));
    var at = RuleFixture.before(new Operation.IovaToPhys(0), noGaps, moved, HELD);
    assertEquals(nothing.withCount(Answer.LIVE, 4), rule.correct(at, nothing));
  }

  @Test
  void aRangeThatTheTableCannotHaveMovedNothing() {
    Gather moved = new Gather(0x10000, 0x1ffff, 1);
    Answer recorded = unmapped(0, moved, 4);
    assertEquals(unmapped(0, HELD, 4), fast(merging, 1L << 50, moved, HELD, recorded));
    assertEquals(unmapped(0, HELD, 4), fast(merging, 1L << 50, HELD, HELD, unmapped(0, HELD, 4)));
  }
}
