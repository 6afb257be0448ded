package dev.genpt.legacy;

import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.iommu.DirtyRecorder;
import dev.genpt.memory.PageAllocator;
import dev.genpt.table.EntryType;

/**
 * The old engine of Arm's long descriptors: stage 1 and stage 2, 64-bit and 32-bit, and Mali GPUs.
 *
 * <p>A call goes down from the root once, and fills or clears slots of one table at most. A leaf in
 * the way is refused (EEXIST). Part of a large leaf is unmapped by splitting it: the leaf gives way
 * to a table with all but that part.
 *
 * <p>Threads: as {@link IoPageTable}. Source: upstream {@code io-pgtable-arm.c} of v6.12.
 */
public final class LpaeIoPageTable extends IoPageTable {
  private static final int WORD = Long.BYTES;

  private final LpaeConfig config;
  private final LpaeWords words;
  private final int granuleLg2;
  private final int bitsPerLevel;
  private final int topLevel;
  private final int topItemsLg2;
  private final long root;

  /**
   * An engine.
   *
   * @throws IommuException ENOMEM
   */
  public LpaeIoPageTable(PageAllocator pages, LegacyDriver driver, LpaeConfig config) {
    super(pages, driver, config.variant().title());
    this.config = config;
    words = new LpaeWords(config);
    granuleLg2 = config.granuleLg2();
    bitsPerLevel = config.bitsPerLevel();
    topLevel = config.topLevel();
    topItemsLg2 = config.topItemsLg2();
    root = allocate(topItemsLg2 + Log2.ffs(WORD));
  }

  @Override
  public long pageSizes() {
    return config.pageSizes();
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
    return 1 << itemsLg2(level);
  }

  private int itemsLg2(int level) {
    return level == topLevel ? topItemsLg2 : bitsPerLevel;
  }

  @Override
  public int itemSizeLg2(int level) {
    return granuleLg2 + bitsPerLevel * level;
  }

  @Override
  public EntryType typeOf(long word, int level) {
    return words.typeOf(word, level);
  }

  @Override
  public long tableAddress(long word) {
    return words.addressOf(word);
  }

  @Override
  public long addressMask() {
    return LpaeWords.ADDRESS;
  }

  private int index(int level, long iova) {
    return (int) (iova >>> itemSizeLg2(level)) & (items(level) - 1);
  }

  /** Slots from {@code index} on to the end of its table, one of several at a concatenated root. */
  private int slotsLeft(int index) {
    int items = 1 << bitsPerLevel;
    return items - (index & (items - 1));
  }

  private void sync(long slot, long count) {
    if (!config.coherent()) {
      driver().flush(slot, (int) count * WORD);
    }
  }

  private void clear(long slot, long count) {
    for (long i = 0; i < count; i++) {
      write(slot(slot, i), 0);
    }
    sync(slot, count);
  }

  /** True if an input address has bits above the table's width. */
  private boolean isBeyond(long iova) {
    long above = iova >> config.ias();
    return (config.has(LpaeConfig.TTBR1) ? ~above : above) != 0;
  }

  // ---- Map

  @Override
  public long mapPages(long iova, long pa, long pageSize, long count, int protection) {
    checkPageSize(pageSize);
    if (isBeyond(iova) || pa >>> config.oas() != 0) {
      throw new IommuException(
          Errno.ERANGE,
          iova,
          0,
          "input address %#x, output address %#x: the table has %d input and %d output address bits"
              .formatted(iova, pa, config.ias(), config.oas()));
    }
    checkReadOrWrite(protection);
    int target = levelOf(pageSize);
    long table = root;
    for (int level = topLevel; level > target; level--) {
      table = tableAt(slot(table, index(level, iova)), level, iova);
    }
    int index = index(target, iova);
    long leaves = Math.min(count, slotsLeft(index));
    installLeaves(slot(table, index), target, iova, pa, leaves, words.attributesFor(protection));
    return leaves * pageSize;
  }

  private int levelOf(long pageSize) {
    return (Log2.ffs(pageSize) - granuleLg2) / bitsPerLevel;
  }

