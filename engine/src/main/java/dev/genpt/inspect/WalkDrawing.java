package dev.genpt.inspect;

import dev.genpt.bits.Log2;
import dev.genpt.inspect.AddressSplit.Part;
import dev.genpt.inspect.DecodedEntry.Meaning;
import dev.genpt.inspect.Palette.Tone;
import dev.genpt.inspect.SvgCanvas.Anchor;
import dev.genpt.inspect.SvgCanvas.Font;
import dev.genpt.inspect.SvgCanvas.Point;
import dev.genpt.inspect.WalkTrace.Outcome;
import dev.genpt.inspect.WalkTrace.Step;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Draws a walk. Above, the address lies over the tables, one column a level: an index comes down to
 * its item, a pointer goes on to the foot of the next table, where its item 0 is. Below, each step
 * with its entry.
 */
final class WalkDrawing {
  private static final int MARGIN = 24;
  private static final int COLUMN = 158;
  private static final int GAP = 46;
  private static final int ROOT_ROOM = 66;
  private static final int ADDRESS_TOP = 96;
  private static final int TABLE_TOP = 196;
  private static final int TABLE_HEIGHT = 180;
  private static final int LABEL_ROOM = 20;
  private static final int ITEM_HEIGHT = 44;
  private static final int FOOT_HEIGHT = 42;
  private static final int STEPS_TOP = TABLE_TOP + TABLE_HEIGHT + FOOT_HEIGHT + 40;
  private static final int LEAST_INNER_WIDTH = 880;
  private static final int INDENT = 36;
  private static final Font TITLE = Font.sans(18).inBold();
  private static final Font ADDRESS = Font.mono(18).inBold();
  private static final Font SUBTITLE = Font.sans(13).in(Palette.PLAIN);
  private static final Font COLUMN_TITLE = Font.sans(14).inBold();
  private static final Font ITEM = Font.sans(13).inBold();
  private static final Font WORD = Font.mono(12);
  private static final Font SMALL = Font.sans(11);
  private static final Font SENTENCE = Font.sans(14);

  private final WalkTrace trace;
  private final int visible;
  private final boolean isFrame;
  private final SvgCanvas canvas = new SvgCanvas();
  private final int innerWidth;
  private final int firstColumn;

  private WalkDrawing(WalkTrace trace, int visibleSteps, boolean isFrame) {
    this.trace = trace;
    this.isFrame = isFrame;
    visible = Math.clamp(visibleSteps, 0, trace.steps().size());
    int columns = trace.steps().size() + 1;
    int tables = ROOT_ROOM + columns * COLUMN + (columns - 1) * GAP + GAP / 2;
    int strips =
        trace.steps().stream()
            .mapToInt(step -> INDENT + new EntryStrip(step.entry()).leastWidth())
            .max()
            .orElse(0);
    innerWidth = Math.max(LEAST_INNER_WIDTH, Math.max(tables, strips));
    firstColumn = MARGIN + ROOT_ROOM + (innerWidth - tables) / 2;
  }

  /** The whole walk, with every step. */
  static String whole(WalkTrace trace) {
    return new WalkDrawing(trace, trace.steps().size(), false).draw();
  }

  /**
   * The walk after some of its steps, with the last of these; all but the bare address are of one
   * size.
   */
  static String frame(WalkTrace trace, int visibleSteps) {
    return new WalkDrawing(trace, visibleSteps, true).draw();
  }

  private String draw() {
    drawTitle();
    int y = ADDRESS_TOP;
    if (!trace.steps().isEmpty()) {
      drawAddress();
      IntStream.range(0, visible).forEach(this::drawTable);
      if (isEndVisible()) {
        drawEnd();
      }
      y = drawSteps();
    }
    int bottom = drawOutcome(y);
    boolean isBare = isFrame && visible == 0 && !isEndVisible();
    return canvas.svg(
        innerWidth + 2 * MARGIN,
        (isBare ? addressBottom() : bottom) + MARGIN,
        title(),
        description());
  }

  /** The sentences of the steps that show, and of the outcome if it does. */
  private String description() {
    if (visible == 0 && !isEndVisible()) {
      return "No step shows yet.";
    }
    Stream<String> steps = trace.steps().stream().limit(visible).map(Step::sentence);
    Stream<String> end = isEndVisible() ? Stream.of(trace.outcome().sentence()) : Stream.empty();
    return Stream.concat(steps, end).collect(Collectors.joining(" "));
  }

  private String title() {
    return "Walk of input address %s through a table of format %s"
        .formatted(TextView.hex(trace.iova()), trace.format());
  }

  private boolean isEndVisible() {
    return visible == trace.steps().size();
  }

  private void drawTitle() {
    canvas.text(MARGIN, 38, Anchor.START, TITLE, "Input address");
    int x = MARGIN + TITLE.widthOf("Input address") + 8;
    String address = TextView.hex(trace.iova());
    canvas.text(x, 38, Anchor.START, ADDRESS.in(Palette.INPUT), address);
    canvas.text(
        MARGIN,
        60,
        Anchor.START,
        SUBTITLE,
        "%s, root at level %d: %d address bits%s"
            .formatted(trace.format(), trace.topLevel(), trace.widthLg2(), above()));
  }

