package dev.genpt.door;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code kunit}: what it writes where, and how it ends. */
final class KunitCommandTest {
  @TempDir private Path folder;

  @Test
  void theTreeEndsInTheCountsAndTheFilesAreWritten() throws IOException, InterruptedException {
    Command kunit =
        kunit(
            "--format",
            "vtdss",
            "--filter",
            "vtdss_iommu_test.test_*s?*",
            "--seed",
            "5",
            "--ktap",
            "out.ktap",
            "--junit-xml",
            "out.xml");
    List<String> lines = kunit.out().lines().toList();
    assertAll(
        kunit.toString(),
        () -> assertEquals(0, kunit.status()),
        () -> assertEquals("12 runs, seed 5", lines.getFirst()),
        () -> assertTrue(kunit.out().contains("3 runs: PT_FEAT_DYNAMIC_TOP not set")),
        () -> assertEquals("9 passed, 0 failed, 3 skipped", lines.getLast()),
        () -> assertTrue(Files.readString(folder.resolve("out.ktap")).startsWith("KTAP version 1")),
        () -> assertTrue(Files.readString(folder.resolve("out.xml")).contains("tests=\"12\"")),
        () -> assertEquals(List.of("out.ktap", "out.xml"), files()));
  }

  @Test
  void ktapForAPipeStandsAlone() throws IOException, InterruptedException {
    Command kunit = kunit("--filter", "x86_64_fmt_test.test_init.x86_64_cfg_0", "--ktap", "-");
    assertAll(
        kunit.toString(),
        () -> assertEquals(0, kunit.status()),
        () ->
            assertEquals(
                """
                KTAP version 1
                1..1
                  KTAP version 1
                  # Subtest: x86_64_fmt_test
                  1..1
                    KTAP version 1
                    # Subtest: test_init
                    1..1
                    ok 1 x86_64_cfg_0
                  # test_init: pass:1 fail:0 skip:0 total:1
                  ok 1 test_init
                # x86_64_fmt_test: pass:1 fail:0 skip:0 total:1
                ok 1 x86_64_fmt_test
                # Totals: pass:1 fail:0 skip:0 total:1
                """,
                kunit.out()));
  }

  @Test
  void nothingToRunIsAFailureThatIsExplained() throws IOException, InterruptedException {
    Command kunit = kunit("--format", "amdv1", "--filter", "x86_64_*", "--junit-xml", "out.xml");
    assertAll(
        kunit.toString(),
        () -> assertEquals(1, kunit.status()),
        () ->
            assertTrue(
                kunit.err().contains("no run matches --filter \"x86_64_*\" in format amdv1")),
        () -> assertEquals(List.of(), files()));
  }

  @Test
  void anUnknownFormatIsToldThoseThereAre() throws IOException, InterruptedException {
    Command kunit = kunit("--format", "armv9");
    assertAll(
        kunit.toString(),
        () -> assertEquals(2, kunit.status()),
        () ->
            assertTrue(
                kunit
                    .err()
                    .contains("\"armv9\": there is amdv1, x86_64, vtdss, riscv_64, amdv1_mock")));
  }

  @Test
  void aFolderThatIsNotThereIsSaidBeforeAnythingRuns() throws IOException, InterruptedException {
    Command kunit = kunit("--ktap", "missing/out.ktap");
    assertAll(
        kunit.toString(),
        () -> assertEquals(2, kunit.status()),
        () -> assertEquals("", kunit.out()),
        () -> assertTrue(kunit.err().contains("--ktap: there is no folder")));
  }

  private Command kunit(String... arguments) throws IOException, InterruptedException {
    return Command.wrapper(
        folder,
        Map.of(),
        Stream.concat(Stream.of("kunit"), Stream.of(arguments)).toArray(String[]::new));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
