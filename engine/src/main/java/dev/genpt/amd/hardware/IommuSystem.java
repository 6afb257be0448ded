package dev.genpt.amd.hardware;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The IOMMUs of a machine, and which devices are behind which of them. A device that is behind none
 * reaches memory untranslated.
 *
 * <p>Threads: any thread may call any method.
 */
public final class IommuSystem implements DmaPath {
  private static final int ALL = Rights.READ | Rights.WRITE;

  private final List<AmdIommu> iommus;
  private final Map<Integer, AmdIommu> byDevice = new ConcurrentHashMap<>();

  /**
   * A machine of these IOMMUs, which share a memory.
   *
   * @throws IommuException EINVAL if there is none, or their memories differ
   */
  public IommuSystem(List<AmdIommu> iommus) {
    this.iommus = List.copyOf(iommus);
    if (iommus.stream().map(AmdIommu::memory).distinct().count() != 1) {
      throw new IommuException(
          Errno.EINVAL, "%d IOMMUs: need one or more, of one memory".formatted(iommus.size()));
    }
  }

  /** The IOMMUs, in the order of the firmware's tables. */
  public List<AmdIommu> iommus() {
    return iommus;
  }

  /**
   * Puts devices behind an IOMMU of this machine.
   *
   * @param first the first DeviceID
   * @param last the last DeviceID, inclusive
   * @param index which IOMMU
   */
  public void place(int first, int last, int index) {
    for (int deviceId = first; deviceId <= last; deviceId++) {
      byDevice.put(deviceId, iommus.get(index));
    }
  }

  /** The IOMMU that a device is behind. */
  public Optional<AmdIommu> iommuOf(int deviceId) {
    return Optional.ofNullable(byDevice.get(deviceId));
  }

  @Override
  public Translation perform(Request request, Consumer<Translation.Mapped> access) {
    Optional<AmdIommu> iommu = iommuOf(request.deviceId());
    if (iommu.isPresent()) {
      return iommu.get().perform(request, access);
    }
    Translation.Mapped passes = Translation.Mapped.untranslated(request.address(), ALL);
    access.accept(passes);
    return passes;
  }

  /** Runs the commands that wait in all rings, and tells how many. */
  public int runCommands() {
    return iommus.stream().mapToInt(AmdIommu::runCommands).sum();
  }
}
