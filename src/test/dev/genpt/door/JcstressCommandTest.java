package dev.genpt.door;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code jcstress}: what it says and where it writes. The races run elsewhere. */
final class JcstressCommandTest {
  @TempDir private Path folder;

  @Test
  void aNameThatNoRaceHasIsToldThoseThereAre() throws IOException, InterruptedException {
    Command jcstress = jcstress("--test", "Dirty");
    assertAll(
        jcstress.toString(),
        () -> assertEquals(1, jcstress.status()),
        () -> assertTrue(jcstress.err().contains("no race matches --test \"Dirty\"")),
        () -> assertTrue(jcstress.err().contains("DirtyRace.WriteToPage")),
        () -> assertEquals("", jcstress.out()));
  }

  @Test
  void quickAndDefaultExcludeEachOther() throws IOException, InterruptedException {
    Command jcstress = jcstress("--quick", "--default");
    assertAll(
        jcstress.toString(),
        () -> assertEquals(2, jcstress.status()),
        () -> assertTrue(jcstress.err().contains("mutually exclusive")));
  }

  @Test
  void aRaceShowsItsOutcomesAndLeavesNothingInTheCallersFolder()
      throws IOException, InterruptedException {
    Command jcstress = jcstress("--test", "TableInstallRace.TwoLevels");
    assertAll(
        jcstress.toString(),
        () -> assertEquals(0, jcstress.status()),
        () -> assertTrue(jcstress.out().contains("passed  TableInstallRace.TwoLevels, ")),
        () -> assertTrue(jcstress.out().contains("    mapped, mapped, 3  ")),
        () -> assertTrue(jcstress.out().endsWith("1 passed, 0 failed, 0 skipped\n")),
        () -> assertEquals(0, files()));
  }

  private Command jcstress(String... arguments) throws IOException, InterruptedException {
    return Command.wrapper(
        folder,
        Map.of(),
        Stream.concat(Stream.of("jcstress"), Stream.of(arguments)).toArray(String[]::new));
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }
}
