package dev.genpt.amd.hardware;

import dev.genpt.amd.hardware.IommuFeatures.Bit;
import dev.genpt.bits.BitField;
import dev.genpt.bits.Log2;

/**
 * A device table entry: 256 bits that say how the requests of one device are treated.
 *
 * <pre>
 * q0  0 V | 1 TV | 8:7 HAD | 11:9 Mode | 51:12 host root | 52 PPR | 54 GIoV | 55 GV | 57:56 GLX
 *     60:58 GCR3 root 14:12 | 61 IR | 62 IW
 * q1  15:0 DomainID | 31:16 GCR3 root 30:15 | 32 I | 33 SE | 34 SA | 39 EX | 63:43 GCR3 root 51:31
 * q2  0 IV | 55:54 GuestPagingMode
 * </pre>
 *
 * <p>Immutable. Source: AMD I/O Virtualization Technology (IOMMU) Specification, "Device Table
 * Entry Format".
 */
record DeviceTableEntry(long q0, long q1, long q2, long q3) implements DeviceTable.Lookup {
  private static final long RESERVED_0 = 1L << 63 | 0x7cL;
  private static final long RESERVED_2 = 3L << 52;
  private static final long RESERVED_3 = 0x3fL << 48 | 0x7fffL;

  private static final BitField HAD = new BitField("HAD", 8, 7);
  private static final BitField MODE = new BitField("Mode", 11, 9);
  private static final BitField ROOT = new BitField("Root", 51, 12);
  private static final BitField GLX = new BitField("GLX", 57, 56);
  private static final BitField GCR3_14_12 = new BitField("GCR3Root", 60, 58);
  private static final BitField DOMAIN_ID = new BitField("DomainID", 15, 0);
  private static final BitField GCR3_30_15 = new BitField("GCR3Root", 31, 16);
  private static final BitField GCR3_51_31 = new BitField("GCR3Root", 63, 43);
  private static final BitField GUEST_PAGING_MODE = new BitField("GuestPagingMode", 55, 54);

  private static final int HAD_RESERVED = 2;
  private static final int HAD_BOTH = 3;
  private static final int GLX_RESERVED = 3;

  static DeviceTableEntry of(long[] words) {
    return new DeviceTableEntry(words[0], words[1], words[2], words[3]);
  }

  private static boolean bit(long word, int index) {
    return (word >>> index & 1) != 0;
  }

  boolean valid() {
    return bit(q0, 0);
  }

  boolean translationValid() {
    return bit(q0, 1);
  }

  /** Levels of the host table, 0 for none. */
  int mode() {
    return (int) MODE.get(q0);
  }

  long hostRoot() {
    return q0 & ROOT.mask();
  }

  int domainId() {
    return (int) DOMAIN_ID.get(q1);
  }

  /** {@link Rights} of the device. */
  int rights() {
    return Rights.ofReadWrite(q0);
  }

  boolean suppressesRepeated() {
    return bit(q1, 33);
  }

  boolean suppressesAll() {
    return bit(q1, 34);
  }

  boolean mayBeExcluded() {
    return bit(q1, 39);
  }

  boolean allowsTranslationRequests(IommuFeatures features) {
    return bit(q1, 32) && features.iotlbSup();
  }

  boolean allowsPageRequests(IommuFeatures features) {
    return valid() && bit(q0, 52) && features.has(Bit.PPR);
  }

  /** True if host leaves get their A bit. */
  boolean marksAccessed(IommuFeatures features) {
    return HAD.get(q0) != 0 && features.has(Bit.HA_SUP);
  }

  /** True if host leaves get their D bit. */
  boolean marksDirty(IommuFeatures features) {
    return HAD.get(q0) == HAD_BOTH && features.has(Bit.HD_SUP);
  }

  /** True if there is a GCR3 table. */
  boolean guestValid(Settings settings) {
    return settings.guestEnabled() && bit(q0, 55);
  }

  /** True if requests without a PASID use the guest table of PASID 0. */
  boolean guestWithoutPasid(Settings settings) {
    return guestValid(settings) && bit(q0, 54) && settings.features().has(Bit.GIO_SUP);
  }

  /** The lowest level of the GCR3 table is 0; its top is this. */
  int gcr3TopLevel() {
    return (int) GLX.get(q0);
  }

  long gcr3Root() {
    return GCR3_14_12.get(q0) << 12 | GCR3_30_15.get(q1) << 15 | GCR3_51_31.get(q1) << 31;
  }

  int guestLevels(IommuFeatures features) {
    return features.fiveGuestLevels() && GUEST_PAGING_MODE.get(q2) == 1 ? 5 : 4;
  }

  /** True if a bit is set that a memory request finds reserved. */
  boolean hasReservedBits() {
    return (q0 & RESERVED_0) != 0;
  }

  /** True if a field has a value that means nothing. */
  boolean hasReservedEncoding(Settings settings) {
    IommuFeatures features = settings.features();
    boolean hasHad = features.has(Bit.HA_SUP) || features.has(Bit.HD_SUP);
    return mode() > features.hostLevels()
        || (hasHad && HAD.get(q0) == HAD_RESERVED)
        || (guestValid(settings)
            && (gcr3TopLevel() == GLX_RESERVED
                || (features.fiveGuestLevels() && GUEST_PAGING_MODE.get(q2) > 1)));
  }

  /** True if a bit is set that an interrupt request finds reserved. */
  boolean hasReservedInterruptBits() {
    return bit(q2, 0) && ((q2 & RESERVED_2) | (q3 & RESERVED_3)) != 0;
  }

  @Override
  public String toString() {
    return "%#018x %#018x %#018x %#018x".formatted(q0, q1, q2, q3);
  }

  /** Bits that a host table of this entry decodes, lg2. */
  int hostWidthLg2() {
    return Math.min(Long.SIZE, 12 + 9 * mode());
  }

  /** True if an address has bits above those that the host table decodes. */
  boolean isAboveHostTable(long address) {
    return Log2.div(address, hostWidthLg2()) != 0;
  }
}
