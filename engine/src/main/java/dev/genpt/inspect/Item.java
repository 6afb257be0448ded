package dev.genpt.inspect;

/**
 * An item of a table, as it was read.
 *
 * @param level level of the table
 * @param table physical address of the table
 * @param index the item
 * @param word its word
 */
public record Item(int level, long table, int index, long word) {
  /** Where it stands and what it holds, in a few words. */
  @Override
  public String toString() {
    return "level-%d table %#x, item %d, word %#x".formatted(level, table, index, word);
  }
}
