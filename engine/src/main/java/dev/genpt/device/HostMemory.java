package dev.genpt.device;

import dev.genpt.amd.hardware.DmaPort;
import dev.genpt.amd.hardware.Request;
import dev.genpt.amd.hardware.Translation;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.memory.PhysicalMemory;

/**
 * Memory as the CPU sees it: bytes at physical addresses, past the IOMMU.
 *
 * <p>Threads: any thread may call any method.
 */
public final class HostMemory {
  private static final int PAGE_LG2 = 12;

  private final DmaPort port;

  /** The CPU's view of {@code memory}. */
  public HostMemory(PhysicalMemory memory) {
    port =
        new DmaPort(
            (request, access) -> {
              Translation.Mapped asItIs =
                  new Translation.Mapped(request.address(), true, true, PAGE_LG2, false, false);
              access.accept(asItIs);
              return asItIs;
            },
            memory,
            0,
            Request.NO_PASID);
  }

  /**
   * The bytes of {@code [pa, pa + length)}.
   *
   * @throws IommuException EIO outside RAM
   */
  public byte[] read(long pa, int length) {
    byte[] bytes = new byte[length];
    check(pa, port.read(pa, bytes));
    return bytes;
  }

  /**
   * Stores {@code bytes} at {@code pa}.
   *
   * @throws IommuException EIO outside RAM; what lies before is stored
   */
  public void write(long pa, byte[] bytes) {
    check(pa, port.write(pa, bytes));
  }

  private static void check(long pa, DmaPort.Outcome outcome) {
    if (outcome instanceof DmaPort.Outcome.Aborted aborted) {
      throw new IommuException(
          Errno.EIO, "physical address %#x is outside RAM".formatted(pa + aborted.bytes()));
    }
  }
}
