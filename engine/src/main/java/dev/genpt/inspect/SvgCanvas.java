package dev.genpt.inspect;

import dev.genpt.inspect.Palette.Tone;
import java.util.ArrayList;
import java.util.List;

/**
 * A picture under construction: shapes in pixels from the top left corner, on white. It uses no
 * style sheet, no identifiers and no fonts of its own, so that any number of pictures can stand in
 * one page.
 *
 * <p>Not thread-safe; one a picture.
 */
final class SvgCanvas {
  /** Colour of ordinary text. */
  static final String TEXT = "#1c1c1c";

  private static final String SANS =
      "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif";
  private static final String MONO =
      "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

  /** Width of a character over the font size, of the widest of the fonts above. */
  private static final double MONO_ADVANCE = 0.61;

  private static final double SANS_ADVANCE = 0.56;
  private static final double SANS_CAPITAL_ADVANCE = 0.7;
  private static final double SANS_BOLD = 1.12;
  private static final int ARROW_LENGTH = 9;
  private static final int ARROW_HALF_WIDTH = 4;

  /** Where a text stands relative to its point. */
  enum Anchor {
    START("start"),
    MIDDLE("middle"),
    END("end");

    private final String value;

    Anchor(String value) {
      this.value = value;
    }
  }

  /**
   * How a text looks.
   *
   * @param size font size in pixels
   * @param mono true for a fixed-width font
   * @param bold true for bold
   * @param colour as {@code #rrggbb}
   */
  record Font(int size, boolean mono, boolean bold, String colour) {
    static Font sans(int size) {
      return new Font(size, false, false, TEXT);
    }

    static Font mono(int size) {
      return new Font(size, true, false, TEXT);
    }

    Font inBold() {
      return new Font(size, mono, true, colour);
    }

    Font in(Tone tone) {
      return new Font(size, mono, bold, tone.ink());
    }

    /** Pixels that {@code text} takes at most. */
    int widthOf(String text) {
      if (mono) {
        return (int) Math.ceil(text.length() * MONO_ADVANCE * size);
      }
      long capitals = text.chars().filter(Character::isUpperCase).count();
      double ems = (text.length() - capitals) * SANS_ADVANCE + capitals * SANS_CAPITAL_ADVANCE;
      return (int) Math.ceil(ems * size * (bold ? SANS_BOLD : 1));
    }

    /** {@code text} in lines of at most {@code width} pixels, broken at blanks. */
    List<String> wrap(String text, int width) {
      return Wrap.lines(text, this::widthOf, width);
    }
  }

  /** A point of a line. */
  record Point(int x, int y) {}

  private final StringBuilder shapes = new StringBuilder();

  /** A box with a border. */
  void box(int x, int y, int width, int height, String fill, String border) {
    shapes.append(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\" stroke=\"%s\" stroke-width=\"1.3\"/>\n"
            .formatted(x, y, width, height, fill, border));
  }

  /** A box in the tint and line colour of a tone. */
  void box(int x, int y, int width, int height, Tone tone) {
    box(x, y, width, height, tone.fill(), tone.line());
  }

  /** A white box with a broken border. */
  void dashedBox(int x, int y, int width, int height, Tone tone) {
    shapes.append(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#ffffff\" stroke=\"%s\" stroke-width=\"1.5\" stroke-dasharray=\"6 5\"/>\n"
            .formatted(x, y, width, height, tone.line()));
  }

  /** A filled disc. */
  void disc(int x, int y, int radius, String fill) {
    shapes.append(
        "<circle cx=\"%d\" cy=\"%d\" r=\"%d\" fill=\"%s\"/>\n".formatted(x, y, radius, fill));
  }

  /** One line of text; {@code y} is its base line. */
  void text(int x, int y, Anchor anchor, Font font, String text) {
    shapes.append(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" font-family=\"%s\" font-size=\"%d\"%s fill=\"%s\" xml:space=\"preserve\">%s</text>\n"
            .formatted(
                x,
                y,
                anchor.value,
                font.mono ? MONO : SANS,
                font.size,
                font.bold ? " font-weight=\"600\"" : "",
                font.colour,
                escape(text)));
  }

  /** A line through several points. */
  void line(String colour, Point... points) {
    stroke(colour, 2, List.of(points));
  }

  /** A thin straight line. */
  void hairline(String colour, int x1, int y1, int x2, int y2) {
    stroke(colour, 1, List.of(new Point(x1, y1), new Point(x2, y2)));
  }

  /**
   * A line through several points whose last part is horizontal to the right and ends in a head.
   */
  void arrow(String colour, Point... points) {
    Point tip = points[points.length - 1];
    List<Point> shaft = new ArrayList<>(List.of(points).subList(0, points.length - 1));
    shaft.add(new Point(tip.x - ARROW_LENGTH + 1, tip.y));
    stroke(colour, 2, shaft);
    shapes.append(
        "<polygon points=\"%d,%d %d,%d %d,%d\" fill=\"%s\"/>\n"
            .formatted(
                tip.x,
                tip.y,
                tip.x - ARROW_LENGTH,
                tip.y - ARROW_HALF_WIDTH,
                tip.x - ARROW_LENGTH,
                tip.y + ARROW_HALF_WIDTH,
                colour));
  }

  private void stroke(String colour, int width, List<Point> points) {
    var path = new StringBuilder();
    for (Point point : points) {
      path.append(path.isEmpty() ? "" : " ").append(point.x).append(',').append(point.y);
    }
    shapes.append(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%d\"/>\n"
            .formatted(path, colour, width));
  }

  /**
   * The finished picture.
   *
   * @param title what it shows, in a few words
   * @param description what there is to see, for people who can't
   */
  String svg(int width, int height, String title, String description) {
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" \
    style="max-width:100%%;height:auto" role="img">
    <title>%s</title>
    <desc>%s</desc>
    <rect width="%d" height="%d" fill="#ffffff"/>
    %s</svg>
    """
        .formatted(
            width,
            height,
            width,
            height,
            escape(title),
            escape(description),
            width,
            height,
            shapes);
  }

  /** Text as it may stand in XML; control characters become blanks. */
  private static String escape(String text) {
    return text.replaceAll("\\p{Cntrl}", " ")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }
}
