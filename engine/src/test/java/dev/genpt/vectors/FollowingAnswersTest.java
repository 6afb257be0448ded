package dev.genpt.vectors;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.junit.jupiter.api.Test;

/** Scenarios whose later answers follow from what a rule is about. */
final class FollowingAnswersTest {
  /** A table of two halves; the operations follow, and a recorded last tree that is empty. */
  private static String halves(String operations) {
    return scenario("SIGN_EXTEND", "0x7fffffffffff", operations);
  }

  private static String scenario(String feature, String lastVa, String operations) {
    return """
    {"name": "demo", "format": "x86_64",
     "config": {"features": ["%s"], "hw_max_vasz_lg2": 48, "hw_max_oasz_lg2": 52,
                "top_level": 3},
     "init": {"rc": "0", "pgsize_bitmap": "0x40201000", "aperture_start": "0x0",
              "aperture_end": "%s", "top_level": 3, "live": 1},
     "ops": [%s], "dump": {"level": 3, "entries": []}}
    """
        .formatted(feature, lastVa, operations);
  }

  private static String passed(String json) {
    ScenarioResult result = Recording.replay(json);
    return assertInstanceOf(ScenarioResult.Passed.class, result, result.toString()).rulesText();
  }

  private static ScenarioResult.Failed failed(String json) {
    return assertInstanceOf(ScenarioResult.Failed.class, Recording.replay(json));
  }

  /** Recorded: the pages of both halves are there. Due: neither, so the next map is the first. */
  @Test
  void afterPagesThatMustNotBeTheMeasureIsASecondReplay() {
    String operations =
        """
        {"op": "map", "iova": "0x7ffffffff000", "pa": "0x10000", "len": "0x2000", "prot": "rw",
         "expect": {"rc": "0", "mapped": "0x2000", "top_level": 3, "live": 7}},
        {"op": "i2p", "iova": "0x7ffffffff000",
         "expect": {"pa": "0x10000", "top_level": 3, "live": 7}},
        {"op": "map", "iova": "0x7ffffffff000", "pa": "0x0", "len": "0x1000", "prot": "rw",
         "expect": {"rc": "-EADDRINUSE", "mapped": "0x0", "top_level": 3, "live": 7}},
        {"op": "i2p", "iova": "0x7ffffffff000",
         "expect": {"pa": "0x10000", "top_level": 3, "live": 7}},
        {"op": "unmap", "iova": "0x7ffffffff000", "len": "0x2000",
         "expect": {"unmapped": "0x2000", "top_level": 3, "live": 7,
                    "gather": {"start": "0x7ffffffff000", "end": "0x800000000fff", "freed": 0}}}
        """;
    assertEquals("rule 4 at ops[0], ops[4]", passed(halves(operations)));
  }

  /** Nothing was placed, so the recording stays the measure. */
  @Test
  void afterARefusalForAnotherReasonTheRecordingGoesOn() {
    String operations =
        """
        {"op": "map", "iova": "0x7ffffffff000", "pa": "0x10000", "len": "0x1000", "prot": "rw",
         "expect": {"rc": "0", "mapped": "0x1000", "top_level": 3, "live": 4}},
        {"op": "map", "iova": "0x7ffffffff000", "pa": "0x0", "len": "0x2000", "prot": "rw",
         "expect": {"rc": "-EADDRINUSE", "mapped": "0x0", "top_level": 3, "live": %s}},
        {"op": "i2p", "iova": "0x7ffffffff123",
         "expect": {"pa": "%s", "top_level": 3, "live": 4}},
        {"op": "unmap", "iova": "0x7ffffffff000", "len": "0x1000",
         "expect": {"unmapped": "0x1000", "top_level": 3, "live": 4,
                    "gather": {"start": "0x7ffffffff000", "end": "0x7fffffffffff", "freed": 0}}}
        """;
    assertAll(
        // The last tree is recorded without the three tables that stay.
        () ->
            assertEquals(
                "dump at the end", failed(halves(operations.formatted("4", "0x10123"))).place()),
        () ->
            assertEquals(
                "ops[2] i2p iova 0x7ffffffff123",
                failed(halves(operations.formatted("4", "0x10124"))).place()),
        () ->
            assertEquals(
                "ops[1] map iova 0x7ffffffff000 pa 0x0 len 0x2000 prot rw",
                failed(halves(operations.formatted("5", "0x10123"))).place()));
  }

  /** Recorded: the hole flushed what was held. Due: it waits, and so does the freed table. */
  @Test
  void tablesWaitOnTheGatherThatStayed() {
    String operations =
        """
        {"op": "map", "iova": "0x200000", "pa": "0x1000", "len": "0x200000", "prot": "rw",
         "expect": {"rc": "0", "mapped": "0x200000", "top_level": 3, "live": 4}},
        {"op": "unmap_fast", "iova": "0x200000", "len": "0x200000",
         "expect": {"unmapped": "0x200000", "top_level": 3, "live": 4,
                    "gather": {"start": "0x200000", "end": "0x3fffff", "freed": 1}}},
        {"op": "unmap_fast", "iova": "0x800000", "len": "0x1000",
         "expect": {"unmapped": "0x0", "top_level": 3, "live": %d,
                    "gather": {"start": "0x800000", "end": "0x7fffff", "freed": 0},
                    "events": [{"kind": "sync", "start": "0x200000", "end": "0x3fffff",
                                "freed": 1}]}},
        {"op": "i2p", "iova": "0x1000", "expect": {"pa": "0x0", "top_level": 3, "live": 3}},
        {"op": "sync", "expect": {"top_level": 3, "live": 3}}
        """;
    String lastVa = "0xffffffffffff";
    String json = scenario("FLUSH_RANGE_NO_GAPS", lastVa, operations.formatted(3));
    assertEquals(
        "dump at the end", failed(json).place(), "the last tree is recorded without its tables");
    assertEquals(
        "ops[2] unmap_fast iova 0x800000 len 0x1000",
        failed(scenario("FLUSH_RANGE_NO_GAPS", lastVa, operations.formatted(4))).place());
  }

  /** Address 0 is an answer only where the tree that follows has the page. */
  @Test
  void addressZeroIsTakenByTheTreeThatFollows() {
    String operations =
        """
        {"op": "map", "iova": "0x1000", "pa": "0x0", "len": "0x1000", "prot": "rw",
         "expect": {"rc": "0", "mapped": "0x1000", "top_level": 3, "live": 4}},
        {"op": "i2p", "iova": "%s", "expect": {"pa": "0x0", "top_level": 3, "live": 4}},
        {"op": "dump", "expect": {"level": 3, "entries": [{"i": 0, "attr": "0x27", "child":
          {"level": 2, "entries": [{"i": 0, "attr": "0x27", "child":
          {"level": 1, "entries": [{"i": 0, "attr": "0x27", "child":
          {"level": 0, "entries": [{"i": %s, "n": 1, "raw": "0x67", "step": "0x0"}]}}]}}]}}]}}
        """;
    assertAll(
        () -> assertEquals("dump at the end", place(operations, "0x1000", "1")),
        () -> assertEquals("dump at the end", place(operations, "0x2000", "1")),
        () -> assertEquals("ops[1] i2p iova 0x1000", place(operations, "0x1000", "2")),
        () -> assertEquals("ops[1] i2p iova 0x2000", place(operations, "0x2000", "2")));
  }

  private static String place(String operations, String iova, String index) {
    return failed(scenario("FLUSH_RANGE", "0xffffffffffff", operations.formatted(iova, index)))
        .place();
  }
}
