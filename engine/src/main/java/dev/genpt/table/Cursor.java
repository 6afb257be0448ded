package dev.genpt.table;

import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.memory.PhysicalMemory;

/**
 * A place in one table: the table, its level, an index, and the word last loaded there (upstream:
 * {@code pt_state}).
 *
 * <p>The loaded word is part of the place: what is asked of the entry is answered from that
 * snapshot, and {@link #installTable} swaps against it. On any item of a contiguous entry the
 * questions are answered for the whole entry.
 *
 * <p>Not thread-safe: it belongs to one walk. Source of the rules: upstream {@code pt_common.h} and
 * {@code pt_iter.h}.
 */
public final class Cursor {
  private Range range;
  private PageTableFormat format;
  private PhysicalMemory memory;
  private long table;
  private TableLevel level;
  private int index;
  private int endIndex;
  private long word;
  private EntryType type = EntryType.EMPTY;

  /** A cursor on the first item of {@code range} in the root. */
  public Cursor(Range range) {
    this.range = range;
    format = range.pageTable().format();
    memory = range.pageTable().memory();
    table = range.root();
    level = range.level(range.topLevel());
    index = range.startIndex(range.topLevel());
    endIndex = range.endIndex(range.topLevel());
  }

  /**
   * Moves to the first item of {@code newRange} in a table, without loading it.
   *
   * @param newTable physical address of the table that covers {@code newRange.va()} at that level
   */
  public Cursor enter(Range newRange, long newTable, int newLevel) {
    range = newRange;
    format = newRange.pageTable().format();
    memory = newRange.pageTable().memory();
    table = newTable;
    level = newRange.level(newLevel);
    index = newRange.startIndex(newLevel);
    endIndex = newRange.endIndex(newLevel);
    return this;
  }

  /** A new cursor in the table that the loaded TABLE entry points to. */
  public Cursor descend() {
    return new Cursor(range).enter(range, childTable(), level() - 1);
  }

  /** The slice that is walked. */
  public Range range() {
    return range;
  }

  /** Physical address of the table. */
  public long table() {
    return table;
  }

  /** Level of the table. */
  public int level() {
    return level.level();
  }

  /** Index of the item. */
  public int index() {
    return index;
  }

  /** Moves to an index of the same table, without loading it. */
  public void setIndex(int newIndex) {
    index = newIndex;
  }

  /** One past the last index that belongs to the slice. */
  public int endIndex() {
    return endIndex;
  }

  /** True while the index is before the end of the slice in this table. */
  public boolean isInside() {
    return index < endIndex;
  }

  /** Reads the item once and answers what it is. */
  public EntryType load() {
    word = format.load(memory, table, index);
    type = format.typeOf(word, level());
    return type;
  }

  /** The word last loaded or installed. */
  public long word() {
    return word;
  }

  /** What the loaded word is. */
  public EntryType type() {
    return type;
  }

  /** Moves past the loaded entry: over all the rest of a leaf, else by one item. */
  public void next() {
    int contig = type == EntryType.LEAF ? contigLg2() : 0;
    index = (int) Log2.alignDown(index + (1L << contig), contig);
  }

  /**
   * Brings {@code range.va} to the start of the item at the index, which must be inside the table.
   */
  public void syncVa() {
    range.moveTo(level.itemStart(range.va(), index));
  }

  /** Input addresses that the whole table stands for, lg2. */
  public int spanLg2() {
    return level.itemsLg2() + level.itemSizeLg2();
  }

  /** Bytes that one item stands for, lg2. */
  public int itemSizeLg2() {
    return level.itemSizeLg2();
  }

  /** Items of this table, lg2. */
  public int itemsLg2() {
    return level.itemsLg2();
  }

  /** Sizes of leaves that this level can hold, as a bitmap. */
  public long possibleSizes() {
    return format.possibleSizes(level());
  }

  /** True if leaves may stand at this level. */
  public boolean canHaveLeaf() {
    return format.canHaveLeaf(level());
  }

  /** Physical address in the loaded TABLE entry. */
  public long childTable() {
    return format.tableAddress(word, level());
  }

  /** Output address of the start of the loaded LEAF entry. */
  public long entryOa() {
    return format.entryOa(word, level());
  }

  /** Output address of the loaded item of a LEAF entry. */
  public long itemOa() {
    return format.itemOa(word, level(), index);
  }

  /** Output address of {@code range.va} through the loaded LEAF entry. */
  public long exactOa() {
    return entryOa() | Log2.mod(range.va(), entrySizeLg2());
  }

  /** Items of the loaded LEAF entry, lg2. */
  public int contigLg2() {
    return format.contigLg2(word, level());
  }

  /** Bytes of the loaded LEAF entry, lg2. */
  public int entrySizeLg2() {
    return itemSizeLg2() + contigLg2();
  }

  /** Attributes of the loaded LEAF entry. */
  public long attributes() {
    return format.attributesOf(word, level());
  }

  /**
   * Writes a leaf at the index; afterwards its first word is the loaded one.
   *
   * @param oa output address, a multiple of the size
   * @param sizeLg2 a size of {@link #possibleSizes}
   * @throws IommuException EINVAL, with nothing written, if address, size or index do not fit
   */
  public void installLeaf(long oa, int sizeLg2, long attributes) {
    int contig = sizeLg2 - itemSizeLg2();
    if (contig < 0
        || (possibleSizes() & Log2.toValue(sizeLg2)) == 0
        || !Log2.isAligned(oa, sizeLg2)
        || !Log2.isAligned(index, contig)) {
      throw new IommuException(
          Errno.EINVAL,
          "leaf of 2^%d bytes for output address %#x at level %d index %d: the size must be possible there and"
                  .formatted(sizeLg2, oa, level(), index)
              + " the address and index aligned to it");
    }
    long first = format.leafWord(oa, sizeLg2, level(), attributes);
    format.store(memory, table, index, 1 << contig, first, format.itemStep(sizeLg2, level()));
    load();
  }

  /**
   * Swaps the loaded word for a pointer to the table at {@code pa}; on success the pointer is the
   * loaded word.
   *
   * @return false if another thread changed the item since it was loaded
   */
  public boolean installTable(long pa) {
    long pointer = format.tableWord(pa, level());
    if (!format.installTable(memory, table, index, word, pointer)) {
      return false;
    }
    word = pointer;
    type = EntryType.TABLE;
    return true;
  }

  /** Makes 2^{@code contigLg2} items from the index on EMPTY; the index is a multiple of that. */
  public void clear(int contigLg2) {
    format.clear(memory, table, index, 1 << contigLg2);
  }

  /** True if any item of the loaded LEAF entry says that the device wrote. */
  public boolean isDirty() {
    int contig = contigLg2();
    return contig == 0
        ? format.isDirty(word)
        : format.isEntryDirty(memory, table, entryIndex(), contig);
  }

  /** Marks every item of the loaded LEAF entry as not written. */
  public void makeClean() {
    format.makeEntryClean(memory, table, entryIndex(), contigLg2());
  }

  /**
   * Marks the one loaded item as written.
   *
   * @return false if it changed since it was loaded
   */
  public boolean makeDirty() {
    return format.makeItemDirty(memory, table, index, word);
  }

  /** True if the loaded word has software bit {@code n}. */
  public boolean testSoftwareBit(int n) {
    return (word & format.softwareBit(n)) != 0;
  }

  /** Sets software bit {@code n} in the item; the loaded word follows. */
  public void setSoftwareBit(int n) {
    word = format.setBits(memory, table, index, format.softwareBit(n));
  }

  private int entryIndex() {
    return (int) Log2.alignDown(index, contigLg2());
  }
}
