package dev.genpt.table;

import dev.genpt.bits.Log2;
import dev.genpt.memory.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/**
 * One level of one page table: its measures, what its words mean, and the run functions, which work
 * on several items of one of its tables at once.
 *
 * <p>All of it is what the format says, laid out so that the operations ask a format nothing where
 * {@link WordMasks} tell as well.
 *
 * <p>Threads: immutable; for the run functions that write, the caller owns the items (see {@code
 * IommuDomain}).
 */
public final class TableLevel {
  private final PageTableFormat format;
  private final PhysicalMemory memory;
  private final int level;
  private final int itemSizeLg2;
  private final int itemsLg2;
  private final TableLevel below;
  private final long itemMask;
  private final long indexMask;
  private final int offsetShift;
  private final long offsetMask;
  private final long vaBias;
  private final long vaOutside;
  private final long vaPrefix;
  private final long vaHalf;
  private final long presentMask;
  private final long absent;
  private final long tableMask;
  private final long tableValue;
  private final long leafMask;
  private final long leafValue;
  private final long pageMask;
  private final long pageValue;
  private final long addressMask;
  private final int addressShift;
  private final int tableIndexShift;
  private final int tableIndexMask;
  private final long markedBits;

  /**
   * A level of a table whose widths are known.
   *
   * @param itemsLg2 items of one of its tables
   * @param below the next lower level; of level 0 nobody asks for it
   */
  TableLevel(PageTable pageTable, int level, int itemsLg2, @Nullable TableLevel below) {
    format = pageTable.format();
    memory = pageTable.memory();
    this.level = level;
    this.below = below != null ? below : this;
    itemSizeLg2 = format.itemSizeLg2(level);
    this.itemsLg2 = itemsLg2;
    int wordLg2 = format.geometry().wordLg2();
    itemMask = Log2.toMax(itemSizeLg2);
    indexMask = Log2.toMax(Math.max(0, itemsLg2));
    offsetShift = itemSizeLg2 - wordLg2;
    offsetMask = indexMask << wordLg2;
    boolean signExtended = pageTable.has(Feature.SIGN_EXTEND);
    int widthLg2 = pageTable.widthLg2(level);
    vaOutside = ~Log2.toMax(widthLg2);
    vaBias = signExtended ? Log2.toValue(widthLg2 - 1) : 0;
    vaPrefix = signExtended ? 0 : format.vaPrefix() & vaOutside;
    vaHalf = signExtended ? Long.MIN_VALUE : 0;
    WordMasks masks = format.masks(level);
    presentMask = masks.present();
    absent = presentMask != 0 ? 0 : -1;
    addressMask = masks.address();
    addressShift = masks.addressShift();
    tableIndexShift = addressShift - Log2.ffs(Long.BYTES);
    tableIndexMask = PhysicalMemory.wordIndex(Long.rotateLeft(addressMask, addressShift));
    markedBits = masks.marked();
    // A value outside its mask is never there.
    boolean tables = masks.table() != 0 && addressMask != 0;
    tableMask = tables ? masks.table() : 0;
    tableValue = tables ? masks.tableValue() : -1;
    leafMask = masks.leaf();
    leafValue = masks.leafValue();
    boolean pages = leafMask != 0 && addressMask != 0;
    pageMask = pages ? leafMask | masks.contig() | fieldOf(itemMask) : 0;
    pageValue = pages ? leafValue : -1;
  }

  // ---- Measures

  /** Bytes that one item stands for, lg2. */
  public int itemSizeLg2() {
    return itemSizeLg2;
  }

  /** Items of one table, lg2. */
  public int itemsLg2() {
    return itemsLg2;
  }

  /** Index of the item for {@code va} in its table. */
  public int index(long va) {
    return (int) (va >>> itemSizeLg2 & indexMask);
  }

  /** True if the item for {@code va} is that of {@code lastVa} too. */
  public boolean isOneItem(long va, long lastVa) {
    return (va ^ lastVa) >>> itemSizeLg2 == 0;
  }

  /** True if the table that has the item for {@code va} has that of {@code lastVa} too. */
  public boolean isOneTable(long va, long lastVa) {
    return Log2.divEqual(va, lastVa, itemsLg2 + itemSizeLg2);
  }

  /** First address of the item at {@code index} of the table that has the item for {@code va}. */
  public long itemStart(long va, int index) {
    long inTable = (indexMask << itemSizeLg2) | itemMask;
    return (va & ~inTable) | ((long) index << itemSizeLg2);
  }

  /** True if {@code [va, lastVa]}, of one item, is all that the item stands for. */
  public boolean isWholeItem(long va, long lastVa) {
    return lastVa - va == itemMask;
  }

  /** True if {@code va} is the first address that its item stands for. */
  public boolean isItemStart(long va) {
    return (va & itemMask) == 0;
  }

  /** Physical address of the item for {@code va} in {@code table}. */
  public long itemAddress(long table, long va) {
    return table + (va >>> offsetShift & offsetMask);
  }

  /** True if a root of this level decodes {@code va}. */
  public boolean decodes(long va) {
    return ((va + vaBias) & vaOutside) == vaPrefix;
  }

