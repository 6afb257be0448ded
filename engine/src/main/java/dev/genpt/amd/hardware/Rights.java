package dev.genpt.amd.hardware;

/** What a table entry allows, as a mask. */
final class Rights {
  static final int READ = 1;
  static final int WRITE = 2;

  /** For requests of user privilege; guest tables only. */
  static final int USER = 4;

  /** For instruction fetches; guest tables only. */
  static final int EXECUTE = 8;

  static final int ALL = READ | WRITE | USER | EXECUTE;

  private static final int IR = 61;

  private Rights() {}

  /** IR and IW, bits 61 and 62 of device table and host entries. */
  static int ofReadWrite(long word) {
    return (int) (word >>> IR) & (READ | WRITE);
  }
}
