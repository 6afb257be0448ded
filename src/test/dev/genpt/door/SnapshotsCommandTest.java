package dev.genpt.door;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.project.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code snapshots}: what it says of a root, and how it ends. */
final class SnapshotsCommandTest {
  @TempDir private Path folder;

  @Test
  void aLineARootAndTheCountsLast() throws IOException, InterruptedException {
    Command snapshots = snapshots("--format", "amdv1");
    List<String> lines = snapshots.out().lines().toList();
    assertAll(
        snapshots.toString(),
        () -> assertEquals(0, snapshots.status()),
        () -> assertEquals(15, lines.size()),
        () ->
            assertEquals(
                "amdv1-a.json        00:05.0  amdv1    6 levels    113 mappings   15 faults  ok",
                lines.get(3)),
        () -> assertEquals("14 passed, 0 failed, 0 skipped", lines.getLast()));
  }

  @Test
  void whatDiffersIsToldAndEndsInStatusOne() throws IOException, InterruptedException {
    String image =
        Files.readString(Checkout.root().resolve("datasets/snapshots/amdv1-a.json"))
            .replaceFirst("\"size_lg2\": ?12", "\"size_lg2\": 13");
    Files.writeString(folder.resolve("changed.json"), image);
    Files.writeString(folder.resolve("broken.json"), "{\"roots\": 1}");
    Command snapshots = snapshots(folder.toString(), "--verbose");
    List<String> lines = snapshots.out().lines().toList();
    assertAll(
        snapshots.toString(),
        () -> assertEquals(1, snapshots.status()),
        () ->
            assertTrue(
                lines.contains("broken.json         FAILED: roots: 1 is not an array"),
                lines.getFirst()),
        () ->
            assertTrue(
                snapshots
                    .out()
                    .contains(
                        "FAILED changed.json 00:03.0\n  expect[0]: iova 0xfec78000: 4K, expected 8K"
                            + " (level-0 table 0x5508000, item 120, word"
                            + " 0x5000000007787001)\n")),
        () -> assertEquals("6 passed, 2 failed, 0 skipped", lines.getLast()));
  }

  @Test
  void anUnknownFormatAndAMissingFolderAreWrongUsage() throws IOException, InterruptedException {
    Command format = snapshots("--format", "pdp11");
    Command missing = snapshots("missing");
    assertAll(
        () -> assertEquals(2, format.status()),
        () -> assertTrue(format.err().contains("--format \"pdp11\": there is amdv1, armv8, mock")),
        () -> assertEquals(2, missing.status()),
        () -> assertTrue(missing.err().contains("DIR \"missing\": there is no such folder")));
  }

  private Command snapshots(String... arguments) throws IOException, InterruptedException {
    return Command.wrapper(
        folder,
        Map.of(),
        Stream.concat(Stream.of("snapshots"), Stream.of(arguments)).toArray(String[]::new));
  }
}
