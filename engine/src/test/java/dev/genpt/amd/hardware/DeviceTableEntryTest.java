package dev.genpt.amd.hardware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.memory.PhysicalMemory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Device table entries word by word, and where they stand. */
final class DeviceTableEntryTest {
  private static final IommuFeatures ALL = IommuFeatures.DEFAULT;

  private final Registers registers = new Registers(ALL);

  private Settings settings(long control) {
    registers.write64(0x18, control);
    return registers.settings();
  }

  private static DeviceTableEntry entry(long q0, long q1) {
    return new DeviceTableEntry(q0, q1, 0, 0);
  }

  @Test
  void decodesAHostTable() {
    DeviceTableEntry entry = entry(0x6000_0001_2345_6983L, 0x1_0000_0042L);
    assertTrue(entry.valid() && entry.translationValid());
    assertEquals(4, entry.mode());
    assertEquals(0x1_2345_6000L, entry.hostRoot());
    assertEquals(0x42, entry.domainId());
    assertEquals(Rights.READ | Rights.WRITE, entry.rights());
    assertTrue(entry.marksAccessed(ALL) && entry.marksDirty(ALL));
    assertTrue(entry.allowsTranslationRequests(ALL));
    assertFalse(entry.allowsTranslationRequests(ALL.withIotlbSup(false)));
    assertFalse(entry.guestValid(settings(0)));
  }

  @Test
  void decodesAGuestTable() {
    DeviceTableEntry entry = entry(0x78c0_0000_0000_0003L, 0x0000_1000_468a_0042L);
    Settings on = settings(Control.GUEST_EN);
    assertTrue(entry.guestValid(on) && entry.guestWithoutPasid(on));
    assertEquals(0x1_2345_6000L, entry.gcr3Root());
    assertEquals(0, entry.gcr3TopLevel());
    assertEquals(4, entry.guestLevels(ALL));
    assertEquals(5, new DeviceTableEntry(0, 0, 1L << 54, 0).guestLevels(ALL));
    assertFalse(entry.guestValid(settings(0)), "hidden while guest translation is off");
  }

  @ParameterizedTest
  @CsvSource({
    "0x8300, 0, 0x106000",
    "0x0300, 0, 0x6000",
    "0x8300, 2, 0x80006000",
    "0xffff, 2, 0xc007ffe0",
  })
  void standsAtItsIndex(String deviceId, int segmentsLg2, String pa) {
    var memory = new PhysicalMemory(List.of(new PhysicalMemory.Region(1L << 51, 4096)));
    var table =
        new DeviceTable(
            memory, new CacheStore<>(0, CacheConfig.Replacement.FIRST_IN), new Counters());
    Registers segmented = new Registers(ALL.withEfr(ALL.efr() | 3L << 38));
    segmented.write64(0, 0x1ff);
    segmented.write64(0x100, 0x4000_00ffL);
    segmented.write64(0x108, 0x8000_00ffL);
    segmented.write64(0x110, 0xc000_00ffL);
    segmented.write64(0x18, (long) segmentsLg2 << 34);
    assertEquals(
        new DeviceTable.Unreadable(Long.decode(pa)),
        table.lookup(segmented.settings(), Integer.decode(deviceId)));
  }

  @Test
  void aSmallTableEnds() {
    var memory = PhysicalMemory.ofMebibytes(2);
    var table =
        new DeviceTable(
            memory, new CacheStore<>(0, CacheConfig.Replacement.FIRST_IN), new Counters());
    registers.write64(0, 0x1_0000_0007L);
    memory.store128(0x1_0000_7fe0L, 1, 2);
    memory.store128(0x1_0000_7ff0L, 3, 4);
    assertEquals(new DeviceTableEntry(1, 2, 3, 4), table.lookup(registers.settings(), 0x3ff));
    assertEquals(new DeviceTable.Beyond(), table.lookup(registers.settings(), 0x400));
  }

  @ParameterizedTest
  @CsvSource({
    // q0, q1, q2: reserved bits, reserved encoding
    "0x6000000123456803, 0x42, 0, false, false",
    "0x0000000000000005, 0, 0, true, false",
    "-0x7fffffffffffffff, 0, 0, true, false",
    "0x0000000000000e01, 0, 0, false, true",
    "0x0000000000000101, 0, 0, false, true",
    "0x0380000000000001, 0, 0, false, true",
    "0x0300000000000001, 0, 0, false, false",
    "0x0080000000000001, 0, 0x0080000000000000, false, true",
    "0x0080000000000001, 0, 0x0040000000000000, false, false",
  })
  void knowsWhatIsReserved(String q0, String q1, String q2, boolean bits, boolean encoding) {
    DeviceTableEntry entry =
        new DeviceTableEntry(Long.decode(q0), Long.decode(q1), Long.decode(q2), 0);
    assertEquals(bits, entry.hasReservedBits());
    assertEquals(encoding, entry.hasReservedEncoding(settings(Control.GUEST_EN)));
  }

  @Test
  void doesNotCheckWhatTheHardwareLacks() {
    IommuFeatures bare = new IommuFeatures(0, 0, false, false);
    Settings settings = new Registers(bare).settings();
    assertFalse(entry(0x0380_0000_0000_0101L, 0).hasReservedEncoding(settings));
    assertFalse(entry(0x0000_0000_0000_0801L, 0).hasReservedEncoding(settings));
    assertTrue(entry(0x0000_0000_0000_0a01L, 0).hasReservedEncoding(settings));
    assertEquals(0, bare.withEfr(3 << 10).hostLevels());
    Settings none = new Registers(bare.withEfr(3 << 10)).settings();
    assertTrue(entry(0x0000_0000_0000_0201L, 0).hasReservedEncoding(none));
  }

  @Test
  void interruptBitsCountWhileTheyAreValid() {
    assertFalse(new DeviceTableEntry(0, 0, 3L << 52, -1).hasReservedInterruptBits());
    assertTrue(new DeviceTableEntry(0, 0, 1 | 1L << 52, 0).hasReservedInterruptBits());
    assertTrue(new DeviceTableEntry(0, 0, 1, 1).hasReservedInterruptBits());
    assertFalse(new DeviceTableEntry(0, 0, 1 | 1L << 54, 1L << 15).hasReservedInterruptBits());
  }
}
