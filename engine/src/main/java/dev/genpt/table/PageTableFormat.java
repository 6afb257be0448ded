package dev.genpt.table;

import dev.genpt.bits.BitField;
import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.memory.PhysicalMemory;
import java.util.List;
import java.util.Optional;

/**
 * The contract of a page-table format: everything the generic algorithms must know of the bits in a
 * table, and nothing else.
 *
 * <p>It speaks at two heights. <em>Word functions</em> decode or encode a single word and touch no
 * memory; lessons and tests use them. <em>Item functions</em> work on items of one table in memory.
 * Those, and the functions on runs of items in {@link TableLevel}, are built from the word
 * functions, so a new format only writes its words; {@link #masks} lets it have them handled many
 * at a time.
 *
 * <p>Rules for every format: the zero word is EMPTY; level 0 never yields TABLE; all items of a
 * contiguous entry decode as LEAF with the same count. Preconditions (leaf allowed at the level,
 * size possible, address and index aligned) are the caller's duty.
 *
 * <p>Threads: a configured format is immutable; every method may be called by any thread. For the
 * item functions that write, the caller owns the items (see {@code IommuDomain}); {@link
 * #installTable} alone may race, and is a compare-and-set.
 *
 * <p>Source of the contract: upstream {@code pt_common.h} and {@code pt_fmt_defaults.h}.
 */
public abstract class PageTableFormat {
  private final FormatDefinition definition;
  private final Geometry geometry;
  private final int wordLg2;
  private final int granuleLg2;
  private final int bitsPerLevel;
  private final int initialTopLevel;
  private final int maxVaLg2;
  private final int maxOaLg2;

  /**
   * A format of {@code definition} for one table.
   *
   * @param initialTopLevel level of the first root
   * @param maxVaLg2 most input address bits that the table may ever decode
   * @param hwMaxOaLg2 output address bits of the hardware; the table has no more than the format
   */
  protected PageTableFormat(
      FormatDefinition definition, int initialTopLevel, int maxVaLg2, int hwMaxOaLg2) {
    this.definition = definition;
    this.initialTopLevel = initialTopLevel;
    this.maxVaLg2 = maxVaLg2;
    geometry = definition.geometry();
    maxOaLg2 = Math.min(geometry.maxOaLg2(), hwMaxOaLg2);
    wordLg2 = geometry.wordLg2();
    granuleLg2 = geometry.granuleLg2();
    bitsPerLevel = geometry.bitsPerLevel();
  }

  /** What this format is. */
  public final FormatDefinition definition() {
    return definition;
  }

  /** The fixed measures. */
  public final Geometry geometry() {
    return geometry;
  }

  // ---- Configuration

  /** Level of the first root. */
  public final int initialTopLevel() {
    return initialTopLevel;
  }

  /** Most input address bits that this table may ever decode. */
  public final int maxVaLg2() {
    return maxVaLg2;
  }

  /** Most output address bits; an output address has no bit at or above it. */
  public final int maxOaLg2() {
    return maxOaLg2;
  }

  /**
   * Value of the input address bits above the configured width, 0 unless the format says otherwise.
   */
  public long vaPrefix() {
    return 0;
  }

  /**
   * What the hardware must be told about a root.
   *
   * @throws IommuException EOPNOTSUPP if no hardware walks this format
   */
  public HardwareInfo hardwareInfo(long root, int topLevel) {
    throw new IommuException(
        Errno.EOPNOTSUPP, "format %s has no hardware that walks it".formatted(definition.name()));
  }

  // ---- Geometry

  /** Bytes that one item of {@code level} stands for, lg2. */
  public int itemSizeLg2(int level) {
    return granuleLg2 + bitsPerLevel * level;
  }

  /** Items of a full table of {@code level}, lg2; a top table may be smaller or larger. */
  public int itemsLg2(int level) {
    return bitsPerLevel;
  }

  /** True if a leaf may be installed at {@code level}. */
  public abstract boolean canHaveLeaf(int level);

  /**
   * Bitmap of the leaf sizes of {@code level}: bit n = a leaf of 2^n bytes; 0 if it has no leaves.
   */
  public long possibleSizes(int level) {
    return canHaveLeaf(level) ? Log2.toValue(itemSizeLg2(level)) : 0;
  }

  // ---- Word functions: decode

  /** What {@code word} means in a table of {@code level}. */
  public abstract EntryType typeOf(long word, int level);

  /** Physical address of the table that a TABLE word points to, as given to {@link #tableWord}. */
  public abstract long tableAddress(long word, int level);

  /**
   * Output address of the start of the entry that a LEAF word belongs to; a multiple of its size.
   */
  public abstract long entryOa(long word, int level);

  /**
   * Items of the entry that a LEAF word belongs to, lg2; for any word, even one that no mapping
   * wrote, less than the items of a table.
   */
  public int contigLg2(long word, int level) {
    return 0;
  }

  /** Output address of the item at {@code index} that holds the LEAF {@code word}. */
  public long itemOa(long word, int level, int index) {
    long indexInEntry = Log2.mod(index, contigLg2(word, level));
    return entryOa(word, level) | (indexInEntry << itemSizeLg2(level));
  }

  /**
   * Attributes of a LEAF word, such that installing the same address and size with them writes the
   * same word. Dirty and software bits are left out.
   */
  public abstract long attributesOf(long word, int level);

  /** What a LEAF word allows, as {@link Protection} bits, as far as the format stores it. */
  public abstract int protectionOf(long word, int level);

  /**
   * What a TABLE word lets through of what the leaves below allow, as {@link Protection} bits. The
   * operations never ask, as they write pointers that let all through; dumps and snapshots do.
   */
  public int protectionBelow(long word, int level) {
    return -1;
  }

