package dev.genpt.amd.hardware;

import static dev.genpt.amd.hardware.Board.assertMapped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.error.IommuException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What hardware keeps until it is told to forget, and what makes it forget. */
final class CachesTest {
  private static final long RW = Board.IR | Board.IW;
  private static final long IOVA = 0x4020_1000L;
  private static final long OLD = 0x1234_5000L;
  private static final long NEW = 0x6789_a000L;

  private Board board = new Board();
  private HandTable table = HandTable.host(board, 3);

  private void attach() {
    board.attach(table);
    table.put(IOVA, 1, 1 | RW | OLD);
  }

  private void assertFaults(Translation translation) {
    assertInstanceOf(Translation.Faulted.class, translation);
  }

  @Test
  void anUnmapWithoutInvalidationIsStale() {
    attach();
    board.read(IOVA);
    table.put(IOVA, 1, 0);
    for (int i = 0; i < 3; i++) {
      assertMapped(OLD, 12, board.write(IOVA));
    }
    board.invalidate(IOVA, false, false);
    assertFaults(board.read(IOVA));
    table.put(IOVA, 1, 1 | RW | NEW);
    assertMapped(NEW, 12, board.read(IOVA));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTableFreedWithoutPdeIsStale(boolean pde) {
    attach();
    board.read(IOVA);
    long old = table.place(IOVA, 1);
    table.put(IOVA, 2, 0);
    table.put(IOVA, 1, 1 | RW | NEW);
    assertTrue(table.place(IOVA, 1) != old);
    board.invalidate(0x402f_f000L, true, pde);
    assertMapped(pde ? NEW : OLD, 12, board.read(IOVA));
  }

  @Test
  void aSmallerBlockDropsNoTableAndNoLargerPage() {
    attach();
    board.read(IOVA);
    table.put(IOVA, 2, 0);
    board.invalidate(0x402f_e000L & ~0x8_0000L, true, true);
    assertMapped(OLD, 12, board.read(IOVA));
    table.put(0x8000_0000L, 2, 1 | RW | 0x4020_0000L);
    board.read(0x8000_0000L);
    table.put(0x8000_0000L, 2, 0);
    board.invalidate(0x8000_0000L, false, true);
    board.invalidate(0x8007_f000L, true, true);
    assertMapped(0x4020_0000L, 21, board.read(0x8000_0000L));
    board.invalidate(0x800f_f000L, true, false);
    assertFaults(board.read(0x8000_0000L));
  }

  @Test
  void theBlockIsExact() {
    attach();
    for (long page = 0; page < 8; page++) {
      table.put(IOVA + page * 0x1000, 1, 1 | RW | OLD + page * 0x1000);
      board.read(IOVA + page * 0x1000);
      table.put(IOVA + page * 0x1000, 1, 0);
    }
    board.invalidate(IOVA + 0x1000, true, true);
    for (long page = 0; page < 8; page++) {
      boolean dropped = page == 1 || page == 2;
      assertEquals(
          !dropped, board.read(IOVA + page * 0x1000) instanceof Translation.Mapped, "page " + page);
    }
  }

  @Test
  void aPermissionGivenNeedsNothingUnlessTheLeafIsKept() {
    attach();
    table.put(IOVA, 1, 1 | Board.IR | OLD);
    assertFaults(board.write(IOVA));
    table.put(IOVA, 1, 1 | RW | OLD);
    assertMapped(OLD, 12, board.write(IOVA));
    table.put(IOVA, 1, 1 | Board.IR | OLD);
    assertMapped(OLD, 12, board.write(IOVA));
    board.invalidate(IOVA, false, false);
    board.read(IOVA);
    table.put(IOVA, 1, 1 | RW | OLD);
    board.events();
    board.assertPageFault(0x070, IOVA, board.write(IOVA));
  }

  @Test
  void twoDevicesOfADomainShareAndDomainsDoNot() {
    attach();
    board.entry(7, Board.TRANSLATES | 3 << 9 | board.newTable(), Board.DOMAIN, 0);
    HandTable other = HandTable.host(board, 3);
    board.entry(8, Board.TRANSLATES | 3 << 9 | other.root(), 0x43, 0);
    other.put(IOVA, 1, 1 | RW | NEW);
    board.read(IOVA);
    assertMapped(OLD, 12, board.iommu.translate(7, IOVA, Access.READ));
    assertMapped(NEW, 12, board.iommu.translate(8, IOVA, Access.READ));
    board.command(3L << 60 | 0x43L << 32, 0x7fff_ffff_ffff_f003L);
    table.put(IOVA, 1, 0);
    assertMapped(OLD, 12, board.read(IOVA));
  }

  @Test
  void aBlockedEntryPutsEverythingOutOfReach() {
    attach();
    board.read(IOVA);
    board.memory.store128(Board.DEVICE_TABLE + Board.DEVICE * 32L, 1, 0);
    assertMapped(OLD, 12, board.read(IOVA));
    board.entry(1, 0);
    board.events();
    board.assertFault("00000300 20000000 40201000 00000000", board.read(IOVA));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aDirtyMarkThatIsClearedComesBackAfterAnInvalidation(boolean invalidated) {
    for (int slot = 0; slot < 16; slot++) {
      table.put(slot * 0x1000L, 1, 0x7000_0000_1234_7e01L);
    }
    board.entry(Board.TRANSLATES | 3 << 9 | table.root() | 3 << 7, Board.DOMAIN);
    board.write(0x3000);
    assertEquals(0x60, table.word(0x3000, 1) & 0x60);
    table.put(0x3000, 1, 0x7000_0000_1234_7e01L);
    if (invalidated) {
      board.invalidate(0x7000, true, false);
    }
    board.write(0x3000);
    assertEquals(invalidated ? 0x60 : 0, table.word(0x3000, 1) & 0x60);
  }

  @Test
  void trackingSwitchedOnWithoutInvalidationMissesWrites() {
    attach();
    board.read(IOVA);
    board.entry(Board.TRANSLATES | 3 << 9 | table.root() | 3 << 7, Board.DOMAIN);
    board.write(IOVA);
    assertEquals(0, table.word(IOVA, 1) & 0x60);
    board.invalidate(IOVA, false, false);
    board.read(IOVA);
    assertEquals(0x20, table.word(IOVA, 1) & 0x60);
    board.write(IOVA);
    assertEquals(0x60, table.word(IOVA, 1) & 0x60);
  }

  @Test
  void aGrownTopKeepsItsLeaves() {
    attach();
    board.read(IOVA);
    long walks = board.iommu.counts().walks();
    for (int levels = 4; levels <= 6; levels++) {
      HandTable grown = HandTable.host(board, levels);
      board.memory.write64(
          grown.root(), 0x6000_0000_0000_0001L | (long) (levels - 1) << 9 | table.root());
      board.attach(grown);
      assertMapped(OLD, 12, board.read(IOVA));
      long above = 1L << (3 + 9 * levels);
      grown.put(above, 1, 1 | RW | NEW);
      assertMapped(NEW, 12, board.read(above));
      table = grown;
    }
    assertEquals(walks + 3, board.iommu.counts().walks());
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void absenceIsKeptOnlyByHardwareThatSaysSo(boolean npCache) {
    board = new Board(IommuFeatures.DEFAULT.withNpCache(npCache), CacheConfig.ADVERSARIAL);
    table = HandTable.host(board, 3);
    attach();
    table.put(IOVA, 1, 0);
    board.assertPageFault(0x000, IOVA, board.read(IOVA));
    table.put(IOVA, 1, 1 | RW | OLD);
    if (npCache) {
      board.assertPageFault(0x020, IOVA, board.write(IOVA));
      board.invalidate(IOVA, false, false);
    }
    assertMapped(OLD, 12, board.read(IOVA));
  }

  @Test
  void absenceOfAGuestIsKeptToo() {
    board = new Board(IommuFeatures.DEFAULT.withNpCache(true), CacheConfig.ADVERSARIAL);
    HandTable guest = HandTable.guest(board, 4);
    long gcr3 = board.newTable();
    board.memory.write64(gcr3 + 40, guest.root() | 1);
    board.attachGuest(gcr3, 0, 0, 0);
    assertFaults(board.iommu.translate(Board.DEVICE, 5, IOVA, Access.READ));
    guest.put(IOVA, 1, OLD | 0x67);
    assertFaults(board.iommu.translate(Board.DEVICE, 5, IOVA, Access.READ));
    board.command(3L << 60 | (long) Board.DOMAIN << 32 | 5, IOVA | 4);
    assertMapped(OLD, 12, board.iommu.translate(Board.DEVICE, 5, IOVA, Access.READ));
  }

  @Test
  void aGcr3EntryIsKeptUntilItsWholePasidIsDropped() {
    HandTable first = HandTable.guest(board, 4);
    HandTable second = HandTable.guest(board, 4);
    first.put(IOVA, 1, OLD | 0x67);
    second.put(IOVA, 1, NEW | 0x67);
    long gcr3 = board.newTable();
    board.memory.write64(gcr3 + 40, first.root() | 1);
    board.attachGuest(gcr3, 0, 0, 0);
    board.iommu.translate(Board.DEVICE, 5, IOVA, Access.READ);
    board.memory.write64(gcr3 + 40, second.root() | 1);
    board.command(3L << 60 | (long) Board.DOMAIN << 32 | 5, 0x402f_f007L);
    assertMapped(OLD, 12, board.iommu.translate(Board.DEVICE, 5, IOVA, Access.READ));
    board.command(3L << 60 | (long) Board.DOMAIN << 32 | 5, 0x7fff_ffff_ffff_f007L);
    assertMapped(NEW, 12, board.iommu.translate(Board.DEVICE, 5, IOVA, Access.READ));
  }

  @Test
  void everythingIsDroppedAtOnce() {
    attach();
    board.read(IOVA);
    table.put(IOVA, 1, 0);
    board.memory.store128(Board.DEVICE_TABLE + 7 * 32L, 1, 0);
    board.command(8L << 60, 0);
    assertFaults(board.read(IOVA));
    assertTrue(board.iommu.counts().dropped() >= 4);
  }

  @Test
  void invalidationsThatDropNothingAreCounted() {
    attach();
    Counts before = board.iommu.counts();
    board.invalidate(IOVA, false, true);
    board.read(IOVA);
    board.invalidate(IOVA, false, true);
    Counts counted = board.iommu.counts().since(before);
    assertEquals(2, counted.invalidations());
    assertEquals(1, counted.idleInvalidations());
    assertEquals(1, counted.dropped());
    assertEquals(1, counted.walks());
    assertEquals(3, counted.tableReads());
  }

  @Test
  void withoutCachesEveryRequestReadsMemory() {
    board = new Board(IommuFeatures.DEFAULT, CacheConfig.NONE);
    table = HandTable.host(board, 3);
    attach();
    assertMapped(OLD, 12, board.read(IOVA));
    table.put(IOVA, 1, 1 | RW | NEW);
    assertMapped(NEW, 12, board.read(IOVA));
    assertEquals(0, board.iommu.counts().translationHits());
    assertEquals(0, board.iommu.counts().deviceHits());
  }

  @Test
  void aBoundedCacheLetsTheFirstOrTheLeastUsedGo() {
    for (CacheConfig.Replacement rule : CacheConfig.Replacement.values()) {
      var store = new CacheStore<Integer, String>(2, rule);
      store.put(1, "one");
      store.put(2, "two");
      assertNotNull(store.get(1));
      store.put(3, "three");
      boolean first = rule == CacheConfig.Replacement.FIRST_IN;
      assertNull(store.get(first ? 1 : 2));
      assertNotNull(store.get(first ? 2 : 1));
      assertEquals(2, store.size());
      store.put(3, "drei");
      assertEquals("drei", store.get(3));
      assertEquals(1, store.removeIf(key -> key == 3));
      assertTrue(store.remove(first ? 2 : 1));
      assertEquals(0, store.size());
    }
  }

  @Test
  void aTypicalCacheIsAsRightAsNone() {
    board = new Board(IommuFeatures.DEFAULT, CacheConfig.TYPICAL);
    table = HandTable.host(board, 3);
    board.attach(table);
    for (int round = 0; round < 2; round++) {
      for (long page = 0; page < 2000; page++) {
        table.put(page * 0x1000, 1, 1 | RW | OLD + page * 0x1000);
        assertMapped(OLD + page * 0x1000, 12, board.read(page * 0x1000));
      }
    }
    board.invalidateDomain();
    table.put(0, 2, 0);
    assertFaults(board.read(0));
  }

  @Test
  void aCacheHasNoNegativeSize() {
    assertThrows(
        IommuException.class, () -> new CacheConfig(0, -1, 0, CacheConfig.Replacement.FIRST_IN));
  }
}
