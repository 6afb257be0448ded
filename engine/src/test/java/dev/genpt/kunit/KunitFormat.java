package dev.genpt.kunit;

import dev.genpt.error.Errno;
import dev.genpt.table.Build;
import dev.genpt.table.FormatConfig;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.PageTableFormat;
import java.util.List;
import java.util.Set;

/**
 * One format with the configurations that it is tested in.
 *
 * @param prefix upstream's name of the format in the names of suites and parameters
 * @param definition the format
 * @param controlled mask of the features that the configurations decide on; all others are on
 * @param refusal the protections that the format can't express
 * @param configs the configurations, by number
 */
public record KunitFormat(
    String prefix,
    FormatDefinition definition,
    int controlled,
    Refusal refusal,
    List<KunitConfig> configs) {

  /**
   * Protections, of the values 0 to 31, that a format refuses.
   *
   * @param errno the error it refuses them with
   * @param protections the values
   */
  public record Refusal(Errno errno, Set<Integer> protections) {
    /** Every protection is accepted. */
    static final Refusal NONE = new Refusal(Errno.EOPNOTSUPP, Set.of());
  }

  /** The name of the parameter that stands for a configuration. */
  public String parameter(int index) {
    return "%s_cfg_%d".formatted(prefix, index);
  }

  /**
   * Every feature of the debug build but the controlled ones, and those that {@code config} has on.
   */
  public int features(KunitConfig config) {
    return (Build.DEBUG.supported(definition) & ~controlled) | config.features();
  }

  /** Input address bits of a configuration. */
  public int vaLg2(KunitConfig config) {
    return config.vaLg2() == 0 ? definition.geometry().maxVaLg2() : config.vaLg2();
  }

  /** The format, configured the first way: what there is to ask of it before there is a table. */
  PageTableFormat sample() {
    KunitConfig first = configs.getFirst();
    return definition.configure(
        new FormatConfig(
            features(first), vaLg2(first), definition.geometry().maxOaLg2(), first.topLevel(), 0));
  }
}
