package dev.genpt.report;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of reports: all or nothing. */
final class ReportFileTest {
  @TempDir private Path folder;

  @Test
  void whatWasThereIsReplacedAndNothingElseIsLeft() throws IOException {
    Path path = folder.resolve("report");
    ReportFile.at(path).write("old, and longer");
    ReportFile.at(path).write("new\n");
    assertAll(
        () -> assertEquals("new\n", Files.readString(path)),
        () -> assertEquals(List.of(path), files()));
  }

  @Test
  void nothingIsThereBeforeItIsWritten() throws IOException {
    ReportFile.at(folder.resolve("report"));
    assertEquals(List.of(), files());
  }

  @Test
  void anImpossiblePlaceIsNamed() {
    Path nowhere = folder.resolve("missing/report");
    IOException noFolder = assertThrows(IOException.class, () -> ReportFile.at(nowhere));
    IOException isFolder = assertThrows(IOException.class, () -> ReportFile.at(folder));
    assertAll(
        () -> assertTrue(noFolder.getMessage().contains(nowhere.getParent().toString())),
        () -> assertTrue(isFolder.getMessage().contains(folder + " is a folder")));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
