package dev.genpt.legacy;

import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.iommu.DirtyRecorder;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PageList;
import dev.genpt.table.EntryType;
import dev.genpt.table.Protection;

/**
 * The old loop of the VT-d driver over a second-stage page table of three, four or five levels: one
 * walk from the root for each table, then a linear fill, the fastest of the old engines.
 *
 * <p>It works on page frame numbers of 4K. A map does not refuse what is in the way: it keeps an
 * old leaf and still succeeds. An unmap tells the size that was asked for, whatever was there. Bit
 * 0 is set in every leaf, so write-only becomes read-write.
 *
 * <p>Threads: as {@link IoPageTable}. Source: upstream {@code intel/iommu.c} of v6.12, with the
 * range of the teardown under a large page as mended in its stable releases.
 */
public final class VtdIoPageTable extends IoPageTable {
  private static final long READ = 1;
  private static final long WRITE = 1L << 1;
  private static final long LARGE = 1L << 7;
  private static final long DIRTY = 1L << 9;
  private static final long ADDRESS = 0x000f_ffff_ffff_f000L;
  private static final long PAGE_SIZES = 0x4020_1000L;
  private static final int PAGE_LG2 = 12;
  private static final int BITS_PER_LEVEL = 9;
  private static final int ITEMS = 512;
  private static final int LARGE_LEVELS = 2;
  private static final int WORD = Long.BYTES;
  private static final int TABLE = ITEMS * WORD;

  private final long root;
  private final int widthLg2;
  private final int topLevel;
  private final boolean coherent;
  private final boolean recordsWrites;

  /**
   * An engine.
   *
   * @param widthLg2 input address bits, 39, 48 or 57
   * @param coherent false if the walker does not snoop CPU caches
   * @param recordsWrites true if the hardware sets dirty bits
   * @throws IommuException EINVAL for another width, ENOMEM
   */
  public VtdIoPageTable(
      PageAllocator pages,
      LegacyDriver driver,
      int widthLg2,
      boolean coherent,
      boolean recordsWrites) {
    super(pages, driver, "old vtdss");
    if (widthLg2 != 39 && widthLg2 != 48 && widthLg2 != 57) {
      throw new IommuException(
          Errno.EINVAL, "old vtdss: %d address bits, must be 39, 48 or 57".formatted(widthLg2));
    }
    this.widthLg2 = widthLg2;
    this.coherent = coherent;
    this.recordsWrites = recordsWrites;
    topLevel = (widthLg2 - PAGE_LG2) / BITS_PER_LEVEL - 1;
    root = allocateTable();
  }

  @Override
  public long pageSizes() {
    return PAGE_SIZES;
  }

  @Override
  public long lastVa() {
    return Log2.toMax(widthLg2);
  }

  @Override
  public long root() {
    return root;
  }

  @Override
  public int topLevel() {
    return topLevel;
  }

  @Override
  public int items(int level) {
    return ITEMS;
  }

  @Override
  public int itemSizeLg2(int level) {
    return PAGE_LG2 + BITS_PER_LEVEL * level;
  }

  @Override
  public EntryType typeOf(long word, int level) {
    if (!isPresent(word)) {
      return EntryType.EMPTY;
    }
    return level == 0 || isLarge(word) ? EntryType.LEAF : EntryType.TABLE;
  }

  @Override
  public long tableAddress(long word) {
    return word & ADDRESS;
  }

  @Override
  public long addressMask() {
    return ADDRESS;
  }

  private static boolean isPresent(long word) {
    return (word & (READ | WRITE)) != 0;
  }

  private static boolean isLarge(long word) {
    return (word & LARGE) != 0;
  }

  /** Pages that an item of a level stands for. */
  private static long pagesOf(int level) {
    return 1L << (BITS_PER_LEVEL * level);
  }

  private static int index(int level, long pfn) {
    return (int) (pfn >>> (BITS_PER_LEVEL * level)) & (ITEMS - 1);
  }

  private static boolean startsTable(long slot) {
    return (slot & (TABLE - 1)) == 0;
  }

  private boolean isBeyond(long pfn) {
    return pfn >>> (widthLg2 - PAGE_LG2) != 0;
  }

  private long allocateTable() {
    long table = allocate(PAGE_LG2);
    flush(table, TABLE);
    return table;
  }

