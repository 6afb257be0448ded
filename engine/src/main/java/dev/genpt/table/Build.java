package dev.genpt.table;

/**
 * How a format is compiled upstream: which features it then has and which the caller must ask for.
 *
 * <p>Rules: upstream {@code iommu_pt.h} and the option DEBUG_GENERIC_PT.
 */
public enum Build {
  /** The set that the in-tree drivers use; forced features must be requested. */
  PRODUCTION,
  /** Nearly every feature for every format, none forced: for tests over the whole matrix. */
  DEBUG;

  /** Mask of the features that {@code definition} has in this build. */
  public int supported(FormatDefinition definition) {
    int declared = definition.supportedFeatures();
    if (this == PRODUCTION) {
      return declared;
    }
    int all = Feature.mask(definition.allFeatures());
    if (!Feature.DMA_INCOHERENT.in(declared)) {
      all &= ~Feature.DMA_INCOHERENT.mask();
    }
    return Feature.SIGN_EXTEND.in(declared)
        ? all & ~Feature.mask(Feature.DYNAMIC_TOP, Feature.FULL_VA)
        : all & ~Feature.SIGN_EXTEND.mask();
  }

  /** Mask of the features that a request must contain in this build. */
  public int forced(FormatDefinition definition) {
    return this == PRODUCTION ? definition.forcedFeatures() : 0;
  }
}
