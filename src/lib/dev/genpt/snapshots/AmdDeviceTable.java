package dev.genpt.snapshots;

import dev.genpt.bits.BitField;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.snapshots.Snapshot.AmdRegisters;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The device table of an AMD IOMMU, found from its registers alone.
 *
 * <pre>
 * DeviceTableBase       51:12 address of the table | 8:0 its size in pages of 4 KiB, less one
 * Control               36:34 segments of the table, lg2 | 0 the IOMMU is on
 * device-table entry    79:64 DomainID | 63 | 55 GV | 51:12 root | 11:9 Mode | 6:2 | 1 TV | 0 V
 * </pre>
 *
 * <p>Mode is how many levels the host table has, 1 to 6. Not thread-safe: memory may be read by one
 * at a time.
 *
 * <p>Source: AMD I/O Virtualization Technology (IOMMU) Specification, "Device Table Base Address
 * Register" and "Device Table Entry Format".
 */
final class AmdDeviceTable {
  private static final BitField ENABLED = BitField.bit("IommuEn", 0);
  private static final BitField SEGMENTS = new BitField("DevTblSegEn", 36, 34);
  private static final BitField BASE = new BitField("base", 51, 12);
  private static final BitField SIZE = new BitField("size", 8, 0);

  private static final BitField V = BitField.bit("V", 0);
  private static final BitField TV = BitField.bit("TV", 1);
  private static final BitField RESERVED_LOW = new BitField("reserved", 6, 2);
  private static final BitField MODE = new BitField("Mode", 11, 9);
  private static final BitField ROOT = new BitField("root", 51, 12);
  private static final BitField GV = BitField.bit("GV", 55);
  private static final BitField RESERVED_HIGH = BitField.bit("reserved", 63);
  private static final BitField DOMAIN_ID = new BitField("DomainID", 15, 0);

  private static final int ENTRY_WORDS = 4;
  private static final int ENTRY_BYTES = ENTRY_WORDS * Long.BYTES;
  private static final int PAGE_LG2 = 12;
  private static final int MOST_LEVELS = 6;

  /** Bus, device and function; a PCI segment before them is left aside. */
  private static final Pattern DEVICE =
      Pattern.compile("(?:[0-9a-fA-F]{4}:)?([0-9a-fA-F]{2}):([01][0-9a-fA-F])\\.([0-7])");

  /** An entry of the table. */
  sealed interface Entry {}

  /**
   * The device's requests go through a table.
   *
   * @param root physical address of the root
   * @param mode how many levels, 1 to 6
   * @param words the entry as stored
   */
  record HostTable(long root, int mode, int domainId, List<Long> words) implements Entry {
    HostTable {
      words = List.copyOf(words);
    }
  }

  /**
   * The device's requests do not go through a host table.
   *
   * @param why the bits that say so
   */
  record NoTable(String why) implements Entry {}

  private final PhysicalMemory memory;
  private final AmdRegisters registers;

  AmdDeviceTable(AmdRegisters registers, PhysicalMemory memory) {
    this.registers = registers;
    this.memory = memory;
  }

  /** The number that the table is indexed by; empty if {@code device} is no PCI device. */
  static OptionalInt idOf(String device) {
    Matcher parts = DEVICE.matcher(device);
    return parts.matches()
        ? OptionalInt.of(
            (hex(parts.group(1)) << 8) | (hex(parts.group(2)) << 3) | hex(parts.group(3)))
        : OptionalInt.empty();
  }

  private static int hex(String digits) {
    return Integer.parseInt(digits, 16);
  }

  /** The device of a number, as bus:device.function. */
  static String deviceOf(int id) {
    return "%02x:%02x.%x".formatted(id >> 8, (id >> 3) & 0x1f, id & 7);
  }

  /** The entry of a device. */
  Entry entry(int id) {
    if (ENABLED.get(registers.control()) == 0) {
      return new NoTable("Control is %#x: the IOMMU is off".formatted(registers.control()));
    }
    if (SEGMENTS.get(registers.control()) != 0) {
      return new NoTable(
          "Control is %#x: a device table in segments is not read here"
              .formatted(registers.control()));
    }
    if (id >= entries()) {
      return new NoTable(
          "DeviceTableBase is %#x: the table has %d entries, the device would be number %d"
              .formatted(registers.deviceTableBase(), entries(), id));
    }
    if (!memory.isRam(address(id), ENTRY_BYTES)) {
      return new NoTable("its entry at %#x is outside RAM".formatted(address(id)));
    }
    List<Long> words = new ArrayList<>();
    for (int i = 0; i < ENTRY_WORDS; i++) {
      words.add(memory.read64(address(id) + (long) i * Long.BYTES));
    }
    return decode(words, "its entry at %#x: ".formatted(address(id)));
  }

  private int entries() {
    return (int) ((SIZE.get(registers.deviceTableBase()) + 1) << PAGE_LG2) / ENTRY_BYTES;
  }

  private long address(int id) {
    return (registers.deviceTableBase() & BASE.mask()) + (long) id * ENTRY_BYTES;
  }

  private static Entry decode(List<Long> words, String place) {
    long first = words.getFirst();
    int mode = (int) MODE.get(first);
    if (V.get(first) == 0 || TV.get(first) == 0) {
      return new NoTable(place + "V is %d and TV is %d".formatted(V.get(first), TV.get(first)));
    }
    if (RESERVED_LOW.get(first) != 0 || RESERVED_HIGH.get(first) != 0) {
      return new NoTable(place + "reserved bits are set");
    }
    if (GV.get(first) != 0) {
      return new NoTable(place + "GV is 1: guest tables are not read here");
    }
    if (mode == 0 || mode > MOST_LEVELS) {
      return new NoTable(place + "Mode is %d".formatted(mode));
    }
    return new HostTable(first & ROOT.mask(), mode, (int) DOMAIN_ID.get(words.get(1)), words);
  }

  /** Every device whose entry is in memory and leads to a table, by its number. */
  NavigableMap<Integer, HostTable> hostTables() {
    NavigableMap<Integer, HostTable> tables = new TreeMap<>();
    for (int id = 0; id < entries(); id++) {
      if (entry(id) instanceof HostTable table) {
        tables.put(id, table);
      }
    }
    return tables;
  }
}
