package dev.genpt.amd.driver;

import dev.genpt.bits.BitField;
import dev.genpt.bits.Log2;

/**
 * A device table entry: what the IOMMU does with the requests of one requester ID.
 *
 * <pre>
 * word 0   63 | 62 IW | 61 IR | 60:58 GCR3[14:12] | 57:56 GLX | 55 GV | 54 GIoV | 53 | 52 PPR
 *          | 51:12 host root | 11:9 Mode | 8:7 HAD | 6:2 | 1 TV | 0 V
 * word 1   63:43 GCR3[51:31] | 42:33 | 32 I | 31:16 GCR3[30:15] | 15:0 DomainID
 * word 2   63:56 interrupts | 55:54 guest levels | 53:52 | 51:0 interrupts
 * word 3   attributes
 * </pre>
 *
 * <p>Source: AMD I/O Virtualization Technology (IOMMU) Specification, "Device Table Entry Format".
 *
 * @param q0 the word at the lowest address
 * @param q1 the next
 * @param q2 the next
 * @param q3 the highest
 */
record DeviceTableEntry(long q0, long q1, long q2, long q3) {
  /** Bytes of an entry. */
  static final int BYTES = 32;

  /** Nothing is valid: requests pass untranslated. */
  static final DeviceTableEntry EMPTY = new DeviceTableEntry(0, 0, 0, 0);

  private static final long V = 1;
  private static final long TV = 1 << 1;
  private static final BitField HAD = new BitField("HAD", 8, 7);
  private static final long ACCESSED_AND_DIRTY = 3;
  private static final BitField MODE = new BitField("Mode", 11, 9);
  private static final BitField HOST_ROOT = new BitField("HostPTRoot", 51, 12);
  private static final long GIOV = 1L << 54;
  private static final long GV = 1L << 55;
  private static final BitField GLX = new BitField("GLX", 57, 56);
  private static final BitField GCR3_14_12 = new BitField("GCR3[14:12]", 60, 58);
  private static final long PPR = 1L << 52;
  private static final long IR = 1L << 61;
  private static final long IW = 1L << 62;
  private static final BitField DOMAIN_ID = new BitField("DomainID", 15, 0);
  private static final BitField GCR3_30_15 = new BitField("GCR3[30:15]", 31, 16);
  private static final long I = 1L << 32;
  private static final BitField GCR3_51_31 = new BitField("GCR3[51:31]", 63, 43);
  private static final BitField GUEST_LEVELS = new BitField("GuestPagingMode", 55, 54);
  private static final BitField SYSTEM_MANAGEMENT = new BitField("SysMgt", 41, 40);

  /** Of word 2, what belongs to translation; the rest is the interrupts'. */
  private static final long TRANSLATION_OF_Q2 = 0x00f0_0000_0000_0000L;

  /** What a nested entry takes from the guest's. */
  private static final long GUEST_Q0 = PPR | GIOV | GV | GLX.mask() | GCR3_14_12.mask();

  private static final long GUEST_Q1 = GCR3_30_15.mask() | GCR3_51_31.mask();

  /** Every request is refused. */
  static DeviceTableEntry blocked() {
    return new DeviceTableEntry(V, 0, 0, 0);
  }

  /** Addresses are physical ones. */
  static DeviceTableEntry identity(int domainId) {
    return new DeviceTableEntry(V | TV | IR | IW, DOMAIN_ID.of(domainId), 0, 0);
  }

  /**
   * A host (v1) table.
   *
   * @param mode its levels, 1 to 6
   */
  static DeviceTableEntry host(long root, int mode, int domainId) {
    return new DeviceTableEntry(
        V | TV | IR | IW | MODE.of(mode) | (root & HOST_ROOT.mask()), DOMAIN_ID.of(domainId), 0, 0);
  }

  /** The same with a GCR3 table, whose guest (v2) tables serve the requests that carry a PASID. */
  DeviceTableEntry withGcr3(Gcr3Root gcr3) {
    return new DeviceTableEntry(
        q0 | GV | GLX.of(gcr3.levels() - 1) | GCR3_14_12.of(gcr3.root() >>> 12),
        q1 | GCR3_30_15.of(gcr3.root() >>> 15) | GCR3_51_31.of(gcr3.root() >>> 31),
        q2 | GUEST_LEVELS.of(gcr3.guestLevels() - 4),
        q3);
  }

