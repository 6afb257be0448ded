package dev.genpt.amd.hardware;

import dev.genpt.amd.hardware.IommuFeatures.Bit;

/**
 * A request on its way through the tables: who asks, by which device table entry, under which
 * settings; and what events say about it.
 */
record Origin(Settings settings, DeviceTableEntry entry, Request request) {
  int domainId() {
    return entry.domainId();
  }

  boolean marksAccessed() {
    return entry.marksAccessed(settings.features());
  }

  boolean marksDirty() {
    return entry.marksDirty(settings.features());
  }

  /** The address space of a guest walk: that of the request, or 0. */
  int guestPasid() {
    return request.hasPasid() ? request.pasid() : 0;
  }

  /** A request without a PASID counts as user, no fetch. */
  boolean isUser() {
    return !(request.hasPasid() && request.privileged());
  }

  boolean isFetch() {
    return request.hasPasid() && request.access() == Access.EXECUTE;
  }

  /** What guest tables must allow. */
  int guestNeeds() {
    IommuFeatures features = settings.features();
    return (request.neededRights() & Rights.WRITE)
        | (isUser() && features.has(Bit.US) ? Rights.USER : 0)
        | (isFetch() && features.has(Bit.NX) ? Rights.EXECUTE : 0);
  }

  private static int when(boolean condition, int flag) {
    return condition ? flag : 0;
  }

  private int requestFlags() {
    return when(request.isTranslationRequest(), EventEntry.TR);
  }

  private int guestFlags() {
    return requestFlags()
        | EventEntry.GN
        | when(request.writes(), EventEntry.RW)
        | when(isFetch(), EventEntry.NX)
        | when(isUser(), EventEntry.US);
  }

  /** A page fault of the host stage at {@code address}. */
  Fault hostFault(long address, boolean write, int flags) {
    int all = flags | requestFlags() | when(write, EventEntry.RW);
    return new Fault(EventEntry.pageFault(request.deviceId(), domainId(), all, address));
  }

  /** The host table's entry at {@code pa} can't be read. */
  Fault hostUnreadable(long pa, boolean write) {
    int flags = requestFlags() | when(write, EventEntry.RW);
    return new Fault(EventEntry.tableUnreadable(request.deviceId(), domainId(), flags, pa));
  }

  /** A page fault of the guest stage. */
  Fault guestFault(int flags) {
    return new Fault(
        EventEntry.pageFault(
            request.deviceId(), guestPasid(), flags | guestFlags(), request.address()));
  }

  /** The guest's entry at {@code pa} can't be read. */
  Fault guestUnreadable(long pa) {
    int flags = guestFlags() & ~(EventEntry.NX | EventEntry.US);
    return new Fault(EventEntry.tableUnreadable(request.deviceId(), guestPasid(), flags, pa));
  }
}
