package dev.genpt.runner;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A failure, as a person wants to see it.
 *
 * @param test the test's name
 * @param details the message, then the stack trace, a line each
 */
public record Failure(String test, String details) {
  private static final int FRAMES = 12;

  /** Frames of the machinery, which say nothing about the test. */
  private static final String MACHINERY =
      "\\s+at (?:java\\.base|org\\.junit|org\\.apache\\.maven|net\\.jqwik|jdk\\.).*|\\s+\\.\\.\\. \\d+ more";

  /** The whole message, and the frames of the project's own code. */
  public String text() {
    Stream<String> message = details.lines().filter(line -> !isFrame(line));
    Stream<String> frames =
        details
            .lines()
            .filter(line -> isFrame(line) && !line.matches(MACHINERY))
            .limit(FRAMES)
            .map(String::strip);
    return Stream.concat(message, frames)
        .map(line -> "    " + line)
        .collect(Collectors.joining("\n", "FAILED " + test + "\n", ""));
  }

  private static boolean isFrame(String line) {
    return line.matches("\\s+(?:at \\S+\\(.*\\)|\\.\\.\\. \\d+ more)");
  }
}
