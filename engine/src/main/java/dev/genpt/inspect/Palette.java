package dev.genpt.inspect;

/**
 * The colours of every picture, chart and coloured text: the colour-blind-safe set of Okabe and
 * Ito, with one meaning each. Stateless.
 */
public final class Palette {
  /**
   * One colour in the three strengths that a picture needs.
   *
   * @param line for lines, arrows and bars, as {@code #rrggbb}
   * @param fill a tint of it, for areas with text on them
   * @param ink a shade of it, for text on white or on the tint
   * @param ansi its nearest number in the 256 colours of a terminal
   */
  public record Tone(String line, String fill, String ink, int ansi) {}

  /** Input addresses, and what is cut out of them. */
  public static final Tone INPUT = new Tone("#0072b2", "#deeef8", "#00507e", 32);

  /** Output addresses, and the frames and leaves that have them. */
  public static final Tone OUTPUT = new Tone("#d55e00", "#fbe9dc", "#9a4300", 166);

  /** Table pointers, table addresses, and the tables there. */
  public static final Tone TABLE = new Tone("#009e73", "#dbf2ea", "#00694c", 36);

  /** What is not as it must be. */
  public static final Tone FLAW = new Tone("#cc79a7", "#f8e8f1", "#8f3468", 169);

  /** What needs no attention. */
  public static final Tone PLAIN = new Tone("#8c8c8c", "#f4f4f4", "#4a4a4a", 245);

  /** The old engines, in every chart. */
  public static final String OLD_ENGINE = "#e69f00";

  /** The new engine, in every chart. */
  public static final String NEW_ENGINE = "#56b4e9";

  private Palette() {}

  /** The tone of a field with that role. */
  static Tone toneOf(FieldRole role) {
    return switch (role) {
      case TABLE_ADDRESS -> TABLE;
      case OUTPUT_ADDRESS -> OUTPUT;
      case KIND, SIZE_CODE, PERMISSION, WRITTEN, SOFTWARE, OTHER, UNNAMED -> PLAIN;
    };
  }
}
