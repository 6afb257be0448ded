package dev.genpt.legacy;

import dev.genpt.bits.BitField;
import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.iommu.DirtyRecorder;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PageList;
import dev.genpt.table.EntryType;
import dev.genpt.table.Protection;
import java.util.concurrent.locks.StampedLock;

/**
 * The old engine of the AMD IOMMU's host page table: words as the new format {@code amdv1} writes
 * them, a root that grows from three levels to six, one level at a time.
 *
 * <p>A map walks from the root for every page and clears each item by compare-and-set before it
 * writes; a leaf or a table that is in the way gives way without an error. An unmap passes over
 * empty items of the lowest level as if something had been there, and frees no table.
 *
 * <p>Threads: as {@link IoPageTable}; root and level are read under a sequence counter. Source:
 * upstream {@code amd/io_pgtable.c} of v6.12.
 */
public final class AmdV1IoPageTable extends AmdIoPageTable {
  private static final BitField NEXT_LEVEL = new BitField("NL", 11, 9);
  private static final long PRESENT = 1;
  private static final long DIRTY = 1L << 6;
  private static final long FORCE_COHERENT = 1L << 60;
  private static final long READ = 1L << 61;
  private static final long WRITE = 1L << 62;
  private static final int CODED_SIZE = 7;
  private static final int FIRST_MODE = 3;
  private static final int MAX_MODE = 6;
  private static final int PAGE_LG2 = 12;
  private static final int TABLE_LG2 = 12;

  /** Every power of two from 4K to 2P but 512G. */
  private static final long PAGE_SIZES = 0x000f_ff7f_ffff_f000L;

  /** Guards root and mode, which are read together and retried when they changed meanwhile. */
  private final StampedLock sequence = new StampedLock();

  private long root;
  private int mode = FIRST_MODE;

  /** An engine on bare hardware without memory encryption. */
  public AmdV1IoPageTable(PageAllocator pages, LegacyDriver driver) {
    this(pages, driver, false, 0);
  }

  /**
   * An engine.
   *
   * @param npCache true under a hypervisor that caches entries that are not present
   * @param encryption the address bit that marks encrypted memory, 0 if there is none
   */
  public AmdV1IoPageTable(
      PageAllocator pages, LegacyDriver driver, boolean npCache, long encryption) {
    super(pages, driver, "old amdv1", npCache, encryption);
    root = allocate(TABLE_LG2);
  }

  /** What a map replaced, to be flushed and freed when it is over. */
  private static final class Replaced {
    final PageList pages = new PageList();
    boolean changed;
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
    return mode - 1;
  }

  @Override
  public EntryType typeOf(long word, int level) {
    if ((word & PRESENT) == 0) {
      return EntryType.EMPTY;
    }
    return level == 0 || isLeaf(word) ? EntryType.LEAF : EntryType.TABLE;
  }

  private static boolean isLeaf(long word) {
    long next = NEXT_LEVEL.get(word);
    return next == 0 || next == CODED_SIZE;
  }

  private static long lastVa(int mode) {
    return Log2.toMax(Math.min(Long.SIZE, PAGE_LG2 + 9 * mode));
  }

  // ---- Map

  @Override
  public long mapPages(long iova, long pa, long pageSize, long count, int protection) {
    checkReadOrWrite(protection);
    int sizeLg2 = Log2.ffs(pageSize);
    int items = 1 << ((sizeLg2 - PAGE_LG2) % 9);
    Replaced replaced = new Replaced();
    long mapped = 0;
    try {
      for (long page = 0; page < count; page++) {
        long slot = walkAndAllocate(iova + mapped, sizeLg2, replaced);
        for (int i = 0; i < items; i++) {
          discard(slot(slot, i), replaced);
        }
        long word = leafWord(pa + mapped, pageSize, items, protection);
        for (int i = 0; i < items; i++) {
          write(slot(slot, i), word);
        }
        mapped += pageSize;
      }
    } catch (IommuException e) {
      throw e.withBytesDone(mapped);
    } finally {
      if (replaced.changed || !replaced.pages.isEmpty()) {
        flushPages(iova, count * pageSize);
      }
      pages().freeAll(replaced.pages);
    }
    return mapped;
  }

  private long leafWord(long pa, long pageSize, int items, int protection) {
    long word = pa | encryption();
    if (items > 1) {
      word = ((word | ((pageSize - 1) >> 1)) & ADDRESS) | NEXT_LEVEL.of(CODED_SIZE);
    }
    word |= PRESENT | FORCE_COHERENT;
    word |= (protection & Protection.READ) != 0 ? READ : 0;
    word |= (protection & Protection.WRITE) != 0 ? WRITE : 0;
    return word;
  }

