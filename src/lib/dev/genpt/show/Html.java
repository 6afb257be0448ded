package dev.genpt.show;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.genpt.inspect.Palette.Tone;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * Pieces of HTML that look the same in every page, dark or light: each brings its colours with it,
 * and no script.
 */
public final class Html {
  private static final String SHEET =
      "background:#ffffff;color:#1c1c1c;font:15px/1.45 system-ui,sans-serif;max-width:960px;";

  private Html() {}

  /** Text as it may stand in HTML. */
  public static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** A box on white with a bar in the tone's colour at its left. */
  static String note(Tone tone, String content) {
    return "<div style=\"%sborder-left:6px solid %s;padding:8px 14px;margin:4px 0\">%s</div>"
        .formatted(SHEET, tone.line(), content);
  }

  /** The style of a white sheet. */
  static String sheet() {
    return SHEET;
  }

  /** A name for {@code content} that is the same in every run. */
  static String nameOf(String content) {
    var crc = new CRC32();
    crc.update(content.getBytes(UTF_8));
    return "genpt-" + String.format(Locale.ROOT, "%08x", crc.getValue());
  }
}
