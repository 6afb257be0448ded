package dev.genpt.inspect;

import dev.genpt.inspect.Palette.Tone;
import java.util.List;

/**
 * Entries, addresses, walks and trees as text for a terminal, with or without colours. Every answer
 * ends with a line break. Immutable; any thread may use it.
 */
public final class TextView {
  private final Ink ink;

  private TextView(Ink ink) {
    this.ink = ink;
  }

  /** Without colours. */
  public static TextView plain() {
    return new TextView(Ink.PLAIN);
  }

  /** With the colours of {@link Palette}, as ANSI escape sequences. */
  public static TextView coloured() {
    return new TextView(Ink.ANSI);
  }

  /**
   * An address split into its fields: bit numbers, purpose, value, and the index bits in binary.
   */
  public String address(AddressSplit split) {
    var text = new StringBuilder();
    text.append("input address ").append(ink.paint(Palette.INPUT, hex(split.iova()))).append('\n');
    var bits = new StringBuilder("  bits  ");
    var use = new StringBuilder("  use   ");
    var value = new StringBuilder("  value ");
    var binary = new StringBuilder("  binary");
    for (AddressSplit.Part part : split.parts()) {
      String digits =
          part.use() == AddressSplit.Use.ABOVE ? "" : binary(part.value(), part.bits().width());
      int width =
          Math.max(
              Math.max(digits.length(), part.bitRange().length()),
              Math.max(useText(part).length(), part.valueText().length()));
      Tone tone =
          part.use() == AddressSplit.Use.OFFSET || part.use() == AddressSplit.Use.INDEX
              ? Palette.INPUT
              : Palette.PLAIN;
      bits.append("  ").append(pad(part.bitRange(), width));
      use.append("  ").append(pad(useText(part), width));
      value.append("  ").append(ink.paint(tone, pad(part.valueText(), width)));
      binary.append("  ").append(ink.paint(tone, pad(digits, width)));
    }
    for (StringBuilder line : List.of(bits, use, value, binary)) {
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static String useText(AddressSplit.Part part) {
    return switch (part.use()) {
      case ABOVE -> "above";
      case INDEX -> "index, level " + part.level();
      case OFFSET -> "offset";
      case NOT_REACHED -> "not reached";
    };
  }

  /** A word and every field of it, one a line; bits without a name only where they are set. */
  public String entry(DecodedEntry entry) {
    var text = new StringBuilder();
    text.append("%s at level %d: ".formatted(entry.wordText(), entry.level()))
        .append(ink.paint(toneOf(entry), entry.summary()))
        .append('\n');
    for (DecodedField field : entry.fields()) {
      if (!field.bits().name().isEmpty() || field.value() != 0) {
        text.append(fieldLine(field)).append('\n');
      }
    }
    return text.toString();
  }

  private String fieldLine(DecodedField field) {
    String name = field.bits().name().isEmpty() ? "?" : field.bits().name();
    Tone tone = field.note().startsWith("unknown") ? Palette.FLAW : Palette.toneOf(field.role());
    String line =
        "  %-6s %-8s %s  %s"
            .formatted(
                field.bitRange(),
                name,
                ink.paint(tone, "%-13s".formatted(field.valueText())),
                tone.equals(Palette.PLAIN) ? field.note() : ink.paint(tone, field.note()));
    return line.stripTrailing();
  }

  private static Tone toneOf(DecodedEntry entry) {
    if (entry.flaw().isPresent()) {
      return Palette.FLAW;
    }
    return switch (entry.type()) {
      case EMPTY -> Palette.PLAIN;
      case TABLE -> Palette.TABLE;
      case LEAF -> Palette.OUTPUT;
    };
  }

  /** A translation: the address split, then for each level what was read and what follows. */
  public String walk(WalkTrace trace) {
    var text = new StringBuilder();
    text.append(
        "%s, root at table address %s, level %d, %d address bits\n"
            .formatted(
                trace.format(),
                ink.paint(Palette.TABLE, hex(trace.root())),
                trace.topLevel(),
                trace.widthLg2()));
    text.append(address(AddressSplit.of(trace)));
    for (WalkTrace.Step step : trace.steps()) {
      text.append('\n').append(step(step));
    }
    return text.append('\n').append(outcome(trace.outcome())).append('\n').toString();
  }

  private String step(WalkTrace.Step step) {
    return ink.bold("level %d".formatted(step.level()))
        + ": bits %s of the input address are %s, so item %d of the table at table address %s, at %s\n"
            .formatted(
                step.bitRange(),
                ink.paint(Palette.INPUT, "" + step.index()),
                step.index(),
                ink.paint(Palette.TABLE, hex(step.table())),
                hex(step.wordAddress()))
        + entry(step.entry()).indent(2)
        + "  "
        + step.sentence()
        + "\n";
  }

  private String outcome(WalkTrace.Outcome outcome) {
    Tone tone =
        switch (outcome) {
          case WalkTrace.Outcome.Mapped _ -> Palette.OUTPUT;
          case WalkTrace.Outcome.NotMapped _ -> Palette.PLAIN;
          case WalkTrace.Outcome.OutOfRange _ -> Palette.INPUT;
          case WalkTrace.Outcome.Corrupt _ -> Palette.FLAW;
        };
    return ink.paint(tone, outcome.sentence());
  }

  /** A whole table, a row a line, tables below their pointers. */
  public String tree(TableTree tree) {
    return new TreeText(ink, tree).text();
  }

  static String hex(long value) {
    return "%#x".formatted(value);
  }

  private static String binary(long value, int width) {
    String digits = Long.toBinaryString(value);
    return "0".repeat(width - digits.length()) + digits;
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
