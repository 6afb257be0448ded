package dev.genpt.inspect;

import dev.genpt.bits.Log2;
import dev.genpt.table.Feature;
import dev.genpt.table.PageTable;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Root;
import java.util.Optional;

/** The measures of one page table, with the root as it was when this was made. Immutable. */
final class TableShape {
  private final PageTable pageTable;
  private final PageTableFormat format;
  private final long root;
  private final int topLevel;
  private final int widthLg2;

  TableShape(PageTable pageTable) {
    this.pageTable = pageTable;
    format = pageTable.format();
    Root top = pageTable.root();
    root = top.address();
    topLevel = top.level();
    widthLg2 = pageTable.widthLg2(topLevel);
  }

  long root() {
    return root;
  }

  int topLevel() {
    return topLevel;
  }

  /** Input address bits that the root decodes. */
  int widthLg2() {
    return widthLg2;
  }

  /** Items of a table of {@code level}, lg2. */
  int itemsLg2(int level) {
    int most = pageTable.maxVaLg2() - format.itemSizeLg2(level);
    return level == topLevel
        ? pageTable.rootItemsLg2(level)
        : Math.min(format.itemsLg2(level), most);
  }

  /** The address as programs see it, of a sum of index parts below the width. */
  long addressOf(long indexed) {
    return pageTable.has(Feature.SIGN_EXTEND)
        ? Log2.signExtend(indexed, widthLg2)
        : Log2.setMod(format.vaPrefix(), indexed, widthLg2);
  }

  /** Why no table of {@code level} can lie at {@code table}, in a few words; empty if one can. */
  Optional<String> whyUnreadable(long table, int level) {
    int sizeLg2 = itemsLg2(level) + format.geometry().wordLg2();
    if (!Log2.isAligned(table, format.geometry().wordLg2())) {
      return Optional.of(
          "table address %#x is not a multiple of %d"
              .formatted(table, 1 << format.geometry().wordLg2()));
    }
    return pageTable.memory().isRam(table, Log2.toValue(sizeLg2))
        ? Optional.empty()
        : Optional.of("table address %#x is outside RAM".formatted(table));
  }
}
