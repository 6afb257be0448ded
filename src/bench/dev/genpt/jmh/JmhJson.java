package dev.genpt.jmh;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;

/**
 * The results in JMH's own form, for its viewers; each phase stands as a benchmark of its own.
 * Scores are for all calls of an invocation; the parameter {@code repeats} says how often that is
 * the case.
 */
public final class JmhJson {
  private JmhJson() {}

  /**
   * Writes a file anew.
   *
   * @throws IOException if it can't be written
   */
  public static void write(Path file, List<PhaseResult> results) throws IOException {
    try (OutputStream bytes = Files.newOutputStream(file);
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, out)
          .writeOut(results.stream().map(PhaseResult::jmh).toList());
      if (out.checkError()) {
        throw new IOException("can't write " + file);
      }
    }
  }
}
