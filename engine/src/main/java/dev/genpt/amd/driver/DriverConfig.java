package dev.genpt.amd.driver;

import dev.genpt.memory.PageAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The machine that a driver is to run on, and how; to be filled in and given to {@link
 * AmdIommuDriver#start}.
 *
 * <p>Starts without IOMMUs, with the system's clock, a log that nobody reads, devices blocked until
 * they are attached, every page size, and a CPU that pages with four levels. Not thread-safe.
 */
public final class DriverConfig {
  final PageAllocator pages;
  final List<IommuConfig> iommus = new ArrayList<>();
  DriverClock clock = DriverClock.system();
  Consumer<String> log = _ -> {};
  BiConsumer<Iommu, LoggedEvent> onEvent = (_, _) -> {};
  boolean bootIdentity;
  boolean cpuHasFiveLevels;
  long pageSizes = -1L;

  private DriverConfig(PageAllocator pages) {
    this.pages = pages;
  }

  /** The configuration to start from; tables and rings will come from {@code pages}. */
  public static DriverConfig of(PageAllocator pages) {
    return new DriverConfig(pages);
  }

  /** One more IOMMU. */
  public DriverConfig iommu(IommuConfig iommu) {
    iommus.add(iommu);
    return this;
  }

  /** Time. */
  public DriverConfig clock(DriverClock newClock) {
    clock = newClock;
    return this;
  }

  /** Who gets the lines of the kernel log; called by any thread. */
  public DriverConfig log(Consumer<String> newLog) {
    log = newLog;
    return this;
  }

  /** Who sees every event before it becomes lines; called by the thread of the interrupt. */
  public DriverConfig onEvent(BiConsumer<Iommu, LoggedEvent> listener) {
    onEvent = listener;
    return this;
  }

  /** Devices start with physical addresses instead of none. */
  public DriverConfig bootIdentity() {
    bootIdentity = true;
    return this;
  }

  /** The CPU pages with five levels, so guest tables do where the IOMMU can. */
  public DriverConfig cpuHasFiveLevels() {
    cpuHasFiveLevels = true;
    return this;
  }

  /** Restricts the page sizes of domains: bit n for pages of 2^n bytes. */
  public DriverConfig pageSizes(long bitmap) {
    pageSizes = bitmap;
    return this;
  }
}