  /** The slot for a page, with all tables on the way to it. */
  private long walkAndAllocate(long iova, int sizeLg2, Replaced replaced) {
    long last = iova + Log2.toMax(sizeLg2);
    int target = (sizeLg2 - PAGE_LG2) / 9;
    while (!reaches(mode, last, target)) {
      grow(last, target);
    }
    long table;
    int level;
    long stamp;
    do {
      stamp = sequence.tryOptimisticRead();
      table = root;
      level = mode - 1;
    } while (!sequence.validate(stamp));
    long slot = slot(table, index(level, iova));
    while (level > target) {
      long word = read(slot);
      boolean present = (word & PRESENT) != 0;
      long next = NEXT_LEVEL.get(word);
      if (present && next == CODED_SIZE) {
        clearGroup(slot, word, level);
        replaced.changed = true;
      } else if (!present || next == 0) {
        long child = allocate(TABLE_LG2);
        if (!compareAndSet(slot, word, tableWord(child, level))) {
          free(child);
        } else if (present) {
          replaced.changed = true;
        }
      } else if (next != level) {
        throw noTable(iova, word, level);
      } else {
        level--;
        slot = slot(tableAddress(word), index(level, iova));
      }
    }
    return slot;
  }

  private long tableWord(long table, int level) {
    return table | encryption() | PRESENT | NEXT_LEVEL.of(level) | READ | WRITE;
  }

  private static IommuException noTable(long iova, long word, int level) {
    return new IommuException(
        Errno.ENOMEM,
        iova,
        0,
        "entry %#018x at level %d for address %#x: no table of the next level"
            .formatted(word, level, iova));
  }

  private void clearGroup(long slot, long word, int level) {
    int items = codedItems(word, level);
    long first = firstOfGroup(slot, items);
    for (int i = 0; i < items; i++) {
      long each = slot(first, i);
      compareAndSet(each, read(each), 0);
    }
  }

  /** Empties a slot; a table that it pointed to waits for the flush. */
  private void discard(long slot, Replaced replaced) {
    long word;
    do {
      word = read(slot);
    } while (!compareAndSet(slot, word, 0));
    long next = NEXT_LEVEL.get(word);
    if ((word & PRESENT) != 0 && next != 0 && next != CODED_SIZE) {
      retire(tableAddress(word), (int) next - 1, replaced.pages);
    }
  }

  private void retire(long table, int level, PageList list) {
    for (int i = 0; level > 0 && i < ITEMS; i++) {
      long word = read(slot(table, i));
      if (typeOf(word, level) == EntryType.TABLE) {
        retire(tableAddress(word), level - 1, list);
      }
    }
    pages().retire(owner(), table, list);
  }

  private static boolean reaches(int mode, long last, int target) {
    return Long.compareUnsigned(last, lastVa(mode)) <= 0 && mode - 1 >= target;
  }

  private void grow(long last, int target) {
    long page = allocate(TABLE_LG2);
    domainLock().lock();
    try {
      if (reaches(mode, last, target)) {
        free(page);
        return;
      }
      if (mode == MAX_MODE) {
        free(page);
        throw new IommuException(
            Errno.ENOMEM, "address %#x: the root can't grow beyond six levels".formatted(last));
      }
      write(slot(page, 0), tableWord(root, mode));
      long stamp = sequence.writeLock();
      root = page;
      mode++;
      sequence.unlockWrite(stamp);
      driver().changeTop(page, topLevel());
    } finally {
      domainLock().unlock();
    }
  }

  // ---- Lookup

  @Override
  Found find(long iova) {
    if (Long.compareUnsigned(iova, lastVa(mode)) > 0) {
      return Found.nothing(PAGE_LG2);
    }
    int level = mode - 1;
    long slot = slot(root, index(level, iova));
    long word = read(slot);
    while (level > 0) {
      boolean isTable = (word & PRESENT) != 0 && !isLeaf(word);
      if ((word & PRESENT) == 0 || (isTable && NEXT_LEVEL.get(word) != level)) {
        return Found.nothing(itemSizeLg2(level));
      }
      if (!isTable) {
        break;
      }
      level--;
      slot = slot(tableAddress(word), index(level, iova));
      word = read(slot);
    }
    if (NEXT_LEVEL.get(word) == CODED_SIZE) {
      int items = codedItems(word, level);
      return new Found(firstOfGroup(slot, items), codedSize(word), items);
    }
    return Found.item(slot, itemSizeLg2(level));
  }

  /** The size that the ones at the bottom of the address tell. */
  private long codedSize(long word) {
    long field = (word & ~encryption()) >>> PAGE_LG2;
    return Log2.toValue(Log2.ffz(field) + PAGE_LG2 + 1);
  }

  private int codedItems(long word, int level) {
    int contig = Log2.ffs(codedSize(word)) - itemSizeLg2(level);
    return 1 << Math.clamp(contig, 0, 8);
  }

  private static long firstOfGroup(long slot, int items) {
    return slot & -((long) items * Long.BYTES);
  }

  // ---- Dirty bits

  @Override
  public void readAndClearDirty(
      long iova, long length, boolean clear, DirtyRecorder recorder, LegacyGather gather) {
    new DirtyPages(this, this::findPresent, DIRTY).read(iova, length, clear, recorder, gather);
  }

  private Found findPresent(long iova) {
    Found found = find(iova);
    return !found.isNothing() && (read(found.slot()) & PRESENT) == 0
        ? Found.nothing(Log2.ffs(found.size()))
        : found;
  }

  @Override
  public void setDirty(long iova) {
    Found found = findPresent(iova);
    if (found.isNothing()) {
      throw notMapped(iova);
    }
    long item = (iova & (found.size() - 1)) / (found.size() / found.items());
    memory().getAndOr64(slot(found.slot(), item), DIRTY);
  }
}
