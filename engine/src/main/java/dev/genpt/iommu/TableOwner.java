package dev.genpt.iommu;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PageList;
import dev.genpt.memory.PageOwner;
import dev.genpt.table.Cursor;

/**
 * The tables of one domain: where they come from, and the check that a pointer found in table
 * memory leads to one of them.
 *
 * <p>Threads: as {@link PageAllocator}.
 */
final class TableOwner {
  private final PageAllocator pages;
  private final PageOwner owner;
  private final Incoherence incoherence;

  TableOwner(PageAllocator pages, PageOwner owner, Incoherence incoherence) {
    this.pages = pages;
    this.owner = owner;
    this.incoherence = incoherence;
  }

  PageOwner account() {
    return owner;
  }

  /** A zeroed table of 2^{@code sizeLg2} bytes, in memory for every walker, or ENOMEM. */
  long allocate(int sizeLg2) {
    long table = allocatePrivate(sizeLg2);
    incoherence.publishTable(table, sizeLg2);
    return table;
  }

  /** As {@link #allocate}, but the caller fills the table and then publishes it. */
  long allocatePrivate(int sizeLg2) {
    return pages.allocate(owner, sizeLg2);
  }

  void free(long table) {
    pages.free(owner, table);
  }

  boolean isLive(long table) {
    return pages.isLive(owner, table);
  }

  /** Takes a table out of use, onto {@code list}. */
  void retire(long table, PageList list) {
    pages.retire(owner, table, list);
  }

  void restoreAll(PageList list) {
    pages.restoreAll(list);
  }

  void append(PageList to, PageList from) {
    pages.append(to, from);
  }

  void freeAll(PageList list) {
    pages.freeAll(list);
  }

  void freeEverything() {
    pages.freeOwner(owner);
  }

  /**
   * The table that the loaded TABLE entry points to.
   *
   * @throws IommuException EIO if that is not a live table of this domain, or is its root, which no
   *     entry may lead to lest it be freed
   */
  long child(Cursor at) {
    long child = at.childTable();
    if (!pages.isLive(owner, child) || child == at.range().pageTable().root().address()) {
      throw new IommuException(
          Errno.EIO,
          at.range().va(),
          0,
          "entry %#018x at level %d, index %d for address %#x points to %#x, not a live table below the root of %s"
              .formatted(at.word(), at.level(), at.index(), at.range().va(), child, owner));
    }
    return child;
  }

  /**
   * Counts one visit of a table on a walk that meets each table once.
   *
   * @throws IommuException EIO if the walk met more tables than the domain has: a cycle or a shared
   *     table
   */
  int countVisit(int visitsBefore, Cursor at) {
    int visits = visitsBefore + 1;
    if (visits > owner.liveBlocks()) {
      throw new IommuException(
          Errno.EIO,
          at.range().va(),
          0,
          "table %#x at level %d for address %#x: the walk met more tables than the %d of %s, so one was met twice"
              .formatted(at.table(), at.level(), at.range().va(), owner.liveBlocks(), owner));
    }
    return visits;
  }
}
