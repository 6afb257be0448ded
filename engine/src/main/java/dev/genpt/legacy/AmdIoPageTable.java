package dev.genpt.legacy;

import dev.genpt.bits.Log2;
import dev.genpt.memory.PageAllocator;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the two old AMD engines have in common: a walk from the root for every page of a call, an
 * unmap that clears what the lookups find and frees no table, and a flush at the end of a map that
 * replaced something.
 *
 * <p>Threads: as {@link IoPageTable}. Source: upstream {@code amd/io_pgtable.c}, {@code
 * amd/io_pgtable_v2.c} and {@code amd/iommu.c}.
 */
abstract class AmdIoPageTable extends IoPageTable {
  static final int ITEMS = 512;
  static final long ADDRESS = 0x000f_ffff_ffff_f000L;

  private static final int PAGE_LG2 = 12;
  private static final int BITS_PER_LEVEL = 9;

  private final Lock domainLock = new ReentrantLock();
  private final boolean npCache;
  private final long encryption;

  /**
   * An engine.
   *
   * @param npCache true under a hypervisor that caches entries that are not present: ranges that do
   *     not touch are then invalidated one by one
   * @param encryption the address bit that marks encrypted memory, 0 if there is none
   */
  AmdIoPageTable(
      PageAllocator pages, LegacyDriver driver, String name, boolean npCache, long encryption) {
    super(pages, driver, name);
    this.npCache = npCache;
    this.encryption = encryption;
  }

  /** The address bit of encrypted memory, which every word has. */
  final long encryption() {
    return encryption;
  }

  /** The lock that the driver holds over flushes and growth. */
  final Lock domainLock() {
    return domainLock;
  }

  static int index(int level, long iova) {
    return (int) (iova >>> (PAGE_LG2 + BITS_PER_LEVEL * level)) & (ITEMS - 1);
  }

  @Override
  public final int itemSizeLg2(int level) {
    return PAGE_LG2 + BITS_PER_LEVEL * level;
  }

  @Override
  public final int items(int level) {
    return Math.min(ITEMS, 1 << Math.min(BITS_PER_LEVEL, Long.SIZE - itemSizeLg2(level)));
  }

  @Override
  public final long tableAddress(long word) {
    return word & ADDRESS & ~encryption;
  }

  @Override
  public final long addressMask() {
    return ADDRESS & ~encryption;
  }

  /** Finds the entry of {@code iova}; a slot of level 0 is found even if it is empty. */
  abstract Found find(long iova);

  /** The output address in a word that is found, without what stands for its size. */
  @Override
  public final long iovaToPhys(long iova) {
    Found found = find(iova);
    if (found.isNothing()) {
      return 0;
    }
    long word = read(found.slot());
    if ((word & 1) == 0) {
      return 0;
    }
    return (word & ADDRESS & ~encryption & -found.size()) | (iova & (found.size() - 1));
  }

  @Override
  public final long unmapPages(long iova, long pageSize, long count, LegacyGather gather) {
    long unmapped = clear(iova, pageSize * count);
    if (unmapped != 0) {
      if (npCache && gather.isDisjoint(iova, unmapped)) {
        sync(gather);
      }
      gather.addRange(iova, unmapped);
    }
    return unmapped;
  }

  private long clear(long first, long size) {
    long iova = first;
    long unmapped = 0;
    while (Long.compareUnsigned(unmapped, size) < 0) {
      Found found = find(iova);
      if (found.isNothing()) {
        break;
      }
      for (int i = 0; i < found.items(); i++) {
        write(slot(found.slot(), i), 0);
      }
      iova = Log2.setModMax(iova, Log2.ffs(found.size())) + 1;
      unmapped += found.size();
    }
    return unmapped;
  }

  final void flushPages(long first, long length) {
    domainLock.lock();
    try {
      driver().flushPages(first, first + length - 1);
    } finally {
      domainLock.unlock();
    }
  }
}
