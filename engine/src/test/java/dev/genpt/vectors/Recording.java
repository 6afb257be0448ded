package dev.genpt.vectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.genpt.json.Fields;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PhysicalMemory;

/** Scenarios as text, and what comes of them. */
final class Recording {
  /**
   * Two pages of x86_64 mapped and translated, one unmapped, the whole table looked at twice; a
   * hole at the end that rule 1 is about.
   */
  static final String PAGES =
      """
      {"name": "demo/pages", "format": "x86_64",
       "config": {"features": ["FLUSH_RANGE"], "hw_max_vasz_lg2": 48, "hw_max_oasz_lg2": 52,
                  "top_level": 3},
       "init": {"rc": "0", "pgsize_bitmap": "0x40201000", "aperture_start": "0x0",
                "aperture_end": "0xffffffffffff", "top_level": 3, "live": 1},
       "ops": [
        {"op": "map", "iova": "0x201000", "pa": "0x5000", "len": "0x2000", "prot": "rw",
         "expect": {"rc": "0", "mapped": "0x2000", "top_level": 3, "live": 4}},
        {"op": "i2p", "iova": "0x202123", "expect": {"pa": "0x6123", "top_level": 3, "live": 4}},
        {"op": "dump", "expect": {"level": 3, "entries": [{"i": 0, "attr": "0x27", "child":
          {"level": 2, "entries": [{"i": 0, "attr": "0x27", "child":
          {"level": 1, "entries": [{"i": 1, "attr": "0x27", "child":
          {"level": 0, "entries": [{"i": 1, "n": 2, "raw": "0x5067", "step": "0x1000"}]}}]}}]}}]}},
        {"op": "unmap_fast", "iova": "0x201000", "len": "0x1000",
         "expect": {"unmapped": "0x1000",
                    "gather": {"start": "0x201000", "end": "0x201fff", "freed": 0},
                    "top_level": 3, "live": 4}},
        {"op": "sync", "expect": {"top_level": 3, "live": 4,
         "events": [{"kind": "sync", "start": "0x201000", "end": "0x201fff", "freed": 0}]}},
        {"op": "unmap", "iova": "0x201000", "len": "0x1000",
         "expect": {"unmapped": "0x0",
                    "gather": {"start": "0x201000", "end": "0x200fff", "freed": 0},
                    "top_level": 3, "live": 4}}],
       "dump": {"level": 3, "entries": [{"i": 0, "attr": "0x27", "child":
          {"level": 2, "entries": [{"i": 0, "attr": "0x27", "child":
          {"level": 1, "entries": [{"i": 1, "attr": "0x27", "child":
          {"level": 0, "entries": [{"i": 2, "n": 1, "raw": "0x6067", "step": "0x0"}]}}]}}]}}]}}
      """;

  private static final JsonMapper MAPPER = new JsonMapper();

  private Recording() {}

  /** {@link #PAGES} with a piece of it replaced, which must be there once. */
  static String pagesWith(String piece, String other) {
    int at = PAGES.indexOf(piece);
    if (at < 0 || PAGES.indexOf(piece, at + 1) >= 0) {
      throw new IllegalArgumentException(piece + " is not there, or more than once");
    }
    return PAGES.replace(piece, other);
  }

  /** The scenario. */
  static Scenario read(String json) {
    return ScenarioReader.read(json(json)).orElseThrow();
  }

  /** What comes of a scenario. */
  static ScenarioResult replay(String json) {
    var pages = new PageAllocator(PhysicalMemory.ofMebibytes(64));
    ScenarioResult result = ScenarioReplay.run(read(json), pages);
    pages.checkNoLeaks();
    return result;
  }

  /** A recorded answer. */
  static Answer answer(String json) {
    return AnswerReader.answer(Fields.of(json(json), "expect"));
  }

  private static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
