package dev.genpt.table;

/**
 * How the words of one level of a format show by fixed bits what they are: the shortcut past its
 * word functions, by which runs of words are handled many at a time and walks cost the same however
 * many formats a JVM has loaded.
 *
 * <p>Masks know the plain cases: what matches is what the word functions say it is, and about what
 * does not match these are asked. Made from {@link #NONE}, where a mask of 0 stands for no
 * shortcut:
 *
 * <pre>
 * WordMasks.NONE.present(P).table(P | PS, P).leaf(P | PS, P | PS).address(ADDRESS, 0)
 * </pre>
 *
 * <p>Threads: immutable.
 *
 * @param present bits of which a word has one at least, unless it is EMPTY
 * @param table bits that hold {@code tableValue} in nothing but a TABLE
 * @param tableValue see {@code table}
 * @param leaf bits that hold {@code leafValue} in nothing but a LEAF
 * @param leafValue see {@code leaf}
 * @param contig bits of which a LEAF of several items has one at least, and any other leaf none
 * @param address bits that hold the address of a TABLE, or of a LEAF of one item unless some are
 *     set below its size
 * @param addressShift how far those are shifted left to be the address; below 0 right
 * @param marked address bits that a leaf's word may have set though its address does not, such as
 *     the memory-encryption bit: leaves whose addresses differ in these bits or above are not
 *     counted up, lest a step carry into them
 */
public record WordMasks(
    long present,
    long table,
    long tableValue,
    long leaf,
    long leafValue,
    long contig,
    long address,
    int addressShift,
    long marked) {
  /** No shortcuts. */
  public static final WordMasks NONE = new WordMasks(0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** The same and {@link #present()}. */
  public WordMasks present(long bits) {
    return new WordMasks(
        bits, table, tableValue, leaf, leafValue, contig, address, addressShift, marked);
  }

  /** The same and {@link #table()}. */
  public WordMasks table(long bits, long value) {
    return new WordMasks(
        present, bits, value, leaf, leafValue, contig, address, addressShift, marked);
  }

  /** The same and {@link #leaf()}. */
  public WordMasks leaf(long bits, long value) {
    return new WordMasks(
        present, table, tableValue, bits, value, contig, address, addressShift, marked);
  }

  /** The same and {@link #contig()}. */
  public WordMasks contig(long bits) {
    return new WordMasks(
        present, table, tableValue, leaf, leafValue, bits, address, addressShift, marked);
  }

  /** The same and {@link #address()}. */
  public WordMasks address(long bits, int shift) {
    return new WordMasks(present, table, tableValue, leaf, leafValue, contig, bits, shift, marked);
  }

  /** The same and {@link #marked()}. */
  public WordMasks marked(long bits) {
    return new WordMasks(
        present, table, tableValue, leaf, leafValue, contig, address, addressShift, bits);
  }
}
