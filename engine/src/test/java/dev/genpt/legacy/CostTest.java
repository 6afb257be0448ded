package dev.genpt.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.iommu.IommuDomain;
import dev.genpt.legacy.LpaeConfig.Variant;
import dev.genpt.memory.CountingMemory;
import dev.genpt.memory.CountingMemory.Counts;
import dev.genpt.memory.PageAllocator;
import dev.genpt.table.Protection;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What each engine does to table memory, counted: the old ones all of the work that they are known
 * for and no more, the new one a single walk a call.
 *
 * <p>The formulas are those of the old code's algorithms, for a run of small pages in one table
 * whose tables are there. {@code above} is the number of levels above the lowest.
 */
final class CostTest {
  private static final long PAGE = 0x1000;
  private static final long IOVA = 0x4020_1000L;

  /** An output address that lets nothing merge. */
  private static final long PA = 0x1234_5000L - PAGE;

  /** An old engine over memory that counts. */
  private record Old(CountingMemory memory, LegacyDomain domain) {
    static Old of(Function<PageAllocator, IoPageTable> maker) {
      CountingMemory memory = CountingMemory.ofMebibytes(16);
      LegacyDomain domain = new LegacyDomain(maker.apply(new PageAllocator(memory)));
      // Tables, and a page beside the run that keeps them.
      domain.map(IOVA, PA, PAGE, Protection.READ_WRITE);
      domain.unmap(IOVA, PAGE);
      domain.map(IOVA - PAGE, 0, PAGE, Protection.READ_WRITE);
      return new Old(memory, domain);
    }

    void assertCosts(long pages, Counts map, Counts unmap) {
      long length = pages * PAGE;
      assertEquals(
          map, memory.countsOf(() -> domain.map(IOVA, PA, length, Protection.READ_WRITE)), "map");
      assertEquals(unmap, memory.countsOf(() -> domain.unmap(IOVA, length)), "unmap");
    }
  }

  /** A walk a page; a look, a compare-and-swap and a store an item. Then a walk and a store. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 256})
  void amdv1WalksForEveryPage(long n) {
    long above = 2;
    Old.of(pages -> new AmdV1IoPageTable(pages, LegacyDriver.NONE))
        .assertCosts(n, new Counts(n * (above + 1), n, n, 0), new Counts(n * (above + 1), n, 0, 0));
  }

  /** A walk a page; a look and a store an item. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 256})
  void amdv2WalksForEveryPage(long n) {
    long above = 3;
    Old.of(pages -> new AmdV2IoPageTable(pages, LegacyDriver.NONE, 3))
        .assertCosts(n, new Counts(n * (above + 1), n, 0, 0), new Counts(n * (above + 1), n, 0, 0));
  }

  /**
   * A walk a table, and a compare-and-swap an item. Then a walk for the page size and one for the
   * clearing, with a look and a store an item.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 256})
  void vtdWalksForEveryTable(long n) {
    long above = 3;
    Old.of(pages -> new VtdIoPageTable(pages, LegacyDriver.NONE, 48, true, false))
        .assertCosts(n, new Counts(above, 0, n, 0), new Counts(above + above + n, n, 0, 0));
  }

  /** A walk a table; a look and a store an item. Then the first item is looked at once more. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 256})
  void lpaeWalksForEveryTable(long n) {
    long above = 3;
    LpaeConfig config = new LpaeConfig(Variant.ARM_64_S1, 48, 48, 0x4020_1000L, 0, true);
    Old.of(pages -> new LpaeIoPageTable(pages, LegacyDriver.NONE, config))
        .assertCosts(n, new Counts(above + n, n, 0, 0), new Counts(above + 1 + n, n, 0, 0));
  }

  /** A contiguous leaf of AMD v1 costs its items, for one walk. */
  @Test
  void amdv1ClearsEveryItemOfALeaf() {
    Old old = Old.of(pages -> new AmdV1IoPageTable(pages, LegacyDriver.NONE));
    Counts map =
        old.memory.countsOf(
            () -> old.domain.map(0x4030_0000L, 0x10_0000, 0x10_0000, Protection.READ_WRITE));
    assertEquals(new Counts(2 + 256, 256, 256, 0), map);
  }

  /** One walk a call, and a run of items is looked at and written in one go. */
  @ParameterizedTest
  @EnumSource
  void theNewEngineWalksOnce(OldAndNew engines) {
    for (long n : new long[] {1, 2, 256}) {
      CountingMemory memory = CountingMemory.ofMebibytes(16);
      IommuDomain domain = engines.newDomain(memory);
      domain.map(IOVA - PAGE, 0, PAGE, Protection.READ_WRITE);
      int above = domain.topLevel();
      Counts page = new Counts(above + 1, 1, 0, 0);
      Counts map = memory.countsOf(() -> domain.map(IOVA, PA, n * PAGE, Protection.READ_WRITE));
      assertEquals(n == 1 ? page : new Counts(above, 0, 0, 2), map, "map");
      Counts translate = memory.countsOf(() -> domain.iovaToPhys(IOVA));
      assertEquals(new Counts(above + 1, 0, 0, 0), translate, "translate");
      Counts unmap = memory.countsOf(() -> domain.unmap(IOVA, n * PAGE));
      // The first and the last item tell whether their leaves go beyond the run.
      assertEquals(n == 1 ? page : new Counts(above + 2, 0, 0, 2), unmap, "unmap");
      domain.close();
    }
  }
}
