package dev.genpt.benchmark;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.XYChart;

/** The charts: what their titles find in the rows, what they draw, and when they can't. */
final class ChartsTest {
  private static final RecordedRun RUN = SampleRun.full();

  record Expected(Figure figure, String title) {}

  static List<Expected> figures() throws IOException {
    BenchmarkFolder others = BenchmarkFolder.ofCheckout();
    return List.of(
        new Expected(
            Charts.oldAndNew(RUN, "amdv1"),
            "amdv1: 256 pages of 4K map 43 times as fast and unmap 43 times as fast as before"),
        new Expected(
            LinuxCharts.published(RUN, others.published(), "unmap"),
            "amdv1 unmap 256*2^12: 18 times as fast as the old engine in Linux, 43 times as fast here"),
        new Expected(
            LinuxCharts.cAndJava(RUN, others.c(), others.retpolineC(), "amdv1"),
            "amdv1, 256 pages: map in 296 ns in Java, 220 ns in C; unmap in 296 ns in Java, 320 ns in C"),
        new Expected(
            Charts.runLength(RUN, "amdv1"),
            "amdv1: a page costs 41 ns to map alone, 1.2 ns in a run of 256"),
        new Expected(
            Charts.pageSizes(RUN, "amdv1"),
            "amdv1: one entry maps in 41 ns (4K) to 296 ns (1M, 256 words)"),
        new Expected(Charts.threads(RUN), "Two threads on one domain do 2.0 times the work of one"),
        new Expected(
            Charts.memory(),
            "1 GiB of 4K pages: 2,060 KiB of tables in the new engine, 1.000 times the bare tables"));
  }

  @ParameterizedTest
  @MethodSource("figures")
  void theTitleSaysTheFinding(Expected expected) {
    assertEquals(expected.title, expected.figure.getTitle());
  }

  @ParameterizedTest
  @MethodSource("figures")
  void thePictureIsAsLargeAsAllOthers(Expected expected) throws IOException {
    var picture = ImageIO.read(new ByteArrayInputStream(expected.figure.png()));
    assertAll(
        () -> assertEquals(1000, picture.getWidth()), () -> assertEquals(600, picture.getHeight()));
  }

  /** A series' name says its colour, so every series has one. */
  @ParameterizedTest
  @MethodSource("figures")
  void everySeriesOfTheTableIsDrawn(Expected expected) {
    int drawn =
        switch (expected.figure.chart()) {
          case CategoryChart bars -> bars.getSeriesCollection().size();
          case XYChart lines -> lines.getSeriesCollection().size();
          default -> 0;
        };
    assertEquals(expected.figure.table().column("series").countUnique(), drawn);
  }

  @Test
  void aRunLengthIsTimePerPage() {
    var table = Charts.runLength(RUN, "amdv1").table();
    var ofOld = table.where(table.stringColumn("series").isEqualTo("old map"));
    assertEquals(List.of(1.0, 256.0, 262_144.0), ofOld.doubleColumn(1).asList());
    assertEquals(List.of(50.0, 50.0, 50.0), ofOld.doubleColumn(2).asList());
  }

  @Test
  void threadsAreComparedByWhatTheyDoTogether() {
    var table = Charts.threads(RUN).table();
    assertEquals(
        List.of(256_000.0 / 296, 512_000.0 / 296, 256_000.0 / 296, 512_000.0 / 296),
        table.doubleColumn(2).asList());
  }

  @Test
  void whatARunLacksIsSaid() {
    RecordedRun little =
        new RecordedRun(List.of(SampleRun.row("amdv1", "new", "map", 12, 1, "batched")));
    List<Supplier<Figure>> charts =
        List.of(
            () -> Charts.oldAndNew(little, "amdv1"),
            () -> Charts.oldAndNew(RUN, "riscv64"),
            () -> LinuxCharts.published(little, List.of(), "map"),
            () -> LinuxCharts.cAndJava(little, List.of(), List.of(), "amdv1"),
            () -> Charts.runLength(little, "amdv1"),
            () -> Charts.pageSizes(little, "amdv1"),
            () -> Charts.threads(little));
    for (Supplier<Figure> chart : charts) {
      String said = assertThrows(MissingRows.class, chart::get).getMessage();
      assertTrue(said.startsWith("there are no rows of "), said);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "47.3, 47 times as fast",
    "9.94, 9.9 times as fast",
    "1.3, 1.3 times as fast",
    "1.04, as fast",
    "0.97, as fast",
    "0.5, 2.0 times as slow"
  })
  void aRatioInWords(double ratio, String words) {
    assertEquals(words, Words.speed(ratio));
  }

  @ParameterizedTest
  @CsvSource({
    "0.87, 0.9 ns, 0.87 ns",
    "1, 1.0 ns, 1 ns",
    "44.4, 44 ns, 44 ns",
    "1000, 1.0 µs, 1 µs",
    "12345678, 12 ms, 12 ms"
  })
  void aTimeInWords(double nanoseconds, String words, String tick) {
    assertEquals(words, Words.time(nanoseconds));
    assertEquals(tick, Words.tick(nanoseconds));
  }

  @Test
  void tablesTakeNoMoreThanTheirAddressesNeed() {
    assertEquals(
        List.of(
            new TableMemory("amdv1", "new", 514),
            new TableMemory("amdv1", "old", 514),
            new TableMemory("amdv1", "bare tables", 514)),
        TableMemory.count().subList(0, 3));
  }
}
