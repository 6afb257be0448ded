package dev.genpt.inspect;

import static dev.genpt.table.Protection.READ;
import static dev.genpt.table.Protection.READ_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.bits.Log2;
import dev.genpt.fixture.Machine;
import dev.genpt.format.VtdSecondStage;
import dev.genpt.inspect.WalkTrace.Outcome;
import dev.genpt.inspect.WalkTrace.Step;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.Feature;
import dev.genpt.table.PageTable;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Protection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Walks that end at a leaf, at nothing, outside, and in memory that lies. */
final class WalkTraceTest {
  private static final long PAGE = 0x1000;
  private static final long IOVA = 0x4020_1234L;

  private final Machine machine = new Machine(4);
  private final PhysicalMemory memory = machine.memory();

  static Stream<ExampleFormat> withLeavesOf64K() {
    return ExampleFormat.where(format -> (format.possibleSizes(0) & 0x1_0000) != 0);
  }

  static Stream<ExampleFormat> withLeavesOf2MAboveLevel0() {
    return ExampleFormat.where(
        format -> format.itemSizeLg2(1) == 21 && (format.possibleSizes(1) & 0x20_0000) != 0);
  }

  static Stream<ExampleFormat> signExtended() {
    return ExampleFormat.all().stream()
        .filter(example -> example.domain(new Machine(1)).pageTable().has(Feature.SIGN_EXTEND));
  }

  private static Outcome.Mapped mapped(WalkTrace trace) {
    return assertInstanceOf(Outcome.Mapped.class, trace.outcome());
  }

  private static Outcome.Corrupt corrupt(WalkTrace trace) {
    return assertInstanceOf(Outcome.Corrupt.class, trace.outcome());
  }

  private static List<String> sentences(WalkTrace trace) {
    return trace.steps().stream().map(Step::sentence).toList();
  }

  /** What holds for the steps of every walk. */
  private static void assertStepsFollow(IommuDomain domain, WalkTrace trace) {
    PageTable table = domain.pageTable();
    PageTableFormat format = table.format();
    long at = table.root().address();
    int level = table.root().level();
    assertEquals(at, trace.root());
    assertEquals(level, trace.topLevel());
    for (Step step : trace.steps()) {
      int low = format.itemSizeLg2(level);
      int high = level == trace.topLevel() ? trace.widthLg2() : low + format.itemsLg2(level);
      assertEquals(level, step.level());
      assertEquals(at, step.table());
      assertEquals(low, step.indexBits().low());
      assertEquals(high - 1, step.indexBits().high());
      assertEquals(1 << (high - low), step.items());
      assertEquals(Log2.mod(trace.iova(), high) >>> low, step.index());
      assertEquals(at + 8L * step.index(), step.wordAddress());
      assertEquals(table.memory().read64(step.wordAddress()), step.entry().word());
      at = format.tableAddress(step.entry().word(), level);
      level--;
    }
  }

  @ParameterizedTest
  @MethodSource("dev.genpt.inspect.ExampleFormat#all")
  void aPageIsReachedThroughAllLevels(ExampleFormat example) {
    IommuDomain domain = example.domain(machine);
    ExampleFormat.map(domain, 0x4020_1000L, 0x1234_5000L, PAGE, READ_WRITE);
    WalkTrace trace = WalkTrace.of(domain.pageTable(), IOVA);
    assertStepsFollow(domain, trace);
    assertEquals(domain.topLevel() + 1, trace.steps().size());
    assertEquals(0x1234_5234L, mapped(trace).outputAddress());
    int sizeLg2 = Math.max(12, Log2.ffs(domain.pageSizeBitmap()));
    assertEquals(sizeLg2, mapped(trace).sizeLg2());
    assertEquals(READ_WRITE, mapped(trace).protection() & READ_WRITE, trace.outcome().sentence());
    assertTrue(
        trace
            .outcome()
            .sentence()
            .startsWith(
                "Input address 0x40201234 goes to output address 0x12345234, through a %s leaf"
                    .formatted(ByteSize.ofLg2(sizeLg2))));
  }

  @ParameterizedTest
  @MethodSource("dev.genpt.inspect.ExampleFormat#all")
  void aHoleEndsTheWalkWhereItIs(ExampleFormat example) {
    IommuDomain domain = example.domain(machine);
    WalkTrace root = WalkTrace.of(domain.pageTable(), IOVA);
    assertStepsFollow(domain, root);
    assertEquals(1, root.steps().size());
    assertEquals(
        domain.topLevel(), assertInstanceOf(Outcome.NotMapped.class, root.outcome()).level());
    ExampleFormat.map(domain, 0x4021_0000L, 0x1234_5000L, PAGE, READ);
    WalkTrace leaf = WalkTrace.of(domain.pageTable(), IOVA);
    assertStepsFollow(domain, leaf);
    assertEquals(0, assertInstanceOf(Outcome.NotMapped.class, leaf.outcome()).level());
    assertTrue(
        leaf.steps()
            .getLast()
            .sentence()
            .endsWith("is empty: nothing is mapped here, and the walk ends."));
  }

