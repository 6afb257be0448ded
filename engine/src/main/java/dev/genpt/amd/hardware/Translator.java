package dev.genpt.amd.hardware;

import dev.genpt.amd.hardware.Translation.Faulted;
import dev.genpt.amd.hardware.Translation.InterruptMessage;
import dev.genpt.amd.hardware.Translation.Mapped;
import dev.genpt.amd.hardware.Translation.Refused;
import java.util.Optional;

/**
 * What becomes of a request: the checks of its device table entry in their order, then the tables.
 *
 * <p>Threads: any thread may translate.
 *
 * <p>Source: AMD I/O Virtualization Technology (IOMMU) Specification, "Device Table Entry Format".
 */
final class Translator {
  private static final int INTERRUPTS_LG2 = 20;
  private static final long INTERRUPTS = 0xfeeL;
  private static final int ALL = Rights.READ | Rights.WRITE;
  private static final int UNTRANSLATED_LG2 = 12;

  /** Types of INVALID_DEVICE_REQUEST. */
  private static final int INTERRUPT_READ = 0;

  private static final int NOT_PRETRANSLATED = 1;
  private static final int NO_GUEST_TABLE = 1;
  private static final int NO_TRANSLATIONS = 0;
  private static final int INTERRUPT_TRANSLATION = 1;

  private final Registers registers;
  private final DeviceTable deviceTable;
  private final HostStage host;
  private final GuestStage guest;
  private final Caches caches;
  private final EventLog events;
  private final Counters counters;

  Translator(
      Registers registers,
      DeviceTable deviceTable,
      HostStage host,
      GuestStage guest,
      Caches caches,
      EventLog events,
      Counters counters) {
    this.registers = registers;
    this.deviceTable = deviceTable;
    this.host = host;
    this.guest = guest;
    this.caches = caches;
    this.events = events;
    this.counters = counters;
  }

  Translation translate(Request request) {
    counters.requests.increment();
    Settings settings = registers.settings();
    if (!settings.enabled()) {
      return Mapped.untranslated(request.address(), ALL);
    }
    boolean interrupt = request.address() >>> INTERRUPTS_LG2 == INTERRUPTS && !request.hasPasid();
    if (interrupt && (!request.writes() || request.isTranslationRequest())) {
      int type = request.isTranslationRequest() ? INTERRUPT_TRANSLATION : INTERRUPT_READ;
      return abort(invalid(request, type));
    }
    return switch (deviceTable.lookup(settings, request.deviceId())) {
      case DeviceTable.Beyond _ when !interrupt ->
          pageFault(
              request,
              Optional.empty(),
              EventEntry.pageFault(request.deviceId(), 0, flags(request), request.address()));
      case DeviceTable.Unreadable at when !interrupt ->
          abort(
              EventEntry.deviceTableUnreadable(
                  request.deviceId(), flags(request) & ~EventEntry.GN, at.pa()));
      case DeviceTableEntry entry when interrupt -> interrupt(request, entry);
      case DeviceTableEntry entry -> byEntry(settings, request, entry);
      case DeviceTable.Lookup _ -> new InterruptMessage();
    };
  }

  /** Messages pass; they are not remapped. */
  private Translation interrupt(Request request, DeviceTableEntry entry) {
    return entry.hasReservedInterruptBits()
        ? abort(illegal(request, EventEntry.I | EventEntry.RZ))
        : new InterruptMessage();
  }

  private Translation byEntry(Settings settings, Request request, DeviceTableEntry entry) {
    if (entry.valid()) {
      if (entry.hasReservedBits()) {
        return abort(illegal(request, EventEntry.RZ));
      }
      if (entry.hasReservedEncoding(settings)) {
        return abort(illegal(request, 0));
      }
      if (isExcluded(settings, request, entry)) {
        return Mapped.untranslated(request.address(), ALL);
      }
    }
    boolean trusted = entry.valid() && entry.allowsTranslationRequests(settings.features());
    return switch (request.kind()) {
      case PRETRANSLATED ->
          trusted
              ? Mapped.untranslated(request.address(), ALL)
              : abort(invalid(request, NOT_PRETRANSLATED));
      case TRANSLATION ->
          trusted && entry.translationValid()
              ? translated(settings, request, entry)
              : abort(invalid(request, NO_TRANSLATIONS));
      case NORMAL ->
          entry.valid()
              ? translated(settings, request, entry)
              : Mapped.untranslated(request.address(), ALL);
    };
  }

