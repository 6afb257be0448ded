package dev.genpt.iommu;

import static dev.genpt.fixture.Refusal.assertRefused;
import static dev.genpt.table.Protection.READ_WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.error.Errno;
import dev.genpt.fixture.Machine;
import dev.genpt.table.IotlbGather;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The order of the bits, the bounds, and windows that make no difference to the bits. */
final class IovaBitmapTest {
  private static final long PAGE = 0x1000;
  private static final long M2 = 0x200000;
  private static final long G1 = 0x40000000;

  private final Machine machine = new Machine();
  private final IommuDomain domain = machine.amdv1();
  private final IotlbGather gather = new IotlbGather();

  @AfterEach
  void nothingLeaks() {
    machine.closeAndCheck(domain);
  }

  private static byte[] bytes(int... values) {
    byte[] result = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (byte) values[i];
    }
    return result;
  }

  @Test
  void bitsCountFromTheLeastSignificantOfTheByteAtTheOffset() {
    byte[] buffer = new byte[5];
    IovaBitmap bitmap = IovaBitmap.in(buffer, 1, 0x10000, 20 * PAGE, PAGE);
    bitmap.record(0x10000, PAGE);
    bitmap.record(0x10000 + 9 * PAGE, 2 * PAGE);
    assertArrayEquals(bytes(0, 0b1, 0b110, 0, 0), buffer);
    bitmap.record(0x10000 + 7 * PAGE, 10 * PAGE);
    assertArrayEquals(bytes(0, 0b1000_0001, 0xff, 0b1, 0), buffer);
    assertEquals(20, bitmap.pages());
    assertEquals(11, bitmap.setPages());
    assertTrue(bitmap.isSet(0));
    assertFalse(bitmap.isSet(1));
  }

  @Test
  void aPageTouchedInPartIsSetAndWhatLiesOutsideIsLeftOut() {
    byte[] buffer = new byte[1];
    IovaBitmap bitmap = IovaBitmap.in(buffer, 0, 8 * PAGE, 4 * PAGE, PAGE);
    bitmap.record(0, 8 * PAGE);
    bitmap.record(12 * PAGE, PAGE);
    assertArrayEquals(bytes(0), buffer);
    bitmap.record(8 * PAGE - 1, 2);
    bitmap.record(11 * PAGE - 1, 1);
    assertArrayEquals(bytes(0b101), buffer);
    bitmap.record(0, 1L << 40);
    assertArrayEquals(bytes(0b1111), buffer);
  }

  @Test
  void randomExtentsSetWhatABitByBitReckoningSets() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      long iova = (random.nextLong() & -PAGE) >>> random.nextInt(40) & -PAGE;
      int pages = random.nextInt(64) + 1;
      if (Long.compareUnsigned(iova + pages * PAGE - 1, iova) < 0) {
        continue;
      }
      IovaBitmap bitmap = IovaBitmap.of(iova, pages * PAGE, PAGE);
      long start = iova + random.nextLong(-10 * PAGE, pages * PAGE);
      long length = random.nextLong(1, 40 * PAGE);
      if (Long.compareUnsigned(start, start + length - 1) > 0) {
        continue;
      }
      bitmap.record(start, length);
      for (long page = 0; page < pages; page++) {
        long first = iova + page * PAGE;
        boolean touched =
            Long.compareUnsigned(start, first + PAGE - 1) <= 0
                && Long.compareUnsigned(start + length - 1, first) >= 0;
        assertEquals(touched, bitmap.isSet(page), "seed " + seed + ", round " + round);
      }
    }
  }

  @Test
  void aReadSetsBitsAndClearsNone() {
    domain.map(0, 0x1000, 16 * PAGE, READ_WRITE);
    domain.setDirty(3 * PAGE);
    IovaBitmap bitmap = IovaBitmap.of(0, 16 * PAGE, PAGE);
    domain.readAndClearDirty(bitmap, true, gather);
    assertEquals(1, bitmap.setPages());
    assertTrue(bitmap.isSet(3));
    assertEquals(3 * PAGE, gather.start());
    domain.readAndClearDirty(bitmap, true, gather);
    assertTrue(bitmap.isSet(3), "the device wrote nothing since; the bit is the reader's");
    assertEquals(0, read(16 * PAGE, PAGE, 64, true).setPages());
  }

  private IovaBitmap read(long length, long pageSize, int windowLg2, boolean clear) {
    IovaBitmap bitmap = IovaBitmap.of(0, length, pageSize).withWindowLg2(windowLg2);
    domain.readAndClearDirty(bitmap, clear, gather);
    return bitmap;
  }

  @Test
  void pagesOfTheBitmapMayBeSmallerOrLargerThanThoseOfTheTable() {
    domain.map(0, M2, M2, READ_WRITE);
    domain.setDirty(0x1234);
    assertEquals(512, read(2 * M2, PAGE, 64, false).setPages());
    assertEquals(1, read(2 * M2, M2, 64, false).setPages());
    assertEquals(1, read(2 * M2, 2 * M2, 64, false).setPages());
    assertEquals(1024, read(2 * M2, 0x800, 64, false).setPages());
  }

  @Test
  void aLeafAcrossWindowsIsWholeThoughTheFirstWindowCleansIt() {
    domain.map(0, 0, G1, READ_WRITE);
    domain.map(G1, 0x1000, PAGE, READ_WRITE);
    for (int windowLg2 : new int[] {12, 13, 21, 29, 30, 64}) {
      domain.setDirty(G1 / 2);
      domain.setDirty(G1);
      assertEquals(G1 / PAGE + 1, read(G1 + M2, PAGE, windowLg2, true).setPages());
      assertEquals(0, read(G1 + M2, PAGE, 64, true).setPages());
      assertEquals(0, gather.start());
      assertEquals(G1 + PAGE - 1, gather.end());
      domain.sync(gather);
    }
  }

  @Test
  void theBitmapMayBeginAndEndInsideALeafAndAtTheEndOfTheSpace() {
    domain.map(0, 0, M2, READ_WRITE);
    domain.map(-M2, 0, M2, READ_WRITE);
    domain.setDirty(0);
    domain.setDirty(-1);
    IovaBitmap middle = IovaBitmap.of(0x5000, 3 * PAGE, PAGE).withWindowLg2(13);
    domain.readAndClearDirty(middle, false, gather);
    assertEquals(3, middle.setPages());
    IovaBitmap end = IovaBitmap.of(-5 * PAGE, 5 * PAGE, PAGE).withWindowLg2(13);
    domain.readAndClearDirty(end, true, gather);
    assertEquals(5, end.setPages());
  }

  @Test
  void badBitmapsAreRefused() {
    assertRefused(Errno.EINVAL, () -> IovaBitmap.of(0, 0, PAGE));
    assertRefused(Errno.EINVAL, () -> IovaBitmap.of(0, PAGE, 0));
    assertRefused(Errno.EINVAL, () -> IovaBitmap.of(0, 3 * PAGE, 3 * PAGE));
    assertRefused(Errno.EINVAL, () -> IovaBitmap.of(0x800, PAGE, PAGE));
    assertRefused(Errno.EINVAL, () -> IovaBitmap.of(0, 0x1800, PAGE));
    assertRefused(Errno.EOVERFLOW, () -> IovaBitmap.of(-PAGE, 2 * PAGE, PAGE));
    assertRefused(Errno.EINVAL, () -> IovaBitmap.of(0, 1L << 62, PAGE));
    assertRefused(Errno.EINVAL, () -> IovaBitmap.in(new byte[3], 2, 0, 9 * PAGE, PAGE));
    assertRefused(Errno.EINVAL, () -> IovaBitmap.in(new byte[3], -1, 0, PAGE, PAGE));
    IovaBitmap bitmap = IovaBitmap.of(0, PAGE, PAGE);
    assertRefused(Errno.EINVAL, () -> bitmap.withWindowLg2(11));
    assertRefused(Errno.EINVAL, () -> bitmap.withWindowLg2(65));
  }

  @Test
  void aBadReadChangesNothing() {
    domain.map(0, 0, PAGE, READ_WRITE);
    domain.setDirty(0);
    IovaBitmap tooLong = IovaBitmap.of(0, 1L << 40, 1L << 30).withWindowLg2(30);
    assertRefused(Errno.ERANGE, () -> domain.readAndClearDirty(tooLong, true, gather));
    assertEquals(0, tooLong.setPages());
    assertEquals(1, read(PAGE, PAGE, 64, true).setPages());
    IommuDomain x86 = machine.x86(config -> config);
    assertRefused(Errno.EOPNOTSUPP, () -> x86.readAndClearDirty(tooLong, true, gather));
    x86.close();
  }
}
