package dev.genpt.iommu;

import dev.genpt.memory.PageAllocator;
import dev.genpt.table.Build;
import dev.genpt.table.Feature;
import dev.genpt.table.FormatDefinition;
import org.jspecify.annotations.Nullable;

/**
 * What a domain is to be: a format, the hardware's limits, and the driver behind it; to be filled
 * in and given to {@link IommuDomain#create}.
 *
 * <p>Starts with the widest addresses of the format, top level 0, no features, the production
 * build, and no hardware behind it but a root that may grow. Nothing is checked before {@code
 * create}. Not thread-safe.
 */
public final class DomainConfig {
  final FormatDefinition format;
  final PageAllocator pages;
  String name;
  Build build = Build.PRODUCTION;
  int features;
  int hwMaxVaLg2;
  int hwMaxOaLg2;
  int topLevel;
  long encryptionMask;
  IommuDriver driver = IommuDriver.NONE;
  @Nullable TableFlusher flusher;
  @Nullable TopDriver topDriver = TopDriver.withoutHardware();

  private DomainConfig(FormatDefinition format, PageAllocator pages) {
    this.format = format;
    this.pages = pages;
    name = format.name() + " domain";
    hwMaxVaLg2 = format.geometry().maxVaLg2();
    hwMaxOaLg2 = format.geometry().maxOaLg2();
  }

  /** The configuration to start from; tables will come from {@code pages}. */
  public static DomainConfig of(FormatDefinition format, PageAllocator pages) {
    return new DomainConfig(format, pages);
  }

  /** The owner's name in the allocator's accounts and in messages. */
  public DomainConfig name(String newName) {
    name = newName;
    return this;
  }

  /** Which set of features the format is compiled with. */
  public DomainConfig build(Build newBuild) {
    build = newBuild;
    return this;
  }

  /** Requests just these features. */
  public DomainConfig features(Feature... requested) {
    return features(Feature.mask(requested));
  }

  /** Requests just the features of this mask. */
  public DomainConfig features(int requested) {
    features = requested;
    return this;
  }

  /** Input and output address bits of the hardware. */
  public DomainConfig widths(int vaLg2, int oaLg2) {
    hwMaxVaLg2 = vaLg2;
    hwMaxOaLg2 = oaLg2;
    return this;
  }

  /** Level of the first root, for formats that leave it to the caller. */
  public DomainConfig topLevel(int level) {
    topLevel = level;
    return this;
  }

  /** The address bit that marks encrypted memory, 0 for none. */
  public DomainConfig encryptionMask(long mask) {
    encryptionMask = mask;
    return this;
  }

  /** Who invalidates. */
  public DomainConfig driver(IommuDriver newDriver) {
    driver = newDriver;
    return this;
  }

  /** Who writes table memory back; needed for DMA_INCOHERENT. */
  public DomainConfig flusher(TableFlusher newFlusher) {
    flusher = newFlusher;
    return this;
  }

  /** Who changes roots; null for a driver that can't. */
  public DomainConfig topDriver(@Nullable TopDriver newTopDriver) {
    topDriver = newTopDriver;
    return this;
  }
}
