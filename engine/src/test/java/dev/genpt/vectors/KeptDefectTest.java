package dev.genpt.vectors;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rules 1 to 5 over whole scenarios: the engine passes, and an engine that kept a defect, so that
 * it answered just what was recorded, is refused in the keys that the rule is about and in what
 * follows from them. Rule 6 has no operations; see {@link CoveringRootRuleTest}.
 */
final class KeptDefectTest {
  private static final String X86 = config("x86_64", "FLUSH_RANGE", 48, 52, "top_level", 3);
  private static final String X86_NO_GAPS =
      config("x86_64", "FLUSH_RANGE_NO_GAPS", 48, 52, "top_level", 3);
  private static final String X86_HALVES = config("x86_64", "SIGN_EXTEND", 48, 52, "top_level", 3);
  private static final String X86_HALVES_INCOHERENT =
      config("x86_64", "SIGN_EXTEND\", \"DMA_INCOHERENT", 48, 52, "top_level", 3);
  private static final String VTDSS = config("vtdss", "FLUSH_RANGE", 48, 52, "top_level", 3);
  private static final String MOCK = config("mock", "", 56, 51, "starting_level", 2);
  private static final String AMDV1 = amdv1(52);
  private static final String AMDV1_36 = amdv1(36);
  private static final String RISCV_HALVES =
      """
      "format": "riscv64", "config": {"features": ["SIGN_EXTEND"],
      "hw_max_vasz_lg2": 39, "hw_max_oasz_lg2": 56}\
      """;

  private static String amdv1(int oaLg2) {
    return config(
        "amdv1",
        "DYNAMIC_TOP\", \"AMDV1_ENCRYPT_TABLES\", \"AMDV1_FORCE_COHERENCE\", \"FLUSH_RANGE",
        64,
        oaLg2,
        "starting_level",
        2);
  }

  private static String config(
      String format, String features, int vaLg2, int oaLg2, String topKey, int top) {
    return """
    "format": "%s", "config": {"features": [%s],
    "hw_max_vasz_lg2": %d, "hw_max_oasz_lg2": %d, "%s": %d}\
    """
        .formatted(
            format, features.isEmpty() ? "" : '"' + features + '"', vaLg2, oaLg2, topKey, top);
  }

  /**
   * A recorded form of a defect.
   *
   * @param form what is special about it
   * @param table the format and its configuration
   * @param refused operation by operation, the keys, sorted, in which the recording is refused
   * @param operations with what was recorded; the level of the root is the first one unless given
   */
  record Recorded(String form, String table, String refused, String operations) {
    @Override
    public String toString() {
      return form;
    }
  }

