package dev.genpt.inspect;

import java.util.List;

/**
 * Entries, addresses, walks and trees as pictures: each a complete SVG element, which can be
 * written to a file or put into an HTML page as it is. It has a title and a description for people
 * who can't see it, a white ground of its own, and is the same for the same values. Stateless.
 *
 * <pre>{@code
 * Files.writeString(Path.of("walk.svg"), SvgView.walk(trace));
 * }</pre>
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

  /** A format: an address in its fields, and an example of each of its words. */
  public static String format(FormatSheet sheet) {
    return FormatDrawing.draw(sheet);
  }

  /**
   * A whole table, runs folded; after {@value TableTree#SHOWN_ROWS} rows it says how many are left.
   */
  public static String tree(TableTree tree) {
    return new TreeDrawing(tree).draw();
  }

  /** A translation: the tables side by side under the address, then every step with its entry. */
  public static String walk(WalkTrace trace) {
    return WalkDrawing.whole(trace);
  }

  /**
   * A translation after some of its steps, with the entry of the latest, for a story to step
   * through forward and back. All but the first are of one size.
   *
   * @param visibleSteps how many steps to show, 0 for the bare address; the outcome shows with the
   *     last
   */
  public static String walk(WalkTrace trace, int visibleSteps) {
    return WalkDrawing.frame(trace, visibleSteps);
  }

  /** Pages in one column, frames in the other, and an arrow for each leaf. */
  public static String pages(List<PageMap> maps) {
    return new PageMapDrawing(maps).draw();
  }

  /** Byte counts as bars, as long as their logarithm. */
  public static String sizes(SizeScale scale) {
    return SizeScaleDrawing.draw(scale);
  }
}
