package dev.genpt.benchmark;

import dev.genpt.project.Checkout;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder such as {@code datasets/benchmarks}: recorded runs, and what others measured.
 *
 * <p>Threads: immutable. Every method reads the files anew.
 *
 * @param path the folder
 */
public record BenchmarkFolder(Path path) {
  /** The folder's path in the checkout. */
  public static final String IN_CHECKOUT = "datasets/benchmarks";

  /**
   * The project's own.
   *
   * @throws IllegalStateException if the caller stands outside of a checkout
   */
  public static BenchmarkFolder ofCheckout() {
    return new BenchmarkFolder(Checkout.root().resolve(IN_CHECKOUT));
  }

  /**
   * The figures that Linux's developers published.
   *
   * @throws IOException as {@link PublishedTiming#read}
   */
  public List<PublishedTiming> published() throws IOException {
    return PublishedTiming.read(path.resolve("published-timings.csv"));
  }

  /**
   * The times of the C code.
   *
   * @throws IOException as {@link CTiming#read}
   */
  public List<CTiming> c() throws IOException {
    return CTiming.read(path.resolve("c-reference-timings.csv"));
  }

  /**
   * The times of the C code, built with retpolines as the kernels of distributions are.
   *
   * @throws IOException as {@link CTiming#read}
   */
  public List<CTiming> retpolineC() throws IOException {
    return CTiming.read(path.resolve("c-reference-timings-retpoline.csv"));
  }

  /**
   * The file of the newest run: by the date in its first row, then by its name; empty if none is
   * recorded.
   *
   * @throws IOException if the folder or a run can't be read
   */
  public Optional<Path> newestRun() throws IOException {
    record Dated(Path file, Measurement first) {}
    List<Dated> runs = new ArrayList<>();
    for (Path file : csvFiles()) {
      if (isRun(file)) {
        runs.add(new Dated(file, RecordedRun.read(file).rows().getFirst()));
      }
    }
    return runs.stream()
        .max(
            Comparator.comparing((Dated run) -> run.first().date())
                .thenComparing(run -> run.file().getFileName().toString()))
        .map(Dated::file);
  }

  private List<Path> csvFiles() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(file -> file.toString().endsWith(".csv")).toList();
    }
  }

  private static boolean isRun(Path file) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      return Measurement.HEADER.equals(reader.readLine());
    }
  }
}
