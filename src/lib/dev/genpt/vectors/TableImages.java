package dev.genpt.vectors;

import dev.genpt.bits.Log2;
import dev.genpt.table.EntryType;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Table images of a page table in memory, and what an image says of an address. */
final class TableImages {
  private final TableView table;

  TableImages(TableView table) {
    this.table = table;
  }

  /** The table that the images are of. */
  TableView table() {
    return table;
  }

  /** The table as it is now. */
  TableImage read() {
    return read(table.root(), table.topLevel());
  }

  private TableImage read(long at, int level) {
    NavigableMap<Integer, TableImage.Item> image = new TreeMap<>();
    int items = table.items(level);
    for (int index = 0; index < items; index++) {
      long word = table.load(at, index);
      switch (table.typeOf(word, level)) {
        case EMPTY -> {}
        case LEAF -> image.put(index, new TableImage.Leaf(word));
        case TABLE -> {
          TableImage child = read(table.tableAddress(word, level), level - 1);
          long attributes = word & ~table.addressBits(word, level);
          image.put(index, new TableImage.Pointer(attributes, child));
        }
      }
    }
    return new TableImage(level, image);
  }

  /** Whether {@code image} maps {@code iova}. */
  boolean maps(TableImage image, long iova) {
    int level = image.level();
    TableImage at = image;
    long below = Log2.mod(iova, table.widthLg2());
    while (true) {
      int itemSize = table.itemSizeLg2(level);
      TableImage.@Nullable Item item = at.items().get((int) (below >>> itemSize));
      if (!(item instanceof TableImage.Pointer pointer)) {
        return item != null;
      }
      at = pointer.child();
      below = Log2.mod(below, itemSize);
      level--;
    }
  }

  /**
   * The word of the item that {@code path}, one index a level from the root down, leads to.
   *
   * @param path leads through tables that are there
   */
  PlacedWord wordAt(List<Integer> path) {
    long at = table.root();
    int level = table.topLevel();
    long iova = 0;
    Iterator<Integer> indexes = path.iterator();
    while (true) {
      int index = indexes.next();
      iova += (long) index << table.itemSizeLg2(level);
      long word = table.load(at, index);
      if (!indexes.hasNext()) {
        long pa = at + ((long) index << table.wordLg2());
        return new PlacedWord(level, index, table.canonical(iova), pa, word);
      }
      at = table.tableAddress(word, level);
      level--;
    }
  }

  /** {@code attributes} with the table address of {@code word}, if that is a pointer. */
  long withAddressOf(long word, long attributes, int level) {
    return table.typeOf(word, level) == EntryType.TABLE
        ? attributes | (word & table.addressBits(word, level))
        : attributes;
  }

  /**
   * A word with its place.
   *
   * @param level level of its table
   * @param index its index there
   * @param iova first input address that it stands for
   * @param pa its physical address
   * @param word the word
   */
  record PlacedWord(int level, int index, long iova, long pa, long word) {}
}
