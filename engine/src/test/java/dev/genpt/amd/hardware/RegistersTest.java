package dev.genpt.amd.hardware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Registers by the rules of each: reset values, bits, pointers, Run bits, signals. */
final class RegistersTest {
  private static final long RING_OF_256 = 0x0800_0000_2000_0000L;

  private final Registers registers = new Registers(IommuFeatures.DEFAULT);

  @Test
  void afterResetOnlyTheFeaturesAreNotZero() {
    for (int offset = 0; offset < 0x4000; offset += 8) {
      long expected =
          switch (offset) {
            case 0x28 -> 0xfff; // the low bits of the limit read as ones
            case 0x30 -> 0x0017_002f_0000_595aL;
            case 0x1a0 -> 8;
            default -> 0;
          };
      assertEquals(expected, registers.read64(offset), Integer.toHexString(offset));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0x0000, 0x000ffffffffff1ff",
    "0x0008, 0x0f0ffffffffff000",
    "0x0010, 0x0f0ffffffffff000",
    "0x0020, 0x000ffffffffff003",
    "0x0028, 0x000fffffffffffff",
    "0x0030, 0x0017002f0000595a",
    "0x0038, 0x0f0ffffffffff000",
    "0x0040, 0",
    "0x0050, 0",
    "0x0060, 0",
    "0x0100, 0x000ffffffffff0ff",
    "0x0130, 0x000ffffffffff0ff",
    "0x0138, 0",
    "0x01a0, 8",
    "0x2020, 0",
    "0x2040, 0",
    "0x4000, 0",
    "-8, 0",
    "0x0004, 0",
  })
  void keepsTheBitsThatItHas(String offset, String kept) {
    int at = Integer.decode(offset);
    registers.write64(at, -1L);
    assertEquals(Long.decode(kept), registers.read64(at));
  }

  @Test
  void controlKeepsAllButReservedBits() {
    registers.write64(0x18, ~(7L << 34));
    assertEquals(~(7L << 34 | 0x3c_0000L | 1L << 49 | 1L << 57), registers.read64(0x18));
  }

  @Test
  void moreSegmentsThanThereAreIgnoreTheWholeWrite() {
    registers.write64(0x18, 1);
    registers.write64(0x18, 1L << 34 | 4);
    assertEquals(1, registers.read64(0x18));
    Registers segmented =
        new Registers(IommuFeatures.DEFAULT.withEfr(IommuFeatures.DEFAULT.efr() | 2L << 38));
    segmented.write64(0x18, 2L << 34);
    assertEquals(2, segmented.settings().segmentsLg2());
    segmented.write64(0x18, 3L << 34);
    assertEquals(2, segmented.settings().segmentsLg2());
  }

  @Test
  void halvesMakeAWhole() {
    registers.write32(0x8, 0x2000_0000);
    registers.write32(0xc, 0x0900_0000);
    assertEquals(0x0900_0000_2000_0000L, registers.read64(0x8));
    assertEquals(0x0900_0000, registers.read32(0xc));
    registers.write32(0x2008, 0x1ff0);
    registers.write32(0x200a, -1);
    assertEquals(0x1ff0, registers.read32(0x2008));
    assertEquals(0, registers.read32(0x2009));
  }

  @ParameterizedTest
  @EnumSource(Ring.class)
  void aBaseResetsThePointersAndPointersStayInTheRing(Ring ring) {
    registers.write64(ring.head.offset, 0x10);
    assertEquals(0, registers.read64(ring.head.offset), "a ring without entries");
    registers.write64(ring.base.offset, RING_OF_256);
    registers.write64(ring.head.offset, 0x20);
    registers.write64(ring.tail.offset, 0xff0);
    registers.write64(ring.tail.offset, 0x1000);
    assertEquals(0x20, registers.read64(ring.head.offset));
    assertEquals(0xff0, registers.read64(ring.tail.offset));
    registers.write64(ring.base.offset, RING_OF_256);
    assertEquals(0, registers.read64(ring.head.offset));
    assertEquals(0, registers.read64(ring.tail.offset));
  }

  @ParameterizedTest
  @EnumSource(Ring.class)
  void aRunningRingKeepsItsBaseAndWhatHardwareMoves(Ring ring) {
    registers.write64(ring.base.offset, RING_OF_256);
    registers.write64(0x18, ring.enables);
    registers.write64(ring.base.offset, 0x0f00_0000_3000_0000L);
    registers.write64(ring.head.offset, 0x30);
    registers.write64(ring.tail.offset, 0x40);
    assertEquals(RING_OF_256, registers.read64(ring.base.offset));
    boolean read = ring == Ring.COMMANDS;
    assertEquals(read ? 0 : 0x30, registers.read64(ring.head.offset));
    assertEquals(read ? 0x40 : 0, registers.read64(ring.tail.offset));
  }

  @ParameterizedTest
  @EnumSource(Ring.class)
  void aRingRunsFromEnableToStop(Ring ring) {
    for (long missing = ring.enables; missing != 0; missing &= missing - 1) {
      registers.write64(0x18, ring.enables & ~Long.lowestOneBit(missing));
      assertFalse(registers.runs(ring));
    }
    registers.write64(0x18, ring.enables);
    assertEquals(ring.run, registers.read64(0x2020));
    registers.write64(0x2020, -1L);
    assertTrue(registers.runs(ring), "Run is read-only");
    registers.stop(ring, 0);
    registers.write64(0x18, ring.enables | Control.GUEST_EN);
    assertFalse(registers.runs(ring), "only a change of the enable bits starts it again");
    registers.write64(0x18, 0);
    registers.write64(0x18, ring.enables);
    assertTrue(registers.runs(ring));
  }

  @ParameterizedTest
  @EnumSource(Ring.class)
  void aSignalInterruptsWhenItRises(Ring ring) {
    List<Interrupt> delivered = new ArrayList<>();
    List<Interrupt> one = List.of(ring.interrupt);
    registers.raise(ring.interruptCauses);
    registers.deliver(delivered::add);
    assertEquals(List.of(), delivered, "not enabled");
    registers.write64(0x18, ring.interruptEnable);
    registers.deliver(delivered::add);
    assertEquals(one, delivered, "enabled late");
    registers.raise(ring.interruptCauses);
    registers.deliver(delivered::add);
    assertEquals(one, delivered, "nothing more until software clears the bits");
    registers.write64(0x2020, Long.lowestOneBit(ring.interruptCauses));
    registers.write64(0x2020, Long.highestOneBit(ring.interruptCauses));
    registers.raise(Long.highestOneBit(ring.interruptCauses));
    registers.deliver(delivered::add);
    assertEquals(2, delivered.size());
  }

  @Test
  void statusBitsAreClearedByOnes() {
    registers.raise(0x67);
    registers.write64(0x2020, 0);
    assertEquals(0x67, registers.read64(0x2020));
    registers.write32(0x2020, 0x21);
    assertEquals(0x46, registers.read64(0x2020));
    registers.write32(0x2024, -1);
    assertEquals(0x46, registers.read64(0x2020));
  }

  @Test
  void theLastBrokenMemoryIsKept() {
    registers.keepHardwareEvent(EventEntry.commandUnreachable(0x1000));
    assertEquals(1, registers.read64(0x50));
    registers.keepHardwareEvent(EventEntry.deviceTableUnreadable(3, 0, 0x2000));
    assertEquals(3, registers.read64(0x50));
    assertEquals(0x3400_0000_0000_0003L, registers.read64(0x40));
    assertEquals(0x2000, registers.read64(0x48));
    registers.write64(0x50, 3);
    assertEquals(0, registers.read64(0x50));
  }
}
