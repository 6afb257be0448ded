package dev.genpt.amd.driver;

import static dev.genpt.fixture.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.amd.hardware.Access;
import dev.genpt.amd.hardware.Request;
import dev.genpt.error.Errno;
import dev.genpt.table.Protection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What devices reach in the domains that the driver gives them, by the hardware model. */
final class ModelTest {
  private static final int NIC = ModelMachine.NIC;
  private static final int GPU = ModelMachine.GPU;
  private static final int DISK = ModelMachine.DISK;
  private static final long REFUSED = ModelMachine.REFUSED;
  private static final long IOVA = 0x4020_0000L;

  private final ModelMachine machine = new ModelMachine(AmdIommuDriver.Seams.NONE);
  private final AmdIommuDriver driver = machine.driver;

  private PagingDomain newDomain(String kind) {
    return kind.equals("v1") ? driver.newV1Domain() : driver.newV2Domain();
  }

  @Test
  void untilTheyAreAttachedDevicesReachNothing() {
    assertEquals(REFUSED, machine.read(NIC, IOVA));
    assertEquals(REFUSED, machine.read(0x1234, IOVA), "nor does who is not there");
    machine.nic().attach(driver.identity());
    assertEquals(IOVA, machine.write(NIC, IOVA));
    machine.gpu().attach(driver.identity());
    assertEquals(IOVA, machine.write(GPU, IOVA));
    machine.nic().detach();
    assertEquals(REFUSED, machine.read(NIC, IOVA));
    assertEquals(
        List.of(
            "AMD-Vi: Event logged [Device not attached to domain properly]",
            "AMD-Vi:   device=0000:03:00.0 domain=0x0000",
            "AMD-Vi: Event logged [Device not attached to domain properly]",
            "AMD-Vi:   device=0000:03:00.0 domain=0x0000"),
        machine.log.stream().filter(line -> !line.contains("12:06.4")).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void aDomainIsForSeveralDevicesBehindSeveralIommus(String kind) {
    PagingDomain domain = newDomain(kind);
    List<PciDevice> devices = List.of(machine.nic(), machine.gpu(), machine.disk());
    devices.forEach(device -> device.attach(domain));
    domain.space().map(IOVA, 0x20_0000, 0x20_0000, Protection.READ_WRITE);
    domain.space().map(IOVA + 0x20_0000, 0x7000, 0x1000, Protection.READ);
    for (int id : new int[] {NIC, ModelMachine.NIC_ALIAS, GPU, DISK}) {
      assertEquals(0x20_1234, machine.write(id, IOVA + 0x1234));
      assertEquals(0x7008, machine.read(id, IOVA + 0x20_0008));
      assertEquals(REFUSED, machine.write(id, IOVA + 0x20_0008));
      assertEquals(REFUSED, machine.read(id, IOVA + 0x20_1000));
      assertEquals(REFUSED, machine.read(id, 1L << 60));
    }
    domain.space().unmap(IOVA, 0x20_1000);
    for (int id : new int[] {NIC, ModelMachine.NIC_ALIAS, GPU, DISK}) {
      assertEquals(REFUSED, machine.read(id, IOVA + 0x1234));
      assertEquals(REFUSED, machine.read(id, IOVA + 0x20_0008));
    }
    assertRefused(Errno.EBUSY, domain::close);
    devices.forEach(PciDevice::detach);
    domain.close();
  }

  @Test
  void fiveLevelsWhereTheCpuHasThem() {
    ModelMachine large =
        new ModelMachine(AmdIommuDriver.Seams.NONE, DriverConfig::cpuHasFiveLevels);
    V2Domain domain = large.driver.newV2Domain();
    large.gpu().attach(domain);
    domain.space().map(1L << 55, 0x1000, 0x1000, Protection.READ);
    assertEquals(0x1000, large.read(GPU, 1L << 55));
    large.gpu().attachPasid(1, domain);
    assertEquals(0x1000, large.read(GPU, 1, 1L << 55));
    large.gpu().attach(large.driver.identity());
    assertEquals(IOVA, large.read(GPU, IOVA));
  }

  @Test
  void pagesOfOneSizeWhereTheUserSaysSo() {
    ModelMachine small =
        new ModelMachine(AmdIommuDriver.Seams.NONE, config -> config.pageSizes(0x1000));
    V1Domain domain = small.driver.newV1Domain();
    small.nic().attach(domain);
    domain.space().map(IOVA, 0x20_0000, 0x20_0000, Protection.READ);
    assertEquals(0x20_1000, small.read(NIC, IOVA + 0x1000));
    assertEquals(0x1000, domain.space().unmap(IOVA + 0x1000, 0x1000));
    assertEquals(REFUSED, small.read(NIC, IOVA + 0x1000));
    assertRefused(
        Errno.EINVAL,
        () ->
            new ModelMachine(AmdIommuDriver.Seams.NONE, config -> config.pageSizes(0x800))
                .driver.newV1Domain());
  }

  @Test
  void faultsAreReportedWithTheDriversName() {
    V1Domain domain = driver.newV1Domain();
    machine.disk().attach(domain);
    domain.space().map(IOVA, IOVA, 0x1000, Protection.READ);
    machine.write(DISK, IOVA + 0x10);
    machine.read(DISK, 0x1000);
    assertEquals(
        List.of(
            "disk 0000:81:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0002 address=0x40200010 flags=0x0070]",
            "disk 0000:81:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0002 address=0x1000 flags=0x0000]"),
        machine.log);
  }

  @Test
  void aDeviceMovesBetweenDomains() {
    PagingDomain one = newDomain("v1");
    PagingDomain other = newDomain("v2");
    one.space().map(IOVA, 0x1000, 0x1000, Protection.READ_WRITE);
    other.space().map(IOVA, 0x2000, 0x1000, Protection.READ_WRITE);
    for (int i = 0; i < 10; i++) {
      machine.nic().attach(i % 2 == 0 ? one : other);
      assertEquals(i % 2 == 0 ? 0x1000 : 0x2000, machine.read(NIC, IOVA));
    }
  }

  @Test
  void pasidsOfADevice() {
    V2Domain own = driver.newV2Domain();
    V2Domain process = driver.newV2Domain();
    own.space().map(IOVA, 0x1000, 0x1000, Protection.READ_WRITE);
    process.space().map(IOVA, 0x2000, 0x1000, Protection.READ);
    machine.gpu().attach(own);
    assertEquals(0x1000, machine.read(GPU, IOVA));
    assertEquals(REFUSED, machine.read(GPU, 0x345, IOVA));
    machine.gpu().attachPasid(0x345, process);
    assertEquals(0x2000, machine.read(GPU, 0x345, IOVA));
    process.space().unmap(IOVA, 0x1000);
    assertEquals(REFUSED, machine.read(GPU, 0x345, IOVA));
    assertEquals(0x1000, machine.read(GPU, IOVA));
    process.space().map(IOVA, 0x3000, 0x1000, Protection.READ);
    assertEquals(0x3000, machine.read(GPU, 0x345, IOVA));
    machine.gpu().detachPasid(0x345);
    assertEquals(REFUSED, machine.read(GPU, 0x345, IOVA));
    machine.gpu().attachPasid(7, process);
    machine.gpu().detach();
    assertEquals(REFUSED, machine.read(GPU, 7, IOVA));
    machine.gpu().attach(own);
    assertEquals(REFUSED, machine.read(GPU, 7, IOVA), "it went with the domain");
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void whatTheDeviceKeepsIsForgotten(String kind) {
    PagingDomain domain = newDomain(kind);
    machine.gpu().attach(domain);
    domain.space().map(IOVA, 0x1000, 0x3000, Protection.READ_WRITE);
    assertEquals(0x2010, machine.gpuCache.access(IOVA + 0x1010));
    domain.space().unmap(IOVA + 0x1000, 0x1000);
    assertEquals(REFUSED, machine.gpuCache.access(IOVA + 0x1010));
    assertEquals(0x3010, machine.gpuCache.access(IOVA + 0x2010));
    machine.gpu().detach();
    assertEquals(REFUSED, machine.gpuCache.access(IOVA + 0x2010));
  }

  @Test
  void theRootGrowsUnderTheDevice() {
    V1Domain domain = driver.newV1Domain();
    machine.nic().attach(domain);
    machine.disk().attach(domain);
    domain.space().map(IOVA, 0x1000, 0x1000, Protection.READ);
    for (int bits : new int[] {40, 50, 60}) {
      assertEquals(0x1000, machine.read(NIC, IOVA));
      domain.space().map(1L << bits, 0x2000, 0x1000, Protection.READ);
      assertEquals(0x2000, machine.read(NIC, 1L << bits));
      assertEquals(0x2000, machine.read(DISK, 1L << bits));
    }
    assertEquals(0x1000, machine.read(DISK, IOVA));
    assertEquals(6, machine.nic().entry().mode());
  }

  @Test
  void aGuestGrowsWithItsParent() {
    V1Domain parent = driver.newV1Domain();
    NestedDomain guest = parent.newVirtualIommu().nest(3, 9, 0, 0);
    machine.nic().attach(guest);
    parent.space().map(1L << 45, 0x2000, 0x1000, Protection.READ);
    assertEquals(0x2000, machine.read(NIC, 1L << 45), "without tables of its own");
    parent.space().unmap(1L << 45, 0x1000);
    assertEquals(REFUSED, machine.read(NIC, 1L << 45));
  }

  @Test
  void anIllegalCommandStopsTheRingUntilItIsStartedAgain() {
    V1Domain domain = driver.newV1Domain();
    machine.gpu().attach(domain);
    domain.space().map(IOVA, 0x1000, 0x2000, Protection.READ);
    assertEquals(0x1000, machine.read(GPU, IOVA));
    assertEquals(0x2000, machine.gpuCache.access(IOVA + 0x1000));
    Iommu iommu = driver.iommus().getFirst();
    iommu.commands().add(new Command(0xfL << 60, 0));
    assertRefused(Errno.EIO, () -> domain.space().unmap(IOVA, 0x2000));
    assertTrue(machine.log.get(0).contains("ILLEGAL_COMMAND_ERROR"), machine.log::toString);
    assertEquals("AMD-Vi: CMD[1]: f0000000", machine.log.get(2));
    assertEquals(
        "AMD-Vi: IOMMU 0000:00:00.2: Completion-Wait loop timed out", machine.log.getLast());
    driver.restartCommands(iommu);
    assertEquals(REFUSED, machine.read(GPU, IOVA));
    assertEquals(REFUSED, machine.gpuCache.access(IOVA + 0x1000));
    domain.space().map(IOVA, 0x3000, 0x1000, Protection.READ);
    assertEquals(0x3000, machine.read(GPU, IOVA));
  }

  @Test
  void aStormOfFaultsOverflowsTheLogAndGoesOn() {
    V1Domain domain = driver.newV1Domain();
    machine.nic().attach(domain);
    machine.first.onInterrupt(_ -> {});
    for (int i = 0; i < 600; i++) {
      machine.read(NIC, 0x1000L * i);
    }
    driver.iommus().getFirst().interrupt();
    assertEquals("AMD-Vi: IOMMU Event log restarting", machine.log.getLast());
    assertEquals(11, machine.log.size(), "ten lines of the device, and the restart");
    domain.onFault((_, fault) -> fault.address() == 0x7000);
    machine.read(NIC, 0x7000);
    long before = machine.first.counts().events();
    machine.read(NIC, 0x8000);
    assertEquals(before + 1, machine.first.counts().events(), "events are written again");
  }

  @Test
  void theInterruptWindowIsNotMemory() {
    V1Domain domain = driver.newV1Domain();
    machine.nic().attach(domain);
    DmaMapper dma = DmaMapper.create(DmaConfig.of(domain));
    for (int i = 0; i < 300; i++) {
      long address = dma.map(0x10_0000, 1 << 20, DmaDirection.BIDIRECTIONAL);
      assertEquals(0x10_0000, machine.write(NIC, address));
      assertEquals(0x1f_ffff, machine.write(NIC, address + 0xf_ffff));
    }
  }

  @Test
  void reachIsWhatTheDirectionSays() {
    V1Domain domain = driver.newV1Domain();
    machine.nic().attach(domain);
    DmaMapper dma = DmaMapper.create(DmaConfig.of(domain));
    long in = dma.map(0x1_0000, 0x800, DmaDirection.FROM_DEVICE);
    assertEquals(REFUSED, machine.read(NIC, in));
    assertEquals(0x1_0010, machine.write(NIC, in + 0x10));
    ScatterMapping list =
        dma.mapScatter(
            List.of(new DmaSegment(0x5_0100, 0x100), new DmaSegment(0x7_0000, 0x3000)),
            DmaDirection.TO_DEVICE);
    assertEquals(0x5_0100, machine.read(NIC, list.segments().get(0).address()));
    assertEquals(0x7_2fff, machine.read(NIC, list.segments().get(1).last()));
    dma.unmapScatter(list);
    dma.unmap(in, 0x800);
    assertEquals(REFUSED, machine.read(NIC, list.segments().get(1).last()));
    assertEquals(REFUSED, machine.write(NIC, in));
    assertEquals(
        REFUSED, machine.access(Request.of(NIC, in, Access.WRITE).withPasid(3)), "no PASIDs");
  }
}