  private void flush(long pa, long bytes) {
    if (!coherent) {
      driver().flush(pa, (int) bytes);
    }
  }

  // ---- Map

  @Override
  public long mapPages(long iova, long pa, long pageSize, long count, int protection) {
    long bytes = pageSize * count;
    if (Long.compareUnsigned(iova + bytes, lastVa() + 1) > 0) {
      throw new IommuException(
          Errno.EFAULT,
          iova,
          0,
          "input address %#x, length %#x: the table has %d address bits"
              .formatted(iova, bytes, widthLg2));
    }
    checkReadOrWrite(protection);
    long pfn = iova >>> PAGE_LG2;
    long pages = bytes >>> PAGE_LG2;
    if (isBeyond(pfn + pages - 1)) {
      throw new IommuException(
          Errno.EINVAL,
          iova,
          0,
          "last page %#x: the table has %d address bits".formatted(pfn + pages - 1, widthLg2));
    }
    mapRange(pfn, pa >>> PAGE_LG2, pages, attributes(protection));
    return bytes;
  }

  private static long attributes(int protection) {
    return READ | ((protection & Protection.WRITE) != 0 ? WRITE : 0);
  }

  private void mapRange(long firstPfn, long firstFrame, long pages, long attributes) {
    long pfn = firstPfn;
    long frame = firstFrame;
    long left = pages;
    while (left > 0) {
      int level = largestLevel(pfn, frame, left);
      long each = pagesOf(level);
      long first = walkAndAllocate(pfn, level);
      long slot = first;
      if (level > 0) {
        dropTables(pfn, Math.min(left & -each, slotsLeft(slot) * each), level);
      }
      long word = (frame << PAGE_LG2) | attributes | (level > 0 ? LARGE : 0);
      do {
        compareAndSet(slot, 0, word);
        slot += WORD;
        word += each << PAGE_LG2;
        left -= each;
        pfn += each;
        frame += each;
      } while (left >= each && !startsTable(slot));
      flush(first, slot - first);
    }
  }

  private static long slotsLeft(long slot) {
    return (TABLE - (slot & (TABLE - 1))) / WORD;
  }

  /** The highest level that a leaf for {@code pages} from here on can have. */
  private static int largestLevel(long pfn, long frame, long pages) {
    int level = 0;
    while (level < LARGE_LEVELS
        && Log2.isAligned(pfn | frame, BITS_PER_LEVEL * (level + 1))
        && pages >>> (BITS_PER_LEVEL * (level + 1)) != 0) {
      level++;
    }
    return level;
  }

  private long walkAndAllocate(long pfn, int target) {
    int level = topLevel;
    long slot = slot(root, index(level, pfn));
    while (level > target) {
      long word = read(slot);
      if (!isPresent(word)) {
        word = install(slot);
      }
      level--;
      slot = slot(tableAddress(word), index(level, pfn));
    }
    return slot;
  }

  /** Puts a new table into an empty slot, or finds another's; the pointer. */
  private long install(long slot) {
    long table = allocateTable();
    long pointer = table | READ | WRITE;
    if (!compareAndSet(slot, 0, pointer)) {
      free(table);
      return read(slot);
    }
    flush(slot, WORD);
    return pointer;
  }

  /** Takes away the tables under the slots of large leaves to come. */
  private void dropTables(long firstPfn, long pages, int level) {
    long lastPfn = firstPfn + pages - 1;
    long slot = walkAndAllocate(firstPfn, level);
    for (long pfn = firstPfn;
        Long.compareUnsigned(pfn, lastPfn) <= 0;
        pfn += pagesOf(level), slot += WORD) {
      long word = read(slot);
      if (typeOf(word, level) == EntryType.TABLE) {
        dropTable(slot, word, level);
      }
      if (isPresent(word)) {
        driver().cacheTagFlush(pfn << PAGE_LG2, lastPfn << PAGE_LG2);
      }
    }
  }

  /** Frees the table that a slot of {@code level} points to, and all below it, at once. */
  private void dropTable(long slot, long word, int level) {
    long table = tableAddress(word);
    for (int i = 0; i < ITEMS; i++) {
      long item = slot(table, i);
      if (level == 1) {
        write(item, 0);
      } else {
        long below = read(item);
        if (typeOf(below, level - 1) == EntryType.TABLE) {
          dropTable(item, below, level - 1);
        }
      }
    }
    if (level == 1) {
      flush(table, TABLE);
    }
    write(slot, 0);
    flush(slot, WORD);
    free(table);
  }

