package dev.genpt.inspect;

import static dev.genpt.table.Protection.READ;
import static dev.genpt.table.Protection.READ_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.fixture.Machine;
import dev.genpt.inspect.TableTree.EmptyRun;
import dev.genpt.inspect.TableTree.FlawRun;
import dev.genpt.inspect.TableTree.FoldedPointers;
import dev.genpt.inspect.TableTree.LeafRun;
import dev.genpt.inspect.TableTree.Pointer;
import dev.genpt.inspect.TableTree.Row;
import dev.genpt.inspect.TableTree.Table;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.PageTableFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which neighbours become one row, and what becomes of memory that lies. */
final class TableTreeTest {
  private static final long PAGE = 0x1000;
  private static final long M2 = 0x20_0000;
  private static final long G1 = 0x4000_0000;

  private final Machine machine = new Machine();
  private final PhysicalMemory memory = machine.memory();
  private final IommuDomain domain = machine.amdv1();
  private final PageTableFormat format = domain.pageTable().format();
  private final long root = domain.pageTable().root().address();

  private TableTree read() {
    return TableTree.read(domain.pageTable());
  }

  /** The level-0 table at input address 0. */
  private Table leafTable() {
    Pointer upper = (Pointer) read().root().rows().getFirst();
    return ((Pointer) upper.table().rows().getFirst()).table();
  }

  private LeafRun run(int row) {
    return (LeafRun) leafTable().rows().get(row);
  }

  private static List<Class<?>> kinds(Table table) {
    return table.rows().stream().<Class<?>>map(Row::getClass).toList();
  }

  private String text() {
    return TextView.plain().tree(read());
  }

  @Test
  void anEmptyTableIsOneRow() {
    TableTree tree = read();
    assertEquals(List.of(new EmptyRun(0, 512, 0, 0)), tree.root().rows());
    assertEquals(1, tree.tables());
    assertEquals(0, tree.flaws());
    assertEquals(39, tree.widthLg2());
  }

  @Test
  void ascendingLeavesAreOneRow() {
    domain.map(PAGE, 0x8000, 6 * PAGE, READ_WRITE);
    LeafRun run = run(1);
    assertEquals(1, run.firstIndex());
    assertEquals(6, run.leaves());
    assertEquals(0x8000, run.outputAddress());
    assertEquals(PAGE, run.outputStep());
  }

  @Test
  void leavesToOnePlaceAreOneRow() {
    for (int i = 0; i < 5; i++) {
      domain.map(i * PAGE, 0x7000, PAGE, READ_WRITE);
    }
    assertEquals(5, run(0).leaves());
    assertEquals(0, run(0).outputStep());
    assertTrue(text().contains("rw, all to the same output address"), text());
  }

  @Test
  void gapsPermissionsAndWritesEndARow() {
    domain.map(0, 0x1000, 2 * PAGE, READ_WRITE);
    domain.map(2 * PAGE, 0x3000, PAGE, READ);
    domain.map(4 * PAGE, 0x5000, 3 * PAGE, READ);
    domain.setDirty(5 * PAGE);
    assertEquals(
        List.of(
            LeafRun.class,
            LeafRun.class,
            EmptyRun.class,
            LeafRun.class,
            LeafRun.class,
            LeafRun.class,
            EmptyRun.class),
        kinds(leafTable()));
    assertTrue(run(4).written());
    assertTrue(
        text()
            .contains(
                "[5]       0x5000  4K leaf -> output address 0x6000  r, written by the device"),
        text());
  }

  @Test
  void aGroupOfItemsIsOneLeafAndGroupsFoldToo() {
    domain.narrowPageSizes(PAGE | 0x1_0000);
    domain.map(0, 0x1_0000, 0x3_0000, READ);
    assertEquals(3, run(0).leaves());
    assertEquals(48, run(0).items());
    assertEquals(16, run(0).sizeLg2());
    assertTrue(text().contains("r, 16 items each, up to 0x3ffff"), text());
  }

  @Test
  void fullTablesThatCarryOnAreOneRow() {
    domain.map(0, PAGE, 2 * G1, READ_WRITE);
    TableTree tree = read();
    FoldedPointers folded = (FoldedPointers) tree.root().rows().getFirst();
    assertEquals(2, folded.items());
    assertEquals(2 * G1 / PAGE, folded.leaves().leaves());
    assertEquals(PAGE, folded.leaves().outputAddress());
    assertEquals(1 + 2 + 1024, tree.tables());
    assertEquals(
        """
        amdv1 table, 39 address bits, 1027 tables
        root: level 2, table address 0x100000000, 512 items
        |- [0..1]    0x0         2 full tables: 524288 x 4K leaves -> output address 0x1000
        |                        rw, up to 0x80000fff
        `- [2..511]  0x80000000  510 empty
        """,
        text());
    assertTrue(SvgView.tree(tree).length() < 5000);
  }

  @Test
  void ofAScatteredTableTheFirstRowsAreShownAndTheRestIsCounted() {
    for (int i = 0; i < 8192; i++) {
      domain.map(2L * i * PAGE, (3L * i + 5) * PAGE, PAGE, READ);
    }
    TableTree tree = read();
    String text = text();
    assertEquals(TableTree.SHOWN_ROWS + 3, text.lines().count());
    int rows = 1 + 1 + 32 + 1 + 8192 * 2;
    assertTrue(text.endsWith("and %d rows more\n".formatted(rows - TableTree.SHOWN_ROWS)), text);
    assertTrue(SvgView.tree(tree).contains("rows more"));
    Views.check(tree);
  }

