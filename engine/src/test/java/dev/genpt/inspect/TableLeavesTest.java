package dev.genpt.inspect;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.genpt.fixture.Machine;
import dev.genpt.inspect.TableLeaves.Flaw;
import dev.genpt.inspect.TableLeaves.Leaf;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.Protection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Leaves one by one: what belongs together, what pointers take away, and what is no leaf. */
final class TableLeavesTest {
  private static final long READ_BIT = 1L << 61;
  private static final long WRITE_BIT = 1L << 62;
  private static final long ACCESSED = 1L << 5;
  private static final long DIRTY = 1L << 6;

  private final Machine machine = new Machine();
  private final PhysicalMemory memory = machine.memory();
  private final IommuDomain domain = machine.amdv1();

  private TableLeaves leaves() {
    return TableLeaves.of(domain.pageTable());
  }

  private static long addressOf(Item item) {
    return item.table() + item.index() * 8L;
  }

  /** The items that the walk of {@code iova} reads, from the root down. */
  private List<Long> itemsOf(long iova) {
    return WalkTrace.of(domain.pageTable(), iova).steps().stream()
        .map(WalkTrace.Step::wordAddress)
        .toList();
  }

  @Test
  void aLeafOfSeveralItemsIsOne() {
    domain.map(0x1_0000, 0x23_0000, 0x1_0000, Protection.WRITE);
    Leaf leaf = leaves().leaves().getFirst();
    assertAll(
        () -> assertEquals(1, leaves().leaves().size()),
        () -> assertEquals(16, leaf.sizeLg2()),
        () -> assertEquals(0x23_0000, leaf.outputAddress()),
        () -> assertEquals(16, leaf.item().index()),
        () -> assertEquals(memory.read64(addressOf(leaf.item())), leaf.item().word()));
  }

  @Test
  void marksOfUseInSingleItemsDoNotBreakALeaf() {
    domain.map(0x1_0000, 0x23_0000, 0x1_0000, Protection.WRITE);
    long first = addressOf(leaves().leaves().getFirst().item());
    memory.getAndOr64(first + 8, ACCESSED);
    memory.getAndOr64(first + 16, ACCESSED | DIRTY);
    assertAll(
        () -> assertEquals(List.of(), leaves().flaws()),
        () -> assertEquals(1, leaves().leaves().size()));
  }

  @Test
  void leavesOnBothSidesOfTheSignAreAddressedAsProgramsDo() {
    ExampleFormat sv48 =
        ExampleFormat.where(
                format -> format.definition().name().equals("riscv64") && format.maxVaLg2() == 48)
            .findFirst()
            .orElseThrow();
    try (IommuDomain riscv = sv48.domain(machine)) {
      long root = riscv.pageTable().root().address();
      long word = 0xdf; // a leaf of the root to output address 0: D, A, U, X, W, R, V
      memory.write64(root + 255 * 8, word);
      memory.write64(root + 256 * 8, word | (1L << 37));
      assertEquals(
          List.of(0x7f80_0000_0000L, 0xffff_8000_0000_0000L),
          TableLeaves.of(riscv.pageTable()).leaves().stream().map(Leaf::iova).toList());
    }
  }

  @Test
  void aPointerMayAllowLessThanItsLeaves() {
    domain.map(0x1000, 0x5000, 0x1000, Protection.READ_WRITE);
    domain.map(0x20_0000, 0x20_0000, 0x20_0000, Protection.READ_WRITE);
    memory.getAndAnd64(itemsOf(0x1000).get(1), ~WRITE_BIT);
    assertEquals(
        List.of(Protection.READ, Protection.READ_WRITE),
        leaves().leaves().stream().map(Leaf::protection).toList());
    memory.getAndAnd64(itemsOf(0x1000).getFirst(), ~READ_BIT);
    assertAll(
        () ->
            assertEquals(
                List.of(0, Protection.WRITE),
                leaves().leaves().stream().map(Leaf::protection).toList()),
        () ->
            assertEquals(
                0,
                assertInstanceOf(
                        TableLookup.Mapped.class, TableLookup.of(domain.pageTable(), 0x1000))
                    .leaf()
                    .protection()));
  }

  @Test
  void whatHardwareWouldNotTakeIsAFlawAndTheRestIsRead() {
    domain.map(0x1000, 0x5000, 0x1000, Protection.READ);
    domain.map(0x4000_0000, 0x6000, 0x1000, Protection.READ);
    long pointer = itemsOf(0x1000).getFirst();
    long skipping = (memory.read64(pointer) & ~(7L << 9)) | (1L << 9);
    memory.write64(pointer, skipping);
    Item item = new Item(2, pointer, 0, skipping);
    assertAll(
        () ->
            assertEquals(
                List.of(new Flaw(0, 1, "NL is 1, a pointer in a level-2 table needs 2", item)),
                leaves().flaws()),
        () ->
            assertEquals(
                List.of(0x4000_0000L), leaves().leaves().stream().map(Leaf::iova).toList()),
        () ->
            assertEquals(
                "level-2 table %#x, item 0, word %#x".formatted(pointer, skipping),
                item.toString()));
  }
}
