package dev.genpt.bits;

/**
 * A named run of bits of a table word, {@code [high:low]}, both inclusive.
 *
 * @param name the field's name in its hardware manual
 * @param title what the name stands for, in a few words; empty if there is nothing to say
 * @param high index of the highest bit, {@code low..63}
 * @param low index of the lowest bit, {@code 0..63}
 */
public record BitField(String name, String title, int high, int low) {
  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException unless {@code 0 <= low <= high <= 63}
   */
  public BitField {
    if (low < 0 || high > 63 || low > high) {
      throw new IllegalArgumentException(
          "bit field %s [%d:%d]: need 0 <= low <= high <= 63".formatted(name, high, low));
    }
  }

  /** A field without a title. */
  public BitField(String name, int high, int low) {
    this(name, "", high, low);
  }

  /** The same field with a title. */
  public BitField titled(String newTitle) {
    return new BitField(name, newTitle, high, low);
  }

  /** A field of one bit. */
  public static BitField bit(String name, int index) {
    return new BitField(name, index, index);
  }

  /** Number of bits, 1..64. */
  public int width() {
    return high - low + 1;
  }

  /** The bit numbers: {@code 62}, or {@code 51:12}. */
  public String range() {
    return width() == 1 ? "" + high : high + ":" + low;
  }

  /** The field's bits set at their place in the word. */
  public long mask() {
    return Log2.toMax(width()) << low;
  }

  /** The field's value in {@code word}, moved down to bit 0. */
  public long get(long word) {
    return (word >>> low) & Log2.toMax(width());
  }

  /** {@code value} moved to the field's place; bits that do not fit are dropped. */
  public long of(long value) {
    return (value << low) & mask();
  }
}
