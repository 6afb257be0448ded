package dev.genpt.door;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.benchmark.SampleRun;
import dev.genpt.project.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code chart}: what it writes and says, without a screen. */
final class ChartCommandTest {
  @TempDir private Path folder;

  @Test
  void everyFileIsNamedAndWhatIsLeftOutToo() throws IOException, InterruptedException {
    Path csv = folder.resolve("run.csv");
    Path out = folder.resolve("made/for/it");
    SampleRun.full().write(csv);
    Command chart = chart("--csv", csv.toString(), "--out", out.toString());
    assertAll(
        chart.toString(),
        () -> assertEquals(0, chart.status()),
        () -> assertFalse(chart.err().contains("WARN")),
        () -> assertTrue(chart.out().contains("from " + csv)),
        () -> assertTrue(chart.out().contains("left out, old against new: there are no rows of")));
    try (Stream<Path> files = Files.list(out)) {
      files.forEach(file -> assertTrue(chart.out().contains(file.toString()), file.toString()));
    }
    assertTrue(Files.size(out.resolve("threads.png")) > 0);
  }

  @Test
  void aFileThatIsNoRunIsNamed() throws IOException, InterruptedException {
    Path csv = Files.writeString(folder.resolve("run.csv"), "a,b\n");
    Command chart = chart("--csv", csv.toString(), "--out", folder.toString());
    assertAll(
        chart.toString(),
        () -> assertEquals(1, chart.status()),
        () -> assertTrue(chart.err().contains("chart: " + csv + ": the first line must be")));
  }

  @Test
  void aFileThatIsNotThereIsNamed() throws IOException, InterruptedException {
    Path csv = folder.resolve("none.csv");
    Command chart = chart("--csv", csv.toString(), "--out", folder.toString());
    assertAll(
        chart.toString(),
        () -> assertEquals(1, chart.status()),
        () -> assertTrue(chart.err().contains("chart: there is no file " + csv)));
  }

  private static Command chart(String... arguments) throws IOException, InterruptedException {
    return Command.wrapper(
        Checkout.root(),
        Map.of("DISPLAY", ""),
        Stream.concat(Stream.of("chart"), Stream.of(arguments)).toArray(String[]::new));
  }
}
