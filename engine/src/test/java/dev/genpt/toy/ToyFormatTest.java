package dev.genpt.toy;

import static dev.genpt.fixture.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.error.Errno;
import dev.genpt.fixture.Machine;
import dev.genpt.iommu.DirtyRecorder;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.iommu.Translation;
import dev.genpt.table.EntryType;
import dev.genpt.table.FormatConfig;
import dev.genpt.table.IotlbGather;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Protection;
import org.junit.jupiter.api.Test;

/** The words and measures of the toy format, and one of its tables at work. */
final class ToyFormatTest {
  private final PageTableFormat format =
      ToyFormat.DEFINITION.configure(new FormatConfig(0, 18, 52, 0, 0));
  private final Machine machine = new Machine(1);
  private final IommuDomain domain = machine.domain(ToyFormat.DEFINITION, config -> config);

  @Test
  void threeLevelsOfFourEntries() {
    assertEquals(2, domain.topLevel());
    assertEquals(0x3ffff, domain.lastVa());
    for (int level = 0; level <= 2; level++) {
      assertEquals(2, format.itemsLg2(level));
      assertEquals(12 + 2 * level, format.itemSizeLg2(level));
    }
  }

  @Test
  void pageSizesMake124Blocks() {
    assertEquals(0x1f000, domain.pageSizeBitmap());
    int blocks = 0;
    for (int size = 12; size <= 16; size++) {
      assertEquals((size - 12) / 2, domain.pageTable().levelOfSize(size));
      blocks += 1 << (18 - size);
    }
    assertEquals(124, blocks);
  }

  @Test
  void words() {
    long attributes = format.attributesFor(Protection.READ_WRITE);
    assertEquals(0x1234500dL, format.leafWord(0x12345000, 12, 0, attributes));
    assertEquals(0x1234600dL | 0x10, format.leafWord(0x12346000, 13, 0, attributes));
    assertEquals(0x12345003L, format.tableWord(0x12345000, 1));
    assertEquals(0x0005L, format.leafWord(0, 16, 2, format.attributesFor(Protection.READ)));
  }

  @Test
  void wordsReadBack() {
    long leaf = format.leafWord(0x8000, 15, 1, format.attributesFor(Protection.WRITE));
    assertEquals(EntryType.LEAF, format.typeOf(leaf, 1));
    assertEquals(1, format.contigLg2(leaf, 1));
    assertEquals(0x8000, format.entryOa(leaf, 1));
    assertEquals(0xc000, format.itemOa(leaf, 1, 3));
    assertEquals(Protection.WRITE, format.protectionOf(leaf, 1));
    long table = format.tableWord(0x7000, 2);
    assertEquals(EntryType.TABLE, format.typeOf(table, 2));
    assertEquals(EntryType.LEAF, format.typeOf(table, 0), "level 0 holds no tables");
    assertEquals(0x7000, format.tableAddress(table, 2));
    assertEquals(EntryType.EMPTY, format.typeOf(0, 0));
    assertTrue(format.isDirty(format.dirtied(leaf)));
    assertFalse(format.isDirty(format.cleaned(format.dirtied(leaf))));
  }

  @Test
  void oneMapOfLeavesOfEverySize() {
    domain.map(0x1000, 0x101000, 0x27000, Protection.READ_WRITE);
    int[] pagesAndSizes = {1, 12, 2, 13, 4, 14, 8, 15, 16, 16, 32, 15};
    for (int i = 0; i < pagesAndSizes.length; i += 2) {
      long iova = (long) pagesAndSizes[i] << 12;
      Translation.Mapped mapped = (Translation.Mapped) domain.translate(iova);
      assertEquals(0x100000 + iova, mapped.oa());
      assertEquals(pagesAndSizes[i + 1], mapped.pageSizeLg2());
    }
    assertEquals(4, Machine.tablesOf(domain));
    assertRefused(Errno.ERANGE, () -> domain.map(0x40000, 0, 0x1000, Protection.READ));
    assertEquals(0x27000, domain.unmap(0x1000, 0x27000));
    machine.closeAndCheck(domain);
  }

  @Test
  void dirtyLeaves() {
    domain.map(0x8000, 0x8000, 0x8000, Protection.READ_WRITE);
    domain.setDirty(0xc123);
    long[] seen = new long[2];
    DirtyRecorder recorder =
        (iova, length) -> {
          seen[0] = iova;
          seen[1] = length;
        };
    domain.readAndClearDirty(0, 0x40000, true, recorder, new IotlbGather());
    assertEquals(0x8000, seen[0]);
    assertEquals(0x8000, seen[1]);
    machine.closeAndCheck(domain);
  }
}
