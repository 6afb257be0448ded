package dev.genpt.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.table.Protection;
import org.junit.jupiter.api.Test;

/** Mappings as they are written on a command line. */
final class MappingTest {
  @Test
  void isReadAndWrittenBack() {
    Mapping mapping = Mapping.parse("0x40_201000:0x12345000:64K:rw,mmio");
    assertEquals(
        new Mapping(0x40201000L, 0x12345000L, 0x1_0000, Protection.READ_WRITE | Protection.MMIO),
        mapping);
    assertEquals("0x40201000:0x12345000:64K:rw,mmio", mapping.toString());
    assertEquals(mapping, Mapping.parse(mapping.toString()));
  }

  @Test
  void overlapIsUnsignedAndInclusive() {
    Mapping top = Mapping.parse("0xfffffffffffff000:0:4K:r");
    assertFalse(top.overlaps(Mapping.parse("0:0:4K:r")));
    assertTrue(top.overlaps(Mapping.parse("0xffffffffffffe000:0:8K:r")));
    assertFalse(top.overlaps(Mapping.parse("0xffffffffffffe000:0:4K:r")));
    assertEquals(-1, top.lastIova());
  }

  @Test
  void outputAddressesAreThoseOfItsBytes() {
    Mapping mapping = Mapping.parse("0:0x1000:4K:r");
    assertTrue(mapping.hasOutput(0x1fff));
    assertFalse(mapping.hasOutput(0x2000));
    assertFalse(mapping.hasOutput(0xfff));
  }
}