  /**
   * True if a root of this level decodes both ends of {@code [va, lastVa]}, and thus all of it;
   * where addresses are sign extended they lie in the same half.
   */
  public boolean decodes(long va, long lastVa) {
    return Long.compareUnsigned(va, lastVa) <= 0
        && decodes(va)
        && decodes(lastVa)
        && ((va ^ lastVa) & vaHalf) == 0;
  }

  /** The level of the tables that the entries of this one point to. */
  public TableLevel below() {
    return below;
  }

  /** Its number. */
  public int level() {
    return level;
  }

  // ---- Words, as in PageTableFormat

  /** What {@code word} means. */
  public EntryType typeOf(long word) {
    if (isTable(word)) {
      return EntryType.TABLE;
    }
    if (isPage(word)) {
      return EntryType.LEAF;
    }
    return (word & presentMask) == absent ? EntryType.EMPTY : format.typeOf(word, level);
  }

  /** Physical address of the table that a TABLE word points to. */
  public long tableAddress(long word) {
    return isTable(word) ? addressOf(word) : format.tableAddress(word, level);
  }

  /**
   * Index within its bank of the first word of the table that a TABLE word points to, as {@link
   * PhysicalMemory#wordIndex} of {@link #tableAddress}: two instructions between one read of a walk
   * and the next.
   */
  public int tableIndex(long word) {
    return isTable(word)
        ? (int) Long.rotateLeft(word, tableIndexShift) & tableIndexMask
        : PhysicalMemory.wordIndex(format.tableAddress(word, level));
  }

  /** Output address of the start of the entry that a LEAF word belongs to. */
  public long entryOa(long word) {
    return isPage(word) ? addressOf(word) : format.entryOa(word, level);
  }

  /** The output address for {@code va} by the LEAF word found for it. */
  public long exactOa(long word, long va) {
    return isPage(word)
        ? addressOf(word) | (va & itemMask)
        : format.entryOa(word, level) | Log2.mod(va, itemSizeLg2 + format.contigLg2(word, level));
  }

  /** Items of the entry that a LEAF word belongs to, lg2. */
  public int contigLg2(long word) {
    return isPage(word) ? 0 : format.contigLg2(word, level);
  }

  private boolean isTable(long word) {
    return (word & tableMask) == tableValue;
  }

  /** True for a LEAF of one item that the masks know. */
  private boolean isPage(long word) {
    return (word & pageMask) == pageValue;
  }

  private long addressOf(long word) {
    return Long.rotateLeft(word & addressMask, addressShift);
  }

  private long fieldOf(long address) {
    return Long.rotateRight(address, addressShift) & addressMask;
  }

  // ---- Runs of items

  /** How many items from {@code from} on are EMPTY, up to {@code to} (exclusive). */
  public int emptyItems(long table, int from, int to) {
    return to - from > 1
            && presentMask != 0
            && Words.allMatch(memory, table, from, to - from, presentMask, 0)
        ? to - from
        : countItems(table, from, to, EntryType.EMPTY);
  }

  /** How many items from {@code from} on are LEAF, up to {@code to} (exclusive). */
  public int leafItems(long table, int from, int to) {
    return to - from > 1
            && leafMask != 0
            && Words.allMatch(memory, table, from, to - from, leafMask, leafValue)
        ? to - from
        : countItems(table, from, to, EntryType.LEAF);
  }

  private int countItems(long table, int from, int to, EntryType type) {
    int index = from;
    while (index < to && typeOf(format.load(memory, table, index)) == type) {
      index++;
    }
    return index - from;
  }

  /**
   * The word of a leaf of one item.
   *
   * @param oa output address, a multiple of the item's size
   */
  public long leafWord(long oa, LeafTemplate template) {
    return isPlain()
        ? template.wordAt(level) | fieldOf(oa)
        : format.leafWord(oa, itemSizeLg2, level, template.attributes());
  }

  /** True if masks tell where the address is in the words of leaves of one item. */
  private boolean isPlain() {
    return leafMask != 0 && addressMask != 0;
  }

  /**
   * Writes {@code leaves} leaves of one size side by side, with output addresses that follow each
   * other.
   *
   * @param index first item, a multiple of the items of one leaf
   * @param leaves how many leaves, all within the table
   * @param oa output address of the first leaf
   * @param sizeLg2 a possible size of the level
   */
  public void installLeaves(
      long table, int index, int leaves, long oa, int sizeLg2, LeafTemplate template) {
    int contig = sizeLg2 - itemSizeLg2;
    if (contig == 0 && isPlain() && growsEvenly(oa, (long) leaves << sizeLg2)) {
      long step = fieldOf(1L << sizeLg2);
      format.store(memory, table, index, leaves, leafWord(oa, template), step);
      return;
    }
    long itemStep = format.itemStep(sizeLg2, level);
    for (int leaf = 0; leaf < leaves; leaf++) {
      long leafOa = oa + ((long) leaf << sizeLg2);
      long word = format.leafWord(leafOa, sizeLg2, level, template.attributes());
      format.store(memory, table, index + (leaf << contig), 1 << contig, word, itemStep);
    }
  }

  private boolean growsEvenly(long oa, long length) {
    return markedBits == 0 || Log2.divEqual(oa, oa + length - 1, Log2.ffs(markedBits));
  }
}
