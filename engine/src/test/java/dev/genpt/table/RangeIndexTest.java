package dev.genpt.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.fixture.Machine;
import dev.genpt.iommu.IommuDomain;
import org.junit.jupiter.api.Test;

/** Which items of each table a slice touches; upstream's examples on a table of six levels. */
final class RangeIndexTest {
  private static final long PAGE = 0x1000;

  private final PageTable table = sixLevels();

  private static PageTable sixLevels() {
    IommuDomain domain = new Machine().amdv1();
    domain.map(-PAGE, 0, PAGE, Protection.READ_WRITE);
    return domain.pageTable();
  }

  private static void assertItems(Range range, int level, int start, int end) {
    assertEquals(start, range.startIndex(level), "first item of level " + level);
    assertEquals(end, range.endIndex(level), "end of level " + level);
  }

  @Test
  void aSliceThatCrossesTwoTables() {
    Range range = Range.of(table, 0x3ffe3000L, 0x40012fffL);
    assertItems(range, 5, 0, 1);
    assertItems(range, 4, 0, 1);
    assertItems(range, 3, 0, 1);
    assertItems(range, 2, 0, 2);
    assertItems(range, 1, 511, 512);
    assertItems(range, 0, 483, 512);
    range.moveTo(0x4000_0000L);
    assertItems(range, 1, 0, 1);
    assertItems(range, 0, 0, 19);
  }

  @Test
  void theTopOfTheSpace() {
    Range range = Range.of(table, -PAGE, -1);
    assertItems(range, 5, 127, 128);
    for (int level = 0; level <= 4; level++) {
      assertItems(range, level, 511, 512);
    }
  }

  @Test
  void oneByte() {
    Range range = Range.of(table, 0x40_2030_1fffL, 0x40_2030_1fffL);
    assertItems(range, 5, 0, 1);
    assertItems(range, 2, 256, 257);
    assertItems(range, 1, 257, 258);
    assertItems(range, 0, 257, 258);
  }

  @Test
  void aWholeTableOfTheLevelBelow() {
    Range range = Range.of(table, 0x4000_0000L, 0x7fff_ffffL);
    assertItems(range, 2, 1, 2);
    assertItems(range, 1, 0, 512);
    assertItems(range, 0, 0, 512);
  }

  @Test
  void aSmallTopIsIndexedByItsWidth() {
    PageTable small = new Machine().amdv1().pageTable();
    assertItems(Range.of(small, 0x7f_ffff_f000L, 0x7f_ffff_ffffL), 2, 511, 512);
  }
}
