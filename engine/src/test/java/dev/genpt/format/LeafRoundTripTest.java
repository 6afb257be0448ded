package dev.genpt.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.bits.Log2;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.EntryType;
import dev.genpt.table.Feature;
import dev.genpt.table.FormatConfig;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.Geometry;
import dev.genpt.table.LeafTemplate;
import dev.genpt.table.PageTable;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Protection;
import dev.genpt.table.TableLevel;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every leaf size of every format on every level, written to a table and read from each item. */
final class LeafRoundTripTest {
  /** Room for the largest table of any format. */
  private static final int TABLE_LG2 = 16;

  private static final long TEST_OA = 0x74a7_1445_dead_beefL;

  private final PhysicalMemory memory = PhysicalMemory.ofMebibytes(2);
  private final PageAllocator pages = new PageAllocator(memory);
  private final long table = pages.allocate(pages.newOwner("table"), TABLE_LG2);

  static Stream<PageTableFormat> formats() {
    return Formats.all().stream()
        .flatMap(definition ->
            Stream.of(0, Feature.mask(definition.privateFeatures()))
                .map(features -> configured(definition, features)));
  }

  private static PageTableFormat configured(FormatDefinition definition, int features) {
    Geometry measures = definition.geometry();
    return definition.configure(
        new FormatConfig(
            features, measures.maxVaLg2(), measures.maxOaLg2(), measures.maxTopLevel(), 0));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void everyItemAnswersForItsLeaf(PageTableFormat format) {
    PageTable pageTable = pageTable(format);
    for (int level = 0; level <= format.geometry().maxTopLevel(); level++) {
      long possible = format.possibleSizes(level);
      for (int size = Log2.ffs(possible); size < Log2.fls(possible); size++) {
        if ((possible & Log2.toValue(size)) != 0) {
          for (long oa : List.of(TEST_OA, 0L, -1L)) {
            checkLeaf(pageTable, level, size, aligned(format, oa, size));
          }
        }
      }
    }
  }

  private PageTable pageTable(PageTableFormat format) {
    return new PageTable(format, memory, 0, format.maxOaLg2());
  }

  private static long aligned(PageTableFormat format, long oa, int size) {
    return Log2.alignDown(Log2.mod(oa, format.maxOaLg2()), size);
  }

  private void checkLeaf(PageTable pageTable, int level, int size, long oa) {
    PageTableFormat format = pageTable.format();
    LeafTemplate template = pageTable.template(Protection.READ_WRITE);
    int contig = size - format.itemSizeLg2(level);
    int items = 1 << contig;
    int end = 1 << format.itemsLg2(level);
    int index = end - items;
    TableLevel run = pageTable.level(level);
    run.installLeaves(table, index, 1, oa, size, template);
    assertEquals(items, run.leafItems(table, index, end));
    for (int i = index; i < end; i++) {
      long word = format.load(memory, table, i);
      assertEquals(EntryType.LEAF, format.typeOf(word, level));
      assertEquals(contig, format.contigLg2(word, level));
      assertEquals(oa, format.entryOa(word, level));
      long offset = (long) (i - index) << format.itemSizeLg2(level);
      assertEquals(oa | offset, format.itemOa(word, level, i));
      assertTrue(format.flawOf(word, level).isEmpty());
      assertEquals(
          word,
          format.leafWord(oa, size, level, format.attributesOf(word, level))
              + (i - index) * format.itemStep(size, level),
          "written again");
      if (format.supportsDirty()) {
        checkDirty(format, index, i, contig);
      }
    }
    format.clear(memory, table, index, items);
    assertEquals(end, run.emptyItems(table, 0, end));
  }

  private void checkDirty(PageTableFormat format, int first, int item, int contig) {
    assertFalse(format.isEntryDirty(memory, table, first, contig));
    assertTrue(format.makeItemDirty(memory, table, item, format.load(memory, table, item)));
    assertTrue(format.isEntryDirty(memory, table, first, contig));
    format.makeEntryClean(memory, table, first, contig);
    assertFalse(format.isEntryDirty(memory, table, first, contig));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void everySizeBelongsToOneLevel(PageTableFormat format) {
    long seen = 0;
    for (int level = 0; level <= format.geometry().maxTopLevel(); level++) {
      long possible = format.possibleSizes(level);
      assertEquals(0, seen & possible);
      seen |= possible;
      for (int size = 0; size < 64; size++) {
        if ((possible >>> size & 1) == 1) {
          assertEquals(level, pageTable(format).levelOfSize(size));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void runsOfLeavesAreLaidOneAfterTheOther(PageTableFormat format) {
    int granule = format.geometry().granuleLg2();
    PageTable pageTable = pageTable(format);
    LeafTemplate template = pageTable.template(Protection.READ_WRITE);
    for (int contig : new int[] {0, 1, 3}) {
      int size = granule + contig;
      if ((format.possibleSizes(0) & Log2.toValue(size)) == 0) {
        continue;
      }
      TableLevel level = pageTable.level(0);
      level.installLeaves(table, 64, 5, 0x40000L << contig, size, template);
      for (int leaf = 0; leaf < 5; leaf++) {
        long word = format.load(memory, table, 64 + (leaf << contig));
        assertEquals((0x40000L << contig) + ((long) leaf << size), format.entryOa(word, 0));
      }
      assertEquals(64, level.emptyItems(table, 0, 512));
      assertEquals(5 << contig, level.leafItems(table, 64, 512));
      format.clear(memory, table, 64, 5 << contig);
    }
  }
}
