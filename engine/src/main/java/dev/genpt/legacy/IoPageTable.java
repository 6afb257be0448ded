package dev.genpt.legacy;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.iommu.DirtyRecorder;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PageOwner;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.EntryType;
import dev.genpt.table.Protection;

/**
 * An old engine: a page table of one format with its own algorithm (upstream: {@code
 * io_pgtable_ops}).
 *
 * <p>Called through a {@link LegacyDomain}, which cuts requests into calls of one page size. A slot
 * is the physical address of a table word.
 *
 * <p>Threads: as the old code had it. Calls on disjoint ranges may run at the same time; the caller
 * sees to it that ranges do not overlap.
 */
public abstract class IoPageTable implements AutoCloseable {
  private static final int WORD_LG2 = 3;

  private final PhysicalMemory memory;
  private final PageAllocator pages;
  private final PageOwner owner;
  private final LegacyDriver driver;

  /** An engine whose tables come from {@code pages}. */
  IoPageTable(PageAllocator pages, LegacyDriver driver, String name) {
    this.pages = pages;
    this.driver = driver;
    memory = pages.memory();
    owner = pages.newOwner(name);
  }

  // ---- The operations

  /** Page sizes on offer: bit n = pages of 2^n bytes. */
  public abstract long pageSizes();

  /**
   * Maps up to {@code count} pages of {@code pageSize} bytes from {@code iova} on.
   *
   * @return bytes mapped, a page at least; fewer than asked for where an engine stops at the end of
   *     a table
   * @throws IommuException with the bytes mapped, which stay: EINVAL for a size that the engine
   *     does not have or a protection without READ and WRITE, ENOMEM, and what the engine says
   */
  public abstract long mapPages(long iova, long pa, long pageSize, long count, int protection);

  /** Unmaps up to {@code count} pages of {@code pageSize} bytes; the bytes that are gone. */
  public abstract long unmapPages(long iova, long pageSize, long count, LegacyGather gather);

  /** The output address, 0 if there is none. */
  public abstract long iovaToPhys(long iova);

  /**
   * Reports, and clears, what the device wrote. Extents have the full size of their leaf, even
   * where the read began in its middle, and are gathered though nothing may have been cleared.
   *
   * @throws IommuException EOPNOTSUPP or EINVAL if the engine can't
   */
  public abstract void readAndClearDirty(
      long iova, long length, boolean clear, DirtyRecorder recorder, LegacyGather gather);

  /**
   * Marks the one item that holds {@code iova} as written; for tests.
   *
   * @throws IommuException EOPNOTSUPP if the engine can't, ENOENT if it is empty
   */
  public abstract void setDirty(long iova);

  /** Invalidates what a gather holds, if anything, then frees its tables. */
  public final void sync(LegacyGather gather) {
    if (!gather.isEmpty()) {
      driver.iotlbSync(gather);
      pages.freeAll(gather.freelist());
    }
    gather.reset();
  }

  /** Frees every table; leaves are dropped. No hardware may walk them any more. */
  @Override
  public final void close() {
    pages.freeOwner(owner);
  }

  // ---- The tree, for those who look at it

  /** Where the words are. */
  public final PhysicalMemory memory() {
    return memory;
  }

  /** The account that the tables are held on. */
  public final PageOwner owner() {
    return owner;
  }

  /** Physical address of the root. */
  public abstract long root();

  /** Level of the root, 0 being the lowest. */
  public abstract int topLevel();

  /** Last address that the engine advertises; 0 for engines that leave it to their driver. */
  public long lastVa() {
    return 0;
  }

  /** Items of a table of {@code level}, which may be the root. */
  public abstract int items(int level);

  /** Input address bytes that an item of {@code level} stands for, lg2. */
  public abstract int itemSizeLg2(int level);

  /** What a word means at {@code level}. */
  public abstract EntryType typeOf(long word, int level);

  /** Physical address of the table that a TABLE word points to. */
  public abstract long tableAddress(long word);

  /** The bits of a TABLE word that hold the address. */
  public abstract long addressMask();

  /** The word at {@code index} of a table. */
  public final long wordAt(long table, int index) {
    return read(slot(table, index));
  }

  // ---- What the engines are made of

  final LegacyDriver driver() {
    return driver;
  }

  final PageAllocator pages() {
    return pages;
  }

  static long slot(long table, long index) {
    return table + (index << WORD_LG2);
  }

  final long read(long slot) {
    return memory.read64Acquire(slot);
  }

  final void write(long slot, long word) {
    memory.write64(slot, word);
  }

  final boolean compareAndSet(long slot, long expected, long word) {
    return memory.compareAndSet64(slot, expected, word);
  }

  final long allocate(int sizeLg2) {
    return pages.allocate(owner, sizeLg2);
  }

  final void free(long table) {
    pages.free(owner, table);
  }

  /** Adds a page to a gather, after a sync if it can't be invalidated together with the others. */
  final void addPage(LegacyGather gather, long iova, long size) {
    if (gather.conflictsWith(iova, size)) {
      sync(gather);
    }
    gather.addPage(iova, size);
  }

  static void checkReadOrWrite(int protection) {
    if ((protection & Protection.READ_WRITE) == 0) {
      throw new IommuException(
          Errno.EINVAL,
          "protection %s: a mapping needs READ or WRITE"
              .formatted(Protection.describe(protection)));
    }
  }

  final void checkPageSize(long pageSize) {
    if (Long.bitCount(pageSize) != 1 || (pageSize & pageSizes()) == 0) {
      throw new IommuException(
          Errno.EINVAL,
          "page size %#x is not among those of %s, %#x".formatted(pageSize, owner, pageSizes()));
    }
  }

  static IommuException notMapped(long iova) {
    return new IommuException(
        Errno.ENOENT, iova, 0, "input address %#x is not mapped".formatted(iova));
  }

  final IommuException recordsNoWrites() {
    return new IommuException(Errno.EOPNOTSUPP, "%s does not record writes".formatted(owner));
  }
}
