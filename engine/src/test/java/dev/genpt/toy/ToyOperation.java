package dev.genpt.toy;

import java.util.ArrayList;
import java.util.List;

/**
 * A map or an unmap of a run of pages of the toy table.
 *
 * @param isMap true to map, false to unmap
 * @param first the first page, 0..63
 * @param pages how many, at least 1
 */
record ToyOperation(boolean isMap, int first, int pages) {
  private static final int[] PAGES_OF_SIZE = {1, 2, 4, 8, 16};

  /** Map and unmap of every aligned block of every page size. */
  static List<ToyOperation> ofAlignedBlocks() {
    List<ToyOperation> operations = new ArrayList<>();
    for (int pages : PAGES_OF_SIZE) {
      for (int first = 0; first < ToyFormat.PAGES; first += pages) {
        operations.add(new ToyOperation(true, first, pages));
        operations.add(new ToyOperation(false, first, pages));
      }
    }
    return operations;
  }

  /** Every run of pages, mapped or unmapped. */
  static List<ToyOperation> ofAllRanges(boolean isMap) {
    List<ToyOperation> operations = new ArrayList<>();
    for (int first = 0; first < ToyFormat.PAGES; first++) {
      for (int pages = 1; first + pages <= ToyFormat.PAGES; pages++) {
        operations.add(new ToyOperation(isMap, first, pages));
      }
    }
    return operations;
  }

  @Override
  public String toString() {
    return "%s [%d, %d)".formatted(isMap ? "map" : "unmap", first, first + pages);
  }
}
