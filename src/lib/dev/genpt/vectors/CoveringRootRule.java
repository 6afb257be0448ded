package dev.genpt.vectors;

import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.table.Feature;
import dev.genpt.table.FormatConfig;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.Geometry;
import dev.genpt.table.PageTableFormat;

/**
 * Rule 6: a table that asks for every forced feature, growth among them, and whose first root
 * already covers the width was recorded as refused, as growth is then switched off; it must be
 * made, as a table that does not grow.
 */
final class CoveringRootRule {
  static final int NUMBER = 6;

  private CoveringRootRule() {}

  /** What making the table must answer. */
  static Answer correct(MainlineConfig config, Answer recorded) {
    return isMet(config, recorded) ? due(config) : recorded;
  }

  private static boolean isMet(MainlineConfig config, Answer recorded) {
    FormatDefinition format = config.format();
    int forced = format.forcedFeatures();
    return recorded.equals(refused(Errno.EOPNOTSUPP))
        && Feature.DYNAMIC_TOP.in(forced)
        && (config.features() & forced) == forced
        && (config.features() & ~format.supportedFeatures()) == 0
        && covers(format.geometry(), config);
  }

  private static Answer refused(Errno errno) {
    return Answer.empty().withText(Answer.RC, "-" + errno).withCount(Answer.LIVE, 0);
  }

  private static boolean covers(Geometry geometry, MainlineConfig config) {
    return config.topLevel() == geometry.maxTopLevel()
        || geometry.itemSizeLg2(config.topLevel() + 1) >= config.hwMaxVaLg2();
  }

  /** A root of less than one item can't be. */
  private static Answer due(MainlineConfig config) {
    int itemSize = config.format().geometry().itemSizeLg2(config.topLevel());
    if (config.hwMaxVaLg2() < itemSize) {
      return refused(Errno.EINVAL);
    }
    return Answer.empty()
        .withText(Answer.RC, Answer.SUCCESS)
        .withHex(Answer.PGSIZE_BITMAP, pageSizes(config))
        .withHex(Answer.APERTURE_START, 0)
        .withHex(Answer.APERTURE_END, Log2.setModMax(0, config.hwMaxVaLg2()))
        .withCount(Answer.TOP_LEVEL, config.topLevel())
        .withCount(Answer.LIVE, 1);
  }

  /** The leaf sizes of every level up to the root, as far as output addresses reach. */
  private static long pageSizes(MainlineConfig config) {
    PageTableFormat format =
        config
            .format()
            .configure(
                new FormatConfig(
                    config.features(),
                    config.hwMaxVaLg2(),
                    config.hwMaxOaLg2(),
                    config.topLevel(),
                    config.encryptionMask()));
    long sizes = 0;
    for (int level = 0; level <= config.topLevel(); level++) {
      sizes |= format.possibleSizes(level);
    }
    return sizes & Log2.toMax(Math.min(config.hwMaxOaLg2(), format.maxOaLg2()));
  }
}
