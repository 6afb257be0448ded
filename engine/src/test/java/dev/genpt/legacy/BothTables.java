package dev.genpt.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.iommu.IommuDomain;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.EntryType;
import dev.genpt.table.PageTable;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Root;
import java.util.Map;
import java.util.TreeMap;

/** One domain of each engine, on which the same is done, and their tables side by side. */
final class BothTables implements AutoCloseable {
  private static final int MEBIBYTES = 16;

  private final OldAndNew engines;
  private final IommuDomain newDomain;
  private final LegacyDomain oldDomain;

  BothTables(OldAndNew engines) {
    this.engines = engines;
    newDomain = engines.newDomain(PhysicalMemory.ofMebibytes(MEBIBYTES));
    oldDomain = engines.oldDomain(PhysicalMemory.ofMebibytes(MEBIBYTES));
  }

  IommuDomain newDomain() {
    return newDomain;
  }

  LegacyDomain oldDomain() {
    return oldDomain;
  }

  void map(long iova, long pa, long length, int protection) {
    newDomain.map(iova, pa, length, protection);
    oldDomain.map(iova, pa, length, protection);
  }

  /** Unmaps on both, which must tell the same. */
  long unmap(long iova, long length) {
    long unmapped = newDomain.unmap(iova, length);
    assertEquals(unmapped, oldDomain.unmap(iova, length));
    return unmapped;
  }

  /** Every word of both tables, pointers without their address, must be the same. */
  void assertSame() {
    assertSame(0);
  }

  /**
   * As {@link #assertSame()}, where leaves may differ in some bits.
   *
   * @param excepted those bits, in which they then must differ
   */
  void assertSame(long excepted) {
    assertEquals(oldDomain.engine().topLevel(), newDomain.topLevel(), engines + ": root");
    Map<String, Long> old = oldWords();
    if (excepted != 0) {
      old.replaceAll((place, word) -> place.endsWith("leaf") ? word ^ excepted : word);
    }
    assertEquals(hex(old), hex(newWords()), engines.toString());
  }

  private static Map<String, String> hex(Map<String, Long> words) {
    Map<String, String> text = new TreeMap<>();
    words.forEach((place, word) -> text.put(place, "%#018x".formatted(word)));
    return text;
  }

  private Map<String, Long> oldWords() {
    Map<String, Long> words = new TreeMap<>();
    IoPageTable engine = oldDomain.engine();
    addOld(words, "", engine, engine.root(), engine.topLevel());
    return words;
  }

  private static void addOld(
      Map<String, Long> words, String path, IoPageTable engine, long table, int level) {
    for (int i = 0; i < engine.items(level); i++) {
      long word = engine.wordAt(table, i);
      EntryType type = engine.typeOf(word, level);
      String place = path + "/" + i;
      if (type == EntryType.TABLE) {
        int before = words.size();
        addOld(words, place, engine, engine.tableAddress(word), level - 1);
        putPointer(words, before, place, word & ~engine.addressMask());
      } else if (type == EntryType.LEAF) {
        words.put(place + " leaf", word);
      }
    }
  }

  private Map<String, Long> newWords() {
    Map<String, Long> words = new TreeMap<>();
    PageTable table = newDomain.pageTable();
    Root top = table.root();
    addNew(words, "", table, top.address(), top.level());
    return words;
  }

  private static void addNew(
      Map<String, Long> words, String path, PageTable table, long at, int level) {
    PageTableFormat format = table.format();
    int items =
        1 << (level == table.root().level() ? table.rootItemsLg2(level) : format.itemsLg2(level));
    for (int i = 0; i < items; i++) {
      long word = format.load(table.memory(), at, i);
      String place = path + "/" + i;
      switch (format.typeOf(word, level)) {
        case EMPTY -> {}
        case LEAF -> words.put(place + " leaf", word);
        case TABLE -> {
          int before = words.size();
          long child = format.tableAddress(word, level);
          addNew(words, place, table, child, level - 1);
          long address = format.tableWord(child, level) ^ format.tableWord(0, level);
          putPointer(words, before, place, word & ~address);
        }
      }
    }
  }

  /** A table without a leaf is left out: the old AMD engines never free one. */
  private static void putPointer(Map<String, Long> words, int before, String place, long word) {
    if (words.size() > before) {
      words.put(place + " table", word);
    }
  }

  @Override
  public void close() {
    newDomain.close();
    oldDomain.close();
  }
}