  @Test
  void aWordThatIsEmptyThoughNotZeroIsTold() {
    domain.map(0, PAGE, PAGE, READ);
    memory.write64(leafTable().address() + 8, 0x7000000012345000L);
    assertEquals(new EmptyRun(1, 1, PAGE, 0x7000000012345000L), leafTable().rows().get(1));
    assertTrue(text().contains("empty  though not zero: 0x7000000012345000"), text());
  }

  @Test
  void softwareAndUnknownBitsAreTold() {
    domain.map(0, PAGE, 2 * PAGE, READ);
    long first = leafTable().address();
    memory.write64(first, memory.read64(first) | 1L << 55);
    assertEquals(1L << 55, run(0).unknownBits());
    assertEquals(1, run(0).leaves());
    assertTrue(text().contains("r, unknown, set: bit 55"), text());
  }

  @Test
  void aLeafThatLacksItemsIsAFlaw() {
    domain.map(0, 0x1_0000, 0x1_0000, READ);
    memory.write64(leafTable().address() + 5 * 8, 0);
    List<Row> rows = leafTable().rows();
    FlawRun broken = (FlawRun) rows.getFirst();
    assertEquals(5, broken.items());
    assertEquals("leaf of 16 items, but item 5 is not part of it", broken.reason());
    assertEquals(new EmptyRun(5, 1, 5 * PAGE, 0), rows.get(1));
    FlawRun rest = (FlawRun) rows.get(2);
    assertEquals("part of a 64K leaf that does not start where such a leaf must", rest.reason());
    assertEquals(10, rest.items());
  }

  @Test
  void aTableIsFollowedOnce() {
    domain.map(0, PAGE, PAGE, READ);
    Pointer first = (Pointer) read().root().rows().getFirst();
    memory.write64(root + 8, first.word());
    TableTree tree = read();
    FlawRun again = (FlawRun) tree.root().rows().get(1);
    assertEquals("table address 0x100001000 was met before, not followed again", again.reason());
    assertEquals(3, tree.tables());
    assertEquals(1, tree.flaws());
  }

  @Test
  void aCircleAndAPointerToNowhereAreLines() {
    domain.map(0, PAGE, PAGE, READ);
    Table upper = ((Pointer) read().root().rows().getFirst()).table();
    memory.write64(upper.address() + 8, format.tableWord(root, 1));
    memory.write64(upper.address() + 16, format.tableWord(0x7_0000_0000L, 1));
    memory.write64(upper.address() + 24, format.tableWord(root, 2));
    assertEquals(
        """
        amdv1 table, 39 address bits, 3 tables, 3 rows not valid
        root: level 2, table address 0x100000000, 512 items
        |- [0]       0x0         -> level-1 table, table address 0x100001000
        |  |- [0]       0x0       -> level-0 table, table address 0x100002000
        |  |  |- [0]       0x0     4K leaf -> output address 0x1000  r
        |  |  `- [1..511]  0x1000  511 empty
        |  |- [1]       0x200000  not valid: table address 0x100000000 was met before, not followed again
        |  |                      (0x6000000100000201)
        |  |- [2]       0x400000  not valid: table address 0x700000000 is outside RAM (0x6000000700000201)
        |  |- [3]       0x600000  not valid: NL is 2, a pointer in a level-1 table needs 1
        |  |                      (0x6000000100000401)
        |  `- [4..511]  0x800000  508 empty
        `- [1..511]  0x40000000  511 empty
        """,
        text());
  }

  @Test
  void aTableFullOfPointersToItselfIsOneRow() {
    domain.map(0, PAGE, PAGE, READ);
    Table upper = ((Pointer) read().root().rows().getFirst()).table();
    for (int i = 0; i < 512; i++) {
      memory.write64(upper.address() + 8L * i, format.tableWord(upper.address(), 1));
    }
    TableTree tree = read();
    assertEquals(2, tree.tables());
    assertEquals(1, tree.flaws());
    assertEquals(512, ((Pointer) tree.root().rows().getFirst()).table().rows().getFirst().items());
  }

  @Test
  void theUpperHalfShowsSignExtendedAddresses() {
    IommuDomain signed = ExampleFormat.of("x86_64").domain(machine);
    signed.map(0xffff_ffff_ffff_f000L, 0x1234_5000L, PAGE, READ_WRITE);
    String text = TextView.plain().tree(TableTree.read(signed.pageTable()));
    assertTrue(
        text.contains("[511]     0xfffffffffffff000  4K leaf -> output address 0x12345000"), text);
    assertTrue(text.contains("[511]     0xffffff8000000000"), text);
  }

  @Test
  void leavesOfAHigherLevelAreNotMixedWithPointers() {
    domain.map(0, 0, 3 * M2, READ);
    domain.map(3 * M2, 3 * M2, PAGE, READ);
    Table upper = ((Pointer) read().root().rows().getFirst()).table();
    assertEquals(
        List.of(LeafRun.class, LeafRun.class, Pointer.class, EmptyRun.class), kinds(upper));
  }
}