  /** The same with the table of PASID 0 for requests that carry none. */
  DeviceTableEntry withPasidZeroForAll() {
    return new DeviceTableEntry(q0 | GIOV, q1, q2, q3);
  }

  /** This entry of a host table, with what {@code guest} says of the guest's own tables. */
  DeviceTableEntry nesting(DeviceTableEntry guest) {
    if (!guest.isValid() || !guest.hasGuestTables()) {
      return this;
    }
    return new DeviceTableEntry(
        q0 | (guest.q0 & GUEST_Q0),
        q1 | (guest.q1 & GUEST_Q1),
        q2 | (guest.q2 & GUEST_LEVELS.mask()),
        q3);
  }

  /** The same with hardware recording accesses and writes in host leaves, or not. */
  DeviceTableEntry withDirtyTracking(boolean on) {
    long kept = q0 & ~HAD.mask();
    return new DeviceTableEntry(on ? kept | HAD.of(ACCESSED_AND_DIRTY) : kept, q1, q2, q3);
  }

  /** The same with ATS allowed, or not. */
  DeviceTableEntry withAts(boolean on) {
    return new DeviceTableEntry(q0, on ? q1 | I : q1 & ~I, q2, q3);
  }

  /** All bits of both. */
  DeviceTableEntry or(DeviceTableEntry other) {
    return new DeviceTableEntry(q0 | other.q0, q1 | other.q1, q2 | other.q2, q3 | other.q3);
  }

  /**
   * What firmware set and the driver keeps: interrupt pass bits and system management. Messages
   * that are forwarded are writes, and these must be allowed.
   */
  DeviceTableEntry firmwareBits() {
    long management = q1 & SYSTEM_MANAGEMENT.mask();
    boolean forwarded = SYSTEM_MANAGEMENT.get(q1) == 1;
    return new DeviceTableEntry(forwarded ? IW : 0, management, q2 & ~TRANSLATION_OF_Q2, 0);
  }

  /** True if the entry says anything (V). */
  boolean isValid() {
    return (q0 & V) != 0;
  }

  /** True if there is a GCR3 table (GV). */
  boolean hasGuestTables() {
    return (q0 & GV) != 0;
  }

  /** The code of the guest levels: 0 for four, 1 for five. */
  int guestLevelCode() {
    return (int) GUEST_LEVELS.get(q2);
  }

  /** The code of the GCR3 table's levels: 0 for one. */
  int gcr3LevelCode() {
    return (int) GLX.get(q0);
  }

  /** Address of the GCR3 table. */
  long gcr3Root() {
    return (GCR3_14_12.get(q0) << 12) | (GCR3_30_15.get(q1) << 15) | (GCR3_51_31.get(q1) << 31);
  }

  /** Levels of the host table, 0 for none. */
  int mode() {
    return (int) MODE.get(q0);
  }

  /** Address of the host table. */
  long hostRoot() {
    return q0 & HOST_ROOT.mask();
  }

  /** The tag in the caches. */
  int domainId() {
    return (int) DOMAIN_ID.get(q1);
  }

  /**
   * This entry with the interrupt fields of {@code inMemory}: what becomes of an entry that is
   * written over another.
   */
  DeviceTableEntry keepingInterruptsOf(DeviceTableEntry inMemory) {
    long mine = q2 & TRANSLATION_OF_Q2;
    return new DeviceTableEntry(q0, q1, (inMemory.q2 & ~TRANSLATION_OF_Q2) | mine, q3);
  }

  /** The same with V and TV set: what is then not allowed is refused. */
  DeviceTableEntry enforced(boolean translationToo) {
    return new DeviceTableEntry(q0 | V | (translationToo ? TV : 0), q1, q2, q3);
  }

  /** Where the entry of a device lies in a table. */
  static long address(long table, int deviceId) {
    return table + Log2.mul(deviceId, 5);
  }

  @Override
  public String toString() {
    return "%016x %016x %016x %016x".formatted(q0, q1, q2, q3);
  }
}
