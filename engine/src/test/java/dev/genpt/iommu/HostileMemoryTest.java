package dev.genpt.iommu;

import static dev.genpt.fixture.Machine.tablesOf;
import static dev.genpt.fixture.Refusal.assertRefused;
import static dev.genpt.table.Protection.READ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.fixture.Machine;
import dev.genpt.fixture.Neighbour;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.EntryType;
import dev.genpt.table.IotlbGather;
import dev.genpt.table.PageTableFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Words in table memory that no mapping wrote: an error or a plain answer, and nobody else's page
 * changes.
 */
final class HostileMemoryTest {
  private static final long PAGE = 0x1000;
  private static final long M2 = 0x200000;
  private static final long G1 = 0x40000000;
  private static final long SPAN = 1L << 39;

  private final Machine machine = new Machine();
  private final PhysicalMemory memory = machine.memory();
  private final IommuDomain domain = machine.amdv1();
  private final PageTableFormat format = domain.pageTable().format();
  private final long root = domain.hardwareInfo().root();
  private final Neighbour neighbour = new Neighbour(machine);

  @AfterEach
  void nobodyElseIsTouchedAndNothingLeaks() {
    neighbour.assertUntouched();
    assertTrue(machine.pages().isLive(domain.owner(), root), "the root is the domain's own");
    domain.close();
    neighbour.assertUntouched();
    neighbour.leave();
    machine.pages().checkNoLeaks();
  }

  private void write(long table, int index, long word) {
    memory.write64(table + index * 8L, word);
  }

  /** The table that item {@code index} of a table of {@code level} points to. */
  private long child(long table, int index, int level) {
    long word = memory.read64(table + index * 8L);
    assertEquals(EntryType.TABLE, format.typeOf(word, level));
    return format.tableAddress(word, level);
  }

  private void readDirty(long iova, long length) {
    domain.readAndClearDirty(iova, length, true, DirtyRecorder.NONE, new IotlbGather());
  }

  private void assertEveryOperationFails(long iova) {
    assertRefused(Errno.EIO, () -> domain.translate(iova));
    assertRefused(Errno.EIO, () -> domain.setDirty(iova));
    assertRefused(Errno.EIO, () -> readDirty(iova, PAGE));
    assertRefused(Errno.EIO, () -> domain.unmap(iova, PAGE));
    assertRefused(Errno.EIO, () -> domain.unmap(0, SPAN));
    assertRefused(Errno.EIO, () -> domain.map(iova, 0, PAGE, READ));
    assertRefused(Errno.EIO, () -> domain.map(iova, 0, M2, READ));
    assertRefused(Errno.EIO, () -> domain.map(0, 0, G1, READ));
  }

  @Test
  void aPointerOutsideRam() {
    for (long nowhere : new long[] {0, 0xf_ffff_ffff_f000L, (1L << 32) - PAGE}) {
      write(root, 0, format.tableWord(nowhere, 2));
      assertEveryOperationFails(0);
      IommuException refused = assertRefused(Errno.EIO, () -> domain.iovaToPhys(0));
      assertTrue(refused.rule().contains("level 2"), refused.rule());
    }
  }

  @Test
  void aPointerOutsideRamFurtherDown() {
    domain.map(0, 0, PAGE, READ);
    write(child(root, 0, 2), 1, format.tableWord(0xf_ffff_ffff_f000L, 1));
    assertRefused(Errno.EIO, () -> domain.iovaToPhys(M2));
    assertRefused(Errno.EIO, () -> domain.map(M2, 0, PAGE, READ));
    assertEquals(0, domain.iovaToPhys(0), "what lies beside it is as it was");
    assertEquals(PAGE, domain.unmap(0, PAGE));
    assertRefused(Errno.EIO, () -> domain.map(0, 0, G1, READ));
  }

  @Test
  void theBytesUnmappedBeforeABadPointerAreReportedAndInvalidated() {
    domain.map(0, 0x1000, M2, READ);
    write(child(root, 0, 2), 1, format.tableWord(0, 1));
    machine.driver().takeAll();
    IommuException refused = assertRefused(Errno.EIO, () -> domain.unmap(0, 2 * M2));
    assertEquals(M2, refused.bytesDone());
    assertEquals(1, machine.driver().takeInvalidations().size());
    assertEquals(2, tablesOf(domain));
  }

  @Test
  void anothersTable() {
    write(root, 0, format.tableWord(neighbour.root(), 2));
    assertEveryOperationFails(0);
  }

  @Test
  void anothersData() {
    write(root, 0, format.tableWord(neighbour.dataPage(3), 2));
    assertEveryOperationFails(0);
  }

  @Test
  void aTableThatWasFreed() {
    domain.map(0, 0x1000, M2, READ);
    long level1 = child(root, 0, 2);
    long freed = child(level1, 0, 1);
    domain.unmap(0, M2);
    write(level1, 0, format.tableWord(freed, 1));
    assertEveryOperationFails(0);
  }

  @Test
  void aTableThatWaitsForItsInvalidation() {
    domain.map(0, 0x1000, M2, READ);
    long level1 = child(root, 0, 2);
    long waiting = child(level1, 0, 1);
    IotlbGather gather = new IotlbGather();
    domain.unmap(0, M2, gather);
    write(level1, 0, format.tableWord(waiting, 1));
    assertEveryOperationFails(0);
    domain.sync(gather);
  }

