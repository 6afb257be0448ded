package dev.genpt.iommu;

import dev.genpt.bits.Log2;
import dev.genpt.error.IommuException;
import dev.genpt.memory.Bank;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.EntryType;
import dev.genpt.table.Geometry;
import dev.genpt.table.LeafTemplate;
import dev.genpt.table.PageSizes;
import dev.genpt.table.PageTable;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Root;
import dev.genpt.table.TableLevel;

/**
 * The short ways: operations that go straight down to one table that is there already, in one loop
 * without a cursor. Map and unmap try them first; the full walks take whatever does not fit, and
 * give the same results.
 *
 * <p>Threads: no state; see {@link IommuDomain} for who may run with whom.
 */
final class DirectWalk {
  /** The answer of {@link #unmap} where only the full walk will do. */
  static final long NOT_DIRECT = -1;

  private final PageTable pageTable;
  private final PageTableFormat format;
  private final PhysicalMemory memory;
  private final TableOwner tables;
  private final boolean wideWords;

  DirectWalk(PageTable pageTable, TableOwner tables) {
    this.pageTable = pageTable;
    format = pageTable.format();
    memory = pageTable.memory();
    this.tables = tables;
    wideWords = format.geometry().wordLg2() == 3;
  }

  /**
   * Maps, if all of the range is one run of leaves in one table that is there and has room for it.
   *
   * @return false, with nothing changed, if it is not so
   */
  boolean map(long bitmap, long iova, long lastVa, long pa, LeafTemplate template) {
    int sizeLg2 = PageSizes.best(bitmap, iova, lastVa, pa);
    int leafLevel = pageTable.levelOfSize(sizeLg2);
    long length = lastVa - iova + 1;
    Root root = pageTable.root();
    if (sizeLg2 == PageSizes.NONE
        || leafLevel >= root.level()
        || !root.top().decodes(iova, lastVa)
        || PageSizes.count(bitmap, iova, lastVa, pa, sizeLg2) << sizeLg2 != length) {
      return false;
    }
    PhysicalMemory ram = memory;
    boolean wide = wideWords;
    TableLevel level = root.top();
    long table = root.address();
    Bank bank = root.bank();
    do {
      long word = load(ram, wide, bank, level.itemAddress(table, iova));
      if (!level.isOneItem(iova, lastVa) || level.typeOf(word) != EntryType.TABLE) {
        return false;
      }
      table = level.tableAddress(word);
      if (!tables.isLive(table)) {
        return false;
      }
      bank = bank.contains(table) ? bank : ram.bankAt(table);
      level = level.below();
    } while (level.level() != leafLevel);
    if (!level.isWholeItem(iova, lastVa)) {
      return mapRun(level, table, iova, length, pa, sizeLg2, template);
    }
    long item = level.itemAddress(table, iova);
    if (level.typeOf(load(ram, wide, bank, item)) != EntryType.EMPTY) {
      return false;
    }
    store(ram, wide, bank, item, level.leafWord(pa, template));
    return true;
  }

  private static boolean mapRun(
      TableLevel level,
      long table,
      long iova,
      long length,
      long pa,
      int sizeLg2,
      LeafTemplate template) {
    int index = level.index(iova);
    int items = (int) (length >>> level.itemSizeLg2());
    if (level.emptyItems(table, index, index + items) != items) {
      return false;
    }
    level.installLeaves(table, index, (int) (length >>> sizeLg2), pa, sizeLg2, template);
    return true;
  }

