package dev.genpt.vectors;

import dev.genpt.bits.Log2;
import dev.genpt.legacy.IoPageTable;
import dev.genpt.table.EntryType;

/** A table of an old engine. */
record LegacyTable(IoPageTable engine) implements TableView {
  @Override
  public long root() {
    return engine.root();
  }

  @Override
  public int topLevel() {
    return engine.topLevel();
  }

  @Override
  public int widthLg2() {
    return itemSizeLg2(topLevel()) + Log2.ffs(items(topLevel()));
  }

  @Override
  public int items(int level) {
    return engine.items(level);
  }

  @Override
  public int itemSizeLg2(int level) {
    return engine.itemSizeLg2(level);
  }

  @Override
  public long load(long table, int index) {
    return engine.wordAt(table, index);
  }

  @Override
  public EntryType typeOf(long word, int level) {
    return engine.typeOf(word, level);
  }

  @Override
  public long tableAddress(long word, int level) {
    return engine.tableAddress(word);
  }

  @Override
  public long addressBits(long word, int level) {
    return word & engine.addressMask();
  }

  @Override
  public int wordLg2() {
    return Log2.ffs(Long.BYTES);
  }

  @Override
  public long canonical(long indexed) {
    return indexed;
  }

  @Override
  public String compare(long due, long got, int level) {
    return """
      expected %#018x
      got      %#018x
      differ in bits %#x\
    """
        .formatted(due, got, due ^ got);
  }
}
