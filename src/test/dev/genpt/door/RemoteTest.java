package dev.genpt.door;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.benchmark.SampleRun;
import dev.genpt.project.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The remote form: scripts run by the address of the catalog, from an empty folder, without a
 * checkout.
 */
final class RemoteTest {
  private static CheckoutServer server;

  @TempDir private Path empty;
  @TempDir private Path cache;

  @BeforeAll
  static void serve() throws IOException {
    server = new CheckoutServer(Checkout.root());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void walkRunsByItsAddress() throws IOException, InterruptedException {
    Command walk = run("walk", "--format", "amdv1", "--iova", "0x40201234");
    assertAll(
        walk.toString(),
        () -> assertEquals(0, walk.status()),
        () -> assertTrue(walk.out().contains("0x40201234")),
        () -> assertTrue(walk.out().contains("level 0")));
  }

  @Test
  void vectorsRunByTheirAddressWithTheirData() throws IOException, InterruptedException {
    Command vectors = run("vectors", "--format", "amdv1");
    String last = vectors.out().strip().lines().reduce("", (before, line) -> line);
    assertAll(
        vectors.toString(),
        () -> assertEquals(0, vectors.status()),
        () ->
            assertTrue(
                last.matches("[1-9]\\d* passed, 0 failed, \\d+ skipped, \\d+ by rule"), last));
  }

  @Test
  void snapshotsRunByTheirAddressWithTheirData() throws IOException, InterruptedException {
    Command snapshots = run("snapshots", "--format", "vtdss");
    String last = snapshots.out().strip().lines().reduce("", (before, line) -> line);
    assertAll(
        snapshots.toString(),
        () -> assertEquals(0, snapshots.status()),
        () -> assertEquals("7 passed, 0 failed, 0 skipped", last));
  }

  @Test
  void chartRunsByItsAddressWithThePublishedFigures() throws IOException, InterruptedException {
    Path csv = cache.resolve("run.csv");
    SampleRun.full().write(csv);
    Command chart =
        run("chart", "--csv", csv.toString(), "--out", cache.resolve("charts").toString());
    assertAll(
        chart.toString(),
        () -> assertEquals(0, chart.status()),
        () -> assertTrue(chart.out().contains("published-map.png")));
  }

  private Command run(String alias, String... arguments) throws IOException, InterruptedException {
    String[] command =
        Stream.concat(
                Stream.of(alias + "@" + server.address("jbang-catalog.json")), Stream.of(arguments))
            .toArray(String[]::new);
    // JBang keeps what it fetched by address; that cache must not outlive the server's port.
    Map<String, String> ownCache = Map.of("JBANG_CACHE_DIR", cache.toString());
    Command ran = Command.wrapper(empty, ownCache, command);
    try (Stream<Path> left = Files.list(empty)) {
      assertEquals(0, left.count(), "files left in the caller's folder");
    }
    return ran;
  }
}
