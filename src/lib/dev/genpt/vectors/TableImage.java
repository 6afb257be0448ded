package dev.genpt.vectors;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A table and all below it, independent of where the tables lie.
 *
 * @param level its level
 * @param items its items by index, without the empty ones
 */
record TableImage(int level, NavigableMap<Integer, Item> items) {
  /** No table of any format has more items. */
  static final int MAX_ITEMS = 1 << 16;

  /** What stands in a table. */
  sealed interface Item {
    /** The word, for a pointer without its table-address bits. */
    long word();
  }

  /** A word that ends the walk. */
  record Leaf(long word) implements Item {}

  /**
   * A pointer.
   *
   * @param word the pointer without its table-address bits
   * @param child the table that it points to
   */
  record Pointer(long word, TableImage child) implements Item {}

  /** Keeps a copy. */
  TableImage {
    items = Collections.unmodifiableNavigableMap(new TreeMap<>(items));
  }
}
