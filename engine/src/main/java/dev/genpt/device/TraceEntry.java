package dev.genpt.device;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.table.Protection;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * One step of a trace: a buffer was mapped or unmapped, or a device reached for memory. Immutable.
 *
 * @param step number of the step, from 1
 * @param device name of the device
 * @param kind what happened
 * @param iova the address that the device uses
 * @param length bytes
 * @param pa the physical address of the first byte; empty for a fault, which reaches none
 * @param protection {@link Protection#READ} and {@link Protection#WRITE}: for map and unmap what
 *     the mapping allows, for an access what the IOMMU would allow there, for a fault what the
 *     device wanted
 * @param result {@link #OK}, {@link #QUEUED}, or what the IOMMU said
 */
public record TraceEntry(
    int step,
    String device,
    Kind kind,
    long iova,
    long length,
    OptionalLong pa,
    int protection,
    String result) {
  /** Result of a step that went well. */
  public static final String OK = "ok";

  /** Result of an unmap whose invalidation comes later: the device may still get there. */
  public static final String QUEUED = "queued";

  /** What happens in a step. */
  public enum Kind {
    /** The driver mapped a buffer. */
    MAP,
    /** The driver unmapped a buffer. */
    UNMAP,
    /** The device read memory. */
    READ,
    /** The device wrote memory. */
    WRITE,
    /** The IOMMU refused an access of the device. */
    FAULT;

    /** Its name in a file. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Checks the values.
   *
   * @throws IommuException EINVAL for a step below 1, a length below 1, a protection other than
   *     read, write or both, a text that is empty or holds a comma or a line end, or an access
   *     without a physical address
   */
  public TraceEntry {
    check(step >= 1, "step %d: must be 1 or more".formatted(step));
    checkText("device", device);
    checkText("result", result);
    check(length >= 1, "length %#x: must be 1 or more".formatted(length));
    check(
        protection != 0 && (protection & ~Protection.READ_WRITE) == 0,
        "prot %s: must be r, w or rw".formatted(Protection.describe(protection)));
    check(
        pa.isPresent() != (kind == Kind.FAULT),
        "pa: a %s has %s".formatted(kind.text(), kind == Kind.FAULT ? "none" : "one"));
  }

  private static void checkText(String column, String text) {
    check(
        !text.isBlank() && text.chars().noneMatch(c -> c == ',' || c < ' '),
        "%s \"%s\": must not be empty, nor hold a comma or a line end".formatted(column, text));
  }

  private static void check(boolean holds, String rule) {
    if (!holds) {
      throw new IommuException(Errno.EINVAL, rule);
    }
  }
}
