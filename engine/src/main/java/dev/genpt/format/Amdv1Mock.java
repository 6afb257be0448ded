package dev.genpt.format;

import dev.genpt.table.Feature;
import dev.genpt.table.FormatConfig;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.Geometry;
import dev.genpt.table.PageTableFormat;
import java.util.List;

/**
 * {@link Amdv1} with a granule of 2 KiB: a format that no hardware walks, for testing what stands
 * above a table whose smallest page is not the machine's.
 *
 * <pre>
 * address   63      56 55   47 46   38 37   29 28   20 19   11 10     0
 *           | must be 0 |  L 4  |  L 3  |  L 2  |  L 1  |  L 0  | offset |
 * </pre>
 *
 * <p>Its entries are those of AMDv1 with the address field scaled by 2 KiB instead of 4 KiB.
 * Immutable. Source: upstream {@code fmt/iommu_mock.c}.
 */
public final class Amdv1Mock implements FormatDefinition {
  /** The format, to be configured. */
  public static final FormatDefinition DEFINITION = new Amdv1Mock();

  private Amdv1Mock() {}

  @Override
  public String name() {
    return "mock";
  }

  @Override
  public String title() {
    return "AMDv1 with a 2 KiB granule, for tests";
  }

  @Override
  public Geometry geometry() {
    return new Geometry(11, 12, 3, 4, 56, 51, Amdv1.DEFINITION.geometry().topPhysMask());
  }

  @Override
  public List<Feature> privateFeatures() {
    return Amdv1.DEFINITION.privateFeatures();
  }

  @Override
  public int supportedFeatures() {
    return 0;
  }

  @Override
  public int forcedFeatures() {
    return 0;
  }

  @Override
  public PageTableFormat configure(FormatConfig config) {
    return new Amdv1(this, config);
  }
}
