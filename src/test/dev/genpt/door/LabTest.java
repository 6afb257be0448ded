package dev.genpt.door;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The lab as its user runs it, and the lessons in it. */
final class LabTest {
  private static final String FAILING =
      """
      {"cells": [{"cell_type": "code", "execution_count": null, "id": "one", "metadata": {},
                  "outputs": [], "source": "throw new IllegalStateException(\\"no frame\\");"}],
       "metadata": {"kernelspec": {"display_name": "Java", "language": "java", "name": "java"}},
       "nbformat": 4, "nbformat_minor": 5}
      """;

  @TempDir private Path folder;

  /** Every lesson runs, shows its kept outputs, and passes the re-run test of each changed cell. */
  @TestFactory
  Stream<DynamicTest> lessons() throws IOException, InterruptedException {
    Command check = lab("--check");
    List<String> lines = check.out().lines().toList();
    Stream<DynamicTest> checks =
        lines.stream()
            .filter(line -> line.matches("(not )?ok - .*"))
            .map(line ->
                dynamicTest(
                    line.replaceFirst("^(not )?ok - ", ""),
                    () -> assertFalse(line.startsWith("not"), () -> problem(lines, line))));
    return Stream.concat(
        checks,
        Stream.of(
            dynamicTest(
                "all of them are checked",
                () -> assertEquals(0, check.status(), check::toString))));
  }

  /** The indented lines under a check. */
  private static String problem(List<String> lines, String check) {
    return String.join(
        "\n",
        lines.stream()
            .skip(lines.indexOf(check) + 1L)
            .takeWhile(line -> line.startsWith(" "))
            .toList());
  }

  @Test
  void aFailingCellIsShownWithItsSourceAndEndsInStatusOne()
      throws IOException, InterruptedException {
    Files.writeString(folder.resolve("07-fails.ipynb"), FAILING);
    Command failing = lab("--execute", "--lessons", folder.toString());
    assertAll(
        failing.toString(),
        () -> assertEquals(1, failing.status()),
        () -> assertTrue(failing.out().contains("FAILED 07-fails, cell 1")),
        () -> assertTrue(failing.out().contains("| throw new IllegalStateException")),
        () -> assertFalse(failing.out().contains("jdk.jshell")));
  }

  @Test
  void anUnknownLessonIsNamedWithThoseThatThereAre() throws IOException, InterruptedException {
    Command wrong = lab("--execute", "98");
    assertAll(
        wrong.toString(),
        () -> assertEquals(2, wrong.status()),
        () -> assertTrue(wrong.err().contains("\"98\" is no lesson: there is 00, 01")));
  }

  @Test
  void numbersOfLessonsGoWithExecuteAlone() throws IOException, InterruptedException {
    Command wrong = lab("01");
    assertAll(
        wrong.toString(),
        () -> assertEquals(2, wrong.status()),
        () -> assertTrue(wrong.err().contains("Try: ./jbang lab --help")));
  }

  private Command lab(String... arguments) throws IOException, InterruptedException {
    String[] command = Stream.concat(Stream.of("lab"), Stream.of(arguments)).toArray(String[]::new);
    return Command.wrapper(folder, Map.of(), command);
  }
}
