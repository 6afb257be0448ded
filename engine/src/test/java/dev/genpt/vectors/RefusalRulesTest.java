package dev.genpt.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.iommu.IommuDomain;
import dev.genpt.table.Feature;
import dev.genpt.table.Protection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules 2, 4 and 5: addresses that were taken or answered for, and must not be. */
final class RefusalRulesTest {
  private static final Answer STATE =
      Answer.empty().withCount(Answer.TOP_LEVEL, 3).withCount(Answer.LIVE, 1);
  private static final Answer OUT_OF_RANGE = STATE.withHex(Answer.PA, -34);
  private static final Answer NONE = STATE.with(Answer.PA, new Value.NoTranslation());

  private final IommuDomain halves = RuleFixture.x86(Feature.SIGN_EXTEND);
  private final IommuDomain plain = RuleFixture.x86();

  private static Operation.Map map(long iova, long pa, long length) {
    return new Operation.Map(iova, pa, length, Protection.READ_WRITE, false);
  }

  private static Answer mapped(String rc, long bytes) {
    return STATE.withText(Answer.RC, rc).withHex(Answer.MAPPED, bytes);
  }

  private static Answer correct(Rule rule, Operation operation, IommuDomain domain, Answer answer) {
    return rule.correct(RuleFixture.before(operation, domain), answer);
  }

  @Test
  void twoIsAboutAddressesOutOfRangeAlone() {
    var rule = new OutOfRangeRule();
    assertEquals(NONE, correct(rule, new Operation.IovaToPhys(1L << 48), plain, OUT_OF_RANGE));
    assertEquals(
        OUT_OF_RANGE, correct(rule, new Operation.IovaToPhys((1L << 48) - 1), plain, OUT_OF_RANGE));
    Answer other = STATE.withHex(Answer.PA, -33);
    assertEquals(other, correct(rule, new Operation.IovaToPhys(1L << 48), plain, other));
    // Upstream takes this one, so it can't have answered with an error.
    assertEquals(
        OUT_OF_RANGE,
        correct(rule, new Operation.IovaToPhys(0xffff_0000_0000_0000L), halves, OUT_OF_RANGE));
  }

  @ParameterizedTest
  @CsvSource({
    // Over the end of the lower half; an alias of the lower half; both.
    "0x7ffffffff000, 0x2000",
    "0xffff000000000000, 0x1000",
    "0xffff7ffffffff000, 0x2000",
    "0xffff000000000000, 0x1000000000000"
  })
  void fourRefusesWhatIsNotInOneHalf(String iova, String length) {
    var rule = new OtherHalfRule();
    Operation map = map(Long.parseUnsignedLong(iova.substring(2), 16), 0x1000, Long.decode(length));
    assertEquals(mapped("-ERANGE", 0), correct(rule, map, halves, mapped("0", 0x2000)));
    assertEquals(mapped("-ERANGE", 0), correct(rule, map, halves, mapped("-EADDRINUSE", 0x1000)));
    assertEquals(mapped("-ENXIO", 0), correct(rule, map, halves, mapped("-ENXIO", 0)));
    assertEquals(mapped("0", 0x2000), correct(rule, map, plain, mapped("0", 0x2000)));
  }

  @ParameterizedTest
  @CsvSource({
    "0x7ffffffff000, 0x1000",
    "0xffff800000000000, 0x1000",
    "0xfffffffffffff000, 0x1000",
    // Upstream refuses these too.
    "0x800000000000, 0x1000",
    "0xfffeffffffff0000, 0x1000"
  })
  void fourLeavesOtherRangesAlone(String iova, String length) {
    Operation map = map(Long.parseUnsignedLong(iova.substring(2), 16), 0x1000, Long.decode(length));
    Answer recorded = mapped("0", 0x1000);
    assertEquals(recorded, correct(new OtherHalfRule(), map, halves, recorded));
  }

