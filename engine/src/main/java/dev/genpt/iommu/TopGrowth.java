package dev.genpt.iommu;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.table.Feature;
import dev.genpt.table.PageTable;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Root;
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
   * A root that decodes {@code [va, lastVa]} and is at or above {@code leafLevel}, growing the root
   * if need be.
   *
   * @throws IommuException ERANGE if no root can, ENOMEM; the visible table is then as it was
   */
  Root reach(long va, long lastVa, int leafLevel) {
    Root root = pageTable.root();
    while (!reaches(root.level(), va, lastVa, leafLevel)) {
      if (!pageTable.has(Feature.DYNAMIC_TOP) || driver == null) {
        throw outOfRange(va, lastVa);
      }
      int level = levelThatReaches(root.level(), va, lastVa, leafLevel);
      growTo(driver, root, level);
      root = pageTable.root();
    }
    return root;
  }

  private boolean reaches(int level, long va, long lastVa, int leafLevel) {
    return level >= leafLevel && pageTable.rootLevel(level).decodes(va, lastVa);
  }

  /** The lowest level from {@code from} on whose root reaches; ERANGE if none does. */
  private int levelThatReaches(int from, long va, long lastVa, int leafLevel) {
    PageTableFormat format = pageTable.format();
    int level = from;
    while (!reaches(level, va, lastVa, leafLevel)) {
      level++;
      if (level > format.geometry().maxTopLevel()
          || format.itemSizeLg2(level) >= pageTable.maxVaLg2()) {
        throw outOfRange(va, lastVa);
      }
    }
    return level;
  }

  private void growTo(TopDriver top, Root old, int newLevel) {
    PageTableFormat format = pageTable.format();
    int level = old.level();
    NewRoots built = new NewRoots(newLevel - level);
    long root = old.address();
    try {
      while (level < newLevel) {
        level++;
        int sizeLg2 = pageTable.rootSizeLg2(level);
        long newRoot = tables.allocatePrivate(sizeLg2);
        built.add(newRoot);
        long pointer = format.tableWord(root, level) | incoherence.privatePointerMark();
        format.installTable(pageTable.memory(), newRoot, 0, 0, pointer);
        incoherence.publishTable(newRoot, sizeLg2);
        root = newRoot;
      }
      switchTo(top, old, root, level, built);
    } finally {
      built.free();
    }
  }

  /** Leaves the new roots to their builder if another thread changed the root meanwhile. */
  private void switchTo(TopDriver top, Root old, long root, int level, NewRoots built) {
    Lock lock = top.topLock();
    lock.lock();
    try {
      if (pageTable.root() == old) {
        top.changeTop(root, level);
        pageTable.publishRoot(root, level);
        built.keep();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Roots that only their builder knows, until they are published. */
  private final class NewRoots {
    private final long[] roots;
    private int count;

    NewRoots(int most) {
      roots = new long[most];
    }

    void add(long root) {
      roots[count++] = root;
    }

    void keep() {
      count = 0;
    }

    void free() {
      for (int i = 0; i < count; i++) {
        tables.free(roots[i]);
      }
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
