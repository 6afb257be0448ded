package dev.genpt.inspect;

/**
 * Entries, addresses, walks and trees as pictures: each a complete SVG element, which can be
 * written to a file or put into an HTML page as it is. Stateless.
 */
public final class SvgView {
  private SvgView() {}

  /** An address, cut into its fields. */
  public static String address(AddressSplit split) {
    return AddressDrawing.draw(split);
  }

  /** A word as a row of bit fields, with a line for each field that means something. */
  public static String entry(DecodedEntry entry) {
    return EntryDrawing.draw(entry);
  }

  /** A whole table, runs folded; after 400 rows it says how many are left. */
  public static String tree(TableTree tree) {
    return new TreeDrawing(tree).draw();
  }

  /** A translation: the tables side by side under the address, then every step with its entry. */
  public static String walk(WalkTrace trace) {
    return walk(trace, trace.steps().size());
  }

  /**
   * The first steps of a translation, on a picture as large as that of the whole, to step forward
   * and back.
   *
   * @param visibleSteps how many steps to show, 0 for the bare address; the outcome shows with the
   *     last
   */
  public static String walk(WalkTrace trace, int visibleSteps) {
    return new WalkDrawing(trace, visibleSteps).draw();
  }
}
