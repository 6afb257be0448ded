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
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Protection;
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

  /** Every word with two bits at most, and with all but two: also such as no mapping writes. */
  private static List<Long> words() {
    List<Long> words = new ArrayList<>();
    for (int i = 0; i < Long.SIZE; i++) {
      for (int j = 0; j <= i; j++) {
        long bits = 1L << i | 1L << j;
        words.addAll(List.of(bits, ~bits));
      }
    }
    words.addAll(List.of(0L, -1L));
    return words;
  }

  @ParameterizedTest
  @MethodSource("formats")
  void everyWordIsCountedAsWhatItIs(PageTableFormat format) {
    for (int level = 0; level <= format.geometry().maxTopLevel(); level++) {
      for (long word : words()) {
        memory.write64(table, word);
        EntryType type = format.typeOf(word, level);
        String what = "%s: %#x at level %d".formatted(format.definition().name(), word, level);
        assertEquals(
            type == EntryType.LEAF ? 1 : 0, format.leafItems(memory, table, level, 0, 1), what);
        assertEquals(
            type == EntryType.EMPTY ? 1 : 0, format.emptyItems(memory, table, level, 0, 1), what);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void everyLeafOfARunIsWhatItIsAlone(PageTableFormat format) {
    long attributes = format.attributesFor(Protection.READ_WRITE);
    for (int level = 0; level < format.geometry().maxTopLevel(); level++) {
      int size = format.itemSizeLg2(level);
      if ((format.possibleSizes(level) >>> size & 1) != 0) {
        format.installLeaves(memory, table, level, 0, LEAVES, 1L << size, size, attributes);
        for (int i = 0; i < LEAVES; i++) {
          assertEquals(
              format.leafWord((long) (i + 1) << size, size, level, attributes),
              format.load(memory, table, i));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void noLeafHasAsManyItemsAsATable(PageTableFormat format) {
    for (int level = 0; level <= format.geometry().maxTopLevel(); level++) {
      for (long word : words()) {
        assertTrue(
            format.contigLg2(word, level) < format.itemsLg2(level),
            "%s: %#x at level %d".formatted(format.definition().name(), word, level));
      }
    }
  }
}
