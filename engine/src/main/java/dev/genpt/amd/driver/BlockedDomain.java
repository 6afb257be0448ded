package dev.genpt.amd.driver;

/** No address space at all: every request of the device is refused. Threads: any. */
final class BlockedDomain extends Domain {
  @Override
  void join(PciDevice device) {
    device.block();
  }

  @Override
  void leave(PciDevice device) {}

  @Override
  public String toString() {
    return "blocked";
  }
}
