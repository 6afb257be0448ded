package dev.genpt.vectors;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A scenario with one thing changed fails, and says where and what. */
final class MutatedScenarioTest {
  private static final String MAP = "ops[0] map iova 0x201000 pa 0x5000 len 0x2000 prot rw";
  private static final String TRANSLATION = "ops[1] i2p iova 0x202123";
  private static final String UNMAP = "ops[3] unmap_fast iova 0x201000 len 0x1000";
  private static final String DUMP = "ops[2] dump";
  private static final String END = "dump at the end";

  /**
   * A change of {@link Recording#PAGES}.
   *
   * @param piece what is replaced
   * @param other what stands there instead
   * @param place where it must be noticed
   * @param problem what must be said
   */
  record Change(String piece, String other, String place, String problem) {
    @Override
    public String toString() {
      return other;
    }
  }

  static List<Change> changes() {
    return List.of(
        new Change(
            "\"0x40201000\"",
            "\"0x201000\"",
            "init",
            "pgsize_bitmap: expected 0x201000, got 0x40201000"),
        new Change(
            "\"rc\": \"0\", \"mapped\"",
            "\"rc\": \"-EADDRINUSE\", \"mapped\"",
            MAP,
            "rc: expected -EADDRINUSE, got 0"),
        new Change(
            "\"mapped\": \"0x2000\"",
            "\"mapped\": \"0x1000\"",
            MAP,
            "mapped: expected 0x1000, got 0x2000"),
        new Change("\"0x6123\"", "\"0x6122\"", TRANSLATION, "pa: expected 0x6122, got 0x6123"),
        new Change("\"0x6123\"", "\"0x0\"", TRANSLATION, "pa: expected 0x0, got 0x6123"),
        new Change(
            "\"0x6123\", \"top_level\": 3",
            "\"0x6123\", \"top_level\": 4",
            TRANSLATION,
            "top_level: expected 4, got 3"),
        new Change(
            "\"0x6123\", \"top_level\": 3, \"live\": 4",
            "\"0x6123\", \"top_level\": 3",
            TRANSLATION,
            "live: expected not there, got 4"),
        new Change(
            "\"0x6123\",",
            "\"0x6123\", \"flushes\": 1,",
            TRANSLATION,
            "flushes: expected 1, got not there"),
        new Change(
            "\"0x6123\",",
            "\"0x6123\", \"colour\": \"red\",",
            TRANSLATION,
            "colour: expected \"red\", got not there"),
        new Change(
            "\"end\": \"0x201fff\", \"freed\": 0},",
            "\"end\": \"0x201fff\", \"freed\": 1},",
            UNMAP,
            "gather: expected start 0x201000, end 0x201fff, 1 freed,"
                + " got start 0x201000, end 0x201fff, 0 freed"),
        new Change(
            "\"end\": \"0x201fff\", \"freed\": 0}]",
            "\"end\": \"0x201ffe\", \"freed\": 0}]",
            "ops[4] sync",
            "events: expected [sync 0x201000 to 0x201ffe, 0 freed],"
                + " got [sync 0x201000 to 0x201fff, 0 freed]"),
        new Change(
            ",\n   \"events\": [{\"kind\": \"sync\", \"start\": \"0x201000\", \"end\": \"0x201fff\", \"freed\": 0}]",
            "",
            "ops[4] sync",
            "events: expected not there, got [sync 0x201000 to 0x201fff, 0 freed]"),
        new Change(
            "\"n\": 2, \"raw\": \"0x5067\", \"step\": \"0x1000\"",
            "\"n\": 2, \"raw\": \"0x5067\", \"step\": \"0x1100\"",
            DUMP,
            """
            tree: table word of level 0, index 2, input address 0x202000
              expected 0x0000000000006167  4K leaf, output address 0x6000, rw
              got      0x0000000000006067  4K leaf, output address 0x6000, rw
              differ in G, bit 8: expected 0x1, got 0x0\
            """),
        new Change(
            "\"n\": 2, \"raw\": \"0x5067\"",
            "\"n\": 3, \"raw\": \"0x5067\"",
            DUMP,
            """
            tree: table word of level 0, index 3, input address 0x203000
              expected 0x0000000000007067  4K leaf, output address 0x7000, rw
              got      0x0000000000000000  empty\
            """),
        new Change(
            "\"i\": 2, \"n\": 1, \"raw\": \"0x6067\"",
            "\"i\": 3, \"n\": 1, \"raw\": \"0x6067\"",
            END,
            """
            tree: table word of level 0, index 2, input address 0x202000
              expected 0x0000000000000000  empty
              got      0x0000000000006067  4K leaf, output address 0x6000, rw\
            """));
  }

  @Test
  void unchangedItPassesByRuleOne() {
    var passed = assertInstanceOf(ScenarioResult.Passed.class, Recording.replay(Recording.PAGES));
    assertEquals("rule 1 at ops[5]", passed.rulesText());
  }

  @ParameterizedTest
  @MethodSource("changes")
  void theChangeIsNamed(Change change) {
    var failed = failed(Recording.pagesWith(change.piece(), change.other()));
    String problems =
        String.join("\n", failed.problems()).replaceAll(", at physical address 0x[0-9a-f]+", "");
    assertAll(
        () -> assertEquals(change.place(), failed.place()),
        () -> assertEquals(change.problem(), problems));
  }

  @Test
  void aPointerIsComparedWithoutItsAddressAndShownWithIt() {
    var failed =
        failed(
            Recording.PAGES.replaceFirst(
                "\"i\": 1, \"attr\": \"0x27\"", "\"i\": 1, \"attr\": \"0x25\""));
    String problem = String.join("\n", failed.problems());
    assertAll(
        problem,
        () -> assertEquals(DUMP, failed.place()),
        () -> assertTrue(problem.contains("level 1, index 1, input address 0x200000")),
        () ->
            assertTrue(
                problem.matches(
                    "(?s).*expected 0x\\p{XDigit}*[1-9a-f]\\p{XDigit}*025  .*got +0x\\p{XDigit}*[1-9a-f]\\p{XDigit}*027  .*")));
  }

  @Test
  void aRecordedValueThatARuleReplacedIsShownToo() {
    var failed = failed(Recording.pagesWith("\"unmapped\": \"0x0\"", "\"unmapped\": \"0x1000\""));
    assertAll(
        () -> assertEquals("ops[5] unmap iova 0x201000 len 0x1000", failed.place()),
        () -> assertEquals(2, failed.problems().size(), "unmapped, and the gather it explained"));
  }

  private static ScenarioResult.Failed failed(String json) {
    return assertInstanceOf(ScenarioResult.Failed.class, Recording.replay(json));
  }
}
