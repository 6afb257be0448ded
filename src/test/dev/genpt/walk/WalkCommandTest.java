package dev.genpt.walk;

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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The command {@code walk}, as its user sees it. */
final class WalkCommandTest {
  @TempDir private Path folder;

  /** What came of one call. */
  private record Ran(int status, String out, String err) {}

  private static Ran walk(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        WalkCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int status = command.execute(arguments);
    return new Ran(status, out.toString(), err.toString());
  }

  static List<String> formats() {
    return Formats.all().stream().map(FormatDefinition::name).toList();
  }

  @Test
  void eachLevelIsToldAndTheEndToo() {
    Ran ran = walk("--iova", "0x40201234", "--map", "0x40201000:0x12345000:4K:rw");
    assertAll(
        () -> assertEquals(0, ran.status()),
        () -> assertTrue(ran.out().contains("level 2: bits 38:30"), ran.out()),
        () -> assertTrue(ran.out().contains("level 1: bits 29:21"), ran.out()),
        () -> assertTrue(ran.out().contains("level 0: bits 20:12"), ran.out()),
        () -> assertTrue(ran.out().contains("0x7000000012345001"), ran.out()),
        () -> assertTrue(ran.out().contains("goes to output address 0x12345234"), ran.out()),
        () -> assertEquals("", ran.err()));
  }

  @Test
  void severalMappingsMayFollowOneOptionOrMany() {
    String first = "0x1000:0x5000:4K:r";
    String second = "0x2000:0x9000:4K:w";
    Ran one = walk("--iova", "0x2000", "--map", first, second);
    Ran many = walk("--iova", "0x2000", "--map", first, "--map", second);
    assertAll(
        () -> assertTrue(one.out().contains("goes to output address 0x9000"), one.out()),
        () -> assertEquals(one, many));
  }

  @Test
  void anAddressThatIsNotMappedIsNoFailure() {
    Ran ran = walk("--iova", "0x3000", "--map", "0x1000:0x5000:4K:r");
    assertAll(
        () -> assertEquals(0, ran.status()),
        () -> assertTrue(ran.out().contains("Input address 0x3000 is not mapped"), ran.out()));
  }

  @Test
  void anOutputAddressForAnInputAddressIsNoticed() {
    Ran ran = walk("--iova", "0x12345678", "--map", "0x40201000:0x12345000:4K:rw");
    assertTrue(ran.out().contains("where input address 0x40201678 goes"), ran.out());
  }

  @ParameterizedTest
  @MethodSource("formats")
  void everyFormatHasAnExample(String format) {
    Ran ran = walk("--format", format, "--tree");
    assertAll(
        () -> assertEquals(0, ran.status(), ran.err()),
        () -> assertTrue(ran.out().contains("goes to output address"), ran.out()),
        () -> assertTrue(ran.out().contains(format + " table"), ran.out()),
        () -> assertFalse(ran.out().contains("\u001b"), "no colours in a file"));
  }

  @Test
  void theExampleCanBeMappedByHand() {
    String example = walk().out();
    List<String> mappings =
        example
            .lines()
            .filter(line -> line.startsWith("  --map "))
            .flatMap(line -> List.of(line.strip().split(" ")).stream())
            .toList();
    String byHand = walk(mappings.toArray(String[]::new)).out();
    assertAll(
        () -> assertFalse(mappings.isEmpty()), () -> assertTrue(example.endsWith(byHand), byHand));
  }

  @Test
  void thePictureIsWritten() throws IOException {
    Path file = folder.resolve("walk.svg");
    Ran ran = walk("--svg", file.toString());
    assertAll(
        () -> assertEquals(0, ran.status()),
        () -> assertTrue(Files.readString(file).startsWith("<svg")));
  }

  @Test
  void aPictureThatCannotBeWrittenIsSaid() {
    Path file = folder.resolve("no-such-folder").resolve("walk.svg");
    Ran ran = walk("--svg", file.toString());
    assertAll(
        () -> assertEquals(1, ran.status()),
        () -> assertTrue(ran.err().contains("can't write"), ran.err()));
  }

  @ParameterizedTest
  @CsvSource({
    "0x1000:0x5000:4K, PROT is missing",
    "0x1000:0x5000:4K:r:x, is too much",
    "0x1000:what:4K:r, PA",
    "0x1000:0x5000:4K:q, PROT",
  })
  void aMappingThatCannotBeReadIsWrongUsage(String mapping, String said) {
    Ran ran = walk("--map", mapping);
    assertAll(
        () -> assertEquals(2, ran.status()),
        () -> assertTrue(ran.err().contains(mapping), ran.err()),
        () -> assertTrue(ran.err().contains(said), ran.err()),
        () -> assertTrue(ran.err().contains("Try: ./jbang walk --help"), ran.err()));
  }

  @ParameterizedTest
  @CsvSource({"--format,pae", "--top-level,9", "--iova,here"})
  void aWrongOptionIsWrongUsage(String option, String value) {
    Ran ran = walk(option, value);
    assertAll(
        () -> assertEquals(2, ran.status()),
        () -> assertTrue(ran.err().contains(value), ran.err()),
        () -> assertEquals("", ran.out()));
  }

  @ParameterizedTest
  @CsvSource({
    "0x1800:0x5000:4K:r, ENXIO, This would fit",
    "0x1000:0xfffffffffffff000:8K:r, ERANGE, The last output address",
    "0xfffffffffffff000:0x5000:8K:r, EOVERFLOW, This would fit",
    "0x1000:0x5000:0:r, EINVAL, length 0",
    "0x200000:0x5000:256G:r, ENOMEM, With the same low bits",
  })
  void aRefusedMappingSaysWhyAndWhatWouldFit(String mapping, String error, String advice) {
    Ran ran = walk("--map", mapping);
    assertAll(
        () -> assertEquals(1, ran.status()),
        () -> assertTrue(ran.err().contains(error), ran.err()),
        () -> assertTrue(ran.err().contains(advice), ran.err()),
        () -> assertEquals("", ran.out()));
  }

  @Test
  void overlappingMappingsNameEachOther() {
    Ran ran = walk("--map", "0x1000:0x5000:8K:r", "--map", "0x2000:0x9000:4K:r");
    assertAll(
        () -> assertEquals(1, ran.status()),
        () -> assertTrue(ran.err().contains("are taken by --map 0x1000:0x5000:8K:r"), ran.err()),
        () -> assertTrue(ran.err().contains("--map 0x3000:0x9000:4K:r"), ran.err()));
  }
}
