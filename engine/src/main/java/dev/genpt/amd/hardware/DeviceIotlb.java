package dev.genpt.amd.hardware;

import dev.genpt.amd.hardware.Request.Kind;
import dev.genpt.amd.hardware.Translation.Mapped;
import java.util.function.Consumer;

/**
 * A device's own IOTLB: it asks for translations (ATS), keeps them until it is told to forget them,
 * and sends what it has translated itself.
 *
 * <p>Threads: any thread may call any method; one request at a time is under way, and an
 * invalidation waits for it.
 */
public final class DeviceIotlb implements AtsDevice, DmaPath {
  /** In place of a DomainID: the device does not know it. */
  private static final int ONE_TAG = 0;

  private final AmdIommu iommu;
  private final Consumer<PageResponse> responses;
  private final SpanCache<Mapped> kept =
      new SpanCache<>(CacheConfig.UNBOUNDED, CacheConfig.Replacement.FIRST_IN);

  /**
   * The IOTLB of a device, which is put behind {@code iommu} with it.
   *
   * @param deviceId the device, 0..0xffff
   * @param responses what the device does with answers to page requests
   */
  public static DeviceIotlb attach(AmdIommu iommu, int deviceId, Consumer<PageResponse> responses) {
    DeviceIotlb made = new DeviceIotlb(iommu, responses);
    iommu.attach(deviceId, made);
    return made;
  }

  private DeviceIotlb(AmdIommu iommu, Consumer<PageResponse> responses) {
    this.iommu = iommu;
    this.responses = responses;
  }

  /** Translates by what is kept, or asks; then makes the access without further translation. */
  @Override
  public Translation perform(Request request, Consumer<Mapped> access) {
    try {
      return performLocked(request, access);
    } finally {
      iommu.deliver();
    }
  }

  private synchronized Translation performLocked(Request request, Consumer<Mapped> access) {
    Mapped found = kept.find(ONE_TAG, request.pasid(), request.address());
    if (found == null || !allows(found, request)) {
      Translation answer = iommu.performUndelivered(request.as(Kind.TRANSLATION), _ -> {});
      if (!(answer instanceof Mapped mapped)) {
        return answer;
      }
      if (!allows(mapped, request)) {
        return new Translation.Refused();
      }
      found = mapped;
      if (!mapped.untranslatedOnly()) {
        kept.put(ONE_TAG, request.pasid(), mapped.pageSizeLg2(), request.address(), mapped);
      }
    }
    Mapped translation = found;
    long address =
        translation.page() | (request.address() & ((1L << translation.pageSizeLg2()) - 1));
    Request translated =
        new Request(
            request.deviceId(),
            Request.NO_PASID,
            address,
            request.access(),
            request.privileged(),
            Kind.PRETRANSLATED);
    return iommu.performUndelivered(translated, access);
  }

  private static boolean allows(Mapped found, Request request) {
    return request.writes() ? found.writable() : found.readable();
  }

  @Override
  public synchronized boolean invalidate(int pasid, AddressBlock block) {
    kept.drop(ONE_TAG, pasid, block);
    return true;
  }

  @Override
  public void respond(PageResponse response) {
    responses.accept(response);
  }

  /** Forgets everything, as a device does when ATS is switched off. */
  public synchronized void clear() {
    kept.clear();
  }
}
