package dev.genpt.amd.hardware;

import java.util.List;

/**
 * What the registers say about translations, decoded once per register write.
 *
 * @param features what the IOMMU can do
 * @param enabled false if everything passes
 * @param guestEnabled true if GCR3 tables are used
 * @param gcr3IsGuestAddress true if a GCR3 table is found by guest addresses
 * @param guestAccessed true if guest tables get their A bits
 * @param guestDirty true if guest tables get their D bits
 * @param segmentsLg2 the device table is in 2^n segments
 * @param tables the base registers of the segments
 * @param exclusion the exclusion range
 */
record Settings(
    IommuFeatures features,
    boolean enabled,
    boolean guestEnabled,
    boolean gcr3IsGuestAddress,
    boolean guestAccessed,
    boolean guestDirty,
    int segmentsLg2,
    List<Long> tables,
    Exclusion exclusion) {

  /**
   * The range that some devices reach untranslated.
   *
   * @param enabled false if there is none
   * @param allDevices true if every device may use it
   * @param first first address
   * @param last last address, inclusive
   */
  record Exclusion(boolean enabled, boolean allDevices, long first, long last) {
    private static final long ENABLE = 1;
    private static final long ALLOW_ALL = 2;
    private static final long ADDRESS = 0x000f_ffff_ffff_f000L;

    static Exclusion of(long base, long limit, IommuFeatures features) {
      return new Exclusion(
          (base & ENABLE) != 0 && !features.has(IommuFeatures.Bit.SNP),
          (base & ALLOW_ALL) != 0,
          base & ADDRESS,
          limit);
    }

    boolean holds(long address) {
      return enabled
          && Long.compareUnsigned(address, first) >= 0
          && Long.compareUnsigned(address, last) <= 0;
    }
  }

  static Settings of(long control, List<Long> tables, Exclusion exclusion, IommuFeatures features) {
    return new Settings(
        features,
        (control & Control.IOMMU_EN) != 0,
        (control & Control.GUEST_EN) != 0 && features.has(IommuFeatures.Bit.GT),
        (control & Control.GCR3_IS_GUEST_ADDRESS) != 0,
        (control & Control.GUEST_ACCESSED_OFF) == 0,
        (control & Control.GUEST_DIRTY_OFF) == 0,
        Control.segmentsLg2(control),
        tables,
        exclusion);
  }
}
