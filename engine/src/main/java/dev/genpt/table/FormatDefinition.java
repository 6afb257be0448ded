package dev.genpt.table;

import dev.genpt.error.IommuException;
import java.util.List;
import java.util.stream.Stream;

/**
 * A page-table format before it is configured: its name, its measures and what it can do.
 *
 * <p>Implementations are immutable and may be shared by any threads.
 */
public interface FormatDefinition {
  /** Upstream's short name, such as {@code amdv1}. */
  String name();

  /** What the format is, in a few words. */
  String title();

  /** What walks it; nothing unless the format says otherwise. */
  default Hardware hardware() {
    return Hardware.NONE;
  }

  /** Its fixed measures. */
  Geometry geometry();

  /** Its own features, numbered from {@link Feature#FORMAT_START}. */
  List<Feature> privateFeatures();

  /** Mask of the features that the production build has. */
  int supportedFeatures();

  /** Mask of the features that a production caller must request; part of the supported ones. */
  int forcedFeatures();

  /**
   * The format for one table: checks the configuration and picks the first top level (upstream:
   * {@code iommu_fmt_init}).
   *
   * @throws IommuException EINVAL or EOPNOTSUPP for a configuration that the format can't have
   */
  PageTableFormat configure(FormatConfig config);

  /** The core's features, then its own. */
  default List<Feature> allFeatures() {
    return Stream.concat(Feature.CORE.stream(), privateFeatures().stream()).toList();
  }
}
