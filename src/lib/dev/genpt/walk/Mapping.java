package dev.genpt.walk;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.inspect.ByteSize;
import dev.genpt.table.Protection;

/**
 * A range to map.
 *
 * @param iova first input address
 * @param pa first output address
 * @param size bytes
 * @param protection {@link Protection} bits
 */
record Mapping(long iova, long pa, long size, int protection) {
  /** How a mapping is written on the command line. */
  static final String FORM = "IOVA:PA:SIZE:PROT";

  /**
   * The mapping of a text in the form {@link #FORM}.
   *
   * @throws IommuException EINVAL, with the part that can't be read, for any other text
   */
  static Mapping parse(String text) {
    String[] parts = text.split(":", -1);
    String[] names = FORM.split(":", -1);
    if (parts.length < names.length) {
      throw wrong("%s is missing".formatted(names[parts.length]));
    }
    if (parts.length > names.length) {
      throw wrong("\"%s\" is too much".formatted(parts[names.length]));
    }
    return new Mapping(
        number(names[0], parts[0]),
        number(names[1], parts[1]),
        number(names[2], parts[2]),
        protection(parts[3]));
  }

  private static long number(String name, String text) {
    try {
      return ByteSize.parse(text);
    } catch (IommuException e) {
      throw wrong("%s %s".formatted(name, e.rule()));
    }
  }

  private static int protection(String text) {
    try {
      return Protection.parse(text);
    } catch (IommuException e) {
      throw wrong("PROT: " + e.rule());
    }
  }

  private static IommuException wrong(String what) {
    return new IommuException(Errno.EINVAL, "the form is %s; %s".formatted(FORM, what));
  }

  /** Last input address, inclusive. */
  long lastIova() {
    return iova + size - 1;
  }

  /** True if some input address is in both. */
  boolean overlaps(Mapping other) {
    return Long.compareUnsigned(iova, other.lastIova()) <= 0
        && Long.compareUnsigned(other.iova, lastIova()) <= 0;
  }

  /** True if {@code address} is one of its output addresses. */
  boolean hasOutput(long address) {
    return Long.compareUnsigned(address - pa, size) < 0;
  }

  /** The mapping as {@link #parse} reads it back. */
  @Override
  public String toString() {
    return "%#x:%#x:%s:%s".formatted(iova, pa, ByteSize.of(size), Protection.describe(protection));
  }
}
