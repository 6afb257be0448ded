package dev.genpt.table;

import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;

/**
 * A slice of the input addresses of one page table, with the root as it was when the slice was made
 * (upstream: {@code pt_range}).
 *
 * <p>Both bounds are inclusive, so that no end ever needs 65 bits. While a walk is under way {@link
 * #va} follows it, {@link #lastVa} stays.
 *
 * <p>Not thread-safe: it belongs to one walk. Source of the rules: upstream {@code pt_iter.h}.
 */
public final class Range {
  private PageTable pageTable;
  private Root root;
  private int widthLg2;
  private long va;
  private long lastVa;

  /** An empty slice at address 0 of the current top; to be set by {@link #set}. */
  public Range(PageTable pageTable) {
    this.pageTable = pageTable;
    root = pageTable.root();
    widthLg2 = pageTable.widthLg2(root.level());
  }

  /** The whole table, or its lower half where addresses are sign extended. */
  public static Range top(PageTable pageTable) {
    return ofTop(pageTable, pageTable.root());
  }

  /** As {@link #top(PageTable)} for any root, which may be hypothetical. */
  public static Range ofTop(PageTable pageTable, Root root) {
    int width = pageTable.widthLg2(root.level());
    int span = pageTable.has(Feature.SIGN_EXTEND) ? width - 1 : width;
    long prefix = pageTable.format().vaPrefix();
    return new Range(pageTable)
        .set(pageTable, root, Log2.setMod(prefix, 0, span), Log2.setModMax(prefix, span));
  }

  /** The whole table, or its upper half where addresses are sign extended. */
  public static Range upper(PageTable pageTable) {
    Range range = top(pageTable);
    if (pageTable.has(Feature.SIGN_EXTEND)) {
      range.va = Log2.setMod(-1L, 0, range.widthLg2 - 1);
      range.lastVa = -1L;
    }
    return range;
  }

  /**
   * Every item of the table. Where addresses are sign extended the slice pretends to be linear: its
   * indexes are right, its addresses are not.
   */
  public static Range all(PageTable pageTable) {
    Range range = top(pageTable);
    if (pageTable.has(Feature.SIGN_EXTEND)) {
      range.va = 0;
      range.lastVa = Log2.toMax(range.widthLg2);
    }
    return range;
  }

  /**
   * Any slice.
   *
   * @param va first address
   * @param lastVa last address, inclusive
   * @throws IommuException ERANGE if it is not wholly inside the table
   */
  public static Range of(PageTable pageTable, long va, long lastVa) {
    Range range = new Range(pageTable).set(pageTable, pageTable.root(), va, lastVa);
    range.check();
    return range;
  }

  /** Makes this the slice {@code [va, lastVa]} below the given root, unchecked; returns itself. */
  public Range set(PageTable table, Root newRoot, long firstVa, long last) {
    pageTable = table;
    root = newRoot;
    widthLg2 = table.widthLg2(newRoot.level());
    va = firstVa;
    lastVa = last;
    return this;
  }

  /** The same root with other bounds, unchecked. */
  public Range child(long firstVa, long last) {
    return new Range(pageTable).set(pageTable, root, firstVa, last);
  }

  /**
   * True if both ends are addresses that this top decodes and, where addresses are sign extended,
   * lie in the same half.
   */
  public boolean isValid() {
    return root.top().decodes(va, lastVa);
  }

  /**
   * Checks {@link #isValid}.
   *
   * @throws IommuException ERANGE if it is not
   */
  public void check() {
    if (!isValid()) {
      throw new IommuException(
          Errno.ERANGE,
          va,
          0,
          "input addresses [%#x, %#x] are not inside this table of %d address bits%s"
              .formatted(
                  va,
                  lastVa,
                  widthLg2,
                  pageTable.has(Feature.SIGN_EXTEND) ? ", sign extended" : ""));
    }
  }

  /** The page table that this is a slice of. */
  public PageTable pageTable() {
    return pageTable;
  }

  /** Physical address of the root. */
  public long root() {
    return root.address();
  }

  /** Level of the root. */
  public int topLevel() {
    return root.level();
  }

  /** Input address bits that the root decodes. */
  public int widthLg2() {
    return widthLg2;
  }

  /** First address, or where the walk stands. */
  public long va() {
    return va;
  }

  /** Moves the walk to {@code newVa}. */
  public void moveTo(long newVa) {
    va = newVa;
  }

  /** Last address, inclusive. */
  public long lastVa() {
    return lastVa;
  }

  /** The tables of {@code level} below this root; of its own level, the root. */
  TableLevel level(int level) {
    return level == root.level() ? root.top() : pageTable.level(level);
  }

  /** Index of {@code va} in the table that covers it at {@code level}. */
  public int startIndex(int level) {
    return level(level).index(va);
  }

  /**
   * One past the index of the last item of this slice in the table that covers {@code va} there.
   */
  public int endIndex(int level) {
    TableLevel tables = level(level);
    return tables.isOneTable(va, lastVa) ? tables.index(lastVa) + 1 : 1 << tables.itemsLg2();
  }

  /**
   * True if what is left of this slice covers all of the block of 2^{@code sizeLg2} that holds
   * {@code va}.
   */
  public boolean coversBlock(int sizeLg2) {
    return Log2.isAligned(va, sizeLg2)
        && (!Log2.divEqual(va, lastVa, sizeLg2) || Log2.modEqualsMax(lastVa, sizeLg2));
  }
}
