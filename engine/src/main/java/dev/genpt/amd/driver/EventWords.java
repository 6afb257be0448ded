package dev.genpt.amd.driver;

import dev.genpt.amd.driver.LoggedEvent.Flag;

/** Events in plain words. Stateless. */
final class EventWords {
  private static final String[] ERRORS = {
    "an error without a code", "a master abort", "a target abort", "a data error"
  };

  private EventWords() {}

  static String explain(LoggedEvent event, int segment) {
    String device = "device " + RequesterId.describe(segment, event.deviceId());
    return switch (event.kind()) {
      case IO_PAGE_FAULT -> "%s: %s".formatted(request(event, device), reason(event));
      case ILLEGAL_DEV_TABLE_ENTRY ->
          "%s: its device table entry %s"
              .formatted(
                  request(event, device),
                  event.has(Flag.RZ) ? "has reserved bits set" : "has a value that can't be");
      case DEV_TAB_HARDWARE_ERROR ->
          "%s: its device table entry at %#x can't be read, %s"
              .formatted(device, event.address(), error(event));
      case PAGE_TAB_HARDWARE_ERROR ->
          "%s, %s: the table entry at %#x can't be read, %s"
              .formatted(device, space(event), event.address(), error(event));
      case ILLEGAL_COMMAND_ERROR ->
          "the command at %#x can't be: the ring has stopped".formatted(event.address());
      case COMMAND_HARDWARE_ERROR ->
          "a command needs %#x, which can't be reached, %s: the ring has stopped"
              .formatted(event.address(), error(event));
      case IOTLB_INV_TIMEOUT ->
          "%s did not answer the invalidation of its own cache, command at %#x"
              .formatted(device, event.address());
      case INVALID_DEVICE_REQUEST ->
          "%s must not use %#x: %s".formatted(device, event.address(), wrong(event));
      case INVALID_PPR_REQUEST ->
          "%s made a page request that can't be, PASID %#x, address %#x, tag %#x"
              .formatted(device, event.pprPasid(), event.address(), event.pprTag());
      case UNKNOWN -> "an event of unknown code, words " + event;
    };
  }

  private static String request(LoggedEvent event, String device) {
    if (event.has(Flag.I)) {
      return "%s sent an interrupt to %#x".formatted(device, event.address());
    }
    String access =
        event.has(Flag.TR)
            ? "asked for the translation of"
            : event.has(Flag.NX)
                ? "tried to execute at"
                : event.has(Flag.RW) ? "tried to write to" : "tried to read from";
    return "%s, %s, %s %#x".formatted(device, space(event), access, event.address());
  }

  private static String space(LoggedEvent event) {
    return "%s %#x".formatted(event.has(Flag.GN) ? "PASID" : "domain", event.id());
  }

  private static String reason(LoggedEvent event) {
    if (!event.has(Flag.PR)) {
      if (!event.has(Flag.GN) && event.id() == 0) {
        return "it has no address space";
      }
      return event.has(Flag.I) ? "there is no entry for it" : "nothing is mapped there";
    }
    if (event.has(Flag.PE)) {
      return "the mapping does not allow it";
    }
    return event.has(Flag.RZ)
        ? "a table entry has reserved bits set"
        : "a table entry has a level or size that can't be, or the address is beyond the table";
  }

  private static String error(LoggedEvent event) {
    return ERRORS[event.errorType()];
  }

  private static String wrong(LoggedEvent event) {
    if (event.has(Flag.TR)) {
      return event.requestType() == 0
          ? "it may not ask for translations"
          : "there is no translation in this range";
    }
    return switch (event.requestType()) {
      case 0 -> "a read in the interrupt range";
      case 1 -> "it may not use addresses that are translated already, or this PASID";
      case 2 -> "port I/O is off";
      case 3, 4 -> "the system management range is closed";
      case 5 -> "fixed and arbitrated interrupts are off";
      case 6 -> "a reserved interrupt address";
      default -> "system management or port I/O without a translation";
    };
  }
}
