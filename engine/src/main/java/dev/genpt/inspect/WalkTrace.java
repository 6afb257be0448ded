package dev.genpt.inspect;

import dev.genpt.bits.BitField;
import dev.genpt.table.PageTable;
import java.util.List;

/**
 * The translation of one input address, step by step, with a sentence for each step.
 *
 * <p>The walk is a checked one: it stops at an entry that is not valid, even if the operations of a
 * domain would pass it without a look, at a pointer out of RAM and at a table that it met before;
 * and it ends after as many steps as the table has levels, whatever table memory holds. A record of
 * what was read: it does not follow later changes, and any thread may use it.
 *
 * <pre>{@code
 * WalkTrace trace = WalkTrace.of(domain.pageTable(), 0x40201234L);
 * if (trace.outcome() instanceof WalkTrace.Outcome.Mapped mapped) {
 *   System.out.printf("%#x%n", mapped.outputAddress());
 * }
 * }</pre>
 *
 * @param format the format's name
 * @param iova the input address
 * @param widthLg2 input address bits that the table decodes
 * @param topLevel level of the root
 * @param root physical address of the root
 * @param steps one for each table that was read, from the root down
 * @param outcome how it ended
 */
public record WalkTrace(
    String format,
    long iova,
    int widthLg2,
    int topLevel,
    long root,
    List<Step> steps,
    Outcome outcome) {

  /**
   * One table read.
   *
   * @param level level of the table
   * @param table physical address of the table
   * @param items how many items the table has
   * @param indexBits the bits of the input address that pick the item; of a table with one item the
   *     bit above it, which nothing looks at
   * @param index the item
   * @param wordAddress physical address of the item
   * @param entry the item, taken apart
   * @param sentence what happens here, in plain words
   */
  public record Step(
      int level,
      long table,
      int items,
      BitField indexBits,
      int index,
      long wordAddress,
      DecodedEntry entry,
      String sentence) {
    /** Which bits of the input address pick the item, in plain words. */
    public String choice() {
      return items == 1
          ? "the table has item 0 alone, no bit of the input address picks it"
          : "bits %s of the input address pick item %d of %d".formatted(bitRange(), index, items);
    }

    /** The bit numbers of the index: {@code 38:30}. */
    public String bitRange() {
      return indexBits.width() == 1
          ? "" + indexBits.high()
          : indexBits.high() + ":" + indexBits.low();
    }
  }

  /** How a translation ends. */
  public sealed interface Outcome {
    /** What became of the address, in plain words. */
    String sentence();

    /**
     * There is a leaf.
     *
     * @param outputAddress output address for exactly the input address
     * @param leafAddress output address of the leaf's first byte
     * @param sizeLg2 bytes of the leaf, lg2
     * @param protection what it allows, as {@link dev.genpt.table.Protection} bits
     */
    record Mapped(
        long outputAddress, long leafAddress, int sizeLg2, int protection, String sentence)
        implements Outcome {}

    /**
     * The walk met an empty item.
     *
     * @param level level of the table that holds it
     */
    record NotMapped(int level, String sentence) implements Outcome {}

    /** The address is not one that the table decodes; nothing was read. */
    record OutOfRange(String sentence) implements Outcome {}

    /**
     * Table memory holds what it must not.
     *
     * @param level level of the table that was read, or should have been
     * @param reason what is wrong, in a few words
     */
    record Corrupt(int level, String reason, String sentence) implements Outcome {}
  }

  /** Copies the list. */
  public WalkTrace {
    steps = List.copyOf(steps);
  }

  /**
   * Follows {@code iova} through the table as it is now. Any address will do: one that the table
   * does not decode has no steps. Other threads may change the table meanwhile.
   */
  public static WalkTrace of(PageTable table, long iova) {
    return new WalkTracer(table, iova).trace();
  }
}