  static List<Recorded> emptyUnmaps() {
    return List.of(
        new Recorded(
            "1: a gather of its own",
            X86,
            "0 gather",
            """
            {"op": "unmap", "iova": "0x5000", "len": "0x1000", "expect": {"unmapped": "0x0", "live": 1,
             "gather": {"start": "0x5000", "end": "0x4fff", "freed": 0}}}
            """),
        new Recorded(
            "1: queued, nothing moved",
            X86,
            "",
            """
            {"op": "unmap", "iova": "0x5000", "len": "0x1000", "queued": true,
             "expect": {"unmapped": "0x0", "live": 1,
             "gather": {"start": "0xffffffffffffffff", "end": "0x0", "freed": 0}}}
            """),
        new Recorded(
            "1: inside a large leaf",
            X86,
            "1 gather",
            """
            {"op": "map", "iova": "0x200000", "pa": "0x200000", "len": "0x200000", "prot": "rw",
             "expect": {"rc": "0", "mapped": "0x200000", "live": 3}},
            {"op": "unmap", "iova": "0x201000", "len": "0x1000", "expect": {"unmapped": "0x0", "live": 3,
             "gather": {"start": "0x201000", "end": "0x200fff", "freed": 0}}}
            """),
        new Recorded(
            "1: the long gather, empty, at address 0, and its flush of everything",
            X86,
            "0 gather, 1 events",
            """
            {"op": "unmap_fast", "iova": "0x0", "len": "0x1000", "expect": {"unmapped": "0x0", "live": 1,
             "gather": {"start": "0x0", "end": "0xffffffffffffffff", "freed": 0}}},
            {"op": "sync", "expect": {"live": 1, "events": [
             {"kind": "sync", "start": "0x0", "end": "0xffffffffffffffff", "freed": 0}]}}
            """),
        new Recorded(
            "1: the long gather holds something; holes above and below, a page, the flush",
            X86,
            "2 gather, 3 gather, 4 gather, 5 events",
            """
            {"op": "map", "iova": "0x201000", "pa": "0x5000", "len": "0x2000", "prot": "rw",
             "expect": {"rc": "0", "mapped": "0x2000", "live": 4}},
            {"op": "unmap_fast", "iova": "0x201000", "len": "0x1000", "expect": {"unmapped": "0x1000",
             "live": 4, "gather": {"start": "0x201000", "end": "0x201fff", "freed": 0}}},
            {"op": "unmap_fast", "iova": "0x600000", "len": "0x1000", "expect": {"unmapped": "0x0",
             "live": 4, "gather": {"start": "0x201000", "end": "0x5fffff", "freed": 0}}},
            {"op": "unmap_fast", "iova": "0x1000", "len": "0x1000", "expect": {"unmapped": "0x0",
             "live": 4, "gather": {"start": "0x1000", "end": "0x5fffff", "freed": 0}}},
            {"op": "unmap_fast", "iova": "0x202000", "len": "0x1000", "expect": {"unmapped": "0x1000",
             "live": 4, "gather": {"start": "0x1000", "end": "0x5fffff", "freed": 0}}},
            {"op": "sync", "expect": {"live": 4, "events": [
             {"kind": "sync", "start": "0x1000", "end": "0x5fffff", "freed": 0}]}}
            """),
        new Recorded(
            "1: without gaps, a hole flushed what must wait, tables too",
            X86_NO_GAPS,
            "2 events gather live, 3 live, 4 events",
            """
            {"op": "map", "iova": "0x200000", "pa": "0x1000", "len": "0x200000", "prot": "rw",
             "expect": {"rc": "0", "mapped": "0x200000", "live": 4}},
            {"op": "unmap_fast", "iova": "0x200000", "len": "0x200000", "expect": {"unmapped": "0x200000",
             "live": 4, "gather": {"start": "0x200000", "end": "0x3fffff", "freed": 1}}},
            {"op": "unmap_fast", "iova": "0x800000", "len": "0x1000", "expect": {"unmapped": "0x0",
             "live": 3, "gather": {"start": "0x800000", "end": "0x7fffff", "freed": 0},
             "events": [{"kind": "sync", "start": "0x200000", "end": "0x3fffff", "freed": 1}]}},
            {"op": "i2p", "iova": "0x1000", "expect": {"pa": "0x0", "live": 3}},
            {"op": "sync", "expect": {"live": 3}}
            """));
  }

  static List<Recorded> translations() {
    return List.of(
        new Recorded(
            "2: above a table that does not grow",
            X86,
            "0 pa",
            """
            {"op": "i2p", "iova": "0x1000000000000", "expect": {"pa": "0xffffffffffffffde", "live": 1}}
            """),
        new Recorded(
            "2: above the root of a table that has not grown yet",
            AMDV1,
            "0 pa",
            """
            {"op": "i2p", "iova": "0x8000000000", "expect": {"pa": "0xffffffffffffffde", "live": 1}}
            """),
        new Recorded(
            "2: between the halves",
            RISCV_HALVES,
            "0 pa",
            """
            {"op": "i2p", "iova": "0x4000000000", "expect": {"pa": "0xffffffffffffffde", "live": 1}}
            """));
  }

  private static final String LEAVES_64K =
      """
      {"op": "map", "iova": "0x0", "pa": "0x10000", "len": "0x10000", "prot": "rw",
       "expect": {"rc": "0", "mapped": "0x10000", "live": 3}},
      {"op": "map", "iova": "0x10000", "pa": "0x40000", "len": "0x10000", "prot": "rw",
       "expect": {"rc": "0", "mapped": "0x10000", "live": 3}},
      {"op": "set_dirty", "iova": "0x3000", "expect": {"rc": "0", "live": 3}},
      {"op": "set_dirty", "iova": "0x1f000", "expect": {"rc": "0", "live": 3}},
      """;

