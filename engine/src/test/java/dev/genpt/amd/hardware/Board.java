package dev.genpt.amd.hardware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.genpt.memory.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;

/**
 * A machine with one IOMMU, set up word by word: 16 GiB from address 0, a device table for all
 * devices, rings of 512 entries. The device is 03:00.0, its domain 0x42.
 */
final class Board {
  static final int DEVICE = 0x0300;
  static final int DOMAIN = 0x42;
  static final long DEVICE_TABLE = 0x1000_0000L;
  static final long COMMANDS = 0x2000_0000L;
  static final long EVENTS = 0x2100_0000L;
  static final long PAGE_REQUESTS = 0x2200_0000L;
  static final long RING_BYTES = 0x2000;

  /** Nothing is here. */
  static final long NO_MEMORY = 1L << 40;

  static final long V = 1;
  static final long TV = 2;
  static final long GV = 1L << 55;
  static final long GIOV = 1L << 54;
  static final long IR = 1L << 61;
  static final long IW = 1L << 62;
  static final long I = 1L << 32;
  static final long TRANSLATES = V | TV | IR | IW;

  private static final long CONTROL =
      Control.IOMMU_EN | Control.COMMAND_EN | Control.EVENT_LOG_EN | Control.GUEST_EN | 4 << 5;
  private static final long LENGTH_9 = 9L << 56;

  final PhysicalMemory memory;
  final AmdIommu iommu;
  private long nextTable;

  Board() {
    this(IommuFeatures.DEFAULT, CacheConfig.ADVERSARIAL);
  }

  Board(IommuFeatures features, CacheConfig caches) {
    this(new PhysicalMemory(List.of(new PhysicalMemory.Region(0, 1L << 34))), features, caches, 0);
  }

  private Board(PhysicalMemory memory, IommuFeatures features, CacheConfig caches, long rings) {
    this.memory = memory;
    nextTable = 0x1_0000_0000L + rings;
    iommu = new AmdIommu(memory, features, caches);
    iommu.write64(0x0, DEVICE_TABLE | 0x1ff);
    iommu.write64(0x8, COMMANDS + rings | LENGTH_9);
    iommu.write64(0x10, EVENTS + rings | LENGTH_9);
    iommu.write64(0x38, PAGE_REQUESTS + rings | LENGTH_9);
    control(0);
  }

  /** Another IOMMU on the same memory, with the same device table and rings of its own. */
  Board neighbour() {
    return new Board(memory, iommu.features(), CacheConfig.ADVERSARIAL, 0x10_0000);
  }

  /** Turns on what every test needs, and more. */
  void control(long more) {
    iommu.write64(0x18, CONTROL | more);
  }

  /** A zeroed page. */
  long newTable() {
    nextTable += 0x1000;
    return nextTable;
  }

  /** Writes the device's entry and drops what was remembered of it. */
  void entry(long q0, long q1) {
    entry(DEVICE, q0, q1, 0);
  }

  void entry(int deviceId, long q0, long q1, long q2) {
    memory.store128(DEVICE_TABLE + deviceId * 32L + 16, q2, 0);
    memory.store128(DEVICE_TABLE + deviceId * 32L, q0, q1);
    command(2L << 60 | deviceId, 0);
  }

  /** The device uses a host table. */
  void attach(HandTable table) {
    entry(TRANSLATES | table.levels() << 9 | table.root(), DOMAIN);
  }

  /** The device uses guest tables by a GCR3 table. */
  void attachGuest(long gcr3, int topLevel, long more, long q2) {
    entry(
        DEVICE, TRANSLATES | GV | more | gcr3Low(gcr3) | (long) topLevel << 56, gcr3High(gcr3), q2);
  }

  static long gcr3Low(long gcr3) {
    return (gcr3 >>> 12 & 7) << 58;
  }

  static long gcr3High(long gcr3) {
    return DOMAIN | (gcr3 >>> 15 & 0xffff) << 16 | (gcr3 >>> 31) << 43;
  }

  /** Queues a command and runs it. */
  void command(long q0, long q1) {
    long tail = iommu.read64(0x2008);
    long base = iommu.read64(0x8) & 0x000f_ffff_ffff_f000L;
    memory.write64(base + tail, q0);
    memory.write64(base + tail + 8, q1);
    iommu.write64(0x2008, (tail + 16) % RING_BYTES);
    iommu.runCommands();
  }

  /** INVALIDATE_IOMMU_PAGES of the domain. */
  void invalidate(long address, boolean sized, boolean tables) {
    command(3L << 60 | (long) DOMAIN << 32, address | (sized ? 1 : 0) | (tables ? 2 : 0));
  }

  /** INVALIDATE_IOMMU_PAGES of everything of the domain. */
  void invalidateDomain() {
    invalidate(0x7fff_ffff_ffff_f000L, true, true);
  }

  Translation read(long address) {
    return iommu.translate(DEVICE, address, Access.READ);
  }

  Translation write(long address) {
    return iommu.translate(DEVICE, address, Access.WRITE);
  }

  /** The events that were logged since the last call. */
  List<EventEntry> events() {
    List<EventEntry> found = new ArrayList<>();
    long base = iommu.read64(0x10) & 0x000f_ffff_ffff_f000L;
    long head = iommu.read64(0x2010);
    while (head != iommu.read64(0x2018)) {
      found.add(new EventEntry(memory.read64(base + head), memory.read64(base + head + 8)));
      head = (head + 16) % RING_BYTES;
    }
    iommu.write64(0x2010, head);
    return found;
  }

  static void assertMapped(long address, int sizeLg2, Translation translation) {
    var mapped = assertInstanceOf(Translation.Mapped.class, translation);
    assertEquals(
        "%#x 2^%d".formatted(address, sizeLg2),
        "%#x 2^%d".formatted(mapped.address(), mapped.pageSizeLg2()));
  }

  /** The words of the only event since the last call, which the request got too. */
  void assertFault(String words, Translation translation) {
    assertEquals(
        words, assertInstanceOf(Translation.Faulted.class, translation).event().toString());
    assertEquals(List.of(words), events().stream().map(EventEntry::toString).toList());
  }

  /** As {@link #assertFault}: a page fault of the device in its domain, with these flags. */
  void assertPageFault(int flags, long address, Translation translation) {
    assertFault(EventEntry.pageFault(DEVICE, DOMAIN, flags, address).toString(), translation);
  }
}
