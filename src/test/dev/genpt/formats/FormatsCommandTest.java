package dev.genpt.formats;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.format.Formats;
import dev.genpt.table.FormatDefinition;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command {@code formats}, as its user sees it. */
final class FormatsCommandTest {
  @TempDir private Path folder;

  /** What came of one call. */
  private record Ran(int status, String out, String err) {}

  private static Ran formats(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        FormatsCommand.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ran(status, out.toString(), err.toString());
  }

  static List<String> names() {
    return Formats.all().stream().map(FormatDefinition::name).toList();
  }

  @Test
  void allAreCompared() {
    Ran ran = formats();
    assertAll(
        () -> assertEquals(0, ran.status()),
        () -> assertTrue(ran.out().contains("DYNAMIC_TOP*"), ran.out()),
        () -> assertEquals("", ran.err()));
    names().forEach(name -> assertTrue(ran.out().contains("\n" + name + " "), name));
  }

  @ParameterizedTest
  @MethodSource("names")
  void eachIsShownAndDrawn(String name) throws IOException {
    Path file = folder.resolve("format.svg");
    Ran ran = formats(name, "--svg", file.toString());
    assertAll(
        () -> assertEquals(0, ran.status(), ran.err()),
        () -> assertTrue(ran.out().startsWith(name + ": "), ran.out()),
        () -> assertTrue(ran.out().contains("\nTable pointer at levels 1 to"), ran.out()),
        () -> assertFalse(ran.out().contains("\u001b"), "no colours in a file"),
        () -> assertTrue(ran.out().endsWith("The picture is in " + file + "\n")),
        () -> assertTrue(Files.readString(file).startsWith("<svg")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pae", "AMDV1", "", "amdv1 x86_64", "--svg out.svg"})
  void wrongUsageListsTheFormats(String line) {
    Ran ran = formats(line.split(" "));
    assertAll(
        ran.toString(),
        () -> assertEquals(2, ran.status()),
        () -> assertEquals("", ran.out()),
        () -> assertTrue(ran.err().contains("Try: ./jbang formats --help")));
    if (!line.startsWith("amdv1 ")) {
      assertTrue(ran.err().contains(String.join(", ", names())), ran.err());
    }
  }

  @Test
  void aPictureThatCannotBeWrittenIsSaid() {
    Ran ran = formats("vtdss", "--svg", folder.resolve("no-such-folder").resolve("x").toString());
    assertAll(
        () -> assertEquals(1, ran.status()),
        () -> assertTrue(ran.err().contains("formats: can't write"), ran.err()));
  }
}