  private static final String LEAF_2M =
      """
      {"op": "map", "iova": "0x200000", "pa": "0x600000", "len": "0x200000", "prot": "rw",
       "expect": {"rc": "0", "mapped": "0x200000", "live": %d}},
      {"op": "set_dirty", "iova": "0x300000", "expect": {"rc": "0", "live": %1$d}},
      """;

  static List<Recorded> dirtyReads() {
    return List.of(
        new Recorded(
            "3: two contiguous leaves, looked at; ours are merged",
            AMDV1,
            "4 dirty",
            LEAVES_64K
                + """
                {"op": "read_dirty", "iova": "0x0", "len": "0x20000", "noclear": true,
                 "expect": {"rc": "0", "dirty": [["0x0", "0xf000"], ["0x10000", "0xf000"]], "live": 3,
                 "gather": {"start": "0xffffffffffffffff", "end": "0x0", "freed": 0}}}
                """),
        new Recorded(
            "3: two contiguous leaves, cleaned, and read again",
            AMDV1,
            "4 dirty gather",
            LEAVES_64K
                + """
                {"op": "read_dirty", "iova": "0x0", "len": "0x20000",
                 "expect": {"rc": "0", "dirty": [["0x0", "0xf000"], ["0x10000", "0xf000"]], "live": 3,
                 "gather": {"start": "0x0", "end": "0x1efff", "freed": 0}}},
                {"op": "read_dirty", "iova": "0x0", "len": "0x20000",
                 "expect": {"rc": "0", "dirty": [], "live": 3,
                 "gather": {"start": "0xffffffffffffffff", "end": "0x0", "freed": 0}}}
                """),
        new Recorded(
            "3: the last item alone was left out",
            AMDV1,
            "4 dirty gather",
            LEAVES_64K
                + """
                {"op": "read_dirty", "iova": "0xf000", "len": "0x1000",
                 "expect": {"rc": "0", "dirty": [], "live": 3,
                 "gather": {"start": "0xf000", "end": "0xefff", "freed": 0}}}
                """),
        new Recorded(
            "3: a query that ends inside: right but for its gather",
            AMDV1,
            "4 gather",
            LEAVES_64K
                + """
                {"op": "read_dirty", "iova": "0x4000", "len": "0x2000",
                 "expect": {"rc": "0", "dirty": [["0x4000", "0x2000"]], "live": 3,
                 "gather": {"start": "0x4000", "end": "0x5fff", "freed": 0}}}
                """),
        new Recorded(
            "3: from inside a page of one leaf to inside a page of the next",
            AMDV1,
            "4 dirty gather",
            LEAVES_64K
                + """
                {"op": "read_dirty", "iova": "0x8800", "len": "0x9000",
                 "expect": {"rc": "0", "dirty": [["0x8800", "0x7000"], ["0x10000", "0x2000"]], "live": 3,
                 "gather": {"start": "0x8800", "end": "0x11fff", "freed": 0}}}
                """),
        new Recorded(
            "3: a large item entered in its middle",
            VTDSS,
            "2 dirty gather",
            LEAF_2M.formatted(3)
                + """
                {"op": "read_dirty", "iova": "0x205000", "len": "0x1000",
                 "expect": {"rc": "0", "dirty": [["0x205000", "0x200000"]], "live": 3,
                 "gather": {"start": "0x205000", "end": "0x404fff", "freed": 0}}}
                """),
        new Recorded(
            "3: a large item that the query leaves in its middle",
            AMDV1,
            "2 dirty",
            LEAF_2M.formatted(2)
                + """
                {"op": "read_dirty", "iova": "0x200000", "len": "0x1000",
                 "expect": {"rc": "0", "dirty": [["0x200000", "0x200000"]], "live": 2,
                 "gather": {"start": "0x200000", "end": "0x3fffff", "freed": 0}}}
                """),
        new Recorded(
            "3: two items of 2 KiB",
            MOCK,
            "2 dirty",
            """
            {"op": "map", "iova": "0x1000", "pa": "0x3000", "len": "0x1000", "prot": "rw",
             "expect": {"rc": "0", "mapped": "0x1000", "live": 3}},
            {"op": "set_dirty", "iova": "0x1800", "expect": {"rc": "0", "live": 3}},
            {"op": "read_dirty", "iova": "0x0", "len": "0x10000", "noclear": true,
             "expect": {"rc": "0", "dirty": [["0x1000", "0x800"]], "live": 3,
             "gather": {"start": "0xffffffffffffffff", "end": "0x0", "freed": 0}}}
            """));
  }

