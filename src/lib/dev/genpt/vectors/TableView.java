package dev.genpt.vectors;

import dev.genpt.table.EntryType;

/** What reading a table needs to know of it, whichever engine wrote it. */
sealed interface TableView permits MainlineTable, LegacyTable {
  /** Physical address of the root now. */
  long root();

  /** Level of the root now. */
  int topLevel();

  /** Input address bits that the root decodes now. */
  int widthLg2();

  /** Items of a table of {@code level}, which may be the root. */
  int items(int level);

  /** Input address bytes of an item, lg2. */
  int itemSizeLg2(int level);

  /** The word at {@code index} of a table. */
  long load(long table, int index);

  EntryType typeOf(long word, int level);

  /** The table that a TABLE word points to. */
  long tableAddress(long word, int level);

  /** The bits that the table address sets in a TABLE word. */
  long addressBits(long word, int level);

  /** Bytes of a word, lg2. */
  int wordLg2();

  /** The address that the items from the root down stand for, as a device says it. */
  long canonical(long indexed);

  /**
   * Two different words of one item in as many words as it takes.
   *
   * @param due the word that was recorded, 0 for none
   * @param got the word that is there
   */
  String compare(long due, long got, int level);
}
