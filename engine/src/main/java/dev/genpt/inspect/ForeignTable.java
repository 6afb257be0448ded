package dev.genpt.inspect;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.Feature;
import dev.genpt.table.FormatConfig;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.Geometry;
import dev.genpt.table.PageTable;
import dev.genpt.table.PageTableFormat;

/**
 * A page table that somebody else wrote: a root in memory that no domain owns, opened to be looked
 * at. Nothing here writes to it. Stateless; any thread may call.
 *
 * <pre>{@code
 * PageTable table = ForeignTable.open(
 *     Amdv1.DEFINITION, memory, 0x226c000L, 2, 39, Feature.DYNAMIC_TOP);
 * TableLeaves leaves = TableLeaves.of(table);
 * }</pre>
 */
public final class ForeignTable {
  private ForeignTable() {}

  /** Input address bits that a root of {@code topLevel} decodes if nothing narrows them. */
  public static int fullWidthLg2(FormatDefinition format, int topLevel) {
    Geometry geometry = format.geometry();
    return Math.min(geometry.maxVaLg2(), geometry.itemSizeLg2(topLevel + 1));
  }

  /**
   * The table below {@code root}. That there is a table is not looked at: the readers of this
   * package name what is wrong.
   *
   * @param memory what the table lies in; only what is RAM there is ever read
   * @param root physical address of the root
   * @param topLevel level of the root, 0 for a table of one level
   * @param widthLg2 input address bits, usually {@link #fullWidthLg2}
   * @param features what decoding depends on: {@link Feature#SIGN_EXTEND} where hardware has it so,
   *     {@link Feature#DYNAMIC_TOP} for a format whose roots may be of any level
   * @throws IommuException EINVAL or EOPNOTSUPP if the format can't have such a root
   */
  public static PageTable open(
      FormatDefinition format,
      PhysicalMemory memory,
      long root,
      int topLevel,
      int widthLg2,
      Feature... features) {
    Geometry geometry = format.geometry();
    if (topLevel < 0 || topLevel > geometry.maxTopLevel()) {
      throw new IommuException(
          Errno.EINVAL,
          "%s: root of level %d, must be 0 to %d"
              .formatted(format.name(), topLevel, geometry.maxTopLevel()));
    }
    if ((root & ~geometry.topPhysMask()) != 0) {
      throw new IommuException(
          Errno.EINVAL,
          "%s: root address %#x has bits outside of %#x"
              .formatted(format.name(), root, geometry.topPhysMask()));
    }
    int mask = Feature.mask(features);
    int firstLevel = Feature.DYNAMIC_TOP.in(mask) ? geometry.maxTopLevel() : topLevel;
    PageTableFormat configured =
        format.configure(new FormatConfig(mask, widthLg2, geometry.maxOaLg2(), firstLevel, 0));
    var table = new PageTable(configured, memory, mask, configured.maxOaLg2());
    table.publishRoot(root, topLevel);
    return table;
  }
}