  /** What to say about the bits that the table does not decode. */
  private String above() {
    int width = trace.widthLg2();
    if (width == Long.SIZE || trace.outcome() instanceof Outcome.OutOfRange) {
      return "";
    }
    long bits = trace.iova() >> width;
    return "; bits 63:%d are %s and pick no item"
        .formatted(width, bits == 0 ? "all 0" : bits == -1 ? "all 1" : "%#x".formatted(bits));
  }

  private int columnX(int column) {
    return firstColumn + column * (COLUMN + GAP);
  }

  private void drawAddress() {
    List<Part> parts = AddressDrawing.decoded(AddressSplit.of(trace));
    int first = trace.steps().size() + 1 - parts.size();
    for (int i = 0; i < parts.size(); i++) {
      AddressDrawing.drawPart(
          canvas, parts.get(i), columnX(first + i) - GAP / 2, ADDRESS_TOP, COLUMN + GAP);
    }
  }

  private static int addressBottom() {
    return ADDRESS_TOP + AddressDrawing.boxHeight();
  }

  private static int footMiddle() {
    return TABLE_TOP + TABLE_HEIGHT + FOOT_HEIGHT / 2;
  }

  /** Top of the item at {@code index} of {@code items}; item 0 is lowest. */
  private static int itemTop(double place) {
    int room = TABLE_HEIGHT - 2 * LABEL_ROOM - ITEM_HEIGHT;
    return TABLE_TOP + LABEL_ROOM + (int) Math.round(room * (1 - place));
  }

  private static int itemTop(Step step) {
    return itemTop(step.items() == 1 ? 0 : (double) step.index() / (step.items() - 1));
  }

  private void drawTable(int column) {
    Step step = trace.steps().get(column);
    int x = columnX(column);
    drawFrame(
        x,
        Palette.TABLE,
        "level-%d table".formatted(step.level()),
        "table address",
        TextView.hex(step.table()));
    if (step.index() != step.items() - 1) {
      drawItemNumber(x, TABLE_TOP + 14, step.items() - 1);
    }
    if (step.index() != 0) {
      drawItemNumber(x, TABLE_TOP + TABLE_HEIGHT - 6, 0);
    }
    drawItem(x, itemTop(step), toneOf(step), itemText(step), step.entry().wordText());
    if (column == 0) {
      int foot = footMiddle();
      canvas.text(
          MARGIN + (x - MARGIN - ROOT_ROOM),
          foot + 4,
          Anchor.START,
          ITEM.in(Palette.TABLE),
          "root");
      canvas.arrow(Palette.TABLE.line(), new Point(x - 28, foot), new Point(x, foot));
    } else {
      drawPointer(column - 1, Palette.TABLE);
    }
  }

  /** The item's number, and those of the leaf if it has several items. */
  private static String itemText(Step step) {
    if (step.entry().meaning() instanceof Meaning.Leaf leaf && leaf.itemsLg2() > 0) {
      int first = (int) Log2.alignDown(step.index(), leaf.itemsLg2());
      return "item %d of %d..%d".formatted(step.index(), first, first + (1 << leaf.itemsLg2()) - 1);
    }
    return "item " + step.index();
  }

  private void drawFrame(int x, Tone tone, String title, String footTitle, String address) {
    canvas.text(x + COLUMN / 2, TABLE_TOP - 10, Anchor.MIDDLE, COLUMN_TITLE.in(tone), title);
    canvas.box(x, TABLE_TOP, COLUMN, TABLE_HEIGHT, "#ffffff", tone.line());
    int foot = TABLE_TOP + TABLE_HEIGHT;
    canvas.box(x, foot, COLUMN, FOOT_HEIGHT, tone);
    canvas.text(x + COLUMN / 2, foot + 16, Anchor.MIDDLE, SMALL.in(tone), footTitle);
    canvas.text(x + COLUMN / 2, foot + 33, Anchor.MIDDLE, WORD.inBold().in(tone), address);
  }

  private void drawItemNumber(int x, int y, int index) {
    canvas.text(x + COLUMN / 2, y, Anchor.MIDDLE, SMALL.in(Palette.PLAIN), "item " + index);
  }

  /** A highlighted place in a column, with the arrow that comes down from the address. */
  private void drawItem(int x, int top, Tone tone, String title, String value) {
    canvas.box(x, top, COLUMN, ITEM_HEIGHT, tone);
    canvas.text(x + COLUMN / 2, top + 18, Anchor.MIDDLE, ITEM.in(tone), title);
    canvas.text(x + COLUMN / 2, top + 36, Anchor.MIDDLE, WORD.in(tone), value);
    int middle = top + ITEM_HEIGHT / 2;
    canvas.arrow(
        Palette.INPUT.line(),
        new Point(x - 13, addressBottom()),
        new Point(x - 13, middle),
        new Point(x, middle));
  }

