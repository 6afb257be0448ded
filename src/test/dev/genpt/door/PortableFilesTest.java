package dev.genpt.door;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.project.Checkout;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No file of the project tells on which machine it was made, or reaches out of the clone: kept
 * outputs and recorded runs included.
 */
final class PortableFilesTest {
  @Test
  void noFileNamesAMachine() throws IOException, InterruptedException {
    Path root = Checkout.root();
    MachineTrace trace = MachineTrace.ofThisMachine();
    List<String> found = new ArrayList<>();
    List<Path> files = files(root);
    for (Path file : files) {
      for (String line : lines(root.resolve(file))) {
        trace.in(file, line).ifPresent(what -> found.add(file + ": " + what));
      }
    }
    assertAll(
        () -> assertTrue(files.contains(Path.of("jbang-catalog.json")), "files were looked at"),
        () -> assertEquals(List.of(), found));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"cwd\": \"/ho" + "me/somebody/genpt\"",
        "file:///ro" + "ot/x.html",
        "see /tm" + "p/out.csv",
        "C:\\Us" + "ers\\somebody\\genpt",
        "/Us" + "ers/somebody",
        "built on some-host-1",
        "\"user\": \"somebody\"",
        "somebody@some-host-1:~$",
        "![picture](../../pictures/walk.svg)"
      })
  void aTraceIsSeen(String line) {
    MachineTrace trace = new MachineTrace("some-host-1", "somebody");
    assertTrue(trace.in(Path.of("notebooks/lesson.ipynb"), line).isPresent(), line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//SOURCES ../engine/Sources.java",
        "/usr/lib/jvm/*",
        "https://example.org/home/page",
        "a root table, home of the walk, seen by somebody",
        "1.0/../1.2",
        "and so on ... / next"
      })
  void ordinaryTextIsNoTrace(String line) {
    MachineTrace trace = new MachineTrace("some-host-1", "somebody");
    assertEquals(
        Map.of(),
        trace.in(Path.of("src/Walk.java"), line).map(what -> Map.of(line, what)).orElse(Map.of()));
  }

  /** What git would commit, or all but the hidden and the generated where there is no git. */
  private static List<Path> files(Path root) throws IOException, InterruptedException {
    Command git =
        Command.run(
            root,
            Map.of(),
            List.of("git", "ls-files", "--cached", "--others", "--exclude-standard"));
    assertEquals(0, git.status(), git.toString());
    return git.out()
        .lines()
        .map(Path::of)
        .filter(file -> Files.isRegularFile(root.resolve(file)))
        .toList();
  }

  /** The lines of a text file; none of any other. */
  private static List<String> lines(Path file) throws IOException {
    try {
      return Files.readAllLines(file);
    } catch (MalformedInputException e) {
      return List.of();
    }
  }
}
