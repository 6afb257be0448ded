package dev.genpt.inspect;

import dev.genpt.inspect.TableLeaves.Leaf;
import dev.genpt.table.PageTable;

/**
 * What a checked walk finds for one input address. {@link WalkTrace} tells the same step by step,
 * in sentences; this is for many addresses.
 */
public sealed interface TableLookup {
  /**
   * There is a leaf.
   *
   * @param outputAddress output address for exactly the input address
   * @param leaf the leaf, with the item that the walk read
   */
  record Mapped(long outputAddress, Leaf leaf) implements TableLookup {}

  /** The walk met an empty item. */
  record NotMapped(Item item) implements TableLookup {}

  /** The address is not one that the table decodes; nothing was read. */
  record OutOfRange() implements TableLookup {}

  /**
   * Table memory holds what it must not.
   *
   * @param level level of the table that was read, or should have been
   * @param reason what is wrong, in a few words
   */
  record Corrupt(int level, String reason) implements TableLookup {}

  /**
   * Follows {@code iova} through the table as it is now. Any address will do, and whatever table
   * memory holds; other threads may change the table meanwhile.
   */
  static TableLookup of(PageTable table, long iova) {
    return new CheckedWalk(table, iova).end();
  }
}
