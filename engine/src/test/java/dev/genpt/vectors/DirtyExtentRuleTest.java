package dev.genpt.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.iommu.IommuDomain;
import dev.genpt.table.Protection;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rule 3: what a dirty leaf is reported as. */
final class DirtyExtentRuleTest {
  private static final long K64 = 0x10000;
  private static final long M2 = 0x200000;

  private final Rule rule = new DirtyExtentRule();
  private final IommuDomain domain = RuleFixture.amdv1(52);

  /** A contiguous leaf of 16 items, the next one clean, and a single item of 2 MiB, dirty. */
  @BeforeEach
  void write() {
    domain.map(0, K64, K64, Protection.READ_WRITE);
    domain.map(K64, 4 * K64, K64, Protection.READ_WRITE);
    domain.map(M2, 3 * M2, M2, Protection.READ_WRITE);
    domain.setDirty(0x3000);
    domain.setDirty(M2 + 5);
  }

  private static Answer read(Gather gather, long... extents) {
    List<Extent> list = new java.util.ArrayList<>();
    for (int i = 0; i < extents.length; i += 2) {
      list.add(new Extent(extents[i], extents[i + 1]));
    }
    return Answer.empty()
        .withText(Answer.RC, "0")
        .with(Answer.DIRTY, new Value.Extents(list))
        .with(Answer.GATHER, gather);
  }

  private Answer correct(long iova, long length, boolean clear, Answer recorded) {
    var read = new Operation.ReadDirty(iova, length, clear);
    return rule.correct(RuleFixture.before(read, domain), recorded);
  }

  @Test
  void aContiguousLeafGetsItsLastItemBack() {
    assertEquals(
        read(Gather.UNTOUCHED, 0, K64),
        correct(0, K64, false, read(Gather.UNTOUCHED, 0, K64 - 0x1000)));
    assertEquals(
        read(Gather.UNTOUCHED, 0xf000, 0x1000),
        correct(0xf000, 0x1000, false, read(Gather.UNTOUCHED)));
  }

  @Test
  void aQueryThatEndsInsideWasRightButItsGatherWasNot() {
    Answer recorded = read(new Gather(0x4000, 0x5fff, 0), 0x4000, 0x2000);
    assertEquals(
        read(new Gather(0, K64 - 1, 0), 0x4000, 0x2000), correct(0x4000, 0x2000, true, recorded));
  }

  @Test
  void aLargeItemIsCutToTheQuery() {
    Answer recorded = read(new Gather(M2 + 0x5000, 2 * M2 + 0x4fff, 0), M2 + 0x5000, M2);
    assertEquals(
        read(new Gather(M2, 2 * M2 - 1, 0), M2 + 0x5000, 0x1000),
        correct(M2 + 0x5000, 0x1000, true, recorded));
  }

  @Test
  void bothAtOnce() {
    Answer recorded = read(new Gather(0x5000, 2 * M2 - 1, 0), 0x5000, 0xa000, M2, M2);
    assertEquals(
        read(new Gather(0, 2 * M2 - 1, 0), 0x5000, 0xb000, M2, 0x1000),
        correct(0x5000, M2 - 0x4000, true, recorded));
  }

  @Test
  void whatWasNotRecordedThatWayIsNotExcused() {
    for (Answer other :
        List.of(
            read(Gather.UNTOUCHED, 0, K64 - 0x2000),
            read(Gather.UNTOUCHED, 0, K64),
            read(Gather.UNTOUCHED),
            read(Gather.UNTOUCHED, 0x1000, K64 - 0x2000))) {
      assertEquals(other, correct(0, K64, false, other));
    }
    Gather clean = new Gather(0, 0xefff, 0);
    Answer looked = read(clean, 0, K64 - 0x1000);
    assertEquals(read(clean, 0, K64), correct(0, K64, false, looked), "noclear gathers nothing");
    Answer failed = read(Gather.UNTOUCHED, 0, K64 - 0x1000).withText(Answer.RC, "-ERANGE");
    assertEquals(failed, correct(0, K64, false, failed));
  }
}
