package dev.genpt.inspect;

import dev.genpt.bits.Log2;
import dev.genpt.table.EntryType;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Protection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One word of a page table, taken apart. Immutable; any thread may use it.
 *
 * <pre>{@code
 * DecodedEntry entry = DecodedEntry.of(domain.pageTable().format(), 0x7000000012347e01L, 0);
 * entry.summary(); // 64K leaf over 16 items, output address 0x12340000, rw
 * }</pre>
 *
 * @param word the word, zero-extended
 * @param wordBits its width, 64 or 32
 * @param level level of the table that holds it
 * @param fields every bit of the word once, highest first: the format's fields and the bits between
 *     them
 * @param meaning what the word says
 * @param flaw why hardware would not take it, empty if it would
 * @param unknownBits bits that are set in a table pointer or leaf though the format gives them no
 *     name
 */
public record DecodedEntry(
    long word,
    int wordBits,
    int level,
    List<DecodedField> fields,
    Meaning meaning,
    Optional<String> flaw,
    long unknownBits) {

  /** What a word says: one of three things. */
  public sealed interface Meaning {
    /** Nothing is mapped here. */
    record Empty() implements Meaning {}

    /**
     * The walk goes on in another table.
     *
     * @param tableAddress physical address of that table
     * @param childLevel its level
     */
    record Table(long tableAddress, int childLevel) implements Meaning {}

    /**
     * The walk ends here.
     *
     * @param outputAddress output address of the leaf's first byte
     * @param sizeLg2 bytes of the leaf, lg2
     * @param itemsLg2 table items that make up the leaf, lg2
     * @param protection what it allows, as {@link Protection} bits
     * @param written true if this item records a write of the device
     */
    record Leaf(long outputAddress, int sizeLg2, int itemsLg2, int protection, boolean written)
        implements Meaning {}
  }

  /** Copies the list. */
  public DecodedEntry {
    fields = List.copyOf(fields);
  }

  /**
   * Takes {@code word} apart as an item of a table of {@code level}. Any word will do; nothing is
   * refused.
   *
   * @param format a configured format, such as a page table has
   * @param word the word; bits above the width of an item are dropped
   * @param level 0 to the format's highest level
   */
  public static DecodedEntry of(PageTableFormat format, long word, int level) {
    return new EntryDecoder(format, word, level).decode();
  }

  /** What kind of item it is. */
  public EntryType type() {
    return switch (meaning) {
      case Meaning.Empty _ -> EntryType.EMPTY;
      case Meaning.Table _ -> EntryType.TABLE;
      case Meaning.Leaf _ -> EntryType.LEAF;
    };
  }

  /** The word in hexadecimal, at its full width. */
  public String wordText() {
    return wordText(word, wordBits);
  }

  /** A word in hexadecimal with all digits of its width. */
  static String wordText(long word, int wordBits) {
    return ("%#0" + (wordBits / 4 + 2) + "x").formatted(word);
  }

  /** The word in one line of plain words. */
  public String summary() {
    var text = new StringBuilder();
    switch (meaning) {
      case Meaning.Empty _ ->
          text.append(word == 0 ? "empty" : "empty, though not zero: the other bits mean nothing");
      case Meaning.Table table ->
          text.append("pointer to a level-%d table, ".formatted(table.childLevel()))
              .append("table address %#x".formatted(table.tableAddress()));
      case Meaning.Leaf leaf ->
          text.append(sizeText(leaf.sizeLg2(), leaf.itemsLg2()))
              .append(", output address %#x, ".formatted(leaf.outputAddress()))
              .append(Protection.describe(leaf.protection()))
              .append(leaf.written() ? ", written by the device" : "");
    }
    if (unknownBits != 0) {
      text.append("; " + DecodedField.UNKNOWN).append(bitsText(unknownBits));
    }
    flaw.ifPresent(reason -> text.append("; not valid: ").append(reason));
    return text.toString();
  }

  static String sizeText(int sizeLg2, int itemsLg2) {
    String leaf = ByteSize.ofLg2(sizeLg2) + " leaf";
    return itemsLg2 == 0 ? leaf : leaf + " over %d items".formatted(1 << itemsLg2);
  }

  /** The numbers of the set bits of {@code mask}: {@code bit 55}, {@code bits 58, 55}. */
  static String bitsText(long mask) {
    List<String> numbers = new ArrayList<>();
    for (long left = mask; left != 0; left &= ~Long.highestOneBit(left)) {
      numbers.add("" + (Log2.fls(left) - 1));
    }
    return (numbers.size() == 1 ? "bit " : "bits ") + String.join(", ", numbers);
  }
}
