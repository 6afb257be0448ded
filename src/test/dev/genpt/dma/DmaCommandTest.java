package dev.genpt.dma;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.device.TraceCsv;
import dev.genpt.project.Checkout;
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
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command {@code dma}, as its user sees it. */
final class DmaCommandTest {
  @TempDir private Path folder;

  /** What came of one call. */
  private record Ran(int status, String out, String err) {}

  private static Ran dma(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        DmaCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int status = command.execute(arguments);
    return new Ran(status, out.toString(), err.toString());
  }

  private static Ran line(String arguments) {
    return dma(arguments.split(" ", -1));
  }

  @Test
  void theStoryHasBuffersDataAFaultAndCounters() {
    Ran ran = dma();
    assertAll(
        ran.toString(),
        () -> assertEquals(0, ran.status()),
        () -> assertEquals("", ran.err()),
        () -> assertTrue(ran.out().contains("the CPU's address")),
        () -> assertTrue(ran.out().contains("0xfffff000")),
        () -> assertTrue(ran.out().contains("After 8 rounds:")),
        () -> assertTrue(ran.out().contains("All arrived as they were sent.")),
        () -> assertTrue(ran.out().contains("writes on past the end of a buffer")),
        () -> assertTrue(ran.out().contains("invalidation commands")));
  }

  /** Direction and likely mistake come first, then what the machine says, then that it is well. */
  @Test
  void aFaultIsExplainedBeforeItIsQuoted() {
    String out = dma().out();
    List<String> order =
        List.of(
            "Refused: the nic wanted to write to memory.",
            "Likely mistake: the driver told the device of a buffer that is longer",
            "What happened:  nic wanted to write 64 bytes at 0x",
            "nic 0000:03:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0002 address=0x",
            "device 0000:03:00.0, domain 0x2, tried to write to 0x",
            "The IOMMU is not broken");
    int at = 0;
    for (String text : order) {
      int found = out.indexOf(text, at);
      assertTrue(found >= 0, text + " in\n" + out);
      at = found;
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --device nic --misbehave write-past-buffer             | behind the end of the buffer
          --device nic --misbehave use-after-unmap               | unmapped the buffer before the device was done
          --device nic --misbehave wrong-direction               | wrong direction, TO_DEVICE
          --device nic --misbehave foreign-address               | where nvme has a buffer
          --device nvme --misbehave write-past-buffer --domain v2 | behind the end of the buffer
          --device nvme --misbehave use-after-unmap --domain v2  | unmapped the buffer before the device was done
          --device nvme --misbehave wrong-direction --domain v2  | the mapping does not allow it
          --device nvme --misbehave foreign-address --domain v2  | where nic has a buffer
          --device nvme --misbehave none                         | What was counted
          --misbehave use-after-unmap --lazy                     | It got through: 64 bytes at
          --misbehave use-after-unmap --lazy --domain v2         | The device tries it again.
          --misbehave foreign-address --lazy                     | Refused: the nic wanted to write to memory.
          """)
  void everyChoiceIsAStoryThatEndsWell(String arguments, String text) {
    Ran ran = line(arguments);
    assertAll(
        ran.toString(),
        () -> assertEquals(0, ran.status()),
        () -> assertTrue(ran.out().contains(text)),
        () -> assertFalse(ran.out().contains("That must not be")),
        () -> assertTrue(ran.out().lines().allMatch(line -> line.length() <= 130)));
  }

  @Test
  void aSeedTellsItsStoryAgain() {
    assertEquals(line("--seed 7"), line("--seed 7"));
    assertNotEquals(line("--seed 7").out(), line("--seed 8").out());
  }

  @Test
  void withoutMisbehaviourNothingIsRefused() {
    Ran ran = line("--misbehave none");
    assertAll(
        () -> assertFalse(ran.out().contains("3. The device misbehaves")),
        () -> assertTrue(ran.out().matches("(?s).*accesses refused +0\\R.*"), ran.out()));
  }

  @Test
  void theTraceCanBeReadBack() throws IOException {
    Path file = folder.resolve("dma.csv");
    Ran ran = dma("--trace", file.toString());
    assertEquals(0, ran.status(), ran.err());
    assertTrue(ran.out().stripTrailing().endsWith("The trace is in " + file), ran.out());
    assertTrue(TraceCsv.read(Files.readAllLines(file)).size() > 100);
    Ran failed = dma("--trace", folder.resolve("none/dma.csv").toString());
    assertEquals(1, failed.status());
    assertTrue(failed.err().startsWith("dma: can't write "), failed.err());
  }

  /** The kept traces are what their commands write. */
  @ParameterizedTest
  @ValueSource(strings = {"nic", "nvme"})
  void theKeptTracesAreUpToDate(String device) throws IOException {
    Path file = folder.resolve("dma.csv");
    dma("--device", device, "--trace", file.toString());
    assertEquals(
        Files.readString(Checkout.root().resolve("datasets/traces/" + device + ".csv")),
        Files.readString(file));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --device gpu     | dma: --device "gpu": there is nic, nvme
          --domain v3      | dma: --domain "v3": there is v1, v2
          --misbehave all  | dma: --misbehave "all": there is write-past-buffer, use-after-unmap, wrong-direction, foreign-address, none
          --seed one       | dma: Invalid value for option '--seed'
          """)
  void wrongUsageIsNamed(String arguments, String message) {
    Ran ran = line(arguments);
    assertAll(
        ran.toString(),
        () -> assertEquals(2, ran.status()),
        () -> assertEquals("", ran.out()),
        () -> assertTrue(ran.err().startsWith(message)));
  }
}
