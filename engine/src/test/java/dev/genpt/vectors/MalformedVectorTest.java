package dev.genpt.vectors;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.json.JsonFile;
import dev.genpt.json.MalformedJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What does not have the form is refused with the key's name, and the rest goes on. */
final class MalformedVectorTest {
  @TempDir private Path folder;

  /** A change of {@link Recording#PAGES} and what must be said of it. */
  record Change(String piece, String other, String message) {
    @Override
    public String toString() {
      return other;
    }
  }

  static List<Change> changes() {
    return List.of(
        new Change("\"pa\": \"0x5000\", ", "", "ops[0].pa: this key is missing"),
        new Change(
            "\"0x6123\"",
            "\"6123\"",
            "ops[1].expect.pa: \"6123\" is not a hexadecimal number of up to 64 bits, such as"
                + " \"0x1000\""),
        new Change(
            "\"0x6123\"",
            "24867",
            "ops[1].expect.pa: 24867 is not a hexadecimal number of up to 64 bits, such as"
                + " \"0x1000\""),
        new Change(
            "\"pa\": \"0x5000\"",
            "\"pa\": \"0x12345678901234567\"",
            "ops[0].pa: \"0x12345678901234567\" is not a hexadecimal number of up to 64 bits, such"
                + " as \"0x1000\""),
        new Change(
            "\"op\": \"unmap_fast\"",
            "\"op\": \"unmap_quick\"",
            "ops[3].op: \"unmap_quick\" is not an operation: map, imap, unmap, unmap_fast, sync,"
                + " i2p, set_dirty, read_dirty, dump"),
        new Change(
            "\"prot\": \"rw\"",
            "\"prot\": \"rx\"",
            "ops[0].prot: protection \"rx\": expected r, w, rw, cache, noexec, mmio or priv,"
                + " separated by commas"),
        new Change(
            "\"prot\": \"rw\"",
            "\"port\": \"rw\"",
            "ops[0].port: this key is not known here; there are op, iova, pa, len, prot, expect"),
        new Change(
            "\"hw_max_vasz_lg2\": 48",
            "\"hw_max_vasz_lg2\": \"0x30\"",
            "config.hw_max_vasz_lg2: \"0x30\" is not a whole number, 0 or more"),
        new Change(
            "\"FLUSH_RANGE\"",
            "\"FLUSH_RANGES\"",
            "config.features: \"FLUSH_RANGES\" is not a feature of format x86_64"),
        new Change(
            "\"kind\": \"sync\"",
            "\"kind\": \"sink\"",
            "ops[4].expect.events[0].kind: \"sink\" is not an event: change_top, sync, flush_walk, flush_pages, cache_tag_flush, add_page_nogather"),
        new Change(
            "\"n\": 2, ",
            "",
            "ops[2].expect.entries[0].child.entries[0].child.entries[0].child.entries[0].n: this key is missing"),
        new Change(
            "{\"rc\": \"0\", \"pgsize_bitmap\"",
            "{\"rc\": \"-EINVAL\", \"pgsize_bitmap\"",
            "ops: there is no table, as init.rc is \"-EINVAL\""));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void theKeyIsNamed(Change change) {
    String json = Recording.pagesWith(change.piece(), change.other());
    MalformedJson malformed = assertThrows(MalformedJson.class, () -> Recording.replay(json));
    assertEquals(change.message(), malformed.getMessage());
  }

  @Test
  void theOtherScenariosGoOn() throws IOException {
    String bad = Recording.pagesWith("\"pa\": \"0x5000\", ", "");
    String foreign = Recording.pagesWith("\"format\": \"x86_64\"", "\"format\": \"pdp11\"");
    FileReplay replay =
        replay("[" + String.join(",", bad, Recording.PAGES, foreign, "7", "{}") + "]");
    assertAll(
        () -> assertEquals(1, replay.passed()),
        () -> assertEquals(3, replay.failed()),
        () -> assertEquals(1, replay.skipped()),
        () -> assertEquals(1, replay.byRule().size()),
        () ->
            assertEquals(
                "[Failed[name=demo/pages, place=, problems=[ops[0].pa: this key is missing]],"
                    + " Failed[name=scenario 3, place=, problems=[scenario: 7 is no object]],"
                    + " Failed[name=scenario 4, place=, problems=[format: this key is missing]]]",
                replay.failures().toString()),
        () -> assertTrue(replay.line().endsWith("the engine has no format pdp11")));
  }

  @Test
  void aFileThatIsNoJsonFailsAsAWhole() throws IOException {
    assertAll(
        () -> assertEquals(1, replay("[{]").failed()),
        () -> assertEquals(1, replay("").failed()),
        () -> assertEquals(1, replay("[] []").failed()),
        () -> assertEquals(1, replay("[{\"name\": \"a\", \"name\": \"b\"}]").failed()),
        () ->
            assertEquals(
                List.of("file: it is no JSON array of scenarios"),
                replay("{}").failures().getFirst().problems()));
  }

  private FileReplay replay(String json) throws IOException {
    Path file = folder.resolve("some.json");
    Files.writeString(file, json);
    return FileReplay.of(JsonFile.in(folder).getFirst(), Optional.empty());
  }
}
