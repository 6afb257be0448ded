package dev.genpt.amd.driver;

/**
 * A piece of memory, or of input addresses.
 *
 * @param address its first byte
 * @param length bytes, not 0
 */
public record DmaSegment(long address, long length) {
  /** Last byte, inclusive. */
  public long last() {
    return address + length - 1;
  }
}