  @ParameterizedTest
  @MethodSource("dev.genpt.inspect.ExampleFormat#all")
  void anAddressThatTheTableDoesNotDecodeReadsNothing(ExampleFormat example) {
    IommuDomain domain = example.domain(machine);
    long outside = 1L << domain.pageTable().widthLg2(domain.topLevel());
    WalkTrace trace = WalkTrace.of(domain.pageTable(), outside + 0x1234);
    assertEquals(List.of(), trace.steps());
    assertInstanceOf(Outcome.OutOfRange.class, trace.outcome());
  }

  @Test
  void theRuleOfTheRangeIsNamed() {
    IommuDomain amdv1 = machine.amdv1();
    assertEquals(
        "Input address 0x8000000000 is not one that this table decodes: a root of level 2 takes 39"
            + " address bits, and bits 63:39 must be 0. Mapping it would put roots of higher levels"
            + " above, until one does.",
        WalkTrace.of(amdv1.pageTable(), 1L << 39).outcome().sentence());
    IommuDomain x86 = ExampleFormat.of("x86_64").domain(machine);
    assertEquals(
        "Input address 0x800000000000 is not one that this table decodes: a root of level 3 takes 48"
            + " address bits, and bits 63:47 must all be equal.",
        WalkTrace.of(x86.pageTable(), 1L << 47).outcome().sentence());
  }

  @ParameterizedTest
  @MethodSource("withLeavesOf64K")
  void aLeafOverSeveralItemsMayBeEnteredInTheMiddle(ExampleFormat example) {
    IommuDomain domain = example.domain(machine);
    domain.map(0x4020_0000L, 0x1234_0000L, 0x1_0000, READ);
    WalkTrace trace = WalkTrace.of(domain.pageTable(), 0x4020_5678L);
    assertStepsFollow(domain, trace);
    assertEquals(0x1234_5678L, mapped(trace).outputAddress());
    assertEquals(0x1234_0000L, mapped(trace).leafAddress());
    assertEquals(16, mapped(trace).sizeLg2());
    AddressSplit split = AddressSplit.of(trace);
    assertEquals("15:0", split.parts().getLast().bitRange());
    assertEquals(0x5678, split.parts().getLast().value());
  }

  @Test
  void theSentencesOfALeafOverSeveralItems() {
    IommuDomain domain = machine.amdv1();
    domain.map(0x4020_0000L, 0x1234_0000L, 0x1_0000, READ_WRITE);
    WalkTrace trace = WalkTrace.of(domain.pageTable(), 0x4020_5678L);
    assertEquals(
        List.of(
            "Item 1 points to a table: the walk goes on in the level-1 table at table address 0x100001000.",
            "Item 1 points to a table: the walk goes on in the level-0 table at table address 0x100002000.",
            "Item 5 is one of the 16 items of a 64K leaf, so bits 15:12 are offset too: output address"
                + " 0x12340000 plus the offset 0x5678 (bits 15:0 of the input address) is 0x12345678."),
        sentences(trace));
    assertEquals(
        "Input address 0x40205678 goes to output address 0x12345678, through a 64K leaf that lets the"
            + " device read and write.",
        trace.outcome().sentence());
    assertEquals(
        "bits 20:12 of the input address pick item 5 of 512", trace.steps().getLast().choice());
  }

  @ParameterizedTest
  @MethodSource("withLeavesOf2MAboveLevel0")
  void aLargeLeafEndsTheWalkAboveTheLastLevel(ExampleFormat example) {
    IommuDomain domain = example.domain(machine);
    domain.map(0x4020_0000L, 0x8000_0000L, 0x20_0000, READ_WRITE);
    WalkTrace trace = WalkTrace.of(domain.pageTable(), 0x4021_5678L);
    assertStepsFollow(domain, trace);
    assertEquals(domain.topLevel(), trace.steps().size());
    assertEquals(0x8001_5678L, mapped(trace).outputAddress());
    assertEquals("20:0", AddressSplit.of(trace).parts().getLast().bitRange());
  }

