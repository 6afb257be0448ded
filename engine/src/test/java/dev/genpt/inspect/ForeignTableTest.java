package dev.genpt.inspect;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.fixture.Machine;
import dev.genpt.format.Amdv1;
import dev.genpt.format.Formats;
import dev.genpt.inspect.TableLeaves.Leaf;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.Feature;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.PageTable;
import dev.genpt.table.Protection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that no domain owns: opened by their root, read leaf by leaf and address by address. */
final class ForeignTableTest {
  private static final long PAGE = 0x1000;
  private static final long ROOT = 1L << 32;
  private static final long LEAF = 0x6000_0000_1234_5001L;

  private final PhysicalMemory memory = PhysicalMemory.ofMebibytes(2);

  /** Writes a table of AMDv1 that has nothing but its first page. */
  private PageTable amdv1(int topLevel) {
    for (int level = topLevel; level > 0; level--) {
      long table = ROOT + (topLevel - level) * PAGE;
      memory.write64(table, (table + PAGE) | 0x6000_0000_0000_0001L | ((long) level << 9));
    }
    memory.write64(ROOT + topLevel * PAGE, LEAF);
    return ForeignTable.open(
        Amdv1.DEFINITION,
        memory,
        ROOT,
        topLevel,
        ForeignTable.fullWidthLg2(Amdv1.DEFINITION, topLevel),
        Feature.DYNAMIC_TOP);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void aRootMayBeOfAnyLevel(int topLevel) {
    PageTable table = amdv1(topLevel);
    Item item = new Item(0, ROOT + topLevel * PAGE, 0, LEAF);
    Leaf leaf = new Leaf(0, 12, 0x1234_5000, Protection.READ_WRITE, item);
    int width = Math.min(64, 12 + 9 * (topLevel + 1));
    assertAll(
        () -> assertEquals(new TableLeaves(List.of(leaf), List.of()), TableLeaves.of(table)),
        () -> assertEquals(new TableLookup.Mapped(0x1234_5678, leaf), TableLookup.of(table, 0x678)),
        () -> assertInstanceOf(TableLookup.NotMapped.class, TableLookup.of(table, PAGE)),
        () ->
            assertEquals(
                width == 64 ? "NotMapped" : "OutOfRange",
                TableLookup.of(table, 1L << Math.min(63, width)).getClass().getSimpleName()));
  }

  @ParameterizedTest
  @MethodSource("dev.genpt.inspect.ExampleFormat#all")
  void aDomainsTableReadsAsItsOwner(ExampleFormat example) {
    try (IommuDomain domain = example.domain(new Machine())) {
      domain.map(0x40_0000, 0x80_0000, 0x21_0000, Protection.READ_WRITE);
      PageTable own = domain.pageTable();
      PageTable foreign =
          ForeignTable.open(
              own.format().definition(),
              own.memory(),
              own.root().address(),
              own.root().level(),
              own.maxVaLg2(),
              featuresOf(own));
      TableLeaves leaves = TableLeaves.of(foreign);
      long bytes = leaves.leaves().stream().mapToLong(leaf -> 1L << leaf.sizeLg2()).sum();
      assertAll(
          () -> assertEquals(TableLeaves.of(own), leaves),
          () -> assertEquals(List.of(), leaves.flaws()),
          () -> assertEquals(0x21_0000, bytes),
          () ->
              assertEquals(
                  WalkTrace.of(own, 0x60_1234).outcome(),
                  WalkTrace.of(foreign, 0x60_1234).outcome()));
    }
  }

  private static Feature[] featuresOf(PageTable table) {
    return table.format().definition().allFeatures().stream()
        .filter(table::has)
        .toArray(Feature[]::new);
  }

  @ParameterizedTest
  @CsvSource({
    "amdv1, -1, 100000000, EINVAL",
    "amdv1, 6, 100000000, EINVAL",
    "amdv1, 2, 100000800, EINVAL",
    "amdv1, 2, 10000000000000, EINVAL",
    "x86_64, 2, 100000000, EOPNOTSUPP",
    "vtdss, 1, 100000000, EOPNOTSUPP",
    "riscv64, 1, 100000000, EINVAL"
  })
  void aRootThatTheFormatCannotHaveIsRefused(
      String name, int topLevel, String root, Errno expected) {
    FormatDefinition format = Formats.byName(name);
    Feature[] features =
        name.equals("amdv1") ? new Feature[] {Feature.DYNAMIC_TOP} : new Feature[0];
    IommuException refused =
        assertThrows(
            IommuException.class,
            () ->
                ForeignTable.open(
                    format,
                    memory,
                    Long.parseUnsignedLong(root, 16),
                    topLevel,
                    ForeignTable.fullWidthLg2(format, topLevel),
                    features));
    assertAll(
        () -> assertEquals(expected, refused.errno()),
        () -> assertTrue(refused.rule().contains(name), refused.rule()));
  }

  @Test
  void aRootOutsideRamHasNoLeavesAndNoTranslation() {
    PageTable table = ForeignTable.open(Amdv1.DEFINITION, memory, PAGE, 2, 39, Feature.DYNAMIC_TOP);
    assertAll(
        () ->
            assertEquals(
                new TableLookup.Corrupt(2, "table address 0x1000 is outside RAM"),
                TableLookup.of(table, 0)),
        () ->
            assertEquals(
                Errno.EIO,
                assertThrows(IommuException.class, () -> TableLeaves.of(table)).errno()));
  }
}
