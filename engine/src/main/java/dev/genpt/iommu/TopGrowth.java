package dev.genpt.iommu;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.table.Feature;
import dev.genpt.table.PageTable;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Range;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * The growing root: new roots are built in private, one above the other, each with the one before
 * at index 0; hardware is switched; only then do mappers see the new root.
 *
 * <p>Threads: any number may grow one domain at once; one wins, the others free what they built and
 * look again. No invalidation is needed: what was cached through the old root stays true.
 */
final class TopGrowth {
  private final PageTable pageTable;
  private final TableOwner tables;
  private final Incoherence incoherence;
  private final @Nullable TopDriver driver;

  TopGrowth(
      PageTable pageTable, TableOwner tables, Incoherence incoherence, @Nullable TopDriver driver) {
    this.pageTable = pageTable;
    this.tables = tables;
    this.incoherence = incoherence;
    this.driver = driver;
  }

  /**
   * A root word that decodes {@code [va, lastVa]} and is at or above {@code leafLevel}, growing the
   * root if need be.
   *
   * @throws IommuException ERANGE if no root can, ENOMEM; the visible table is then as it was
   */
  long reach(long va, long lastVa, int leafLevel) {
    long top = pageTable.top();
    while (!reaches(PageTable.levelOf(top), va, lastVa, leafLevel)) {
      if (!pageTable.has(Feature.DYNAMIC_TOP) || driver == null) {
        throw outOfRange(va, lastVa);
      }
      grow(driver, top, va, lastVa, leafLevel);
      top = pageTable.top();
    }
    return top;
  }

  private boolean reaches(int level, long va, long lastVa, int leafLevel) {
    return level >= leafLevel && Range.isValid(pageTable, pageTable.widthLg2(level), va, lastVa);
  }

  private void grow(TopDriver top, long old, long va, long lastVa, int leafLevel) {
    PageTableFormat format = pageTable.format();
    int oldLevel = PageTable.levelOf(old);
    long[] built = new long[format.geometry().maxTopLevel() - oldLevel];
    int count = 0;
    long root = PageTable.rootOf(old);
    int level = oldLevel;
    boolean published = false;
    try {
      while (!reaches(level, va, lastVa, leafLevel)) {
        level++;
        if (level > format.geometry().maxTopLevel()
            || format.itemSizeLg2(level) >= pageTable.maxVaLg2()) {
          throw outOfRange(va, lastVa);
        }
        int sizeLg2 = pageTable.rootSizeLg2(level);
        long newRoot = tables.allocatePrivate(sizeLg2);
        built[count++] = newRoot;
        long pointer = format.tableWord(root, level) | incoherence.privatePointerMark();
        format.installTable(pageTable.memory(), newRoot, 0, 0, pointer);
        incoherence.publishTable(newRoot, sizeLg2);
        root = newRoot;
      }
      published = switchTo(top, old, root, level);
    } finally {
      for (int i = 0; !published && i < count; i++) {
        tables.free(built[i]);
      }
    }
  }

  private boolean switchTo(TopDriver top, long old, long root, int level) {
    Lock lock = top.topLock();
    lock.lock();
    try {
      if (pageTable.top() != old) {
        return false;
      }
      top.changeTop(root, level);
      pageTable.publishTop(root, level);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private IommuException outOfRange(long va, long lastVa) {
    return new IommuException(
        Errno.ERANGE,
        va,
        0,
        "input addresses [%#x, %#x] are not inside this table of at most %d address bits%s"
            .formatted(
                va,
                lastVa,
                pageTable.maxVaLg2(),
                pageTable.has(Feature.SIGN_EXTEND) ? ", sign extended" : ""));
  }
}