  @Test
  void aRootThatPointsToItselfEverywhere() {
    for (int i = 0; i < 512; i++) {
      write(root, i, format.tableWord(root, 2));
    }
    domain.iovaToPhys(0);
    readDirtyOrFail();
    mapOrFail(0, G1);
    mapOrFail(M2, PAGE);
    unmapOrFail(0, SPAN);
    unmapOrFail(0, G1);
    assertEquals(1, tablesOf(domain));
  }

  @Test
  void aRootThatPointsToItselfOnce() {
    write(root, 5, format.tableWord(root, 2));
    domain.iovaToPhys(5 * G1 + 5 * M2 + 5 * PAGE);
    readDirtyOrFail();
    mapOrFail(5 * G1, G1);
    mapOrFail(5 * G1 + 5 * M2, PAGE);
    unmapOrFail(5 * G1, G1);
    unmapOrFail(0, SPAN);
  }

  @Test
  void aTableInTheMiddleThatPointsToItself() {
    domain.map(0, 0, PAGE, READ);
    long level1 = child(root, 0, 2);
    for (int i = 0; i < 512; i++) {
      write(level1, i, format.tableWord(level1, 1));
    }
    readDirtyOrFail();
    mapOrFail(0, G1);
    mapOrFail(M2, 3 * M2);
    unmapOrFail(0, G1);
    unmapOrFail(0, SPAN);
    mapOrFail(0, PAGE);
    domain.iovaToPhys(PAGE);
  }

  @Test
  void oneTableUnderTwoItems() {
    domain.map(0, 0x1000, M2, READ);
    long level1 = child(root, 0, 2);
    write(level1, 1, memory.read64(level1));
    assertEquals(0x1000, domain.iovaToPhys(M2), "a plain answer");
    assertRefused(Errno.EADDRINUSE, () -> domain.map(M2, 0, PAGE, READ));
    IommuException refused = assertRefused(Errno.EIO, () -> domain.unmap(0, 2 * M2));
    assertEquals(M2, refused.bytesDone());
    assertEquals(2, tablesOf(domain), "freed once");
    assertRefused(Errno.EIO, () -> domain.unmap(M2, M2));
    assertEquals(2, tablesOf(domain));
  }

  @Test
  void oneEmptyTableUnderTwoItemsIsNotReplacedTwice() {
    domain.map(0, 0, PAGE, READ);
    domain.unmap(0, PAGE);
    long level1 = child(root, 0, 2);
    write(level1, 1, memory.read64(level1));
    assertRefused(Errno.EIO, () -> domain.map(0, 0, 2 * M2, READ));
    assertRefused(Errno.EIO, () -> domain.map(0, 0, G1, READ));
    assertEquals(2, tablesOf(domain));
  }

  @Test
  void aDirtyReadMeetsEachTableOnce() {
    domain.map(0, 0x1000, M2, READ);
    long level1 = child(root, 0, 2);
    for (int i = 1; i < 512; i++) {
      write(level1, i, memory.read64(level1));
      write(root, i, memory.read64(root));
    }
    assertRefused(Errno.EIO, () -> readDirty(0, SPAN));
  }

  @Test
  void aSizeCodeLargerThanTheTable() {
    domain.map(0, 0, PAGE, READ);
    long level0 = child(child(root, 0, 2), 0, 1);
    for (int sizeLg2 = 21; sizeLg2 <= 51; sizeLg2++) {
      long word = format.dirtied(format.leafWord(0, sizeLg2, 0, 0));
      write(level0, 0, word);
      domain.iovaToPhys(0);
      domain.translate(0x5123);
      readDirty(0, PAGE);
      write(level0, 0, word);
      unmapOrFail(0, PAGE);
      write(level0, 511, word);
      unmapOrFail(M2 - PAGE, 2 * PAGE);
      readDirty(0, M2);
      neighbour.assertUntouched();
    }
  }

  @Test
  void aLeafWhereNoneCanBe() {
    IommuDomain tall = machine.amdv1(config -> config.topLevel(5));
    long top = tall.hardwareInfo().root();
    write(top, 0, format.dirtied(format.leafWord(0, 51, 4, 0)));
    write(top, 1, format.leafWord(0, 12, 0, 0));
    tall.iovaToPhys(0x1234);
    tall.readAndClearDirty(0, -1, true, DirtyRecorder.NONE, new IotlbGather());
    assertRefused(Errno.EADDRINUSE, () -> tall.map(0, 0, PAGE, READ));
    tall.unmap(0, PAGE);
    tall.unmap(1L << 57, PAGE);
    tall.close();
  }

  private void readDirtyOrFail() {
    eioOrPlain(() -> readDirty(0, SPAN));
  }

  private void mapOrFail(long iova, long length) {
    eioOrPlain(() -> domain.map(iova, 0, length, READ));
  }

  private void unmapOrFail(long iova, long length) {
    eioOrPlain(() -> domain.unmap(iova, length));
  }

  private static void eioOrPlain(Runnable operation) {
    try {
      operation.run();
    } catch (IommuException e) {
      assertTrue(e.errno() == Errno.EIO || e.errno() == Errno.EADDRINUSE, e.toString());
    }
  }
}