  /**
   * Unmaps, if all of the range lies in one table, holds nothing but leaves there, and frees no
   * table.
   *
   * @return bytes unmapped, or NOT_DIRECT, with nothing changed, if it is not so
   */
  long unmap(Root root, long iova, long lastVa) {
    PhysicalMemory ram = memory;
    boolean wide = wideWords;
    TableLevel level = root.top();
    long table = root.address();
    Bank bank = root.bank();
    while (level.isOneItem(iova, lastVa)) {
      long word = load(ram, wide, bank, level.itemAddress(table, iova));
      EntryType type = level.typeOf(word);
      if (type == EntryType.EMPTY) {
        return 0;
      }
      if (type == EntryType.LEAF) {
        if (level.contigLg2(word) == 0 && level.isItemStart(iova)) {
          store(ram, wide, bank, level.itemAddress(table, iova), 0);
          return Log2.toValue(level.itemSizeLg2());
        }
        return clear(level, table, level.index(iova), 1, iova, word, word);
      }
      long child = level.tableAddress(word);
      if (level.isWholeItem(iova, lastVa) || !tables.isLive(child)) {
        return NOT_DIRECT;
      }
      table = child;
      bank = bank.contains(table) ? bank : ram.bankAt(table);
      level = level.below();
    }
    int items = level.index(lastVa) + 1 - level.index(iova);
    if (level.leafItems(table, level.index(iova), level.index(lastVa) + 1) != items) {
      return NOT_DIRECT;
    }
    return clear(
        level,
        table,
        level.index(iova),
        items,
        iova,
        load(ram, wide, bank, level.itemAddress(table, iova)),
        load(ram, wide, bank, level.itemAddress(table, lastVa)));
  }

  /**
   * Clears {@code items} items of leaves, which begin with {@code first} and end with {@code last},
   * and the rest of the last leaf; the bytes, 0 if {@code iova} is inside a leaf.
   */
  private long clear(
      TableLevel level, long table, int index, int items, long iova, long first, long last) {
    int itemSize = level.itemSizeLg2();
    if (!Log2.isAligned(iova, itemSize + level.contigLg2(first))) {
      return 0;
    }
    int cleared = (int) Log2.setModMax(index + items - 1, level.contigLg2(last)) + 1 - index;
    format.clear(memory, table, index, cleared);
    return (long) cleared << itemSize;
  }

  /** The output address for {@code va}, or {@link IommuDomain#NO_TRANSLATION}; EIO outside RAM. */
  long translate(Root root, long va) {
    TableLevel level = root.top();
    if (!wideWords) {
      return translateBelow(level, format.load(memory, root.address(), level.index(va)), va);
    }
    PhysicalMemory ram = memory;
    Bank bank = root.bank();
    long[] words = bank.words();
    int table = PhysicalMemory.wordIndex(root.address());
    long word = 0;
    // A loop that is seen to end needs no safepoint in it.
    for (int steps = 0; steps < Geometry.MAX_LEVELS; steps++) {
      word = ram.read64Acquire(words, table + level.index(va));
      if (level.typeOf(word) != EntryType.TABLE) {
        return translationBy(level, word, va);
      }
      // All tables are in the root's bank but those of large address spaces.
      if (!bank.contains(level.tableAddress(word))) {
        break;
      }
      table = level.tableIndex(word);
      level = level.below();
    }
    return translateBelow(level, word, va);
  }

  /** As {@link #translate}, from the word at some level on. */
  private long translateBelow(TableLevel first, long firstWord, long va) {
    TableLevel level = first;
    long word = firstWord;
    while (level.typeOf(word) == EntryType.TABLE) {
      long below = loadBelow(level, word, va);
      level = level.below();
      word = below;
    }
    return translationBy(level, word, va);
  }

  private long loadBelow(TableLevel level, long word, long va) {
    try {
      return format.load(memory, level.tableAddress(word), level.below().index(va));
    } catch (IommuException e) {
      throw new IommuException(
          e.errno(),
          va,
          0,
          "entry %#018x at level %d for address %#x: %s"
              .formatted(word, level.level(), va, e.rule()));
    }
  }

  private static long translationBy(TableLevel level, long word, long va) {
    return level.typeOf(word) == EntryType.LEAF
        ? level.exactOa(word, va)
        : IommuDomain.NO_TRANSLATION;
  }

  /**
   * The word at {@code pa} in {@code bank}. Memory and width come from the caller, whose loop would
   * otherwise look them up again after each read, since reads that acquire are a barrier to the
   * JVM.
   */
  private static long load(PhysicalMemory ram, boolean wide, Bank bank, long pa) {
    return wide
        ? ram.read64Acquire(bank.words(), PhysicalMemory.wordIndex(pa))
        : Integer.toUnsignedLong(ram.read32(pa));
  }

  private static void store(PhysicalMemory ram, boolean wide, Bank bank, long pa, long word) {
    if (wide) {
      ram.write64(bank.words(), pa, word);
    } else {
      ram.write32(pa, (int) word);
    }
  }
}