  @ParameterizedTest
  @MethodSource("signExtended")
  void theUpperHalfHasTheUpperItemsOfTheRoot(ExampleFormat example) {
    IommuDomain domain = example.domain(machine);
    int width = domain.pageTable().maxVaLg2();
    long upper = -1L << (width - 1);
    domain.map(upper + 0x1000, 0x1234_5000L, PAGE, READ_WRITE);
    WalkTrace trace = WalkTrace.of(domain.pageTable(), upper + 0x1234);
    assertStepsFollow(domain, trace);
    assertEquals(256, trace.steps().getFirst().index());
    assertEquals(0x1234_5234L, mapped(trace).outputAddress());
    AddressSplit.Part above = AddressSplit.of(trace).parts().getFirst();
    assertEquals(AddressSplit.Use.ABOVE, above.use());
    assertEquals(-1L >>> width, above.value());
  }

  @Test
  void aRootOfOneItemIsPickedByNoBit() {
    IommuDomain domain =
        machine.domain(VtdSecondStage.DEFINITION, config -> config.topLevel(3).widths(39, 52));
    domain.map(0x4020_1000L, 0x1234_5000L, PAGE, READ_WRITE);
    WalkTrace trace = WalkTrace.of(domain.pageTable(), IOVA);
    assertEquals(0x1234_5234L, mapped(trace).outputAddress());
    assertEquals(1, trace.steps().getFirst().items());
    assertEquals(
        "the table has item 0 alone, no bit of the input address picks it",
        trace.steps().getFirst().choice());
    assertTrue(SvgView.walk(trace).contains("no bit of the input address picks it"));
  }

  @Test
  void theWordsForWhatADeviceMayDo() {
    IommuDomain domain = ExampleFormat.of("vtdss").domain(machine);
    domain.map(0x1000, 0x1000, PAGE, Protection.WRITE);
    domain.map(0x2000, 0x2000, PAGE, Protection.READ);
    assertTrue(
        WalkTrace.of(domain.pageTable(), 0x1000)
            .outcome()
            .sentence()
            .endsWith("lets the device write but not read."));
    assertTrue(
        WalkTrace.of(domain.pageTable(), 0x2000)
            .outcome()
            .sentence()
            .endsWith("lets the device read but not write."));
  }

  @ParameterizedTest
  @MethodSource("dev.genpt.inspect.ExampleFormat#all")
  void aPointerOutOfRamEndsTheWalk(ExampleFormat example) {
    IommuDomain domain = example.domain(machine);
    ExampleFormat.map(domain, 0x4020_1000L, 0x1234_5000L, PAGE, READ);
    Step root = WalkTrace.of(domain.pageTable(), IOVA).steps().getFirst();
    memory.write64(
        root.wordAddress(), domain.pageTable().format().tableWord(0x7_0000_0000L, root.level()));
    WalkTrace trace = WalkTrace.of(domain.pageTable(), IOVA);
    assertEquals(1, trace.steps().size());
    assertEquals(root.level(), corrupt(trace).level());
    assertEquals("table address 0x700000000 is outside RAM", corrupt(trace).reason());
    assertEquals(
        "Item %d points to a table, but the walk can't go on: table address 0x700000000 is outside RAM."
            .formatted(root.index()),
        trace.steps().getFirst().sentence());
  }

  @ParameterizedTest
  @MethodSource("dev.genpt.inspect.ExampleFormat#all")
  void aCircleEndsTheWalk(ExampleFormat example) {
    IommuDomain domain = example.domain(machine);
    ExampleFormat.map(domain, 0x4020_1000L, 0x1234_5000L, PAGE, READ);
    Step middle = WalkTrace.of(domain.pageTable(), IOVA).steps().get(1);
    long root = domain.pageTable().root().address();
    memory.write64(
        middle.wordAddress(), domain.pageTable().format().tableWord(root, middle.level()));
    WalkTrace trace = WalkTrace.of(domain.pageTable(), IOVA);
    assertEquals(2, trace.steps().size());
    assertEquals(
        "table address %#x was met before on this walk".formatted(root), corrupt(trace).reason());
  }

  @Test
  void aPointerOfAnotherLevelEndsTheWalk() {
    IommuDomain domain = machine.amdv1();
    domain.map(0x4020_1000L, 0x1234_5000L, PAGE, READ);
    Step root = WalkTrace.of(domain.pageTable(), IOVA).steps().getFirst();
    memory.write64(
        root.wordAddress(), domain.pageTable().format().tableWord(root.table() + 0x1000, 1));
    WalkTrace trace = WalkTrace.of(domain.pageTable(), IOVA);
    assertEquals(
        List.of(
            "Item 1 is not valid, NL is 1, a pointer in a level-2 table needs 2: hardware stops here and"
                + " reports a fault."),
        sentences(trace));
    assertEquals(
        "Table memory is corrupt, so input address 0x40201234 can't be translated: NL is 1, a pointer in"
            + " a level-2 table needs 2.",
        trace.outcome().sentence());
  }
}
