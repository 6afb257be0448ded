package dev.genpt.iommu;

/** What a domain makes of one input address. */
public sealed interface Translation {
  /**
   * There is a leaf.
   *
   * @param oa output address for exactly the address asked for
   * @param pageSizeLg2 bytes of the leaf, lg2
   * @param level level of the table that holds the leaf
   * @param protection what the leaf allows, as {@link dev.genpt.table.Protection} bits
   */
  record Mapped(long oa, int pageSizeLg2, int level, int protection) implements Translation {}

  /**
   * The walk met an empty item.
   *
   * @param level level of the table that holds the empty item
   */
  record NotMapped(int level) implements Translation {}

  /**
   * The address is not one that the table decodes.
   *
   * @param widthLg2 input address bits that it decodes now
   */
  record OutOfRange(int widthLg2) implements Translation {}
}
