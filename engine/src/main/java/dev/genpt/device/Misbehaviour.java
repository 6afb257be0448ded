package dev.genpt.device;

import java.util.Locale;

/** What a defective device, or one that its driver misleads, does to memory. */
public enum Misbehaviour {
  /** It writes on where the buffer that it filled last has ended. */
  WRITE_PAST_BUFFER("writes on past the end of a buffer"),
  /** It writes once more to the buffer that it filled last; its driver may have unmapped it. */
  USE_AFTER_UNMAP("writes to a buffer that the driver has unmapped"),
  /** It writes to the buffer that it read last. */
  WRONG_DIRECTION("writes to a buffer that it may only read"),
  /** It writes to an address of another device, in whose address space it means a buffer. */
  FOREIGN_ADDRESS("uses an address of another device");

  private final String words;

  Misbehaviour(String words) {
    this.words = words;
  }

  /** What it is, behind "the device". */
  public String words() {
    return words;
  }

  /** Its name on a command line, such as {@code write-past-buffer}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
