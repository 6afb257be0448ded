package dev.genpt.inspect;

import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Numbers of bytes and addresses as people write them: {@code 4K}, {@code 2M}, {@code 0x1000}.
 * Stateless.
 */
public final class ByteSize {
  private static final String UNITS = "BKMGTPE";
  private static final int LG2_PER_UNIT = 10;

  /** From so many sizes on a run of them is shorter than a list. */
  private static final int LEAST_RUN = 4;

  private ByteSize() {}

  /**
   * 2^{@code sizeLg2} bytes in the largest unit that divides it, such as {@code 64K}.
   *
   * @param sizeLg2 0..64
   */
  public static String ofLg2(int sizeLg2) {
    int unit = sizeLg2 / LG2_PER_UNIT;
    return (1 << (sizeLg2 % LG2_PER_UNIT)) + UNITS.substring(unit, unit + 1);
  }

  /**
   * The sizes of a bitmap, whose bit n stands for 2^n bytes: {@code 4K, 2M, 1G}, or where most
   * powers of two are there, {@code every power of two from 4K to 2P but 512G}. Empty for none.
   */
  public static String ofBitmap(long bitmap) {
    if (bitmap == 0) {
      return "";
    }
    int first = Log2.ffs(bitmap);
    int last = Log2.fls(bitmap) - 1;
    long absent = ~bitmap & Log2.toMax(last) & ~Log2.toMax(first);
    if (Long.bitCount(bitmap) < LEAST_RUN || 2 * Long.bitCount(absent) > Long.bitCount(bitmap)) {
      return list(bitmap);
    }
    String run = "every power of two from %s to %s".formatted(ofLg2(first), ofLg2(last));
    return absent == 0 ? run : run + " but " + list(absent);
  }

  private static String list(long bitmap) {
    return IntStream.range(0, Long.SIZE)
        .filter(bit -> (bitmap & Log2.toValue(bit)) != 0)
        .mapToObj(ByteSize::ofLg2)
        .collect(Collectors.joining(", "));
  }

  /** A number of bytes, taken as unsigned, in the largest unit that divides it; 0 is {@code 0B}. */
  public static String of(long bytes) {
    int unit = bytes == 0 ? 0 : Log2.ffs(bytes) / LG2_PER_UNIT;
    return Long.toUnsignedString(bytes >>> (unit * LG2_PER_UNIT)) + UNITS.charAt(unit);
  }

  /**
   * The unsigned 64-bit number of a text: decimal or {@code 0x} hexadecimal, then at most one of
   * the units K, M, G, T, P, E (powers of 1024). Underscores may stand between digits.
   *
   * @throws IommuException EINVAL for any other text, and for a number of 2^64 or more
   */
  public static long parse(String text) {
    String digits = text.strip().replace("_", "").toLowerCase(Locale.ROOT);
    boolean hexadecimal = digits.startsWith("0x");
    int unit = digits.isEmpty() ? 0 : unitOf(digits.charAt(digits.length() - 1), hexadecimal);
    String number = digits.substring(hexadecimal ? 2 : 0, digits.length() - (unit > 0 ? 1 : 0));
    if (number.isEmpty() || number.startsWith("+") || number.startsWith("-")) {
      throw notANumber(text);
    }
    try {
      long value = Long.parseUnsignedLong(number, hexadecimal ? 16 : 10);
      int shift = unit * LG2_PER_UNIT;
      if (value << shift >>> shift != value) {
        throw notANumber(text);
      }
      return value << shift;
    } catch (NumberFormatException e) {
      throw notANumber(text);
    }
  }

  /**
   * Index of the unit, 0 if there is none; {@code e} and {@code b} are digits of a hexadecimal
   * number.
   */
  private static int unitOf(char last, boolean hexadecimal) {
    return hexadecimal && last == 'e'
        ? 0
        : Math.max(0, UNITS.toLowerCase(Locale.ROOT).indexOf(last));
  }

  private static IommuException notANumber(String text) {
    return new IommuException(
        Errno.EINVAL,
        "\"%s\" is not a number: write decimal or 0x hexadecimal, below 2^64, with K, M, G or T after it if you like"
            .formatted(text));
  }
}