  private static final String PAGE_OF_LOWER_HALF =
      """
      {"op": "map", "iova": "0x7ffffffff000", "pa": "0x1000", "len": "0x1000", "prot": "rw",
       "expect": {"rc": "0", "mapped": "0x1000", "live": 4}},
      """;

  static List<Recorded> halves() {
    return List.of(
        new Recorded(
            "4: map over the end of the lower half",
            X86_HALVES,
            "0 live mapped rc, 1 live pa",
            """
            {"op": "map", "iova": "0x7ffffffff000", "pa": "0x10000", "len": "0x2000", "prot": "rw",
             "expect": {"rc": "0", "mapped": "0x2000", "live": 7}},
            {"op": "i2p", "iova": "0x7ffffffff000", "expect": {"pa": "0x10000", "live": 7}}
            """),
        new Recorded(
            "4: map of an alias, another format",
            RISCV_HALVES,
            "0 live mapped rc, 1 live pa",
            """
            {"op": "map", "iova": "0xffffffbffffff000", "pa": "0x10000", "len": "0x1000", "prot": "rw",
             "expect": {"rc": "0", "mapped": "0x1000", "live": 3}},
            {"op": "i2p", "iova": "0x3ffffff123", "expect": {"pa": "0x10123", "live": 3}}
            """),
        new Recorded(
            "4: imap",
            X86_HALVES,
            "0 live rc",
            """
            {"op": "imap", "iova": "0xffff7ffffffff000", "pa": "0x10000", "len": "0x1000", "prot": "rw",
             "expect": {"rc": "0", "live": 4}}
            """),
        new Recorded(
            "4: imap that was rolled back and left tables",
            X86_HALVES,
            "1 events live rc, 2 live pa",
            """
            {"op": "map", "iova": "0xffff800000000000", "pa": "0x5000", "len": "0x1000", "prot": "rw",
             "expect": {"rc": "0", "mapped": "0x1000", "live": 4}},
            {"op": "imap", "iova": "0x7ffffffff000", "pa": "0x10000", "len": "0x2000", "prot": "rw",
             "expect": {"rc": "-EADDRINUSE", "live": 7, "events": [
             {"kind": "sync", "start": "0x7ffffffff000", "end": "0x7fffffffffff", "freed": 0}]}},
            {"op": "i2p", "iova": "0x7ffffffff000", "expect": {"pa": "0x0", "live": 7}}
            """),
        new Recorded(
            "4: unmap of an alias",
            X86_HALVES,
            "1 gather unmapped, 2 pa",
            PAGE_OF_LOWER_HALF
                + """
                {"op": "unmap", "iova": "0xffff7ffffffff000", "len": "0x1000",
                 "expect": {"unmapped": "0x1000", "live": 4,
                 "gather": {"start": "0xffff7ffffffff000", "end": "0xffff7fffffffffff", "freed": 0}}},
                {"op": "i2p", "iova": "0x7ffffffff000", "expect": {"pa": "0x0", "live": 4}}
                """),
        new Recorded(
            "4: unmap_fast of an alias into a gather that holds something, and its flush",
            X86_HALVES,
            "3 gather unmapped, 4 gather, 5 events",
            PAGE_OF_LOWER_HALF
                + """
                {"op": "map", "iova": "0x1000", "pa": "0x2000", "len": "0x2000", "prot": "rw",
                 "expect": {"rc": "0", "mapped": "0x2000", "live": 7}},
                {"op": "unmap_fast", "iova": "0x1000", "len": "0x1000", "expect": {"unmapped": "0x1000",
                 "live": 7, "gather": {"start": "0x1000", "end": "0x1fff", "freed": 0}}},
                {"op": "unmap_fast", "iova": "0xffff7ffffffff000", "len": "0x1000",
                 "expect": {"unmapped": "0x1000", "live": 7,
                 "gather": {"start": "0x1000", "end": "0xffff7fffffffffff", "freed": 0}}},
                {"op": "unmap_fast", "iova": "0x2000", "len": "0x1000", "expect": {"unmapped": "0x1000",
                 "live": 7, "gather": {"start": "0x1000", "end": "0xffff7fffffffffff", "freed": 0}}},
                {"op": "sync", "expect": {"live": 7, "events": [
                 {"kind": "sync", "start": "0x1000", "end": "0xffff7fffffffffff", "freed": 0}]}}
                """),
        new Recorded(
            "4 and 1: unmap and unmap_fast of an alias that is a hole",
            X86_HALVES,
            "0 gather, 1 gather",
            """
            {"op": "unmap", "iova": "0xffff7ffffffff000", "len": "0x1000",
             "expect": {"unmapped": "0x0", "live": 1,
             "gather": {"start": "0xffff7ffffffff000", "end": "0xffff7fffffffefff", "freed": 0}}},
            {"op": "unmap_fast", "iova": "0xffff7ffffffff000", "len": "0x1000",
             "expect": {"unmapped": "0x0", "live": 1,
             "gather": {"start": "0xffff7ffffffff000", "end": "0xffff7fffffffefff", "freed": 0}}}
            """),
        new Recorded(
            "4 after 1: the gathers differ when the second replay begins",
            X86_HALVES,
            "1 gather, 2 gather unmapped, 3 events",
            PAGE_OF_LOWER_HALF
                + """
                {"op": "unmap_fast", "iova": "0x5000", "len": "0x1000", "expect": {"unmapped": "0x0",
                 "live": 4, "gather": {"start": "0x5000", "end": "0x4fff", "freed": 0}}},
                {"op": "unmap_fast", "iova": "0xffff7ffffffff000", "len": "0x1000",
                 "expect": {"unmapped": "0x1000", "live": 4,
                 "gather": {"start": "0x5000", "end": "0xffff7fffffffffff", "freed": 0}}},
                {"op": "sync", "expect": {"live": 4, "events": [
                 {"kind": "sync", "start": "0x5000", "end": "0xffff7fffffffffff", "freed": 0}]}}
                """),
        new Recorded(
            "4: what was written back, for a map in the way of a page and for one that was done",
            X86_HALVES_INCOHERENT,
            "1 flush_bytes flushes rc, 2 flush_bytes flushes live mapped rc",
            """
            {"op": "map", "iova": "0x7ffffffff000", "pa": "0x1000", "len": "0x1000", "prot": "rw",
             "expect": {"rc": "0", "mapped": "0x1000", "live": 4, "flushes": 7, "flush_bytes": 12320}},
            {"op": "map", "iova": "0xffff7ffffffff000", "pa": "0x1000", "len": "0x1000", "prot": "rw",
             "expect": {"rc": "-EADDRINUSE", "mapped": "0x0", "live": 4, "flushes": 1,
             "flush_bytes": 0}},
            {"op": "map", "iova": "0xffff000000000000", "pa": "0x1000", "len": "0x1000", "prot": "rw",
             "expect": {"rc": "0", "mapped": "0x1000", "live": 7, "flushes": 7, "flush_bytes": 12320}}
            """),
        new Recorded(
            "4: i2p of an alias; the recording stays the measure",
            X86_HALVES,
            "1 pa, 2 pa",
            PAGE_OF_LOWER_HALF
                + """
                {"op": "i2p", "iova": "0xffff7ffffffff123", "expect": {"pa": "0x1123", "live": 4}},
                {"op": "i2p", "iova": "0xffff000000000000", "expect": {"pa": "0x0", "live": 4}},
                {"op": "i2p", "iova": "0x7ffffffff123", "expect": {"pa": "0x1123", "live": 4}}
                """),
        new Recorded(
            "4: no dirty tracking comes before the range, and other errors too",
            X86_HALVES,
            "",
            """
            {"op": "set_dirty", "iova": "0xffff7ffffffff000", "expect": {"rc": "-EOPNOTSUPP", "live": 1}},
            {"op": "read_dirty", "iova": "0x7ffffffff000", "len": "0x2000",
             "expect": {"rc": "-EOPNOTSUPP", "dirty": [], "live": 1,
             "gather": {"start": "0xffffffffffffffff", "end": "0x0", "freed": 0}}},
            {"op": "map", "iova": "0x7ffffffff000", "pa": "0x1000", "len": "0x2000", "prot": "",
             "expect": {"rc": "-EINVAL", "mapped": "0x0", "live": 1}},
            {"op": "map", "iova": "0x7ffffffff000", "pa": "0x10000000000000", "len": "0x2000", "prot": "r",
             "expect": {"rc": "-ERANGE", "mapped": "0x0", "live": 1}},
            {"op": "imap", "iova": "0x7ffffffff000", "pa": "0x1800", "len": "0x2000", "prot": "r",
             "expect": {"rc": "-ENXIO", "live": 1}}
            """));
  }