  @Test
  void whatWasNotCarriedOutDiffersInItsResultAlone() {
    Operation map = map(0x7ffffffff000L, 0x1000, 0x2000);
    Answer busy =
        mapped("-EADDRINUSE", 0)
            .withCount(Answer.LIVE, 9)
            .withCount(Answer.FLUSHES, 1)
            .withCount(Answer.FLUSH_BYTES, 0);
    assertEquals(
        mapped("-ERANGE", 0).withCount(Answer.LIVE, 9),
        correct(new OtherHalfRule(), map, halves, busy),
        "tables in use must be as recorded, for nothing was done");
  }

  @Test
  void fourKeepsBothKindsOfGather() {
    var rule = new OtherHalfRule();
    Answer removed =
        STATE
            .withHex(Answer.UNMAPPED, 0x2000)
            .with(Answer.GATHER, new Gather(0x7ffffffff000L, 0x800000000fffL, 0));
    Answer nothing = STATE.withHex(Answer.UNMAPPED, 0).with(Answer.GATHER, Gather.UNTOUCHED);
    var unmap = new Operation.Unmap(0x7ffffffff000L, 0x2000, false);
    assertEquals(nothing, correct(rule, unmap, halves, removed));
    Gather held = new Gather(0x5000, 0x5fff, 0);
    var fast = new Operation.UnmapFast(0x7ffffffff000L, 0x2000);
    assertEquals(
        nothing.with(Answer.GATHER, held),
        rule.correct(RuleFixture.before(fast, halves, held, held), removed));
    var at = new Operation.IovaToPhys(0xffff_0000_0000_0000L);
    assertEquals(NONE, correct(rule, at, halves, STATE.withHex(Answer.PA, 0x5000)));
  }

  @ParameterizedTest
  @CsvSource({
    "0xffffff000, 0x2000",
    "0xfffffffff000, 0xffffffffffff0000",
    "0xfffff000, 0x1000000000000"
  })
  void fiveRefusesOutputThatEndsOutside(String pa, String length) {
    IommuDomain domain = RuleFixture.amdv1(36);
    Answer recorded =
        Answer.empty()
            .withText(Answer.RC, "0")
            .withHex(Answer.MAPPED, 0x2000)
            .withCount(Answer.TOP_LEVEL, 3)
            .withCount(Answer.LIVE, 5)
            .withEvents(List.of(new Event.ChangeTop(3)));
    Answer due =
        Answer.empty()
            .withText(Answer.RC, "-ERANGE")
            .withHex(Answer.MAPPED, 0)
            .withCount(Answer.TOP_LEVEL, 2)
            .withCount(Answer.LIVE, 1);
    Operation map =
        map(
            0x100000,
            Long.decode(pa) & 0xf_ffff_ffffL,
            Long.parseUnsignedLong(length.substring(2), 16));
    Operation imap =
        new Operation.Map(0x100000, 0xf_ffff_f000L, 0x2000, Protection.READ_WRITE, true);
    var rule = new OutputEndRule();
    assertEquals(due, correct(rule, map, domain, recorded));
    assertEquals(
        due.without(Answer.MAPPED), correct(rule, imap, domain, recorded.without(Answer.MAPPED)));
  }

  @Test
  void fiveLeavesOtherMapsAlone() {
    IommuDomain domain = RuleFixture.amdv1(36);
    var rule = new OutputEndRule();
    Answer done = mapped("0", 0x1000);
    assertEquals(done, correct(rule, map(0, 0xf_ffff_f000L, 0x1000), domain, done), "last page");
    assertEquals(done, correct(rule, map(0, 0x10_0000_0000L, 0x1000), domain, done), "outside");
    Answer early = mapped("-EOVERFLOW", 0);
    assertEquals(early, correct(rule, map(-0x1000, 0xf_ffff_f000L, 0x2000), domain, early));
    Answer empty = mapped("-EINVAL", 0);
    assertEquals(empty, correct(rule, map(0, 0xf_ffff_f000L, 0), domain, empty));
  }
}
