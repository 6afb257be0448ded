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

  /** The ways to set each format up that show in an address or in a word. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --format amdv1 --top-level 1 --iova 0x15234           | level-1 table     | 0x70
          --format amdv1 --top-level 5 --iova 0xfedcba9876543210 | bits 63:57 of the | item 127 of 128
          --format amdv1 --encryption-bit 47                    | 0x7000800012345001 | not part of the address
          --format amdv1 --bits 32                              | bits 31:30         | item 3 of 4
          --format mock --top-level 4                           | 56 address bits    | 2K leaf
          --format mock --iova 0xc0a09234 --map 0xc0a08000:0x11110000:32K:r | bits 14:11 are offset | 16 items of a 32K leaf
          --format x86_64 --top-level 4 --iova 0xff00000000201234 | 57 address bits | item 256 of 512
          --format x86_64 --iova 0xffff800000201234             | bits 47:39         | item 256 of 512
          --format x86_64 --bits 47 --without SIGN_EXTEND       | 47 address bits    | item 0 of 256
          --format x86_64 --encryption-bit 51                   | 0x0008000012345067 | not part of the address
          --format x86_64 --with DMA_INCOHERENT                 | sw 0     1         | hardware ignores it
          --format vtdss --top-level 2                          | 39 address bits    | SNP      1
          --format vtdss --top-level 4                          | 57 address bits    | item 0 of 512
          --format vtdss --top-level 3 --bits 39                | has item 0 alone   | 4K leaf
          --format vtdss --with dma_incoherent --without VTDSS_FORCE_COHERENCE | sw 0     1 | SNP      0
          --format riscv64 --top-level 2 --iova 0xffffffc000201234 | 39 address bits | item 256 of 512
          --format riscv64 --bits 57 --iova 0xff00000000201234  | 57 address bits    | item 256 of 512
          --format riscv64 --iova 0x215678 --map 0x210000:0x22340000:64K:r | N        1 | 16 items of a 64K leaf
          --format riscv64 --without RISCV_SVNAPOT_64K --iova 0x215678 --map 0x210000:0x22340000:64K:r | N        0 | 4K leaf
          """)
  void everyConfigurationCanBeAskedFor(String line, String first, String second)
      throws IOException {
    Path file = folder.resolve("walk.svg");
    Ran ran = walk((line + " --tree --svg " + file).split(" "));
    assertAll(
        () -> assertEquals(0, ran.status(), ran.err()),
        () -> assertTrue(ran.out().contains("goes to output address"), ran.out()),
        () -> assertTrue(ran.out().contains(first), ran.out()),
        () -> assertTrue(ran.out().contains(second), ran.out()),
        () -> assertTrue(ran.out().lines().allMatch(text -> text.length() <= 100), ran.out()),
        () -> assertTrue(Files.readString(file).startsWith("<svg")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --format vtdss --with SIGN_EXTENDED     | 2 | vtdss has DMA_INCOHERENT, FLUSH_RANGE, VTDSS_
          --format vtdss --with SIGN_EXTEND       | 1 | vtdss does not support SIGN_EXTEND
          --format vtdss --encryption-bit 47      | 2 | vtdss marks nothing as encrypted
          --encryption-bit 12                     | 2 | must be 40 to 51
          --without DYNAMIC_TOP                   | 1 | must be asked for DYNAMIC_TOP
          --format riscv64 --bits 40              | 1 | must be 39, 48 or 57
          --format x86_64 --top-level 2           | 1 | --top-level 2: x86_64: top level 2, must be 3 or 4
          --format vtdss --with VTDSS_FORCE_WRITEABLE --map 0:0:4K:r | 1 | allows no page without WRITE
          """)
  void aConfigurationThatCannotBeIsExplained(String line, int status, String said) {
    Ran ran = walk(line.split(" "));
    assertAll(
        () -> assertEquals(status, ran.status(), ran.err()),
        () -> assertTrue(ran.err().contains(said), ran.err()),
        () -> assertEquals("", ran.out()));
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