  private static final String OVER_THE_END =
      """
      {"op": "map", "iova": "0x100000", "pa": "0xffffff000", "len": "0x2000", "prot": "rw",
       "expect": {"rc": "0", "mapped": "0x2000", "live": 3}},
      """;

  static List<Recorded> outputEnds() {
    return List.of(
        new Recorded(
            "5: imap, and a page of it",
            AMDV1_36,
            "0 live rc, 1 live pa",
            """
            {"op": "imap", "iova": "0x100000", "pa": "0xffffff000", "len": "0x2000", "prot": "rw",
             "expect": {"rc": "0", "live": 3}},
            {"op": "i2p", "iova": "0x101000", "expect": {"pa": "0x1000000000", "live": 3}}
            """),
        new Recorded(
            "5: map, wrapped to address 0, another format",
            VTDSS,
            "0 live mapped rc, 1 live pa",
            """
            {"op": "map", "iova": "0x100000", "pa": "0xffffffffff000", "len": "0x2000", "prot": "rw",
             "expect": {"rc": "0", "mapped": "0x2000", "live": 4}},
            {"op": "i2p", "iova": "0x101000", "expect": {"pa": "0x0", "live": 4}}
            """),
        new Recorded(
            "5: what was placed is unmapped",
            AMDV1_36,
            "0 live mapped rc, 1 gather live unmapped",
            OVER_THE_END
                + """
                {"op": "unmap", "iova": "0x100000", "len": "0x2000", "expect": {"unmapped": "0x2000",
                 "live": 3, "gather": {"start": "0x100000", "end": "0x101fff", "freed": 0}}}
                """),
        new Recorded(
            "5: what was placed is dirtied and read",
            AMDV1_36,
            "0 live mapped rc, 1 live rc, 2 dirty gather live",
            OVER_THE_END
                + """
                {"op": "set_dirty", "iova": "0x100000", "expect": {"rc": "0", "live": 3}},
                {"op": "read_dirty", "iova": "0x100000", "len": "0x2000",
                 "expect": {"rc": "0", "dirty": [["0x100000", "0x1000"]], "live": 3,
                 "gather": {"start": "0x100000", "end": "0x100fff", "freed": 0}}}
                """),
        new Recorded(
            "5: map that made the root grow",
            AMDV1_36,
            "0 events live mapped rc top_level, 1 live pa top_level",
            """
            {"op": "map", "iova": "0x8000000000", "pa": "0xffffff000", "len": "0x2000", "prot": "rw",
             "expect": {"rc": "0", "mapped": "0x2000", "top_level": 3, "live": 5,
             "events": [{"kind": "change_top", "level": 3}]}},
            {"op": "i2p", "iova": "0x8000000000",
             "expect": {"pa": "0xffffff000", "top_level": 3, "live": 5}}
            """),
        new Recorded(
            "5: map that met a leaf after its first page",
            AMDV1_36,
            "1 mapped rc, 2 pa",
            """
            {"op": "map", "iova": "0x101000", "pa": "0x5000", "len": "0x1000", "prot": "rw",
             "expect": {"rc": "0", "mapped": "0x1000", "live": 3}},
            {"op": "map", "iova": "0x100000", "pa": "0xffffff000", "len": "0x2000", "prot": "rw",
             "expect": {"rc": "-EADDRINUSE", "mapped": "0x1000", "live": 3}},
            {"op": "i2p", "iova": "0x100000", "expect": {"pa": "0xffffff000", "live": 3}}
            """),
        new Recorded(
            "5: imap with a leaf in the way of its first page, then of its second",
            AMDV1_36,
            "1 rc, 2 events rc",
            """
            {"op": "map", "iova": "0x101000", "pa": "0x5000", "len": "0x1000", "prot": "rw",
             "expect": {"rc": "0", "mapped": "0x1000", "live": 3}},
            {"op": "imap", "iova": "0x101000", "pa": "0xffffff000", "len": "0x2000", "prot": "rw",
             "expect": {"rc": "-EADDRINUSE", "live": 3}},
            {"op": "imap", "iova": "0x100000", "pa": "0xffffff000", "len": "0x2000", "prot": "rw",
             "expect": {"rc": "-EADDRINUSE", "live": 3, "events": [
             {"kind": "sync", "start": "0x100000", "end": "0x100fff", "freed": 0}]}}
            """));
  }

