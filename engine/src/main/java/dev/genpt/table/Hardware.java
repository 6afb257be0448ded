package dev.genpt.table;

/**
 * The hardware that walks a format, in words for people.
 *
 * @param walker which hardware, and with which of its tables
 * @param manual the manual that describes the format, and where in it
 * @param levelCode what the manual calls the number that tells hardware the level of the root; its
 *     values are those of {@link PageTableFormat#hardwareInfo}
 */
public record Hardware(String walker, String manual, String levelCode) {
  /** No hardware walks the format, and {@link PageTableFormat#hardwareInfo} refuses. */
  public static final Hardware NONE = new Hardware("nothing", "none", "-");
}
