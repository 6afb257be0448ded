package dev.genpt.amd.driver;

/**
 * The part of a device that keeps translations itself (ATS), as its configuration space turns it on
 * and off.
 *
 * <p>Threads: called by whoever attaches or detaches the device, one at a time.
 */
@FunctionalInterface
public interface AtsSwitch {
  /**
   * Turns ATS on or off.
   *
   * @param on false to make the device forget all translations before this returns
   */
  void turn(boolean on);
}
