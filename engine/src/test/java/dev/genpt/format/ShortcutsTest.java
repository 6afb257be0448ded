package dev.genpt.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs of items are what the words in them are, whatever shortcut a format takes. */
final class ShortcutsTest {
  private static final int PAGE_LG2 = 12;
  private static final int LEAVES = 5;

  private final PhysicalMemory memory = PhysicalMemory.ofMebibytes(2);
  private final PageAllocator pages = new PageAllocator(memory);
  private final long table = pages.allocate(pages.newOwner("table"), PAGE_LG2);

  static Stream<PageTableFormat> formats() {
    return Formats.all().stream().map(ShortcutsTest::configured);
  }

  private static PageTableFormat configured(FormatDefinition definition) {
    Geometry geometry = definition.geometry();
    int all = Feature.mask(definition.privateFeatures());
    return definition.configure(
        new FormatConfig(
            all, geometry.maxVaLg2(), geometry.maxOaLg2(), geometry.maxTopLevel(), 1L << 47));
  }

  /** Nothing, all, a pointer and a leaf, and each with two bits changed: no mapping writes most. */
  private static List<Long> words(PageTableFormat format, int level) {
    int size = format.itemSizeLg2(level);
    long attributes = format.attributesFor(Protection.READ_WRITE);
    long leaf = format.leafWord(1L << size, size, level, attributes);
    List<Long> words = new ArrayList<>();
    for (long word : new long[] {0, -1, format.tableWord(1L << 40, level), leaf}) {
      words.add(word);
      for (int i = 0; i < Long.SIZE; i++) {
        for (int j = 0; j <= i; j++) {
          words.add(word ^ (1L << i | 1L << j));
        }
      }
    }
    return words;
  }

  private PageTable pageTable(PageTableFormat format) {
    return new PageTable(format, memory, 0, format.maxOaLg2());
  }

  @ParameterizedTest
  @MethodSource("formats")
  void everyWordIsCountedAsWhatItIs(PageTableFormat format) {
    for (int level = 0; level <= format.geometry().maxTopLevel(); level++) {
      TableLevel run = pageTable(format).level(level);
      for (long word : words(format, level)) {
        memory.write64(table, word);
        memory.write64(table + Long.BYTES, word);
        EntryType type = format.typeOf(word, level);
        String what = "%s: %#x at level %d".formatted(format.definition().name(), word, level);
        assertEquals(type, run.typeOf(word), what);
        for (int items = 1; items <= 2; items++) {
          assertEquals(type == EntryType.LEAF ? items : 0, run.leafItems(table, 0, items), what);
          assertEquals(type == EntryType.EMPTY ? items : 0, run.emptyItems(table, 0, items), what);
        }
        if (type == EntryType.TABLE) {
          assertEquals(format.tableAddress(word, level), run.tableAddress(word), what);
        } else if (type == EntryType.LEAF) {
          assertEquals(format.entryOa(word, level), run.entryOa(word), what);
          assertEquals(format.contigLg2(word, level), run.contigLg2(word), what);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void everyLeafOfARunIsWhatItIsAlone(PageTableFormat format) {
    PageTable pageTable = pageTable(format);
    LeafTemplate template = pageTable.template(Protection.READ_WRITE);
    for (int level = 0; level < format.geometry().maxTopLevel(); level++) {
      int size = format.itemSizeLg2(level);
      if ((format.possibleSizes(level) >>> size & 1) != 0) {
        TableLevel run = pageTable.level(level);
        run.installLeaves(table, 0, LEAVES, 1L << size, size, template);
        for (int i = 0; i < LEAVES; i++) {
          long oa = (long) (i + 1) << size;
          long word = format.leafWord(oa, size, level, template.attributes());
          assertEquals(word, format.load(memory, table, i));
          assertEquals(word, run.leafWord(oa, template));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void noLeafHasAsManyItemsAsATable(PageTableFormat format) {
    for (int level = 0; level <= format.geometry().maxTopLevel(); level++) {
      for (long word : words(format, level)) {
        assertTrue(
            format.contigLg2(word, level) < format.itemsLg2(level),
            "%s: %#x at level %d".formatted(format.definition().name(), word, level));
      }
    }
  }
}
