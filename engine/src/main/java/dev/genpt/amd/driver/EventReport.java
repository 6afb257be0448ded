package dev.genpt.amd.driver;

import dev.genpt.amd.driver.LoggedEvent.Flag;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What the driver says of events: lines of the kernel log in its newest form. Page faults are
 * offered to the domain's handler first, and each device may cause only so many lines.
 *
 * <p>Threads: any, several at a time for different IOMMUs.
 */
final class EventReport {
  private static final String PREFIX = "AMD-Vi: ";

  /** Finds what the driver knows of a requester ID. */
  interface Devices {
    Optional<PciDevice> find(int segment, int deviceId);

    /** The entry in memory that a requester ID has. */
    DeviceTableEntry entryOf(int segment, int deviceId);

    /** The 16 bytes at a physical address, or empty where there is no memory. */
    Optional<Command> commandAt(long pa);
  }

  private final Consumer<String> log;
  private final BiConsumer<Iommu, LoggedEvent> onEvent;
  private final DriverClock clock;
  private final Devices devices;
  private final Map<PciDevice, RateLimit> limits = new ConcurrentHashMap<>();
  private final RateLimit othersLimit = new RateLimit();

  EventReport(DriverConfig config, Devices devices) {
    log = config.log;
    onEvent = config.onEvent;
    clock = config.clock;
    this.devices = devices;
  }

  /** Hardware did not answer. */
  void timeout(Iommu iommu, String problem) {
    line("IOMMU %s: %s".formatted(iommu.address(), problem));
  }

  /** The event log begins again. */
  void restarting() {
    line("IOMMU Event log restarting");
  }

  /** The tail went past an entry that stays empty. */
  void nothingWritten() {
    line("No event written to event log");
  }

  /** One entry of the log. */
  void event(Iommu iommu, LoggedEvent event) {
    onEvent.accept(iommu, event);
    String device = RequesterId.describe(iommu.segment(), event.deviceId());
    String address = "address=0x%x".formatted(event.address());
    String flags = "flags=0x%04x".formatted(event.flags());
    switch (event.kind()) {
      case IO_PAGE_FAULT -> pageFault(iommu, event, device, address + " " + flags);
      case ILLEGAL_DEV_TABLE_ENTRY -> {
        logged(
            iommu,
            event,
            "device=%s pasid=0x%05x %s %s".formatted(device, event.id(), address, flags));
        ofIommu(iommu, "Control Reg : 0x%x".formatted(iommu.registers().read64(Register.CONTROL)));
        dump(devices.entryOf(iommu.segment(), event.deviceId()));
      }
      case DEV_TAB_HARDWARE_ERROR ->
          logged(iommu, event, "device=%s %s %s".formatted(device, address, flags));
      case PAGE_TAB_HARDWARE_ERROR ->
          logged(
              iommu,
              event,
              "device=%s pasid=0x%04x %s %s".formatted(device, event.id(), address, flags));
      case ILLEGAL_COMMAND_ERROR -> {
        logged(iommu, event, address);
        devices.commandAt(event.address()).ifPresent(this::dump);
      }
      case COMMAND_HARDWARE_ERROR -> logged(iommu, event, address + " " + flags);
      case IOTLB_INV_TIMEOUT -> logged(iommu, event, "device=%s %s".formatted(device, address));
      case INVALID_DEVICE_REQUEST ->
          logged(
              iommu,
              event,
              "device=%s pasid=0x%05x %s %s".formatted(device, event.id(), address, flags));
      case INVALID_PPR_REQUEST ->
          logged(
              iommu,
              event,
              "device=%s pasid=0x%05x %s %s tag=0x%03x"
                  .formatted(device, event.pprPasid(), address, flags, event.pprTag()));
      case UNKNOWN ->
          ofIommu(
              iommu,
              "Event logged [UNKNOWN event[0]=0x%08x event[1]=0x%08x event[2]=0x%08x event[3]=0x%08x"
                  .formatted(
                      (int) event.low(),
                      (int) (event.low() >>> 32),
                      (int) event.high(),
                      (int) (event.high() >>> 32)));
    }
  }

  private void pageFault(Iommu iommu, LoggedEvent event, String bdf, String rest) {
    Optional<PciDevice> known = devices.find(iommu.segment(), event.deviceId());
    if (known.isEmpty()) {
      if (passes(othersLimit)) {
        line(
            "Event logged [IO_PAGE_FAULT device=%s domain=0x%04x %s]"
                .formatted(bdf, event.id(), rest));
      }
      return;
    }
    PciDevice device = known.get();
    if (!event.has(Flag.I)) {
      if (device.domain() instanceof BlockedDomain) {
        if (passes(othersLimit)) {
          line("Event logged [Device not attached to domain properly]");
          line("  device=%s domain=0x%04x".formatted(bdf, event.id()));
        }
        return;
      }
      if (device.domain().faultHandler().handle(device, event)) {
        return;
      }
    }
    if (passes(limits.computeIfAbsent(device, _ -> new RateLimit()))) {
      log.accept(
          "%s %s: %sEvent logged [IO_PAGE_FAULT domain=0x%04x %s]"
              .formatted(device.driverName(), bdf, PREFIX, event.id(), rest));
    }
  }

  private boolean passes(RateLimit limit) {
    RateLimit.Verdict verdict = limit.next(clock.microseconds());
    if (verdict.missed() != 0) {
      log.accept(
          "amd_iommu_report_page_fault: %d callbacks suppressed".formatted(verdict.missed()));
    }
    return verdict.passes();
  }

  private void logged(Iommu iommu, LoggedEvent event, String fields) {
    ofIommu(iommu, "Event logged [%s %s]".formatted(event.kind(), fields));
  }

  private void dump(DeviceTableEntry entry) {
    long[] words = {entry.q0(), entry.q1(), entry.q2(), entry.q3()};
    for (int i = 0; i < words.length; i++) {
      line("DTE[%d]: %016x".formatted(i, words[i]));
    }
  }

  private void dump(Command command) {
    long[] words = {command.low(), command.high()};
    for (int i = 0; i < 2 * words.length; i++) {
      line("CMD[%d]: %08x".formatted(i, (int) (words[i / 2] >>> (32 * (i % 2)))));
    }
  }

  private void ofIommu(Iommu iommu, String text) {
    log.accept("iommu %s: %s%s".formatted(iommu.name(), PREFIX, text));
  }

  private void line(String text) {
    log.accept(PREFIX + text);
  }
}
