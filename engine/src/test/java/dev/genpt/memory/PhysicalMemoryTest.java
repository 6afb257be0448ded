package dev.genpt.memory;

import static dev.genpt.fixture.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.error.Errno;
import dev.genpt.memory.PhysicalMemory.Region;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Words of simulated RAM, where there is some and where there is none. */
final class PhysicalMemoryTest {
  private static final long LOW = 0x10_0000L;
  private static final long HIGH = (1L << 52) - 0x20_0000L;

  /** RAM at both ends of the address space: the machine is 4 PiB wide and costs two banks. */
  private final PhysicalMemory memory =
      new PhysicalMemory(List.of(new Region(HIGH, 0x20_0000L), new Region(LOW, 0x1000)));

  @Test
  void regionsAreKeptInOrder() {
    assertEquals(LOW, memory.regions().getFirst().base());
    assertEquals((1L << 52) - 1, memory.regions().getLast().last());
  }

  @Test
  void startsZeroedAndKeepsWhatIsWritten() {
    for (long pa : new long[] {LOW, LOW + 0xff8, HIGH, HIGH + 0x1f_fff8L}) {
      assertEquals(0, memory.read64(pa));
      memory.write64(pa, pa ^ -1L);
      assertEquals(pa ^ -1L, memory.read64Acquire(pa));
      memory.write64Release(pa, 7);
      assertEquals(7, memory.read64(pa));
    }
  }

  @Test
  void outsideRamIsAnErrorThatNamesTheAddress() {
    for (long pa : new long[] {0, LOW - 8, LOW + 0x1000, HIGH - 8, 1L << 52, Long.MIN_VALUE, -8}) {
      String message = assertRefused(Errno.EIO, () -> memory.read64(pa)).rule();
      assertTrue(message.contains("%#x".formatted(pa)), message);
      assertRefused(Errno.EIO, () -> memory.write64(pa, 1));
      assertRefused(Errno.EIO, () -> memory.write32(pa, 1));
      assertRefused(Errno.EIO, () -> memory.compareAndSet64(pa, 0, 1));
      assertRefused(Errno.EIO, () -> memory.bank(pa));
    }
  }

  @Test
  void misalignedAccessIsRefused() {
    assertRefused(Errno.EINVAL, () -> memory.read64(LOW + 4));
    assertRefused(Errno.EINVAL, () -> memory.write64(LOW + 1, 0));
    assertRefused(Errno.EINVAL, () -> memory.getAndAnd64(LOW + 2, 0));
    assertRefused(Errno.EINVAL, () -> memory.read32(LOW + 2));
    assertRefused(Errno.EINVAL, () -> memory.write32(LOW + 3, 0));
    assertRefused(Errno.EINVAL, () -> memory.compareAndSet32(LOW + 1, 0, 1));
  }

  @Test
  void halvesAreLittleEndianAndLeaveEachOtherAlone() {
    memory.write64(LOW, 0x1122_3344_5566_7788L);
    assertEquals(0x5566_7788, memory.read32(LOW));
    assertEquals(0x1122_3344, memory.read32(LOW + 4));
    memory.write32(LOW + 4, -1);
    assertEquals(0xffff_ffff_5566_7788L, memory.read64(LOW));
    memory.write32(LOW, 0x8000_0000);
    assertEquals(0xffff_ffff_8000_0000L, memory.read64(LOW));
  }

  @Test
  void compareAndSetWritesOnlyOverTheExpectedWord() {
    assertTrue(memory.compareAndSet64(LOW, 0, 5));
    assertFalse(memory.compareAndSet64(LOW, 0, 6));
    assertEquals(5, memory.read64(LOW));
    assertTrue(memory.compareAndSet32(LOW + 4, 0, -2));
    assertFalse(memory.compareAndSet32(LOW + 4, 0, 1));
    assertEquals(0xffff_fffe_0000_0005L, memory.read64(LOW));
  }

  @Test
  void bitsAreSetAndClearedInOneStep() {
    memory.write64(LOW, 0xf0);
    assertEquals(0xf0, memory.getAndOr64(LOW, 0x0f));
    assertEquals(0xff, memory.getAndAnd64(LOW, 0x3c));
    assertEquals(0x3c, memory.read64(LOW));
  }

  @Test
  void aBankHoldsItsWordsByIndex() {
    long pa = HIGH + 0x1238;
    memory.write64(pa, 99);
    assertEquals(99, memory.bank(pa)[PhysicalMemory.wordIndex(pa)]);
    assertSame(memory.bank(HIGH), memory.bank(HIGH + 0x1f_ffffL));
  }

  @Test
  void knowsWhatIsRam() {
    assertTrue(memory.isRam(LOW, 0x1000));
    assertFalse(memory.isRam(LOW, 0x1001));
    assertFalse(memory.isRam(LOW - 1, 1));
    assertTrue(memory.isRam(HIGH + 0x1f_ffffL, 1));
    assertFalse(memory.isRam(1L << 52, 1));
  }

  @Test
  void regionsMustBePagesBelow2To52AndApart() {
    assertRefused(Errno.EINVAL, () -> new Region(0x800, 0x1000));
    assertRefused(Errno.EINVAL, () -> new Region(0x1000, 0x800));
    assertRefused(Errno.EINVAL, () -> new Region(0x1000, 0));
    assertRefused(Errno.EINVAL, () -> new Region(0x1000, -0x1000));
    assertRefused(Errno.EINVAL, () -> new Region(-0x1000, 0x1000));
    assertRefused(Errno.EINVAL, () -> new Region((1L << 52) - 0x1000, 0x2000));
    assertRefused(Errno.EINVAL, () -> new PhysicalMemory(List.of()));
    assertRefused(
        Errno.EINVAL,
        () -> new PhysicalMemory(List.of(new Region(0, 0x2000), new Region(0x1000, 0x1000))));
  }

  @Test
  void neighbouringRegionsShareNoWord() {
    PhysicalMemory split =
        new PhysicalMemory(List.of(new Region(0, 0x1000), new Region(0x1000, 0x1000)));
    split.write64(0xff8, 1);
    split.write64(0x1000, 2);
    assertEquals(1, split.read64(0xff8));
    assertEquals(2, split.read64(0x1000));
  }

  @Test
  void allOfTheAddressSpaceMayBeRam() {
    PhysicalMemory whole = new PhysicalMemory(List.of(new Region(0, 1L << 52)));
    whole.write64(0, 1);
    whole.write64((1L << 36) - 8, 2);
    whole.write64(1L << 36, 3);
    whole.write64((1L << 52) - 8, 4);
    assertEquals(1, whole.read64(0));
    assertEquals(2, whole.read64((1L << 36) - 8));
    assertEquals(3, whole.read64(1L << 36));
    assertEquals(4, whole.read64((1L << 52) - 8));
    assertEquals(0, whole.read64(1L << 40));
    assertRefused(Errno.EIO, () -> whole.read64(1L << 52));
  }

  @Test
  void aHoleBetweenRegionsOfOneBlockIsNotRam() {
    long base = (5L << 36) + 0x1000;
    PhysicalMemory split =
        new PhysicalMemory(List.of(new Region(base, 0x1000), new Region(base + 0x2000, 0x1000)));
    split.write64(base + 0x2000, 7);
    assertEquals(7, split.read64(base + 0x2000));
    assertRefused(Errno.EIO, () -> split.read64(base + 0x1000));
    assertRefused(Errno.EIO, () -> split.read64(base - 8));
  }
}
