package dev.genpt.amd.hardware;

/**
 * What an AMD IOMMU can do, as it says in its Extended Feature registers and its PCI capability.
 *
 * <p>A structure bit of a feature that is missing is not checked and has no effect. Immutable.
 *
 * <p>Source: AMD I/O Virtualization Technology (IOMMU) Specification, "Extended Feature Register".
 *
 * @param efr the Extended Feature Register, offset 0x30
 * @param efr2 the Extended Feature 2 Register, offset 0x1a0
 * @param npCache true if results "not present" are cached too (capability bit 26)
 * @param iotlbSup true if devices may have IOTLBs of their own (capability bit 24)
 */
public record IommuFeatures(long efr, long efr2, boolean npCache, boolean iotlbSup) {
  /** Bits of {@link #efr} by name. */
  public enum Bit {
    /** Command PREFETCH_IOMMU_PAGES. */
    PREFETCH(0),
    /** Page requests. */
    PPR(1),
    /** No-execute protection. */
    NX(3),
    /** Guest translation: GCR3 tables and PASIDs. */
    GT(4),
    /** Command INVALIDATE_IOMMU_ALL. */
    IA(6),
    /** Hardware error registers. */
    HE(8),
    /** User and supervisor checks. */
    US(37),
    /** Requests without a PASID may use the guest table of PASID 0. */
    GIO_SUP(48),
    /** Accessed bits in host tables. */
    HA_SUP(49),
    /** Dirty bits in host tables. */
    HD_SUP(52),
    /** The exclusion registers hold the completion store area instead. */
    SNP(63);

    private final int index;

    Bit(int index) {
      this.index = index;
    }

    private long mask() {
      return 1L << index;
    }
  }

  private static final int HATS = 10;
  private static final int GATS = 12;
  private static final int SEGMENTS = 38;
  private static final long TWO_BITS = 3;

  /**
   * Six host levels, five guest levels, page requests, no-execute, accessed and dirty bits, and
   * GCR3 pointers that are guest addresses; devices may have IOTLBs; nothing "not present" is
   * cached.
   */
  public static final IommuFeatures DEFAULT =
      new IommuFeatures(0x0017_002f_0000_595aL, 8, false, true);

  /** The same with {@code bit} set. */
  public IommuFeatures with(Bit bit) {
    return withEfr(efr | bit.mask());
  }

  /** The same with {@code bit} clear. */
  public IommuFeatures without(Bit bit) {
    return withEfr(efr & ~bit.mask());
  }

  /** The same with another Extended Feature Register. */
  public IommuFeatures withEfr(long newEfr) {
    return new IommuFeatures(newEfr, efr2, npCache, iotlbSup);
  }

  /** The same with another value of {@link #npCache}. */
  public IommuFeatures withNpCache(boolean cachesAbsence) {
    return new IommuFeatures(efr, efr2, cachesAbsence, iotlbSup);
  }

  /** The same with another value of {@link #iotlbSup}. */
  public IommuFeatures withIotlbSup(boolean supported) {
    return new IommuFeatures(efr, efr2, npCache, supported);
  }

  /** True if {@code bit} is set. */
  public boolean has(Bit bit) {
    return (efr & bit.mask()) != 0;
  }

  /** Levels that a host table may have, 4..6; 0 if there is no host translation. */
  public int hostLevels() {
    int code = (int) (efr >>> HATS & TWO_BITS);
    return code == TWO_BITS ? 0 : code + 4;
  }

  /** True if guest tables may have five levels. */
  boolean fiveGuestLevels() {
    return (efr >>> GATS & TWO_BITS) != 0;
  }

  /** The device table may be in 2^n segments: n, 0..3. */
  int segmentsLg2() {
    return (int) (efr >>> SEGMENTS & TWO_BITS);
  }
}