  @ParameterizedTest
  @MethodSource({"emptyUnmaps", "translations", "dirtyReads", "halves", "outputEnds"})
  void theEnginePassesAndTheRecordingDoesNot(Recorded recorded) {
    Scenario scenario = scenario(recorded);
    ScenarioResult result = ScenarioReplay.run(scenario, pages());
    assertAll(
        () -> assertInstanceOf(ScenarioResult.Passed.class, result, result.toString()),
        () -> assertEquals(recorded.refused, refused(scenario)));
  }

  /** The scenario; making the table, and the table at the end, are as the engine has them. */
  private static Scenario scenario(Recorded recorded) {
    Scenario read =
        Recording.read(
            """
            {"name": "demo", %s, "init": {"rc": "0"}, "ops": [%s], "dump": {"level": 0, "entries": []}}
            """
                .formatted(recorded.table, recorded.operations));
    try (Replay<?, ?> replay = read.config().replay(pages())) {
      long top = replay.opening().count(Answer.TOP_LEVEL).orElseThrow();
      List<Scenario.Step> steps =
          read.steps().stream()
              .map(step -> new Scenario.Step(step.operation(), atLevel(top, step.recorded())))
              .toList();
      Answer opening = replay.opening();
      steps.forEach(step -> replay.run(step.operation()));
      TableImage dump = replay.images().read();
      return new Scenario(read.name(), read.config(), opening, steps, Optional.of(dump));
    }
  }

  private static Answer atLevel(long top, Answer recorded) {
    return recorded.get(Answer.TOP_LEVEL).isPresent()
        ? recorded
        : recorded.withCount(Answer.TOP_LEVEL, top);
  }

  /** Where, and in which keys, the recording is not what must be answered. */
  private static String refused(Scenario scenario) {
    List<String> places = new ArrayList<>();
    try (Replay<?, ?> replay = scenario.config().replay(pages());
        Expectation expectation = replay.expectation(scenario)) {
      for (int number = 0; number < scenario.steps().size(); number++) {
        Scenario.Step step = scenario.steps().get(number);
        Answer due = expectation.of(number, step);
        replay.run(step.operation());
        String keys =
            Difference.between(due, step.recorded(), step.recorded(), Optional.empty()).stream()
                .map(Difference::key)
                .sorted()
                .collect(Collectors.joining(" "));
        if (!keys.isEmpty()) {
          places.add(number + " " + keys);
        }
      }
    }
    return String.join(", ", places);
  }

  private static PageAllocator pages() {
    return new PageAllocator(PhysicalMemory.ofMebibytes(64));
  }
}