  private static boolean isExcluded(Settings settings, Request request, DeviceTableEntry entry) {
    Settings.Exclusion exclusion = settings.exclusion();
    return exclusion.holds(request.address())
        && !request.hasPasid()
        && (exclusion.allDevices() || entry.mayBeExcluded());
  }

  private Translation translated(Settings settings, Request request, DeviceTableEntry entry) {
    Origin origin = new Origin(settings, entry, request);
    if (!entry.translationValid()) {
      Fault absent = origin.hostFault(request.address(), request.writes(), 0);
      return pageFault(request, Optional.of(entry), absent.event());
    }
    if (request.hasPasid() && !entry.guestValid(settings)) {
      return abort(invalid(request, NO_GUEST_TABLE));
    }
    if ((request.neededRights() & ~entry.rights()) != 0) {
      int flags = EventEntry.PR | EventEntry.PE;
      Fault denied =
          request.hasPasid()
              ? origin.guestFault(flags)
              : origin.hostFault(request.address(), request.writes(), flags);
      return pageFault(request, Optional.of(entry), denied.event());
    }
    if (request.hasPasid() || entry.guestWithoutPasid(settings)) {
      return switch (guest.translate(origin)) {
        case GuestPage page ->
            answer(
                request,
                page.address(request.address()),
                page.sizeLg2(),
                page.rights() & page.host().rights() & entry.rights(),
                page.host());
        case Fault fault -> pageFault(request, Optional.of(entry), fault.event());
      };
    }
    if (entry.mode() == 0) {
      return answer(
          request, request.address(), UNTRANSLATED_LG2, entry.rights(), HostPage.IDENTITY);
    }
    HostStage.Need need = HostStage.Need.of(origin, request.address(), request.writes());
    return switch (host.translate(origin, need)) {
      case HostPage page ->
          answer(
              request,
              page.address(request.address()),
              page.sizeLg2(),
              page.rights() & entry.rights(),
              page);
      case Fault fault -> pageFault(request, Optional.of(entry), fault.event());
    };
  }

  /** To a translation request, W is granted only if it was asked for. */
  private Translation answer(
      Request request, long address, int sizeLg2, int rights, HostPage page) {
    int granted = rights & ALL;
    if (request.isTranslationRequest()) {
      granted &= request.writes() ? ALL : Rights.READ;
      if (granted == 0) {
        return refuse();
      }
    }
    return Mapped.of(address, sizeLg2, granted, page.forceCoherent(), page.untranslatedOnly());
  }

  private static int flags(Request request) {
    return (request.hasPasid() ? EventEntry.GN : 0)
        | (request.writes() ? EventEntry.RW : 0)
        | (request.isTranslationRequest() ? EventEntry.TR : 0);
  }

  private static EventEntry illegal(Request request, int reason) {
    return EventEntry.illegalDeviceTableEntry(
        request.deviceId(), pasidOf(request), flags(request) | reason, request.address());
  }

  private static EventEntry invalid(Request request, int type) {
    return EventEntry.invalidDeviceRequest(
        request.deviceId(),
        pasidOf(request),
        flags(request) & ~EventEntry.RW,
        type,
        request.address());
  }

  private static int pasidOf(Request request) {
    return request.hasPasid() ? request.pasid() : 0;
  }

  private Refused refuse() {
    counters.faults.increment();
    return new Refused();
  }

  private Faulted abort(EventEntry event) {
    counters.faults.increment();
    events.log(event);
    return new Faulted(event);
  }

  /** A fault of a translation request is not logged, and a device may suppress its own. */
  private Translation pageFault(
      Request request, Optional<DeviceTableEntry> entry, EventEntry event) {
    if (event.code() != EventEntry.IO_PAGE_FAULT) {
      return abort(event);
    }
    if (request.isTranslationRequest()) {
      return refuse();
    }
    if (entry.filter(found -> isSuppressed(request, found)).isEmpty()) {
      return abort(event);
    }
    counters.faults.increment();
    return new Faulted(event);
  }

  private boolean isSuppressed(Request request, DeviceTableEntry entry) {
    return entry.suppressesAll()
        || (entry.suppressesRepeated() && !caches.isFirstReport(request.deviceId()));
  }
}
