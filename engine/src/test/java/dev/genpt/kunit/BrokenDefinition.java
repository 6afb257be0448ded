package dev.genpt.kunit;

import dev.genpt.table.Feature;
import dev.genpt.table.FormatConfig;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.Geometry;
import dev.genpt.table.PageTableFormat;
import java.util.List;

/**
 * A format of which every table is broken in the same way.
 *
 * @param sound the format
 * @param breakage what is made of a table's format
 */
record BrokenDefinition(FormatDefinition sound, Breakage breakage) implements FormatDefinition {
  /** How a format is broken. */
  interface Breakage {
    /** The broken format, which answers as {@code sound} but in one function. */
    PageTableFormat of(FormatDefinition definition, PageTableFormat sound);
  }

  @Override
  public String name() {
    return sound.name();
  }

  @Override
  public String title() {
    return sound.title();
  }

  @Override
  public Geometry geometry() {
    return sound.geometry();
  }

  @Override
  public List<Feature> privateFeatures() {
    return sound.privateFeatures();
  }

  @Override
  public int supportedFeatures() {
    return sound.supportedFeatures();
  }

  @Override
  public int forcedFeatures() {
    return sound.forcedFeatures();
  }

  @Override
  public PageTableFormat configure(FormatConfig config) {
    return breakage.of(this, sound.configure(config));
  }
}
