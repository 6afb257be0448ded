package dev.genpt.legacy;

import dev.genpt.bits.Log2;
import dev.genpt.error.IommuException;
import dev.genpt.iommu.DirtyRecorder;
import dev.genpt.memory.PageAllocator;
import dev.genpt.table.EntryType;
import dev.genpt.table.Protection;

/**
 * The old engine of the AMD IOMMU's guest (x86) page table, of four or five levels. Its leaves are
 * born accessed and dirty.
 *
 * <p>A map walks from the root for every page and stores the word; what is in the way gives way
 * without an error. A present leaf of 2M or 1G under a new one of its size is taken for a table:
 * that is the old engine's defect, and here ends in EIO, since the page is no table.
 *
 * <p>Threads: as {@link IoPageTable}. Source: upstream {@code amd/io_pgtable_v2.c} of v6.12.
 */
public final class AmdV2IoPageTable extends AmdIoPageTable {
  private static final long PRESENT = 1;
  private static final long WRITE = 1L << 1;
  private static final long USER = 1L << 2;
  private static final long ACCESSED = 1L << 5;
  private static final long DIRTY = 1L << 6;
  private static final long LARGE = 1L << 7;
  private static final long PAGE_SIZES = 0x4020_1000L;
  private static final int LARGEST_LEVEL = 2;
  private static final int TABLE_LG2 = 12;

  private final long root;
  private final int topLevel;

  /**
   * An engine on bare hardware without memory encryption.
   *
   * @param topLevel 3 or 4: level of the root
   */
  public AmdV2IoPageTable(PageAllocator pages, LegacyDriver driver, int topLevel) {
    this(pages, driver, topLevel, false, 0);
  }

  /**
   * An engine.
   *
   * @param topLevel 3 or 4: level of the root
   * @param npCache true under a hypervisor that caches entries that are not present
   * @param encryption the address bit that marks encrypted memory, 0 if there is none
   */
  public AmdV2IoPageTable(
      PageAllocator pages, LegacyDriver driver, int topLevel, boolean npCache, long encryption) {
    super(pages, driver, "old amdv2", npCache, encryption);
    this.topLevel = topLevel;
    root = allocate(TABLE_LG2);
  }

  @Override
  public long pageSizes() {
    return PAGE_SIZES;
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
  public EntryType typeOf(long word, int level) {
    if ((word & PRESENT) == 0) {
      return EntryType.EMPTY;
    }
    return level == 0 || isLarge(word) ? EntryType.LEAF : EntryType.TABLE;
  }

  private static boolean isLarge(long word) {
    return (word & LARGE) != 0;
  }

  @Override
  public long mapPages(long iova, long pa, long pageSize, long count, int protection) {
    checkPageSize(pageSize);
    checkReadOrWrite(protection);
    int level = (Log2.ffs(pageSize) - 12) / 9;
    Changes changes = new Changes();
    long mapped = 0;
    try {
      for (long page = 0; page < count; page++) {
        long slot = walkAndAllocate(iova + mapped, level, changes);
        write(slot, leafWord(pa + mapped, level, protection));
        mapped += pageSize;
      }
    } catch (IommuException e) {
      throw e.withBytesDone(mapped);
    } finally {
      if (changes.any) {
        flushPages(iova, count * pageSize);
      }
    }
    return mapped;
  }

  /** Whether a map replaced something. */
  private static final class Changes {
    boolean any;
  }

  private long leafWord(long pa, int level, int protection) {
    long word = (pa & ADDRESS) | encryption() | PRESENT | USER | ACCESSED | DIRTY;
    word |= (protection & Protection.WRITE) != 0 ? WRITE : 0;
    return level > 0 ? word | LARGE : word;
  }

  /** The slot for a leaf at {@code target}, emptied, with all tables on the way to it. */
  private long walkAndAllocate(long iova, int target, Changes changes) {
    int level = topLevel;
    long slot = slot(root, index(level, iova));
    while (level > target) {
      long word = read(slot);
      if ((word & PRESENT) != 0 && isLarge(word)) {
        compareAndSet(slot, word, 0);
        changes.any = true;
      } else if ((word & PRESENT) == 0) {
        long child = allocate(TABLE_LG2);
        long pointer = child | encryption() | PRESENT | WRITE | USER | ACCESSED;
        if (!compareAndSet(slot, word, pointer)) {
          free(child);
        }
      } else {
        level--;
        slot = slot(tableAddress(word), index(level, iova));
      }
    }
    replace(slot, target, changes);
    return slot;
  }

  /** Empties the slot of a new leaf; whatever it points to is taken for a table and freed. */
  private void replace(long slot, int level, Changes changes) {
    long word = read(slot);
    if ((word & PRESENT) == 0) {
      return;
    }
    changes.any = true;
    compareAndSet(slot, word, 0);
    if (level > 0) {
      freeTables(tableAddress(word), level - 1);
    }
  }

  private void freeTables(long table, int level) {
    for (int i = 0; level > 0 && i < ITEMS; i++) {
      long word = read(slot(table, i));
      if (typeOf(word, level) == EntryType.TABLE) {
        freeTables(tableAddress(word), level - 1);
      }
    }
    free(table);
  }

  @Override
  Found find(long iova) {
    int level = topLevel;
    long slot = slot(root, index(level, iova));
    long word = read(slot);
    while (level > 0) {
      if ((word & PRESENT) == 0) {
        return Found.nothing(itemSizeLg2(level));
      }
      level--;
      slot = slot(tableAddress(word), index(level, iova));
      word = read(slot);
      if (isLarge(word)) {
        boolean isSize = level == 1 || level == LARGEST_LEVEL;
        return isSize ? Found.item(slot, itemSizeLg2(level)) : Found.nothing(itemSizeLg2(level));
      }
    }
    return Found.item(slot, itemSizeLg2(0));
  }

  @Override
  public void readAndClearDirty(
      long iova, long length, boolean clear, DirtyRecorder recorder, LegacyGather gather) {
    throw recordsNoWrites();
  }

  @Override
  public void setDirty(long iova) {
    throw recordsNoWrites();
  }
}