  // ---- Lookup

  /** Where the walk for a page ends: at level 0, at the first empty item or at a large leaf. */
  private Found find(long pfn) {
    int level = topLevel;
    long slot = slot(root, index(level, pfn));
    while (level > 0) {
      long word = read(slot);
      if (!isPresent(word) || isLarge(word)) {
        break;
      }
      level--;
      slot = slot(tableAddress(word), index(level, pfn));
    }
    return Found.item(slot, itemSizeLg2(level));
  }

  @Override
  public long iovaToPhys(long iova) {
    long pfn = iova >>> PAGE_LG2;
    if (isBeyond(pfn)) {
      return 0;
    }
    Found found = find(pfn);
    long word = read(found.slot());
    return isPresent(word) ? Log2.alignDown(word, PAGE_LG2) + (iova & (found.size() - 1)) : 0;
  }

  // ---- Unmap

  @Override
  public long unmapPages(long iova, long pageSize, long count, LegacyGather gather) {
    long pfn = iova >>> PAGE_LG2;
    if (isBeyond(pfn)) {
      return 0;
    }
    long size = Math.max(pageSize * count, find(pfn).size());
    long lastPfn = (iova + size - 1) >>> PAGE_LG2;
    if (!isBeyond(lastPfn)) {
      clear(root, topLevel, 0, pfn, lastPfn, gather.freelist());
    }
    if (!gather.queued()) {
      addPage(gather, iova, size);
    }
    return size;
  }

  /**
   * Clears what lies wholly in {@code [firstPfn, lastPfn]} of the table at {@code tablePfn}, and
   * goes down where an item lies in it in part.
   */
  private void clear(
      long table, int level, long tablePfn, long firstPfn, long lastPfn, PageList freed) {
    long pfn = Math.max(firstPfn, tablePfn);
    long slot = slot(table, index(level, pfn));
    long firstCleared = 0;
    long endCleared = 0;
    do {
      long itemPfn = pfn & -pagesOf(level);
      long word = read(slot);
      if (isPresent(word)) {
        if (firstPfn <= itemPfn && lastPfn >= itemPfn + pagesOf(level) - 1) {
          if (typeOf(word, level) == EntryType.TABLE) {
            retire(tableAddress(word), level - 1, freed);
          }
          write(slot, 0);
          firstCleared = firstCleared == 0 ? slot : firstCleared;
          endCleared = slot + WORD;
        } else if (level > 0) {
          clear(tableAddress(word), level - 1, itemPfn, firstPfn, lastPfn, freed);
        }
      }
      pfn = itemPfn + pagesOf(level);
      slot += WORD;
    } while (!startsTable(slot) && pfn <= lastPfn);
    if (endCleared != 0) {
      flush(firstCleared, endCleared - firstCleared);
    }
  }

  private void retire(long table, int level, PageList freed) {
    pages().retire(owner(), table, freed);
    for (int i = 0; level > 0 && i < ITEMS; i++) {
      long word = read(slot(table, i));
      if (typeOf(word, level) == EntryType.TABLE) {
        retire(tableAddress(word), level - 1, freed);
      }
    }
  }

  // ---- Dirty bits

  @Override
  public void readAndClearDirty(
      long iova, long length, boolean clear, DirtyRecorder recorder, LegacyGather gather) {
    checkRecordsWrites();
    new DirtyPages(this, this::findPresent, DIRTY).read(iova, length, clear, recorder, gather);
  }

  private Found findPresent(long iova) {
    Found found = find(iova >>> PAGE_LG2);
    return isPresent(read(found.slot())) ? found : Found.nothing(Log2.ffs(found.size()));
  }

  @Override
  public void setDirty(long iova) {
    checkRecordsWrites();
    Found found = findPresent(iova);
    if (found.isNothing()) {
      throw notMapped(iova);
    }
    memory().getAndOr64(found.slot(), DIRTY);
  }

  private void checkRecordsWrites() {
    if (!recordsWrites) {
      throw recordsNoWrites();
    }
  }
}
