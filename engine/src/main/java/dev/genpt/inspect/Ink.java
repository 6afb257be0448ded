package dev.genpt.inspect;

import dev.genpt.inspect.Palette.Tone;

/** Whether text gets colours. */
enum Ink {
  PLAIN,
  ANSI;

  /** {@code text} in the colour of {@code tone}. */
  String paint(Tone tone, String text) {
    return this == PLAIN || text.isEmpty()
        ? text
        : "\u001b[38;5;%dm%s\u001b[0m".formatted(tone.ansi(), text);
  }

  /** {@code text} in bold. */
  String bold(String text) {
    return this == PLAIN ? text : "\u001b[1m%s\u001b[0m".formatted(text);
  }
}