  /** The table that a slot points to, which is made if need be. */
  private long tableAt(long slot, int level, long iova) {
    long word = read(slot);
    if (word == 0) {
      long child = allocate(granuleLg2);
      word = install(slot, 0, child);
      if (word == 0) {
        return child;
      }
      free(child);
    } else if (!config.coherent() && (word & LpaeWords.SYNCED) == 0) {
      sync(slot, 1);
    }
    if (typeOf(word, level) == EntryType.LEAF) {
      throw exists(iova, word, level);
    }
    return tableAddress(word);
  }

  /** Puts a table in place of {@code expected}; the word that was found there. */
  private long install(long slot, long expected, long table) {
    long pointer = words.tableWord(table);
    long found = compareAndSet(slot, expected, pointer) ? expected : read(slot);
    if (!config.coherent() && (found & LpaeWords.SYNCED) == 0) {
      sync(slot, 1);
      if (found == expected) {
        write(slot, pointer | LpaeWords.SYNCED);
      }
    }
    return found;
  }

  private static IommuException exists(long iova, long word, int level) {
    return new IommuException(
        Errno.EEXIST,
        iova,
        0,
        "input address %#x: a leaf %#018x at level %d is in the way".formatted(iova, word, level));
  }

  private void installLeaves(
      long first, int level, long iova, long pa, long count, long attributes) {
    for (long i = 0; i < count; i++) {
      long slot = slot(first, i);
      long each = iova + (i << itemSizeLg2(level));
      long word = read(slot);
      switch (typeOf(word, level)) {
        case LEAF -> throw exists(each, word, level);
        case TABLE -> {
          dropTable(slot, word, level, each);
          sync(slot, 1);
        }
        case EMPTY -> {}
      }
    }
    for (long i = 0; i < count; i++) {
      write(slot(first, i), words.leafWord(pa + (i << itemSizeLg2(level)), level, attributes));
    }
    sync(first, count);
  }

  /** Empties a slot that points to a table, and frees that with all below it. */
  private void dropTable(long slot, long word, int level, long iova) {
    clear(slot, 1);
    long size = Log2.toValue(itemSizeLg2(level));
    driver().flushWalk(iova, iova + size - 1, Log2.toValue(granuleLg2));
    freeTables(tableAddress(word), level - 1);
  }

  private void freeTables(long table, int level) {
    for (int i = 0; level > 0 && i < items(level); i++) {
      long word = read(slot(table, i));
      if (typeOf(word, level) == EntryType.TABLE) {
        freeTables(tableAddress(word), level - 1);
      }
    }
    free(table);
  }

  // ---- Unmap

  @Override
  public long unmapPages(long iova, long pageSize, long count, LegacyGather gather) {
    return isBeyond(iova) ? 0 : unmap(root, topLevel, iova, pageSize, count, gather);
  }

  private long unmap(
      long table, int level, long iova, long pageSize, long count, LegacyGather gather) {
    int index = index(level, iova);
    long slot = slot(table, index);
    long word = read(slot);
    if (word == 0) {
      return 0;
    }
    if (level == levelOf(pageSize)) {
      long most = Math.min(count, slotsLeft(index));
      return clearSlots(slot, level, iova, most, gather);
    }
    return typeOf(word, level) == EntryType.LEAF
        ? split(slot, word, level, iova, pageSize, count, gather)
        : unmap(tableAddress(word), level - 1, iova, pageSize, count, gather);
  }

  /** Clears slots of pages or tables up to the first empty one; the bytes they stood for. */
  private long clearSlots(long first, int level, long iova, long most, LegacyGather gather) {
    long size = Log2.toValue(itemSizeLg2(level));
    long count = 0;
    while (count < most) {
      long slot = slot(first, count);
      long word = read(slot);
      if (word == 0) {
        break;
      }
      if (typeOf(word, level) == EntryType.TABLE) {
        dropTable(slot, word, level, iova + count * size);
      }
      count++;
    }
    clear(first, count);
    if (!gather.queued()) {
      addPages(gather, iova, size, count);
    }
    return count * size;
  }

  private void addPages(LegacyGather gather, long iova, long size, long count) {
    for (long i = 0; i < count; i++) {
      addPage(gather, iova + i * size, size);
    }
  }