  /**
   * Why hardware would not take {@code word} as it stands, in a few words; empty if it would. The
   * operations never ask; dumps and snapshots do.
   */
  public Optional<String> flawOf(long word, int level) {
    return Optional.empty();
  }

  /** The named fields of a word of {@code type} at {@code level}, highest first, for people. */
  public abstract List<BitField> layout(EntryType type, int level);

  // ---- Word functions: encode

  /**
   * Attributes for a protection.
   *
   * @throws IommuException EINVAL or EOPNOTSUPP if the format can't express it
   */
  public abstract long attributesFor(int protection);

  /**
   * The word of the first item of a leaf.
   *
   * @param oa output address, a multiple of 2^{@code sizeLg2}
   * @param sizeLg2 a possible size of {@code level}
   */
  public abstract long leafWord(long oa, int sizeLg2, int level, long attributes);

  /**
   * What to add to a leaf's word for each following item of the same entry, a power of two; 0 if
   * all are alike.
   */
  public long itemStep(int sizeLg2, int level) {
    return 0;
  }

  /** The word for an item of a table of {@code level} that points to the table at {@code pa}. */
  public abstract long tableWord(long pa, int level);

  // ---- Shortcut

  /**
   * The shortcuts past the word functions for words of {@code level}, with which they must agree.
   */
  protected WordMasks masks(int level) {
    return WordMasks.NONE;
  }

  // ---- Dirty and software bits

  /** True if the format records writes of the device. */
  public boolean supportsDirty() {
    return false;
  }

  /** True if a LEAF word says that the device wrote. */
  public boolean isDirty(long word) {
    return false;
  }

  /** The word that says the device wrote; unchanged if the format can't tell. */
  public long dirtied(long word) {
    return word;
  }

  /**
   * Bits that hardware sets in an item that it uses, and that nothing here asks for; the items of
   * one leaf may differ in them.
   */
  public long accessedBits() {
    return 0;
  }

  /** The word that says the device did not write. */
  public long cleaned(long word) {
    return word;
  }

  /** Number of the highest software bit, -1 if the format has none. */
  public int maxSoftwareBit() {
    return -1;
  }

  /**
   * Mask of software bit {@code n}, a bit that hardware ignores in leaves and table words.
   *
   * @throws IommuException EOPNOTSUPP if {@code n} is above {@link #maxSoftwareBit}
   */
  public long softwareBit(int n) {
    throw new IommuException(
        Errno.EOPNOTSUPP, "format %s has no software bit %d".formatted(definition.name(), n));
  }

  // ---- Item functions

  /** The item at {@code index} of the table at {@code table}, read once with acquire ordering. */
  public final long load(PhysicalMemory memory, long table, int index) {
    long at = table + ((long) index << wordLg2);
    return wordLg2 == 3 ? memory.read64Acquire(at) : Integer.toUnsignedLong(memory.read32(at));
  }

  /**
   * Writes {@code items} items from {@code index} on: {@code word}, {@code word + step}, ...; the
   * step is 0 or a power of two.
   */
  final void store(PhysicalMemory memory, long table, int index, int items, long word, long step) {
    if (wordLg2 == 3) {
      if (items == 1) {
        memory.write64(table + ((long) index << 3), word);
      } else {
        Words.fill(memory, table, index, items, word, step);
      }
      return;
    }
    for (int i = 0; i < items; i++) {
      memory.write32(table + ((index + i) << 2), (int) (word + i * step));
    }
  }

  /** Makes {@code items} items from {@code index} on EMPTY, and touches no other. */
  public void clear(PhysicalMemory memory, long table, int index, int items) {
    store(memory, table, index, items, 0, 0);
  }

  /**
   * Puts a table word in place of {@code expected}; what was written to the child before is visible
   * to whoever loads it.
   *
   * @return false if the item no longer held {@code expected}; then nothing changed
   */
  public final boolean installTable(
      PhysicalMemory memory, long table, int index, long expected, long word) {
    return replace(memory, table, index, expected, word);
  }

  private boolean replace(PhysicalMemory memory, long table, int index, long expected, long word) {
    long at = table + ((long) index << wordLg2);
    return wordLg2 == 3
        ? memory.compareAndSet64(at, expected, word)
        : memory.compareAndSet32(at, (int) expected, (int) word);
  }

  /**
   * True if any of the 2^{@code contigLg2} items from {@code index} on says that the device wrote.
   */
  public boolean isEntryDirty(PhysicalMemory memory, long table, int index, int contigLg2) {
    for (int i = index; i < index + (1 << contigLg2); i++) {
      if (isDirty(load(memory, table, i))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Cleans all 2^{@code contigLg2} items from {@code index} on; other bits keep concurrent changes.
   */
  public void makeEntryClean(PhysicalMemory memory, long table, int index, int contigLg2) {
    for (int i = index; i < index + (1 << contigLg2); i++) {
      long word;
      do {
        word = load(memory, table, i);
      } while (!replace(memory, table, i, word, cleaned(word)));
    }
  }

  /**
   * Marks the one item at {@code index} as written, if it still holds {@code expected}.
   *
   * @return false if it changed meanwhile
   */
  public boolean makeItemDirty(PhysicalMemory memory, long table, int index, long expected) {
    return replace(memory, table, index, expected, dirtied(expected));
  }

  /**
   * ORs {@code mask} into the item at {@code index}, tolerating concurrent changes; the new word.
   */
  public final long setBits(PhysicalMemory memory, long table, int index, long mask) {
    while (true) {
      long word = load(memory, table, index);
      if (replace(memory, table, index, word, word | mask)) {
        return word | mask;
      }
    }
  }
}
