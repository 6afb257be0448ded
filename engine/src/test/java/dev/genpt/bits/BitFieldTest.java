package dev.genpt.bits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Named runs of bits. */
final class BitFieldTest {
  @Test
  void readsAndPlacesItsBits() {
    BitField address = new BitField("ADDRESS", 51, 12);
    assertEquals(40, address.width());
    assertEquals(0x000f_ffff_ffff_f000L, address.mask());
    assertEquals(0x12345, address.get(0x7000_0000_1234_5fffL));
    assertEquals(0x1234_5000, address.of(0x12345));
    assertEquals(0, address.of(1L << 40), "what does not fit is dropped");
  }

  @Test
  void reachesBothEndsOfTheWord() {
    BitField whole = new BitField("WHOLE", 63, 0);
    assertEquals(-1, whole.mask());
    assertEquals(0x8000_0000_0000_0001L, whole.get(0x8000_0000_0000_0001L));
    assertEquals(Long.MIN_VALUE, BitField.bit("TOP", 63).mask());
    assertEquals(1, BitField.bit("TOP", 63).get(-1));
  }

  @Test
  void refusesBoundsThatAreNoRun() {
    assertThrows(IllegalArgumentException.class, () -> new BitField("X", 64, 0));
    assertThrows(IllegalArgumentException.class, () -> new BitField("X", 3, 4));
    assertThrows(IllegalArgumentException.class, () -> new BitField("X", 3, -1));
  }
}
