package dev.genpt.amd.driver;

import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PageOwner;

/**
 * The table of a device that gives each PASID its guest page table.
 *
 * <pre>
 * entry   51:12 next table, or the guest table's root | 0 valid
 * </pre>
 *
 * <p>Levels of 512 entries, indexed by 9 bits of the PASID each.
 *
 * <p>Threads: one at a time, under the device's lock; hardware reads it meanwhile.
 */
final class Gcr3Table {
  private static final int PAGE_LG2 = 12;
  private static final int INDEX_LG2 = 9;
  private static final long VALID = 1;

  private final PageAllocator pages;
  private final PageOwner owner;
  private final int levels;
  private final long root;

  /**
   * An empty table.
   *
   * @param pasids how many PASIDs it must hold
   * @param mostLevels levels that the hardware walks
   * @throws IommuException EINVAL if these are too few, ENOMEM
   */
  Gcr3Table(PageAllocator pages, int pasids, int mostLevels) {
    levels = levelsFor(pasids);
    if (levels > mostLevels) {
      throw new IommuException(
          Errno.EINVAL,
          "%,d PASIDs need a GCR3 table of %d levels, the IOMMU walks %d"
              .formatted(pasids, levels, mostLevels));
    }
    this.pages = pages;
    owner = pages.newOwner("GCR3 table");
    root = pages.allocate(owner, PAGE_LG2);
  }

  private static int levelsFor(int pasids) {
    int bits = Log2.fls(pasids - 1L);
    return Math.max(1, (bits + INDEX_LG2 - 1) / INDEX_LG2);
  }

  /** What the device table entry must say. */
  Gcr3Root root(int guestLevels) {
    return new Gcr3Root(root, levels, guestLevels);
  }

  /** Gives a PASID the guest table at {@code guestRoot}. */
  void set(int pasid, long guestRoot) {
    pages.memory().write64Release(entry(pasid), guestRoot | VALID);
  }

  /** Takes a PASID's table away. */
  void clear(int pasid) {
    pages.memory().write64Release(entry(pasid), 0);
  }

  /** Frees it; no hardware may read it any more. */
  void free() {
    pages.freeOwner(owner);
  }

  private long entry(int pasid) {
    long table = root;
    for (int level = levels - 1; level > 0; level--) {
      long pointer = slot(table, pasid, level);
      if (pages.memory().read64(pointer) == 0) {
        pages.memory().write64Release(pointer, pages.allocate(owner, PAGE_LG2) | VALID);
      }
      table = Log2.alignDown(pages.memory().read64(pointer), PAGE_LG2);
    }
    return slot(table, pasid, 0);
  }

  private static long slot(long table, int pasid, int level) {
    return table + Long.BYTES * Log2.mod(pasid >>> (INDEX_LG2 * level), INDEX_LG2);
  }
}
