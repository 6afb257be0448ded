package dev.genpt.amd.driver;

import dev.genpt.bits.BitField;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;

/**
 * What an IOMMU can do: its extended feature registers.
 *
 * @param first the register at 0x30
 * @param second the register at 0x1a0
 */
public record IommuFeatures(long first, long second) {
  private static final BitField HOST_LEVELS = new BitField("HATS", 11, 10);
  private static final BitField GUEST_LEVELS = new BitField("GATS", 13, 12);
  private static final BitField GCR3_LEVELS = new BitField("GLX", 15, 14);
  private static final BitField PASID_BITS = new BitField("PASmax", 36, 32);
  private static final int NO_HOST_LEVELS = 3;
  private static final int MOST_PASID_BITS = 15;

  private static final long PPR = 1 << 1;
  private static final long GUEST_TRANSLATION = 1 << 4;
  private static final long INVALIDATE_ALL = 1 << 6;
  private static final long GUEST_IO = 1L << 48;
  private static final long ENHANCED_PPR = 1L << 50;
  private static final long DIRTY = 1L << 52;
  private static final long SNP = 1L << 63;
  private static final long GCR3_IS_GPA = 1L << 3;
  private static final long HT_RANGE_IGNORE = 1L << 11;

  /**
   * Checks what the driver can't do.
   *
   * @throws IommuException EINVAL if PASmax is above 15
   */
  public IommuFeatures {
    if (PASID_BITS.get(first) > MOST_PASID_BITS) {
      throw new IommuException(
          Errno.EINVAL,
          "extended features %#x: PASmax %d, at most %d"
              .formatted(first, PASID_BITS.get(first), MOST_PASID_BITS));
    }
  }

  /** What both can do: bit by bit, as upstream has it. */
  IommuFeatures and(IommuFeatures other) {
    return new IommuFeatures(first & other.first, second & other.second);
  }

  /** Levels of host tables that can be walked: 4, 5, 6, or 0 without host translation. */
  public int hostLevels() {
    int code = (int) HOST_LEVELS.get(first);
    return code == NO_HOST_LEVELS ? 0 : code + 4;
  }

  /** Levels that guest tables have: 5 if the CPU and the IOMMU can, else 4. */
  public int guestLevels(boolean cpuHasFive) {
    return cpuHasFive && GUEST_LEVELS.get(first) == 1 ? 5 : 4;
  }

  /** Levels of GCR3 tables, at most. */
  public int gcr3Levels() {
    return (int) GCR3_LEVELS.get(first) + 1;
  }

  /** One more than the highest PASID. */
  public int pasids() {
    return (1 << (PASID_BITS.get(first) + 1)) - 1;
  }

  /** True if guest (v2) tables can serve requests without a PASID. */
  public boolean hasGuestTables() {
    return has(GUEST_TRANSLATION | GUEST_IO);
  }

  /**
   * True if devices may use PASIDs.
   *
   * @param cpuHasFive if the CPU pages with five levels, which the IOMMU must then do too
   */
  public boolean hasPasids(boolean cpuHasFive) {
    boolean levels = !cpuHasFive || guestLevels(true) == 5;
    return hasGuestTables() && has(PPR | ENHANCED_PPR) && !has(SNP) && levels;
  }

  /** True if a guest may have tables of its own over a host table. */
  public boolean hasNesting() {
    return hasGuestTables() && hasGcr3Gpa();
  }

  /** True if hardware records writes in host tables. */
  public boolean hasDirtyTracking() {
    return has(DIRTY);
  }

  boolean hasInvalidateAll() {
    return has(INVALIDATE_ALL);
  }

  boolean hasGuestTranslation() {
    return has(GUEST_TRANSLATION);
  }

  boolean hasEnhancedPpr() {
    return has(ENHANCED_PPR);
  }

  boolean hasSnp() {
    return has(SNP);
  }

  boolean hasGcr3Gpa() {
    return (second & GCR3_IS_GPA) != 0;
  }

  /** True if the HyperTransport addresses are ordinary ones. */
  boolean ignoresHyperTransport() {
    return (second & HT_RANGE_IGNORE) != 0;
  }

  private boolean has(long bits) {
    return (first & bits) == bits;
  }
}