  /** Replaces a leaf by a table of smaller ones without those that are unmapped. */
  private long split(
      long slot, long leaf, int level, long iova, long pageSize, long count, LegacyGather gather) {
    long table = allocateOr0();
    if (table == 0) {
      return 0;
    }
    int below = level - 1;
    boolean isTarget = below == levelOf(pageSize);
    int index = index(below, iova);
    long hole = isTarget ? Math.min(count, slotsLeft(index)) : 0;
    long attributes = LpaeWords.attributesOf(leaf);
    for (int i = 0; i < items(below); i++) {
      if (i < index || i >= index + hole) {
        long pa = words.addressOf(leaf) + ((long) i << itemSizeLg2(below));
        write(slot(table, i), words.leafWord(pa, below, attributes));
        sync(slot(table, i), 1);
      }
    }
    long found = install(slot, leaf, table);
    if (found != leaf) {
      free(table);
      if (typeOf(found, level) != EntryType.TABLE) {
        return 0;
      }
      table = tableAddress(found);
    } else if (isTarget) {
      addPages(gather, iova, pageSize, hole);
      return hole * pageSize;
    }
    return unmap(table, below, iova, pageSize, count, gather);
  }

  private long allocateOr0() {
    try {
      return allocate(granuleLg2);
    } catch (IommuException e) {
      return 0;
    }
  }

  // ---- Lookup and dirty bits

  @Override
  public long iovaToPhys(long iova) {
    int level = topLevel;
    long word = read(slot(root, index(level, iova)));
    while (typeOf(word, level) == EntryType.TABLE) {
      level--;
      word = read(slot(tableAddress(word), index(level, iova)));
    }
    return typeOf(word, level) == EntryType.LEAF
        ? words.addressOf(word) | Log2.mod(iova, itemSizeLg2(level))
        : 0;
  }

  @Override
  public void readAndClearDirty(
      long iova, long length, boolean clear, DirtyRecorder recorder, LegacyGather gather) {
    if (config.variant() != LpaeConfig.Variant.ARM_64_S1
        || Log2.div(iova + length - 1, config.ias()) != 0) {
      throw new IommuException(
          Errno.EINVAL,
          iova,
          0,
          "%s: no dirty bits for [%#x, %#x] in %d address bits"
              .formatted(owner(), iova, iova + length - 1, config.ias()));
    }
    DirtyRecorder recordAndGather =
        (first, bytes) -> {
          recorder.record(first, bytes);
          gather.addRange(first, bytes);
        };
    readDirty(root, topLevel, iova, iova + length, clear, recordAndGather);
  }

  /** Reads the rest of one table; where that ended. */
  private long readDirty(
      long table, int level, long first, long end, boolean clear, DirtyRecorder recorder) {
    long iova = first;
    int items = items(level);
    for (int i = index(level, iova); i < items && Long.compareUnsigned(iova, end) < 0; i++) {
      long slot = slot(table, i);
      long word = read(slot);
      switch (typeOf(word, level)) {
        case EMPTY ->
            throw new IommuException(
                Errno.EINVAL, iova, 0, "input address %#x is not mapped".formatted(iova));
        case TABLE -> iova = readDirty(tableAddress(word), level - 1, iova, end, clear, recorder);
        case LEAF -> {
          long size = Log2.toValue(itemSizeLg2(level));
          if (LpaeWords.isDirty(word)) {
            recorder.record(iova, size);
            if (clear) {
              memory().getAndOr64(slot, LpaeWords.READ_ONLY);
            }
          }
          iova += size;
        }
      }
    }
    return iova;
  }

  @Override
  public void setDirty(long iova) {
    if (!config.has(LpaeConfig.HARDWARE_DIRTY)) {
      throw recordsNoWrites();
    }
    int level = topLevel;
    long slot = slot(root, index(level, iova));
    while (typeOf(read(slot), level) == EntryType.TABLE) {
      long table = tableAddress(read(slot));
      level--;
      slot = slot(table, index(level, iova));
    }
    if (typeOf(read(slot), level) == EntryType.EMPTY) {
      throw notMapped(iova);
    }
    memory().getAndAnd64(slot, ~LpaeWords.READ_ONLY);
  }
}
