package dev.genpt.vectors;

import dev.genpt.json.Fields;
import dev.genpt.json.MalformedJson;
import dev.genpt.legacy.AmdV1IoPageTable;
import dev.genpt.legacy.AmdV2IoPageTable;
import dev.genpt.legacy.IoPageTable;
import dev.genpt.legacy.LegacyDriver;
import dev.genpt.legacy.LpaeConfig;
import dev.genpt.legacy.LpaeConfig.Variant;
import dev.genpt.legacy.LpaeIoPageTable;
import dev.genpt.legacy.VtdIoPageTable;
import dev.genpt.memory.PageAllocator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * What old engine a scenario asks for.
 *
 * @param maker makes the engine
 */
record LegacyConfig(Maker maker) implements Config {
  private static final Map<String, Variant> LPAE =
      Map.of(
          "old_arm64_s1", Variant.ARM_64_S1,
          "old_arm64_s2", Variant.ARM_64_S2,
          "old_arm32_s1", Variant.ARM_32_S1,
          "old_arm32_s2", Variant.ARM_32_S2,
          "old_arm_mali", Variant.MALI);

  private static final Map<String, Reader> READERS =
      Map.of(
          "old_amdv1",
          LegacyConfig::amdv1,
          "old_amdv2",
          LegacyConfig::amdv2,
          "old_vtdss",
          LegacyConfig::vtdss);

  /** Makes an engine whose tables come from an allocator. */
  @FunctionalInterface
  interface Maker {
    IoPageTable make(PageAllocator pages, LegacyDriver driver);
  }

  private interface Reader {
    Maker read(Fields config);
  }

  /** The names of the formats that there are old engines of. */
  static Set<String> formats() {
    Set<String> names = new TreeSet<>(READERS.keySet());
    names.addAll(LPAE.keySet());
    return names;
  }

  /**
   * The engine that {@code config} asks for; empty if there is none of that format.
   *
   * @throws MalformedJson if the configuration does not have the form
   */
  static Optional<LegacyConfig> read(String format, Fields config) {
    Optional<Maker> maker =
        Optional.ofNullable(LPAE.get(format))
            .map(variant -> lpae(variant, config))
            .or(() -> Optional.ofNullable(READERS.get(format)).map(reader -> reader.read(config)));
    return maker.map(LegacyConfig::new);
  }

  private static Maker amdv1(Fields config) {
    config.only("np_cache", "sme_mask");
    boolean npCache = number(config, "np_cache", 0) != 0;
    long encryption = word(config, "sme_mask");
    return (pages, driver) -> new AmdV1IoPageTable(pages, driver, npCache, encryption);
  }

  private static Maker amdv2(Fields config) {
    config.only("top_level", "np_cache", "sme_mask");
    int topLevel = config.count("top_level");
    boolean npCache = number(config, "np_cache", 0) != 0;
    long encryption = word(config, "sme_mask");
    return (pages, driver) -> new AmdV2IoPageTable(pages, driver, topLevel, npCache, encryption);
  }

  private static Maker vtdss(Fields config) {
    config.only("hw_max_vasz_lg2", "coherent");
    int width = config.count("hw_max_vasz_lg2");
    boolean coherent = number(config, "coherent", 1) != 0;
    return (pages, driver) -> new VtdIoPageTable(pages, driver, width, coherent, false);
  }

  private static Maker lpae(Variant variant, Fields config) {
    config.only("ias", "oas", "granule", "quirks", "coherent");
    int ias = config.count("ias");
    int oas = config.count("oas");
    long sizes = config.digits("granule");
    int quirks = config.has("quirks") ? (int) config.digits("quirks") : 0;
    boolean coherent = number(config, "coherent", 1) != 0;
    return (pages, driver) ->
        new LpaeIoPageTable(
            pages, driver, new LpaeConfig(variant, ias, oas, sizes, quirks, coherent));
  }

  private static int number(Fields config, String key, int absent) {
    return config.has(key) ? config.count(key) : absent;
  }

  private static long word(Fields config, String key) {
    return config.has(key) ? config.hex(key) : 0;
  }

  @Override
  public Replay<?, ?> replay(PageAllocator pages) {
    return new LegacyReplay(this, pages);
  }

  @Override
  public Answer dueOpening(Answer recorded) {
    return recorded;
  }

  @Override
  public OptionalLong pageSizes() {
    return OptionalLong.empty();
  }
}
