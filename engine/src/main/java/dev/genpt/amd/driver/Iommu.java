package dev.genpt.amd.driver;

import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PageOwner;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One IOMMU as the driver keeps it: its registers, its ring of commands and its event log.
 *
 * <p>Threads: any.
 */
public final class Iommu {
  private static final int PAGE_LG2 = 12;
  private static final int RING_LG2 = 13;
  private static final int DEVICE_IOTLBS = 1 << 24;
  private static final int NP_CACHE = 1 << 26;

  private final IommuConfig config;
  private final IommuFeatures features;
  private final CommandQueue commands;
  private final EventLog events;
  private final AtomicInteger interrupts = new AtomicInteger();

  Iommu(
      IommuConfig config,
      PageAllocator pages,
      PageOwner owner,
      DriverClock clock,
      EventReport report) {
    this.config = config;
    features =
        new IommuFeatures(
            config.registers.read64(Register.FEATURES),
            config.registers.read64(Register.FEATURES_2));
    commands =
        new CommandQueue(
            config.registers,
            pages.memory(),
            pages.allocate(owner, RING_LG2),
            pages.allocate(owner, PAGE_LG2),
            clock,
            problem -> report.timeout(this, problem));
    events = new EventLog(this, pages.memory(), pages.allocate(owner, RING_LG2), clock, report);
  }

  /** Its name in messages. */
  public String name() {
    return config.name;
  }

  /** What it can do. */
  public IommuFeatures features() {
    return features;
  }

  /** The PCI segment that it serves. */
  public int segment() {
    return config.segment;
  }

  /** Its own place on the bus. */
  String address() {
    return RequesterId.describe(config.segment, config.deviceId);
  }

  IommuConfig config() {
    return config;
  }

  Mmio registers() {
    return config.registers;
  }

  boolean hasNpCache() {
    return (config.capability & NP_CACHE) != 0;
  }

  boolean hasDeviceIotlbs() {
    return (config.capability & DEVICE_IOTLBS) != 0;
  }

  CommandQueue commands() {
    return commands;
  }

  EventLog events() {
    return events;
  }

  /**
   * Handles its interrupt. Threads: any; one that comes while another is handled adds to that one's
   * work and does not wait.
   */
  public void interrupt() {
    if (interrupts.getAndIncrement() != 0) {
      return;
    }
    int handled = 1;
    try {
      do {
        events.handle();
        handled = interrupts.addAndGet(-handled);
      } while (handled != 0);
    } finally {
      if (handled != 0) {
        interrupts.set(0); // a fault handler failed; the next interrupt goes on
      }
    }
  }

  /** Sets bits of the control register. */
  synchronized void turnOn(long bits) {
    registers().write64(Register.CONTROL, registers().read64(Register.CONTROL) | bits);
  }

  /** Clears bits of the control register. */
  synchronized void turnOff(long bits) {
    registers().write64(Register.CONTROL, registers().read64(Register.CONTROL) & ~bits);
  }

  @Override
  public String toString() {
    return name();
  }
}
