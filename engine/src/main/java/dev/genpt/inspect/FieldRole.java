package dev.genpt.inspect;

/** What a run of bits of a table word does, as far as the decode of the word depends on it. */
public enum FieldRole {
  /**
   * Decides whether the word is empty, a table pointer or a leaf, and whether it is valid at all.
   */
  KIND,
  /** Part of the physical address of the table that the word points to. */
  TABLE_ADDRESS,
  /** Part of the address that the leaf translates to. */
  OUTPUT_ADDRESS,
  /** Low bits of the address field that hold the size of the leaf instead. */
  SIZE_CODE,
  /** Says what the device may do. */
  PERMISSION,
  /** Says that the device wrote. */
  WRITTEN,
  /** Free for software; hardware ignores it. */
  SOFTWARE,
  /** Named by the format, without effect on address, size or protection. */
  OTHER,
  /** Bits that the format gives no name. */
  UNNAMED
}
