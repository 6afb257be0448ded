package dev.genpt.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Upstream's table layout, and what its percent column means. */
final class UpstreamTableTest {
  static List<PublishedTiming> published() throws IOException {
    return BenchmarkFolder.ofCheckout().published();
  }

  @Test
  void everyPublishedRowIsThere() throws IOException {
    assertEquals(62, published().size());
  }

  @ParameterizedTest
  @MethodSource("published")
  void thePercentIsPrintedAsItWasPublished(PublishedTiming row) {
    assertEquals(row.printedPercent(), row.times().printedPercent());
  }

  @ParameterizedTest
  @CsvSource({
    "51, 63, 19.19, 19.05",
    "367, 1795, 79.79, 79.55",
    "447, 346, -29.29, -29.19",
    "100, 100, 0.00, 0.00",
    "30, 10, -200.00, -200.00",
    "100, 99, -1.01, -1.01",
    "1000, 999, 0.00, -0.10"
  })
  void positiveMeansThatNewIsFaster(double least, double old, String printed, String exact) {
    OldAndNew row = new OldAndNew("amdv1", "map", 12, 1, least, old, least, old);
    assertEquals(printed, row.printedPercent());
    assertEquals(exact, "%.2f".formatted(row.exactPercent()));
  }

  @Test
  void theLayoutIsUpstreams() throws IOException {
    assertEquals(
        """
        amdv1 map
              pgsz , avg new,old ns , min new,old ns , min % , exact %
              2^12 ,          53,66 ,          51,63 , 19.19 ,   19.05
          256*2^12 ,       386,1909 ,       367,1795 , 79.79 ,   79.55
          256*2^21 ,       362,1633 ,       355,1556 , 77.77 ,   77.19
        """,
        UpstreamTable.of(published(), "cover letter v2").getFirst().text());
  }

  @Test
  void aRunHasATableForEachOperationOfAFormatThatHasAnOldEngine() {
    List<UpstreamTable> tables = UpstreamTable.of(SampleRun.full());
    assertEquals(
        List.of("amdv1 map", "amdv1 unmap"), tables.stream().map(UpstreamTable::title).toList());
    assertEquals(
        List.of(
            "2^12",
            "2^13",
            "2^14",
            "2^15",
            "2^16",
            "2^17",
            "2^18",
            "2^19",
            "2^20",
            "2^21",
            "256*2^12",
            "256*2^21"),
        tables.getFirst().rows().stream().map(OldAndNew::label).toList());
  }
}
