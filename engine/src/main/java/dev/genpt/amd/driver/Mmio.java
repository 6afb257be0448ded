package dev.genpt.amd.driver;

/**
 * The register window of one IOMMU.
 *
 * <p>Threads: called by any thread of the driver, several at a time for different registers.
 */
public interface Mmio {
  /**
   * Reads a register.
   *
   * @param offset bytes from the start of the window, a multiple of 8
   */
  long read64(int offset);

  /**
   * Writes a register.
   *
   * @param offset bytes from the start of the window, a multiple of 8
   */
  void write64(int offset, long value);
}
