package dev.genpt.iommu;

import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.table.Feature;
import dev.genpt.table.FormatConfig;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.Geometry;
import dev.genpt.table.PageTable;
import dev.genpt.table.PageTableFormat;

/**
 * The checks and decisions that turn a configuration into a page table without a root, in
 * upstream's order ({@code pt_iommu_init}), with its defects mended: a root that need not grow
 * satisfies a demand for growth, and a width below the root's item is refused.
 */
final class DomainInit {
  private DomainInit() {}

  /** The page table of {@code config}, or EINVAL or EOPNOTSUPP. */
  static PageTable pageTable(DomainConfig config) {
    FormatDefinition definition = config.format;
    Geometry geometry = definition.geometry();
    require(
        config.hwMaxVaLg2 > 0 && config.hwMaxVaLg2 <= geometry.maxVaLg2(),
        "%s: %d input address bits, must be 1 to %d",
        definition.name(),
        config.hwMaxVaLg2,
        geometry.maxVaLg2());
    require(
        config.hwMaxOaLg2 > 0, "%s: %d output address bits", definition.name(), config.hwMaxOaLg2);

    int supported = config.build.supported(definition);
    PageTableFormat format =
        definition.configure(
            new FormatConfig(
                config.features & supported,
                config.hwMaxVaLg2,
                config.hwMaxOaLg2,
                config.topLevel,
                config.encryptionMask));
    require(
        config.hwMaxOaLg2 <= geometry.maxOaLg2(),
        "%s: %d output address bits, at most %d",
        definition.name(),
        config.hwMaxOaLg2,
        geometry.maxOaLg2());
    int features = checkFeatures(config, format, supported);
    int maxOaLg2 = Math.min(config.hwMaxOaLg2, format.maxOaLg2());
    checkCombinations(config, features);
    return new PageTable(format, config.pages.memory(), features, maxOaLg2);
  }

  /** The features that are on in the end. */
  private static int checkFeatures(DomainConfig config, PageTableFormat format, int supported) {
    FormatDefinition definition = config.format;
    int top = format.initialTopLevel();
    int maxTop = definition.geometry().maxTopLevel();
    require(
        top >= 0 && top <= maxTop,
        "%s: top level %d, must be 0 to %d",
        definition.name(),
        top,
        maxTop);
    int decoded = format.itemsLg2(top) + format.itemSizeLg2(top);
    int features = config.features;
    if (top == maxTop || decoded >= format.maxVaLg2()) {
      features &= ~Feature.DYNAMIC_TOP.mask();
    }
    if (!Feature.DYNAMIC_TOP.in(features) && format.maxVaLg2() == Long.SIZE) {
      features |= Feature.FULL_VA.mask();
    }
    int unsupported = features & ~supported;
    if (unsupported != 0) {
      throw new IommuException(
          Errno.EOPNOTSUPP,
          "%s does not support %s"
              .formatted(definition.name(), Feature.describe(unsupported, definition)));
    }
    int missing = config.build.forced(definition) & ~config.features;
    if (missing != 0) {
      throw new IommuException(
          Errno.EOPNOTSUPP,
          "%s must be asked for %s"
              .formatted(definition.name(), Feature.describe(missing, definition)));
    }
    boolean isStatic = !Feature.DYNAMIC_TOP.in(features) && top != maxTop;
    if (isStatic && format.maxVaLg2() > decoded) {
      throw new IommuException(
          Errno.EOPNOTSUPP,
          "%s: %d input address bits, but a root of level %d decodes %d and can't grow"
              .formatted(definition.name(), format.maxVaLg2(), top, decoded));
    }
    require(
        format.maxVaLg2() >= format.itemSizeLg2(top),
        "%s: %d input address bits are less than one item of the root of level %d",
        definition.name(),
        format.maxVaLg2(),
        top);
    return features;
  }

  private static void checkCombinations(DomainConfig config, int features) {
    require(
        !Feature.DYNAMIC_TOP.in(features) || config.topDriver != null,
        "%s: DYNAMIC_TOP needs a driver that can change the root",
        config.format.name());
    require(
        !Feature.SIGN_EXTEND.in(features)
            || (features & Feature.mask(Feature.FULL_VA, Feature.DYNAMIC_TOP)) == 0,
        "%s: SIGN_EXTEND can't go with FULL_VA or DYNAMIC_TOP",
        config.format.name());
    require(
        !Feature.DMA_INCOHERENT.in(features) || config.flusher != null,
        "%s: DMA_INCOHERENT needs a flusher that writes table memory back",
        config.format.name());
  }

  private static void require(boolean condition, String rule, Object... values) {
    if (!condition) {
      throw new IommuException(Errno.EINVAL, rule.formatted(values));
    }
  }

  /** The leaf sizes that a table offers at first. */
  static long pageSizeBitmap(PageTable table) {
    PageTableFormat format = table.format();
    boolean grows = table.has(Feature.DYNAMIC_TOP);
    int highest = grows ? format.geometry().maxTopLevel() : format.initialTopLevel();
    long sizes = 0;
    for (int level = 0; level <= highest; level++) {
      if (!grows || format.itemSizeLg2(level) < table.maxVaLg2()) {
        sizes |= format.possibleSizes(level);
      }
    }
    return sizes & Log2.toMax(table.maxOaLg2());
  }
}
