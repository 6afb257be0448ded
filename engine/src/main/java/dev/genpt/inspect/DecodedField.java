package dev.genpt.inspect;

import dev.genpt.bits.BitField;

/**
 * A run of bits of one word, with its value and what it means there.
 *
 * @param bits the run; its name is empty where the format gives none
 * @param value the run's bits, moved down to bit 0
 * @param role what the bits do
 * @param note their meaning in a few words, empty if there is nothing to say
 */
public record DecodedField(BitField bits, long value, FieldRole role, String note) {
  /** How the note on set bits begins that mean nothing. */
  static final String UNKNOWN = "unknown, set: ";

  /** The bit numbers: {@code 62}, or {@code 51:12}. */
  public String bitRange() {
    return bits.range();
  }

  /** True if bits are set to which the format gives neither a name nor a use. */
  public boolean isUnknown() {
    return role == FieldRole.UNNAMED && note.startsWith(UNKNOWN);
  }

  /** The value: decimal below 10, else hexadecimal. */
  public String valueText() {
    return Long.compareUnsigned(value, 10) < 0 ? "" + value : "%#x".formatted(value);
  }
}
