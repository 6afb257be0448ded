package dev.genpt.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** Breaks text into lines. Stateless. */
final class Wrap {
  private Wrap() {}

  /** {@code text} in lines of at most {@code columns} characters; a longer word stays whole. */
  static List<String> columns(String text, int columns) {
    return lines(text, String::length, columns);
  }

  /**
   * {@code text} broken at blanks into lines no wider than {@code room}; a word that is wider stays
   * whole.
   *
   * @param width how wide a text is
   */
  static List<String> lines(String text, ToIntFunction<String> width, int room) {
    List<String> lines = new ArrayList<>();
    var line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && width.applyAsInt(line + " " + word) > room) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
