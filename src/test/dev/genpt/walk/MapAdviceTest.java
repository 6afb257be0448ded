package dev.genpt.walk;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said about a refused mapping, and that what would fit does fit. */
final class MapAdviceTest {
  /** What came of one call. */
  private record Ran(int status, String out, String err) {}

  private static Ran walk(String line) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        WalkCommand.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(line.strip().split(" +"));
    return new Ran(status, out.toString(), err.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --map 0x1800:0x2000:4K:rw | ENXIO | IOVA 0x1800 is no multiple of 4K. | 0x1000:0x2000:4K:rw
          --map 0x1000:0x2000:5K:rw | ENXIO | SIZE 0x1400 is no multiple of 4K. | 0x1000:0x2000:8K:rw
          --format x86_64 --map 0x1000:0x2800:4K:r | ENXIO | this table are 4K, 2M, 1G, | 0x1000:0x2000:4K:r
          --map 0:0:4M:rw --map 0x200000:0x1000:4K:r | EADDRINUSE | taken by --map 0x0:0x0:4M:rw. | 0x400000:0x1000:4K:r
          --map 0:0:4K:r --map 0x1000:0:4K:r --map 0:0:4K:r | EADDRINUSE | 0x0 to 0xfff are taken | 0x2000:0x0:4K:r
          --map 0x1000:0:4K:r --map 0:0:8K:r | EADDRINUSE | 0x1000 to 0x1fff are taken | 0x2000:0x0:8K:r
          --format x86_64 --map 0xffff800000000000:0:4K:r --map 0xffff800000000000:0:4K:w | EADDRINUSE | are taken | 0xffff800000001000:0x0:4K:w
          --map 0:0xffffffffff000:8K:rw | ERANGE | an entry can hold is 0xfffffffffffff. | 0x0:0xffffffffff000:4K:rw
          --map 0xfffffffffffff000:0:8K:rw | EOVERFLOW | passes 2^64 | 0xfffffffffffff000:0x0:4K:rw
          --map 0:0x1000:100G:rw | ENOMEM | room for 16384 of 4K each | 0x0:0x0:100G:rw
          """)
  void whatWouldFitFits(String line, String errno, String rule, String fits) {
    Ran ran = walk(line);
    assertAll(
        ran.toString(),
        () -> assertEquals(1, ran.status()),
        () -> assertTrue(ran.err().startsWith("walk: --map ")),
        () -> assertTrue(ran.err().contains(": " + errno + ": ")),
        () -> assertTrue(ran.err().contains(rule)),
        () -> assertTrue(ran.err().contains("This would fit")),
        () -> assertTrue(ran.err().strip().endsWith("--map " + fits)));
    Ran again = walk(line.substring(0, line.lastIndexOf("--map ")) + "--map " + fits);
    assertEquals(0, again.status(), again.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --map 0:0:4K:none | EINVAL: protection none: a mapping needs READ or WRITE
          --map 0:0x10000000000000:4K:rw | The last output address that an entry can hold is 0xfffffffffffff.
          --format x86_64 --map 0x7ffffffff000:0:8K:rw | 0x0 to 0x7fffffffffff and 0xffff800000000000 to 0xffffffffffffffff
          --format vtdss --map 0x1000000000000:0:4K:rw | Input addresses are 0x0 to 0xffffffffffff.
          --format riscv64 --top-level 1 | EINVAL: --top-level 1: riscv64: 30 input address bits
          """)
  void aRefusalWithoutAWayOutNamesItsRule(String line, String rule) {
    Ran ran = walk(line);
    assertEquals(1, ran.status(), ran.toString());
    assertTrue(ran.err().contains(rule), ran.err());
    assertFalse(ran.err().contains("This would fit"), ran.err());
  }
}
