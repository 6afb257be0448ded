package dev.genpt.lesson;

import dev.genpt.benchmark.BenchmarkFolder;
import dev.genpt.benchmark.Measurement;
import dev.genpt.benchmark.RecordedRun;
import dev.genpt.project.Checkout;
import dev.genpt.show.Show;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Times to look at: those that were recorded, or your own. For one thread. */
public final class Times {
  private static final Path OWN = Path.of("build", "bench", "bench.csv");

  private Times() {}

  /**
   * The times of a run.
   *
   * @param which {@code recorded} for those that came with the project; {@code measured} for what
   *     {@code ./jbang bench} left; {@code now} to let it measure first, about two minutes
   * @throws IllegalArgumentException for any other word
   * @throws IllegalStateException if there is no such run
   */
  public static RecordedRun of(String which) {
    try {
      return switch (which) {
        case "recorded" ->
            RecordedRun.read(
                BenchmarkFolder.ofCheckout()
                    .newestRun()
                    .orElseThrow(() -> new IllegalStateException("no run is recorded")));
        case "measured" -> measured();
        case "now" -> {
          measure();
          yield measured();
        }
        default ->
            throw new IllegalArgumentException(
                "times \"%s\": there is recorded, measured and now".formatted(which));
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RecordedRun measured() throws IOException {
    Path file = Checkout.root().resolve(OWN);
    if (!Files.exists(file)) {
      throw new IllegalStateException("nothing is measured yet: run ./jbang bench first");
    }
    return RecordedRun.read(file);
  }

  private static void measure() throws IOException {
    Path root = Checkout.root();
    Process bench =
        new ProcessBuilder(root.resolve("jbang").toString(), "bench", "--quick")
            .directory(root.toFile())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader output = bench.inputReader()) {
      output.lines().forEach(Show::text);
    } finally {
      bench.destroy();
    }
  }

  /**
   * How much longer a call takes in a process where every format and engine was used before: the
   * cases that were measured in both states.
   */
  public static Table loadedByAlone(RecordedRun run) {
    StringColumn cases = StringColumn.create("case");
    DoubleColumn alone = DoubleColumn.create("alone, ns");
    DoubleColumn loaded = DoubleColumn.create("loaded, ns");
    DoubleColumn ratio = DoubleColumn.create("loaded / alone");
    for (Measurement row :
        run.where(row -> row.state().equals("loaded") && !row.engine().equals("limit"))) {
      run.alone(
              row.format(),
              row.engine(),
              row.operation(),
              row.pageSizeLg2(),
              row.count(),
              row.mode())
          .ifPresent(other -> {
            cases.append(
                "%s %s %s %d*2^%d %s"
                    .formatted(
                        row.format(),
                        row.engine(),
                        row.operation(),
                        row.count(),
                        row.pageSizeLg2(),
                        row.mode()));
            alone.append(round(other.medianNs()));
            loaded.append(round(row.medianNs()));
            ratio.append(round(row.medianNs() / other.medianNs()));
          });
    }
    return Table.create(
        "The same calls, alone in a process and after everything else",
        cases,
        alone,
        loaded,
        ratio);
  }

  private static double round(double value) {
    return Math.rint(value * 100) / 100;
  }
}
