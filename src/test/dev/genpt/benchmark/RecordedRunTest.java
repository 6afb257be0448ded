package dev.genpt.benchmark;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of measured times: read back, refused with file and line, several as one. */
final class RecordedRunTest {
  private static final String ROW =
      "amdv1,new,map,12,1,discrete,alone,50.00,40.00,45.00,90.00,Some VM,Some CPU,2026-01-31";

  @TempDir private Path folder;

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    Path file = folder.resolve("run.csv");
    SampleRun.full().write(file);
    assertEquals(SampleRun.full(), RecordedRun.read(file));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "new|future|engine \"future\": there is new, old, limit",
        ",map|,remap|operation \"remap\": there is map, unmap",
        ",12,|,4K,|page_size_lg2 \"4K\" is not a whole number",
        "45.00|fast|p50_ns \"fast\" is not a number",
        "45.00|0.00|p50_ns \"0.00\" is not a time above 0",
        "45.00|NaN|p50_ns \"NaN\" is not a time above 0",
        "2026-01-31|today|date \"today\" is not a date",
        "Some VM,|Some, VM,|15 columns instead of 14"
      })
  void aBadRowIsNamedByFileAndLine(String good, String bad, String message) throws IOException {
    Path file = folder.resolve("run.csv");
    Files.write(file, List.of(Measurement.HEADER, ROW, ROW.replace(good, bad)));
    String said =
        assertThrows(IllegalArgumentException.class, () -> RecordedRun.read(file)).getMessage();
    assertTrue(said.startsWith(file + ", line 3: " + message), said);
  }

  @Test
  void aFileWithAnotherHeaderOrWithoutRowsIsNoRun() throws IOException {
    Path other = Files.write(folder.resolve("other.csv"), List.of("a,b", ROW));
    Path empty = Files.write(folder.resolve("empty.csv"), List.of(Measurement.HEADER));
    assertAll(
        () -> assertThrows(IllegalArgumentException.class, () -> RecordedRun.read(other)),
        () -> assertThrows(IllegalArgumentException.class, () -> RecordedRun.read(empty)));
  }

  @Test
  void ofSeveralRunsEachRowIsTheMiddleOne() {
    RecordedRun middle =
        RecordedRun.middleOf(List.of(runOf(30, 10), runOf(10, 30), runOf(20, 20), runOf(40, 40)));
    assertEquals(runOf(20, 20), middle);
  }

  private static RecordedRun runOf(double map, double unmap) {
    return new RecordedRun(
        List.of(
            SampleRun.row("amdv1", "new", "map", 12, 1, "discrete", map),
            SampleRun.row("amdv1", "new", "unmap", 12, 1, "discrete", unmap)));
  }

  @Test
  void theNewestRunIsTheOneOfTheLatestDay() throws IOException {
    BenchmarkFolder recorded = new BenchmarkFolder(folder);
    Files.write(folder.resolve("published-timings.csv"), List.of("source,format"));
    assertEquals(Optional.empty(), recorded.newestRun());
    Files.write(folder.resolve("a.csv"), List.of(Measurement.HEADER, ROW));
    Files.write(
        folder.resolve("z.csv"),
        List.of(Measurement.HEADER, ROW.replace("2026-01-31", "2026-01-30")));
    assertEquals(Optional.of(folder.resolve("a.csv")), recorded.newestRun());
    Files.write(folder.resolve("b.csv"), List.of(Measurement.HEADER, ROW));
    assertEquals(Optional.of(folder.resolve("b.csv")), recorded.newestRun());
  }
}
