package dev.genpt.inspect;

import dev.genpt.table.PageTable;
import java.util.List;

/**
 * A whole page table as it was read: every table with its items, runs of like items folded into one
 * row. Folding loses nothing: the rows tell every word of every table.
 *
 * <pre>{@code
 * TableTree tree = TableTree.read(domain.pageTable());
 * System.out.print(TextView.plain().tree(tree));
 * }</pre>
 *
 * <p>The read is a checked walk. It meets every table once (a pointer to a table that was met
 * before is a flaw), and an entry that is wrong becomes a row and is not followed. Addresses are
 * physical for tables, input addresses for rows. Immutable: it does not follow later changes, and
 * any thread may use it.
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
  /** The rows of a tree that text and pictures show; of more they tell the number. */
  public static final int SHOWN_ROWS = 400;

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

  /**
   * Items that hold nothing.
   *
   * @param word the word of each: 0, or one whose other bits mean nothing
   */
  public record EmptyRun(int firstIndex, int items, long iova, long word) implements Row {}

  /**
   * Leaves that are alike in all but the output address, which grows by one step.
   *
   * <p>The word of each is the format's leaf word of its address, size and attributes, with {@code
   * otherBits} inverted; of the items of one leaf, some may lack the mark of a write or of a use.
   *
   * @param leaves how many leaves; each may take several items
   * @param sizeLg2 bytes of each, lg2
   * @param outputAddress output address of the first
   * @param outputStep from one output address to the next: the size, or 0 if all go to the same
   *     place; the size for a single leaf
   * @param protection what they allow, as {@link dev.genpt.table.Protection} bits
   * @param attributes the format's attribute bits of each
   * @param written true if each of them records a write of the device, in one of its items at least
   * @param otherBits how each word differs from that of a leaf just installed: written, for
   *     software, unknown
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
      boolean written,
      long otherBits,
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
   * @param pointers the pointers, each with its table
   * @param leaves the leaves of all of them as one run; its index and items are those within the
   *     tables of the leaves
   */
  public record FoldedPointers(List<Pointer> pointers, LeafRun leaves) implements Row {
    /** Copies the list. */
    public FoldedPointers {
      pointers = List.copyOf(pointers);
    }

    @Override
    public int firstIndex() {
      return pointers.getFirst().firstIndex();
    }

    @Override
    public int items() {
      return pointers.size();
    }

    @Override
    public long iova() {
      return pointers.getFirst().iova();
    }
  }

  /**
   * Items of one word that hardware would not take, or that lead nowhere.
   *
   * @param word the word of each
   * @param reason why, in a few words
   */
  public record FlawRun(int firstIndex, int items, long iova, long word, String reason)
      implements Row {}

  /**
   * Reads all of {@code table} as it is now, whatever its memory holds: at most one read of every
   * item of RAM a level. Other threads may change the table meanwhile.
   */
  public static TableTree read(PageTable table) {
    return new TreeReader(table).read();
  }
}
