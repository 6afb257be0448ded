package dev.genpt.inspect;

import dev.genpt.bits.BitField;
import dev.genpt.bits.Log2;
import dev.genpt.error.IommuException;
import dev.genpt.table.Feature;
import dev.genpt.table.FormatConfig;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.Geometry;
import dev.genpt.table.Hardware;
import dev.genpt.table.PageTableFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What there is to know of a format before a table is made in it: how addresses are split, what
 * each level holds, and the fields of its words. Taken from the format in its widest configuration,
 * with all its features. Immutable; any thread may use it.
 *
 * <pre>{@code
 * System.out.print(TextView.plain().format(FormatSheet.of(Formats.byName("riscv64"))));
 * }</pre>
 *
 * @param format the format in that configuration
 * @param address an input address, cut into its fields
 * @param levels the levels, highest first
 * @param layouts the words
 */
public record FormatSheet(
    PageTableFormat format, AddressSplit address, List<Level> levels, List<EntryLayout> layouts) {
  private static final long EXAMPLE_IOVA = 0xc0a0_7234L;

  /**
   * What a level's tables hold.
   *
   * @param level 0 for the lowest
   * @param indexBits the bits of an input address that pick an item
   * @param itemSizeLg2 input bytes that an item stands for, lg2
   * @param leafSizes bitmap of its leaf sizes, 0 for none
   * @param root what a root of this level is, if there can be one
   */
  public record Level(
      int level, BitField indexBits, int itemSizeLg2, long leafSizes, Optional<Root> root) {
    /** Items of a full table. */
    public int items() {
      return 1 << indexBits.width();
    }
  }

  /**
   * A root.
   *
   * @param vaLg2 input address bits that it decodes at most
   * @param levelCode what hardware is told as its level; a dash where there is no hardware
   */
  public record Root(int vaLg2, String levelCode) {}

  /** Copies the lists. */
  public FormatSheet {
    levels = List.copyOf(levels);
    layouts = List.copyOf(layouts);
  }

  /** The sheet of {@code definition}. */
  public static FormatSheet of(FormatDefinition definition) {
    int topLevel = definition.geometry().maxTopLevel();
    PageTableFormat format = configure(definition, topLevel);
    List<Level> levels = new ArrayList<>();
    for (int level = topLevel; level >= 0; level--) {
      levels.add(level(format, level));
    }
    return new FormatSheet(
        format,
        AddressSplit.of(format, topLevel, format.maxVaLg2(), EXAMPLE_IOVA),
        levels,
        EntryLayout.of(format));
  }

  /** With a root that can't grow, as wide as one of {@code topLevel} decodes. */
  private static PageTableFormat configure(FormatDefinition definition, int topLevel) {
    Geometry geometry = definition.geometry();
    return definition.configure(
        new FormatConfig(
            definition.supportedFeatures() & ~Feature.DYNAMIC_TOP.mask(),
            topLevel == geometry.maxTopLevel()
                ? geometry.maxVaLg2()
                : geometry.itemSizeLg2(topLevel + 1),
            geometry.maxOaLg2(),
            topLevel,
            0));
  }

  private static Level level(PageTableFormat format, int level) {
    int low = format.itemSizeLg2(level);
    int end = level == format.initialTopLevel() ? format.maxVaLg2() : format.itemSizeLg2(level + 1);
    return new Level(
        level,
        new BitField("index", end - 1, low),
        low,
        format.possibleSizes(level) & Log2.toMax(format.maxOaLg2()),
        root(format.definition(), level));
  }

  private static Optional<Root> root(FormatDefinition definition, int level) {
    try {
      PageTableFormat format = configure(definition, level);
      return format.initialTopLevel() == level
          ? Optional.of(new Root(format.maxVaLg2(), levelCode(format, level)))
          : Optional.empty();
    } catch (IommuException refused) {
      return Optional.empty();
    }
  }

  private static String levelCode(PageTableFormat format, int level) {
    return format.definition().hardware().equals(Hardware.NONE)
        ? Hardware.NONE.levelCode()
        : "" + format.hardwareInfo(0, level).levelCode();
  }

  /** What the sheet is of. */
  public FormatDefinition definition() {
    return format.definition();
  }

  /** Levels that tables of this format have, from the fewest to the most. */
  public String levelCounts() {
    int[] counts =
        levels.stream()
            .filter(level -> level.root().isPresent())
            .mapToInt(level -> level.level() + 1)
            .sorted()
            .toArray();
    int most = counts[counts.length - 1];
    return counts[0] == most ? "" + most : "%d to %d".formatted(counts[0], most);
  }

  /** Bitmap of all its leaf sizes. */
  public long pageSizes() {
    return levels.stream().mapToLong(Level::leafSizes).reduce(0, (one, other) -> one | other);
  }
}
