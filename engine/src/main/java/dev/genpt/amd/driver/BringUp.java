package dev.genpt.amd.driver;

/**
 * Turns an IOMMU on, in the order in which its parts may come to life.
 *
 * <p>Threads: one, before anything else uses the IOMMU. Source: upstream {@code
 * early_enable_iommu}.
 */
final class BringUp {
  private static final long FIRMWARE_CONTROL =
      Register.CONTROL_HT_TUNNEL
          | Register.CONTROL_PASS_PW
          | Register.CONTROL_RES_PASS_PW
          | Register.CONTROL_ISOC;

  private final Iommu iommu;
  private final DeviceTable table;

  BringUp(Iommu iommu, DeviceTable table) {
    this.iommu = iommu;
    this.table = table;
  }

  /** All of it, but for the event interrupt. */
  void run(Invalidations invalidations) {
    turnEverythingOff();
    setFlags();
    iommu.registers().write64(Register.DEVICE_TABLE_BASE, table.registerValue());
    startCommands();
    startEventLog();
    setGuestTranslation();
    iommu.turnOn(Register.CONTROL_ENABLE);
    invalidations.everything(iommu, table, 0);
  }

  private void turnEverythingOff() {
    iommu.turnOff(Register.CONTROL_COMMANDS);
    iommu.turnOff(Register.CONTROL_EVENT_INTERRUPT);
    iommu.turnOff(Register.CONTROL_EVENT_LOG);
    iommu.turnOff(Register.CONTROL_GA_LOG | Register.CONTROL_GA_INTERRUPT);
    iommu.turnOff(Register.CONTROL_PPR_LOG | Register.CONTROL_PPR_INTERRUPT);
    iommu.turnOff(Register.CONTROL_ENABLE);
    iommu.turnOff(Register.CONTROL_IRT_CACHE_OFF);
  }

  private void setFlags() {
    iommu.turnOff(FIRMWARE_CONTROL | Register.CONTROL_TIMEOUT);
    iommu.turnOn(iommu.config().firmwareControl & FIRMWARE_CONTROL);
    iommu.turnOn(Register.CONTROL_COHERENT | Register.CONTROL_TIMEOUT_1_S);
    if (iommu.features().hasEnhancedPpr()) {
      iommu.turnOn(Register.CONTROL_ENHANCED_PPR);
    }
  }

  private void startCommands() {
    iommu.registers().write64(Register.COMMAND_BASE, iommu.commands().registerValue());
    restartCommands();
  }

  /** The one way to have a ring go on that stopped at a command it could not do. */
  void restartCommands() {
    iommu.turnOff(Register.CONTROL_COMMANDS);
    iommu.commands().reset();
    iommu.turnOn(Register.CONTROL_COMMANDS);
  }

  private void startEventLog() {
    iommu.registers().write64(Register.EVENT_BASE, iommu.events().registerValue());
    iommu.events().reset();
    iommu.turnOn(Register.CONTROL_EVENT_LOG);
  }

  private void setGuestTranslation() {
    if (iommu.features().hasGuestTranslation()) {
      iommu.turnOn(Register.CONTROL_GUEST_TRANSLATION);
    }
    if (iommu.features().hasGcr3Gpa()) {
      iommu.turnOn(Register.CONTROL_GCR3_IS_GPA);
    }
  }
}
