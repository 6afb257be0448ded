package dev.genpt.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.genpt.legacy.LpaeConfig;
import dev.genpt.legacy.LpaeIoPageTable;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.Protection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A map of an old engine that fails must say so; one that succeeds is as recorded. */
final class FailedMapRuleTest {
  private static final long PAGE = 0x1000;

  private final PageAllocator pages = new PageAllocator(PhysicalMemory.ofMebibytes(16));
  private final LegacyConfig config =
      new LegacyConfig((from, driver) ->
          new LpaeIoPageTable(
              from,
              driver,
              new LpaeConfig(LpaeConfig.Variant.ARM_64_S1, 48, 48, 0x4020_1000L, 0, true)));
  private final Replay<?, ?> second = config.replay(pages);

  @AfterEach
  void nothingLeaks() {
    second.close();
    pages.checkNoLeaks();
  }

  private static Operation map(long iova, long length) {
    return new Operation.Map(iova, 0x10000, length, Protection.READ_WRITE, true);
  }

  private static Answer success() {
    return Answer.empty().withText(Answer.RC, Answer.SUCCESS).withCount(Answer.LIVE, 4);
  }

  @Test
  void aFailureRecordedAsSuccessMustTellItsError() {
    second.run(map(3 * PAGE, PAGE));
    TableImage before = second.images().read();
    Answer due = FailedMapRule.correct(map(PAGE, 5 * PAGE), second, success());
    assertEquals(success().withText(Answer.RC, "-EEXIST"), due);
    assertNotEquals(success(), due, "an engine that keeps the defect is refused");
    assertEquals(before, second.images().read(), "the second table is rolled back as the first");
  }

  @Test
  void aSuccessIsAsRecordedAndTheSecondTableFollows() {
    assertEquals(success(), FailedMapRule.correct(map(PAGE, PAGE), second, success()));
    Answer there = second.run(new Operation.IovaToPhys(PAGE));
    assertEquals(new Value.Hex(0x10000), there.get(Answer.PA).orElseThrow());
  }

  @Test
  void anErrorThatWasRecordedStays() {
    Answer recorded = success().withText(Answer.RC, "-EINVAL");
    assertEquals(recorded, FailedMapRule.correct(map(0x800, PAGE), second, recorded));
  }

  @Test
  void aLowLevelMapIsAsRecorded() {
    second.run(map(PAGE, PAGE));
    Operation again = new Operation.Map(PAGE, 0, PAGE, Protection.READ, false);
    Answer recorded = success().withText(Answer.RC, "-EEXIST");
    assertEquals(recorded, FailedMapRule.correct(again, second, recorded));
  }
}
