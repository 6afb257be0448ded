package dev.genpt.toy;

/**
 * What a toy table must do, said plainly: an array of pages and two sets of tables. It shares
 * nothing with the engine but the rules.
 *
 * <p>Leaves start at multiples of their size, so a page's leaf is known by its size alone.
 */
final class ToyModel {
  /** The answer of {@link #map} when a leaf is in the way. */
  static final int IN_USE = -1;

  private static final int[] SIZES = {16, 8, 4, 2, 1};

  /** Pages of the leaf that covers each page, 0 for none. */
  private final byte[] leafPages = new byte[ToyFormat.PAGES];

  /** Which mapping each page belongs to. */
  private final byte[] mapping = new byte[ToyFormat.PAGES];

  /** Bit n: there is a table for pages 16n to 16n + 15. */
  private int tablesOf16;

  /** Bit n: there is a table for pages 4n to 4n + 3. */
  private int tablesOf4;

  /** Makes this a copy of {@code other}. */
  void copyFrom(ToyModel other) {
    System.arraycopy(other.leafPages, 0, leafPages, 0, leafPages.length);
    System.arraycopy(other.mapping, 0, mapping, 0, mapping.length);
    tablesOf16 = other.tablesOf16;
    tablesOf4 = other.tablesOf4;
  }

  /** Carries out one operation as number {@code step}; what the domain must answer, in pages. */
  int apply(ToyOperation operation, int step) {
    return operation.isMap()
        ? map(operation.first(), operation.pages(), step)
        : unmap(operation.first(), operation.pages());
  }

  /** Which mapping a page belongs to, or -1. */
  int mappingOf(int page) {
    return leafPages[page] == 0 ? -1 : mapping[page];
  }

  /** Pages of the leaf that covers a page, 0 for none. */
  int leafPagesOf(int page) {
    return leafPages[page];
  }

  /** Tables in use, the root among them. */
  int tables() {
    return 1 + Integer.bitCount(tablesOf16) + Integer.bitCount(tablesOf4);
  }

  /** All or nothing; 0 or IN_USE. */
  private int map(int first, int pages, int step) {
    int end = first + pages;
    int page = first;
    while (page < end) {
      int size = bestSize(page, end - page);
      if (!lay(page, size, step)) {
        if (page > first) {
          unmap(first, page - first);
        }
        return IN_USE;
      }
      page += size;
    }
    return 0;
  }

  private static int bestSize(int page, int left) {
    for (int size : SIZES) {
      if (page % size == 0 && size <= left) {
        return size;
      }
    }
    throw new IllegalArgumentException("nothing left to map");
  }

  /**
   * Lays one leaf; tables in its place go if they are empty, one item of the leaf after the other.
   */
  private boolean lay(int page, int size, int step) {
    int itemPages = size == 16 ? 16 : size >= 4 ? 4 : 1;
    if (leafPages[page] > (itemPages == 1 ? 2 : 8)) {
      return false; // a larger leaf stands where a table would have to be
    }
    if (size < 16) {
      tablesOf16 |= bit(page / 16);
    }
    if (size < 4) {
      tablesOf4 |= bit(page / 4);
    }
    for (int item = page; item < page + size; item += itemPages) {
      if (countMapped(item, itemPages) > 0) {
        return false;
      }
      if (itemPages > 1) {
        dropTables(item, itemPages);
      }
    }
    for (int i = page; i < page + size; i++) {
      leafPages[i] = (byte) size;
      mapping[i] = (byte) step;
    }
    return true;
  }

  private int countMapped(int first, int pages) {
    int mapped = 0;
    for (int page = first; page < first + pages; page++) {
      mapped += leafPages[page] != 0 ? 1 : 0;
    }
    return mapped;
  }

  /** Drops the tables that stand for part of {@code pages} pages. */
  private void dropTables(int first, int pages) {
    if (pages == 16) {
      tablesOf16 &= ~bit(first / 16);
    }
    for (int page = first; page < first + pages; page += 4) {
      tablesOf4 &= ~bit(page / 4);
    }
  }

  /** Pages unmapped. */
  private int unmap(int first, int pages) {
    int page = first;
    while (page < first + pages) {
      int size = leafPages[page];
      if (size == 0 || page % size != 0) {
        break;
      }
      for (int i = page; i < page + size; i++) {
        leafPages[i] = 0;
      }
      page += size;
    }
    int end = Math.min(page, first + pages);
    tablesOf4 &= ~covered(first, end, 4);
    tablesOf16 &= ~covered(first, end, 16);
    return page - first;
  }

  /** Bit n: the tables of {@code span} pages of which all was asked for and all was unmapped. */
  private static int covered(int first, int end, int span) {
    int tables = 0;
    for (int start = 0; start < ToyFormat.PAGES; start += span) {
      tables |= first <= start && start + span <= end ? bit(start / span) : 0;
    }
    return tables;
  }

  private static int bit(int n) {
    return 1 << n;
  }
}
