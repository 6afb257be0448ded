package dev.genpt.inspect;

import dev.genpt.table.PageTable;
import java.util.List;

/**
 * A whole page table as it was read: every table with its items, runs of like items folded into one
 * row.
 *
 * <p>The read is a checked walk. It meets every table once (a pointer to a table that was met
 * before is a flaw), and an entry that is wrong becomes a row and is not followed. Addresses are
 * physical for tables, input addresses for rows. Immutable; it does not follow later changes.
 *
 * @param format the format's name
 * @param widthLg2 input address bits that the root decodes
 * @param wordBits width of an item, 64 or 32
 * @param root the root table
 * @param tables how many tables there are
 * @param flaws how many rows are a {@link FlawRun}
 */
public record TableTree(
    String format, int widthLg2, int wordBits, Table root, int tables, int flaws) {

  /**
   * One table.
   *
   * @param level its level
   * @param address its physical address
   * @param items how many items it has
   * @param rows its items in order, folded
   */
  public record Table(int level, long address, int items, List<Row> rows) {
    /** Copies the list. */
    public Table {
      rows = List.copyOf(rows);
    }
  }

  /** One or more neighbouring items of a table. */
  public sealed interface Row {
    /** Index of the first item. */
    int firstIndex();

    /** How many items. */
    int items();

    /** Input address of the first item. */
    long iova();
  }

  /** Items that hold nothing. */
  public record EmptyRun(int firstIndex, int items, long iova) implements Row {}

  /**
   * Leaves of one size and one set of attributes whose output addresses grow by one step.
   *
   * @param leaves how many leaves; each may take several items
   * @param sizeLg2 bytes of each, lg2
   * @param outputAddress output address of the first
   * @param outputStep from one output address to the next: the size, or 0 if all go to the same
   *     place; the size for a single leaf
   * @param protection what they allow, as {@link dev.genpt.table.Protection} bits
   * @param attributes the format's attribute bits of each
   * @param written how many of the leaves record a write of the device
   * @param word the first item's word
   * @param unknownBits bits of it that are set though the format gives them no name
   */
  public record LeafRun(
      int firstIndex,
      int items,
      long iova,
      long leaves,
      int sizeLg2,
      long outputAddress,
      long outputStep,
      int protection,
      long attributes,
      long written,
      long word,
      long unknownBits)
      implements Row {}

  /**
   * A pointer to a table.
   *
   * @param word the item's word
   * @param unknownBits bits of it that are set though the format gives them no name
   */
  public record Pointer(int firstIndex, long iova, long word, long unknownBits, Table table)
      implements Row {
    @Override
    public int items() {
      return 1;
    }
  }

  /**
   * Pointers to tables that are full of leaves which carry on from one table to the next.
   *
   * @param table the first of the tables
   * @param leaves the leaves of all of them as one run; its index and items are those within the
   *     tables of the leaves
   */
  public record FoldedPointers(int firstIndex, int items, long iova, Table table, LeafRun leaves)
      implements Row {}

  /**
   * Items that hardware would not take, all for the same reason.
   *
   * @param word the first item's word
   * @param reason why, in a few words
   */
  public record FlawRun(int firstIndex, int items, long iova, long word, String reason)
      implements Row {}

  /** Reads all of {@code table} as it is now. */
  public static TableTree read(PageTable table) {
    return new TreeReader(table).read();
  }
}
