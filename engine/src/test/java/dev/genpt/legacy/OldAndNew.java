package dev.genpt.legacy;

import dev.genpt.bits.Log2;
import dev.genpt.format.Amdv1;
import dev.genpt.format.VtdSecondStage;
import dev.genpt.format.X86_64;
import dev.genpt.iommu.DomainConfig;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.iommu.TopDriver;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.Feature;
import dev.genpt.table.Protection;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** A format that has both engines, and how a domain of each is made over some memory. */
enum OldAndNew {
  AMDV1,
  AMDV1_ENCRYPTED,
  X86_64_4_LEVELS,
  X86_64_5_LEVELS,
  X86_64_ENCRYPTED,
  VTDSS_39,
  VTDSS_48,
  VTDSS_57;

  /** Above the bits that tell the sizes of leaves, or those could not be told. */
  private static final long ENCRYPTION = 1L << 51;

  /** The roots' driver of the new engine. */
  private static final class Top implements TopDriver {
    private final Lock lock = new ReentrantLock();

    @Override
    public Lock topLock() {
      return lock;
    }

    @Override
    public void changeTop(long root, int topLevel) {}
  }

  /** Output address bits that are free of the encryption bit. */
  int oaLg2() {
    return isEncrypted() ? Log2.ffs(ENCRYPTION) : 52;
  }

  boolean isEncrypted() {
    return this == AMDV1_ENCRYPTED || this == X86_64_ENCRYPTED;
  }

  /** Last address of the space that both can reach. */
  long lastVa() {
    return switch (this) {
      case AMDV1, AMDV1_ENCRYPTED -> -1;
      case X86_64_4_LEVELS, X86_64_ENCRYPTED, VTDSS_48 -> Log2.toMax(48);
      case X86_64_5_LEVELS, VTDSS_57 -> Log2.toMax(57);
      case VTDSS_39 -> Log2.toMax(39);
    };
  }

  /** The new engine's domain. */
  IommuDomain newDomain(PhysicalMemory memory) {
    PageAllocator pages = new PageAllocator(memory);
    long encryption = isEncrypted() ? ENCRYPTION : 0;
    return IommuDomain.create(
        switch (this) {
          case AMDV1, AMDV1_ENCRYPTED ->
              DomainConfig.of(Amdv1.DEFINITION, pages)
                  .features(Amdv1.DEFINITION.forcedFeatures())
                  .encryptionMask(encryption)
                  .topLevel(2)
                  .topDriver(new Top());
          case X86_64_4_LEVELS ->
              DomainConfig.of(X86_64.DEFINITION, pages).widths(48, 52).topLevel(3);
          case X86_64_5_LEVELS ->
              DomainConfig.of(X86_64.DEFINITION, pages).widths(57, 52).topLevel(4);
          case X86_64_ENCRYPTED ->
              DomainConfig.of(X86_64.DEFINITION, pages)
                  .widths(48, 52)
                  .topLevel(3)
                  .features(X86_64.ENCRYPT_TABLES)
                  .encryptionMask(encryption);
          case VTDSS_39 -> vtdss(pages, 39, 2);
          case VTDSS_48 -> vtdss(pages, 48, 3);
          case VTDSS_57 -> vtdss(pages, 57, 4);
        });
  }

  private static DomainConfig vtdss(PageAllocator pages, int width, int topLevel) {
    return DomainConfig.of(VtdSecondStage.DEFINITION, pages)
        .features(Feature.FLUSH_RANGE)
        .widths(width, 52)
        .topLevel(topLevel);
  }

  /** The old engine's domain. */
  LegacyDomain oldDomain(PhysicalMemory memory) {
    PageAllocator pages = new PageAllocator(memory);
    long encryption = isEncrypted() ? ENCRYPTION : 0;
    LegacyDriver driver = LegacyDriver.NONE;
    return new LegacyDomain(
        switch (this) {
          case AMDV1, AMDV1_ENCRYPTED -> new AmdV1IoPageTable(pages, driver, false, encryption);
          case X86_64_4_LEVELS, X86_64_ENCRYPTED ->
              new AmdV2IoPageTable(pages, driver, 3, false, encryption);
          case X86_64_5_LEVELS -> new AmdV2IoPageTable(pages, driver, 4);
          case VTDSS_39 -> new VtdIoPageTable(pages, driver, 39, true, true);
          case VTDSS_48 -> new VtdIoPageTable(pages, driver, 48, true, true);
          case VTDSS_57 -> new VtdIoPageTable(pages, driver, 57, true, true);
        });
  }

  /**
   * The bits in which the engines differ for a protection, with their reason: the old AMD v2 leaf
   * is born dirty even where it can't be written, the old VT-d leaf can always be read, the old AMD
   * engines encrypt device memory too.
   */
  long excepted(int protection) {
    return switch (this) {
      case X86_64_4_LEVELS, X86_64_5_LEVELS -> bornDirty(protection);
      case X86_64_ENCRYPTED -> bornDirty(protection) | encryptedMmio(protection);
      case AMDV1_ENCRYPTED -> encryptedMmio(protection);
      case AMDV1 -> 0;
      case VTDSS_39, VTDSS_48, VTDSS_57 -> (protection & Protection.READ) == 0 ? 1 : 0;
    };
  }

  private static long bornDirty(int protection) {
    return (protection & Protection.WRITE) == 0 ? 1L << 6 : 0;
  }

  private static long encryptedMmio(int protection) {
    return (protection & Protection.MMIO) != 0 ? ENCRYPTION : 0;
  }
}