  /** The line from the item of {@code column} to the foot of the next. */
  private void drawPointer(int column, Tone tone) {
    int right = columnX(column) + COLUMN;
    int middle = itemTop(trace.steps().get(column)) + ITEM_HEIGHT / 2;
    int turn = right + 15;
    canvas.arrow(
        tone.line(),
        new Point(right, middle),
        new Point(turn, middle),
        new Point(turn, footMiddle()),
        new Point(right + GAP, footMiddle()));
  }

  private void drawEnd() {
    int column = trace.steps().size();
    int x = columnX(column);
    switch (trace.outcome()) {
      case Outcome.Mapped mapped -> {
        long offset = mapped.outputAddress() - mapped.leafAddress();
        drawFrame(
            x,
            Palette.OUTPUT,
            ByteSize.ofLg2(mapped.sizeLg2()) + " of memory",
            "output address of the leaf",
            TextView.hex(mapped.leafAddress()));
        drawItem(
            x,
            itemTop((double) offset / (1L << mapped.sizeLg2())),
            Palette.OUTPUT,
            "output address",
            TextView.hex(mapped.outputAddress()));
        drawPointer(column - 1, Palette.OUTPUT);
      }
      case Outcome.Corrupt corrupt -> {
        drawNothing(x, Palette.FLAW, "fault", corrupt.reason());
        drawPointer(column - 1, Palette.FLAW);
      }
      default -> drawNothing(x, Palette.PLAIN, "not mapped", "the walk ended at an empty item");
    }
  }

  private void drawNothing(int x, Tone tone, String title, String text) {
    canvas.dashedBox(x, TABLE_TOP, COLUMN, TABLE_HEIGHT + FOOT_HEIGHT, tone);
    int y = TABLE_TOP + 70;
    canvas.text(x + COLUMN / 2, y, Anchor.MIDDLE, COLUMN_TITLE.in(tone), title);
    for (String line : SUBTITLE.wrap(text, COLUMN - 16)) {
      y += 20;
      canvas.text(x + COLUMN / 2, y, Anchor.MIDDLE, SUBTITLE.in(tone), line);
    }
  }

  private static Tone toneOf(Step step) {
    if (step.entry().flaw().isPresent()) {
      return Palette.FLAW;
    }
    return switch (step.entry().type()) {
      case EMPTY -> Palette.PLAIN;
      case TABLE -> Palette.TABLE;
      case LEAF -> Palette.OUTPUT;
    };
  }

  /** The steps below each other, or in one place all but the latest left out; the place below. */
  private int drawSteps() {
    int bottom = STEPS_TOP;
    for (int i = 0; i < trace.steps().size(); i++) {
      bottom = isFrame ? Math.max(bottom, drawStep(i, STEPS_TOP)) : drawStep(i, bottom);
    }
    return bottom;
  }

  private boolean isDetailed(int step) {
    return isFrame ? step == visible - 1 : step < visible;
  }

  /** One step: number, heading, entry, sentence; the place of the next. */
  private int drawStep(int number, int y) {
    Step step = trace.steps().get(number);
    List<String> sentence = SENTENCE.wrap(step.sentence(), innerWidth - INDENT);
    int stripTop = y + 14;
    int sentenceTop = stripTop + EntryStrip.HEIGHT + 12;
    if (isDetailed(number)) {
      canvas.disc(MARGIN + 12, y - 5, 12, toneOf(step).line());
      canvas.text(
          MARGIN + 12, y, Anchor.MIDDLE, new Font(13, false, true, "#ffffff"), "" + (number + 1));
      canvas.text(
          MARGIN + INDENT,
          y,
          Anchor.START,
          SENTENCE.inBold(),
          "Level %d: %s".formatted(step.level(), step.choice()));
      new EntryStrip(step.entry()).draw(canvas, MARGIN + INDENT, stripTop, innerWidth - INDENT);
      for (int i = 0; i < sentence.size(); i++) {
        canvas.text(MARGIN + INDENT, sentenceTop + i * 20, Anchor.START, SENTENCE, sentence.get(i));
      }
    }
    return sentenceTop + sentence.size() * 20 + 26;
  }

  /** The last sentence in a box; the bottom of the picture. */
  private int drawOutcome(int y) {
    List<String> sentence = SENTENCE.inBold().wrap(trace.outcome().sentence(), innerWidth - 2 * 16);
    int height = sentence.size() * 20 + 18;
    int top = y - 16;
    if (isEndVisible()) {
      Tone tone =
          switch (trace.outcome()) {
            case Outcome.Mapped _ -> Palette.OUTPUT;
            case Outcome.Corrupt _ -> Palette.FLAW;
            default -> Palette.PLAIN;
          };
      canvas.box(MARGIN, top, innerWidth, height, tone);
      for (int i = 0; i < sentence.size(); i++) {
        canvas.text(
            MARGIN + 16,
            top + 23 + i * 20,
            Anchor.START,
            SENTENCE.inBold().in(tone),
            sentence.get(i));
      }
    }
    return top + height;
  }
}
