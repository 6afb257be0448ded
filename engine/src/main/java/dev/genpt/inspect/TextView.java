package dev.genpt.inspect;

import dev.genpt.inspect.AddressSplit.Part;
import dev.genpt.inspect.AddressSplit.Use;
import dev.genpt.inspect.Palette.Tone;
import java.util.List;

/**
 * Entries, addresses, walks and trees as text for a terminal, with or without colours, at most 100
 * columns wide. Every answer ends with a line break. Immutable; any thread may use it.
 *
 * <pre>{@code
 * System.out.print(TextView.coloured().walk(WalkTrace.of(domain.pageTable(), 0x40201234L)));
 * }</pre>
 */
public final class TextView {
  /** Columns that every view keeps within. */
  static final int COLUMNS = 100;

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

  /** An address split into its fields: bit numbers, who uses them, digits and value. */
  public String address(AddressSplit split) {
    var bits = new StringBuilder("  bits  ");
    var use = new StringBuilder("  use   ");
    var binary = new StringBuilder("  binary");
    var value = new StringBuilder("  value ");
    for (Part part : split.parts()) {
      boolean used = part.use() == Use.INDEX || part.use() == Use.OFFSET;
      Tone tone = used ? Palette.INPUT : Palette.PLAIN;
      String digits = used ? binary(part.value(), part.bits().width()) : "";
      List<String> column = List.of(part.bitRange(), useText(part), digits, valueText(part));
      int width = column.stream().mapToInt(String::length).max().orElse(0);
      bits.append("  ").append(pad(column.get(0), width));
      use.append("  ").append(pad(column.get(1), width));
      binary.append("  ").append(ink.paint(tone, pad(column.get(2), width)));
      value.append("  ").append(ink.paint(tone, pad(column.get(3), width)));
    }
    var text = new StringBuilder();
    text.append("input address ").append(ink.paint(Palette.INPUT, hex(split.iova()))).append('\n');
    for (StringBuilder line : List.of(bits, use, binary, value)) {
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  /** A format: its hardware, an address split, its levels, its words and its features. */
  public String format(FormatSheet sheet) {
    return new FormatText(ink, sheet).text(address(sheet.address()));
  }

  /** Formats in comparison. */
  public String formats(List<FormatSheet> sheets) {
    return new FormatTable(ink, sheets).text();
  }

  private static String useText(Part part) {
    return switch (part.use()) {
      case ABOVE -> "above";
      case INDEX -> "level " + part.level();
      case OFFSET -> "offset";
      case NOT_REACHED -> "not reached";
    };
  }

  private static String valueText(Part part) {
    return part.use() == Use.INDEX ? "item " + part.valueText() : part.valueText();
  }

  /** A word and every field of it, one a line; bits without a name only where they are set. */
  public String entry(DecodedEntry entry) {
    String head = "%s in a level-%d table".formatted(entry.wordText(), entry.level());
    return head + "\n" + paragraph("  ", toneOf(entry), entry.summary()) + fields(entry, "  ");
  }

  /** A line for each field. */
  private String fields(DecodedEntry entry, String indent) {
    var text = new StringBuilder();
    for (DecodedField field : entry.fields()) {
      if (!field.bits().name().isEmpty() || field.value() != 0) {
        text.append(indent).append(fieldLine(field)).append('\n');
      }
    }
    return text.toString();
  }

  private String fieldLine(DecodedField field) {
    String name = field.bits().name().isEmpty() ? "?" : field.bits().name();
    Tone tone = field.isUnknown() ? Palette.FLAW : Palette.toneOf(field.role());
    String line =
        "%-6s %-8s %s  %s"
            .formatted(
                field.bitRange(),
                name,
                paintUnlessPlain(tone, "%-13s".formatted(field.valueText())),
                paintUnlessPlain(tone, field.note()));
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
        "%s, %d address bits, root: the level-%d table at table address %s\n"
            .formatted(
                trace.format(),
                trace.widthLg2(),
                trace.topLevel(),
                ink.paint(Palette.TABLE, hex(trace.root()))));
    text.append(address(AddressSplit.of(trace)));
    for (int i = 0; i < trace.steps().size(); i++) {
      text.append('\n').append(step(i + 1, trace.steps().get(i)));
    }
    return text.append('\n').append(outcome(trace.outcome())).toString();
  }

  private String step(int number, WalkTrace.Step step) {
    DecodedEntry entry = step.entry();
    return ink.bold("%d. level %d: ".formatted(number, step.level()))
        + ink.paint(Palette.INPUT, step.choice())
        + "\n   table address %s, item %d is the word at physical address %s\n"
            .formatted(
                ink.paint(Palette.TABLE, hex(step.table())), step.index(), hex(step.wordAddress()))
        + "   %s\n".formatted(ink.bold(entry.wordText()))
        + fields(entry, "     ")
        + (entry.unknownBits() == 0
            ? ""
            : paragraph(
                "   ",
                Palette.FLAW,
                "The format gives no meaning to %s, which %s set."
                    .formatted(
                        DecodedEntry.bitsText(entry.unknownBits()),
                        Long.bitCount(entry.unknownBits()) == 1 ? "is" : "are")))
        + paragraph("   ", Palette.PLAIN, step.sentence());
  }

  private String outcome(WalkTrace.Outcome outcome) {
    Tone tone =
        switch (outcome) {
          case WalkTrace.Outcome.Mapped _ -> Palette.OUTPUT;
          case WalkTrace.Outcome.NotMapped _ -> Palette.PLAIN;
          case WalkTrace.Outcome.OutOfRange _ -> Palette.INPUT;
          case WalkTrace.Outcome.Corrupt _ -> Palette.FLAW;
        };
    return paragraph("", tone, outcome.sentence());
  }

  /**
   * A whole table, a row a line, tables below their pointers; after {@value TableTree#SHOWN_ROWS}
   * rows it says how many are left.
   */
  public String tree(TableTree tree) {
    return new TreeText(ink, tree).text();
  }

  /** Lines of at most {@link #COLUMNS}, each after the indent; in ordinary ink where plain. */
  private String paragraph(String indent, Tone tone, String text) {
    var lines = new StringBuilder();
    for (String line : Wrap.columns(text, COLUMNS - indent.length())) {
      lines.append(indent).append(paintUnlessPlain(tone, line)).append('\n');
    }
    return lines.toString();
  }

  private String paintUnlessPlain(Tone tone, String text) {
    return tone.equals(Palette.PLAIN) ? text : ink.paint(tone, text);
  }

  /** Page maps, a leaf a line. */
  public String pages(List<PageMap> maps) {
    var text = new StringBuilder();
    for (PageMap map : maps) {
      text.append(map.name()).append('\n');
      for (PageMap.Leaf leaf : map.leaves()) {
        text.append(
            "  page %s  frame %s  %s\n"
                .formatted(
                    ink.paint(Palette.INPUT, hex(leaf.iova())),
                    ink.paint(Palette.OUTPUT, hex(leaf.outputAddress())),
                    ByteSize.ofLg2(leaf.sizeLg2())));
      }
      if (map.left() > 0) {
        text.append("  and %d pages more\n".formatted(map.left()));
      }
    }
    return text.toString();
  }

  /** Byte counts, one a line. */
  public String sizes(SizeScale scale) {
    var text = new StringBuilder(scale.title()).append('\n');
    for (SizeScale.Size size : scale.sizes()) {
      text.append("  ").append(ink.paint(size.tone(), size.label() + ": " + size.text()));
      text.append('\n');
    }
    return text.toString();
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
