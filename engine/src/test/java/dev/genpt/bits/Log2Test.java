package dev.genpt.bits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Powers of two on unsigned 64-bit values, at both ends of the exponent and against wider integers.
 */
final class Log2Test {
  private static final BigInteger WORD = BigInteger.ONE.shiftLeft(64);
  private static final long[] SAMPLES = {
    0, 1, 2, 0x1fff, 0x8000_0000L, 0x7fff_ffff_ffff_ffffL, 0x8000_0000_0000_0000L, -2, -1
  };

  @Test
  void powersAndMasks() {
    assertEquals(1, Log2.toValue(0));
    assertEquals(0x8000_0000_0000_0000L, Log2.toValue(63));
    assertEquals(0, Log2.toValue(64));
    assertEquals(0, Log2.toMax(0));
    assertEquals(1, Log2.toMax(1));
    assertEquals(Long.MAX_VALUE, Log2.toMax(63));
    assertEquals(-1L, Log2.toMax(64));
  }

  @Test
  void examplesOfTheRules() {
    assertEquals(0x1f, Log2.setMod(0x1f, 7, 3));
    assertEquals(0x8, Log2.setMod(0x8, 8, 3), "the value is not masked");
    assertEquals(0x1f, Log2.setModMax(0x10, 4));
    assertTrue(Log2.divEqual(0x1fff, 0x1000, 12));
    assertFalse(Log2.divEqual(0x1fff, 0x2000, 12));
    assertTrue(Log2.modEqualsMax(0x1fff, 12));
    assertFalse(Log2.modEqualsMax(0x1ffe, 12));
  }

  @Test
  void exponent64MeansTheWholeWord() {
    for (long a : SAMPLES) {
      assertEquals(0, Log2.div(a, 64));
      assertEquals(a, Log2.mod(a, 64));
      assertEquals(0, Log2.mul(a, 64));
      assertTrue(Log2.divEqual(a, ~a, 64));
      assertEquals(7, Log2.setMod(a, 7, 64));
      assertEquals(-1L, Log2.setModMax(a, 64));
      assertEquals(0, Log2.alignDown(a, 64));
      assertEquals(a == -1, Log2.modEqualsMax(a, 64));
      assertEquals(a, Log2.signExtend(a, 64));
    }
  }

  @Test
  void exponent0MeansOneByte() {
    for (long a : SAMPLES) {
      assertEquals(a, Log2.div(a, 0));
      assertEquals(0, Log2.mod(a, 0));
      assertEquals(a, Log2.mul(a, 0));
      assertEquals(a, Log2.setModMax(a, 0));
      assertEquals(a, Log2.alignUp(a, 0));
      assertTrue(Log2.isAligned(a, 0));
      assertTrue(Log2.modEqualsMax(a, 0));
    }
  }

  @Test
  void agreesWithWiderIntegers() {
    Random random = new Random(11);
    for (int round = 0; round < 2_000; round++) {
      long a = random.nextLong() >>> random.nextInt(64);
      for (int b : new int[] {0, 1, 12, 31, 32, 33, 63, 64}) {
        BigInteger wide = new BigInteger(Long.toUnsignedString(a));
        BigInteger block = BigInteger.ONE.shiftLeft(b);
        assertEquals(wide.divide(block).longValue(), Log2.div(a, b));
        assertEquals(wide.mod(block).longValue(), Log2.mod(a, b));
        assertEquals(wide.multiply(block).mod(WORD).longValue(), Log2.mul(a, b));
        assertEquals(wide.subtract(wide.mod(block)).longValue(), Log2.alignDown(a, b));
        assertEquals(wide.mod(block).signum() == 0, Log2.isAligned(a, b));
      }
    }
  }

  @Test
  void bitSearches() {
    assertEquals(0, Log2.ffs(1));
    assertEquals(63, Log2.ffs(Long.MIN_VALUE));
    assertEquals(64, Log2.ffs(0));
    assertEquals(0, Log2.fls(0));
    assertEquals(1, Log2.fls(1));
    assertEquals(64, Log2.fls(-1));
    assertEquals(0, Log2.ffz(0));
    assertEquals(1, Log2.ffz(1));
    assertEquals(3, Log2.ffz(7));
    assertEquals(2, Log2.ffz(0xb));
    assertEquals(64, Log2.ffz(-1));
  }

  @Test
  void roundingUpWrapsPastTheLastMultiple() {
    assertEquals(0x2000, Log2.alignUp(0x1001, 12));
    assertEquals(0x1000, Log2.alignUp(0x1000, 12));
    assertEquals(0, Log2.alignUp(-1, 12));
  }

  @Test
  void signExtensionCopiesTheTopBit() {
    assertEquals(0xffff_8000_0000_0000L, Log2.signExtend(0x8000_0000_0000L, 48));
    assertEquals(0x7fff_ffff_ffffL, Log2.signExtend(0x7fff_ffff_ffffL, 48));
    assertEquals(0x7fff_ffff_ffffL, Log2.signExtend(0xffff_7fff_ffff_ffffL, 48));
    assertEquals(-1, Log2.signExtend(1, 1));
  }
}
