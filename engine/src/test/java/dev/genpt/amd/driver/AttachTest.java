package dev.genpt.amd.driver;

import static dev.genpt.fixture.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.error.Errno;
import dev.genpt.iommu.DirtyRecorder;
import dev.genpt.table.Protection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Devices come to domains and leave them: entries, and what hardware is told, in order. */
final class AttachTest {
  private static final String ENTRY_300 = "00000300 20000000 00000000 00000000";
  private static final String ENTRY_301 = "00000301 20000000 00000000 00000000";
  private static final String ENTRY_400 = "00000400 20000000 00000000 00000000";
  private static final String ATS_400 = "20000400 40000400 fffff001 7fffffff";

  private final RecordedMachine machine = new RecordedMachine();
  private final AmdIommuDriver driver = machine.driver;
  private final PciDevice nic = machine.nic();
  private final PciDevice gpu = machine.gpu();

  private static String pagesOf(int domainId) {
    return "00000000 3000%04x fffff003 7fffffff".formatted(domainId);
  }

  private static String guestPagesOf(int domainId, int pasid) {
    return "%08x 3000%04x fffff007 7fffffff".formatted(pasid, domainId);
  }

  private void assertTold(String... commands) {
    assertEquals(List.of(commands), machine.take());
  }

  private String aliasEntry() {
    return new DeviceTableWriter(machine.memory)
        .read((machine.first.read64(Register.DEVICE_TABLE_BASE) & ~0xfffL) + 0x301 * 32)
        .toString();
  }

  @Test
  void aV1DomainTellsTheOrderOfTheManual() {
    V1Domain domain = driver.newV1Domain();
    long root = domain.space().hardwareInfo().root();
    assertEquals(2, domain.id(), "identity has the first");
    nic.attach(domain);
    String entry =
        "%016x 0000000000000002 0000000000000000 0000000000000000"
            .formatted(0x6000000000000603L | root);
    assertEquals(entry, nic.entry().toString());
    assertEquals(entry, aliasEntry());
    assertTold(ENTRY_300, "wait", ENTRY_301, "wait", ENTRY_300, ENTRY_301, "wait");

    nic.attach(domain);
    assertTold();
    assertEquals(domain, nic.domain());

    nic.detach();
    assertEquals(DeviceTableEntry.blocked(), nic.entry());
    assertEquals(DeviceTableEntry.blocked().toString(), aliasEntry());
    List<String> block =
        List.of(ENTRY_300, "wait", ENTRY_301, "wait", ENTRY_300, ENTRY_301, "wait");
    List<String> expected = new ArrayList<>(block);
    expected.addAll(List.of(pagesOf(2), "wait"));
    expected.addAll(block);
    assertEquals(expected, machine.take());
    domain.close();
    assertEquals(2, driver.newV1Domain().id(), "the lowest free one again");
  }

  @Test
  void anIdentityDomainKeepsItsIdentifier() {
    nic.attach(driver.identity());
    assertEquals(
        "6000000000000003 0000000000000001 0000000000000000 0000000000000000",
        nic.entry().toString());
    assertEquals(nic.entry().toString(), aliasEntry());
  }

  @Test
  void atsIsTurnedOnWhileTheDeviceIsBlocked() {
    V1Domain domain = driver.newV1Domain();
    gpu.attach(domain);
    assertTold("ats on", ENTRY_400, "wait", ENTRY_400, ATS_400, "wait");
    assertEquals(0x0000000100000002L, gpu.entry().q1());
    domain.space().map(0x40200000L, 0x40200000L, 0x200000, Protection.READ_WRITE);
    assertTold();
    domain.space().unmap(0x40200000L, 0x200000);
    assertTold(
        "00000000 30000002 402ff003 00000000", "20000400 40000400 402ff001 00000000", "wait");
    gpu.detach();
    assertEquals("ats off", machine.take().getFirst());
  }

  @Test
  void aV2DomainHasAnIdentifierForEachDevice() {
    int held = machine.pages.liveBlocks();
    V2Domain domain = driver.newV2Domain();
    nic.attach(domain);
    gpu.attach(domain);
    long gcr3 = gpu.entry().gcr3Root();
    DeviceTableEntry expected =
        DeviceTableEntry.identity(3)
            .withGcr3(new Gcr3Root(gcr3, 2, 4))
            .withPasidZeroForAll()
            .withAts(true);
    assertEquals(expected, gpu.entry());
    assertEquals(2, nic.entry().domainId());
    assertEquals(0, nic.entry().gcr3LevelCode(), "without PASIDs one level does");
    machine.take();
    domain.space().map(0x1000, 0x1000, 0x1000, Protection.READ_WRITE);
    domain.space().unmap(0x1000, 0x1000);
    assertTold(
        "00000000 30000002 00001006 00000000",
        "00000000 30000003 00001006 00000000",
        "20000400 40000400 00001004 00000000",
        "20000400 40000400 00001000 00000000",
        "wait");
    nic.detach();
    List<String> told = machine.take();
    assertEquals(List.of(guestPagesOf(2, 0), "wait", pagesOf(2), "wait"), told.subList(7, 11));
    gpu.detach();
    domain.close();
    assertEquals(held, machine.pages.liveBlocks());
  }

  @Test
  void workedEntryOfAV2Domain() {
    assertEquals(
        "78c0000000000003 00001000468a0042 0000000000000000 0000000000000000",
        DeviceTableEntry.identity(0x42)
            .withGcr3(new Gcr3Root(0x123456000L, 1, 4))
            .withPasidZeroForAll()
            .toString());
    assertEquals(
        "6000000123456983 0000000100000042 0000000000000000 0000000000000000",
        DeviceTableEntry.host(0x123456000L, 4, 0x42)
            .withDirtyTracking(true)
            .withAts(true)
            .toString());
  }

  @Test
  void pasidsHaveTablesOfTheirOwn() {
    V2Domain space = driver.newV2Domain();
    assertRefused(Errno.EINVAL, () -> gpu.attachPasid(1, space)); // blocked
    gpu.attach(driver.identity());
    machine.take();
    assertRefused(Errno.EINVAL, () -> gpu.attachPasid(0, space));
    assertRefused(Errno.EINVAL, () -> gpu.attachPasid(0x1000, space));
    assertRefused(Errno.EINVAL, () -> nic.attachPasid(1, space));
    gpu.attachPasid(0x234, space);
    int id = gpu.entry().domainId();
    assertTold(guestPagesOf(id, 0x234), "20020400 40340400 fffff005 7fffffff", "wait");
    long gcr3 = gpu.entry().gcr3Root();
    long lower = machine.memory.read64(gcr3 + 8) & ~0xfffL;
    assertEquals(space.space().hardwareInfo().root() | 1, machine.memory.read64(lower + 0x34 * 8));
    gpu.attachPasid(0x234, space);
    assertTold();
    assertRefused(Errno.EOPNOTSUPP, () -> gpu.attachPasid(0x234, driver.newV2Domain()));
    assertRefused(Errno.EBUSY, space::close);
    gpu.detachPasid(0x234);
    assertEquals(0, machine.memory.read64(lower + 0x34 * 8));
    gpu.attachPasid(5, space);
    gpu.detach();
    space.close();
  }

  @Test
  void aGrowingRootIsInEveryEntryBeforeItIsUsed() {
    V1Domain domain = driver.newV1Domain();
    nic.attach(domain);
    machine.disk().attach(domain);
    machine.take();
    List<String> seen = new ArrayList<>();
    machine.first.note("map");
    domain.space().map(1L << 47, 0x1000, 0x1000, Protection.READ);
    seen.addAll(machine.take());
    assertEquals(
        List.of(
            "map",
            ENTRY_300,
            "wait",
            ENTRY_301,
            "wait",
            ENTRY_300,
            ENTRY_301,
            "wait", // new entries
            pagesOf(2),
            "wait", // the old identifier, which is the new one
            ENTRY_300,
            ENTRY_301,
            "wait"), // again
        seen);
    assertEquals(4, nic.entry().mode());
    assertEquals(domain.space().hardwareInfo().root(), nic.entry().hostRoot());
    assertEquals(nic.entry(), machine.disk().entry());
    assertEquals(nic.entry().toString(), aliasEntry());
    machine.gpu().attach(domain);
    assertEquals(4, gpu.entry().mode(), "who comes later has the new root");
  }

  @Test
  void aRootGrowsThoughHardwareDoesNotAnswer() {
    V1Domain domain = driver.newV1Domain();
    nic.attach(domain);
    machine.disk().attach(domain);
    machine.first.stop();
    domain.space().map(1L << 47, 0x1000, 0x1000, Protection.READ);
    assertEquals(domain.space().hardwareInfo().root(), nic.entry().hostRoot());
    assertEquals(nic.entry(), machine.disk().entry());
    assertEquals(
        "AMD-Vi: IOMMU 0000:00:00.2: Completion-Wait loop timed out", machine.log.getLast());
    assertRefused(Errno.EIO, () -> domain.space().unmap(1L << 47, 0x1000));
    machine.first.go();
    domain.space().map(1L << 47, 0x1000, 0x1000, Protection.READ);
    assertEquals(0x1000, domain.space().unmap(1L << 47, 0x1000));
  }

  @Test
  void dirtyTrackingIsInEveryEntry() {
    V1Domain domain = driver.newV1Domain();
    domain.space().map(0x1000, 0x1000, 0x3000, Protection.READ_WRITE);
    nic.attach(domain);
    machine.take();
    domain.setDirtyTracking(true);
    domain.setDirtyTracking(true);
    assertTold(ENTRY_300, ENTRY_301, "wait", pagesOf(2), "wait");
    assertEquals(3, nic.entry().q0() >>> 7 & 3);
    assertEquals(nic.entry().toString(), aliasEntry());
    gpu.attach(domain);
    assertEquals(3, gpu.entry().q0() >>> 7 & 3);
    gpu.detach();
    machine.take();

    domain.space().setDirty(0x2000);
    List<Long> dirty = new ArrayList<>();
    domain.readAndClearDirty(0x1000, 0x3000, (iova, _) -> dirty.add(iova));
    assertEquals(List.of(0x2000L), dirty);
    assertTold("00000000 30000002 00002003 00000000", "wait"); // a leaf of 8 KiB
    domain.readAndClearDirty(0x1000, 0x3000, DirtyRecorder.NONE);
    assertTold();
    domain.setDirtyTracking(false);
    assertEquals(0, nic.entry().q0() >>> 7 & 3);
  }

  @Test
  void aGuestsTablesLieOverAV1Domain() {
    V1Domain parent = driver.newV1Domain();
    VirtualIommu virtual = parent.newVirtualIommu();
    NestedDomain nested = virtual.nest(0x04c0000000000003L, 9, 0, 0x0);
    assertRefused(Errno.EINVAL, () -> virtual.nest(0x0080000000000003L, 9, 0, 0));
    NestedDomain first = virtual.nest(0x04c0000000000003L | 1L << 58, 9, 0, 0);
    assertEquals(nested.hostId(), first.hostId(), "the same guest identifier");
    nic.attach(first);
    long root = parent.space().hardwareInfo().root();
    assertEquals(
        new DeviceTableEntry(0x64c0000000000603L | 1L << 58 | root, first.hostId(), 0, 0),
        nic.entry());
    machine.take();
    parent.space().map(0x1000, 0x1000, 0x1000, Protection.READ_WRITE);
    parent.space().unmap(0x1000, 0x1000);
    assertTold("00000000 3000%04x 00001002 00000000".formatted(first.hostId()), "wait");
    parent.space().map(1L << 40, 0x1000, 0x1000, Protection.READ_WRITE);
    assertEquals(4, nic.entry().mode(), "the new root is under the guest's tables too");
    assertRefused(Errno.EBUSY, first::close);
    assertRefused(Errno.EBUSY, parent::close);
    nic.detach();
    first.close();
    nested.close();
    parent.close();
  }

  @Test
  void workedEntryOfANestedDomain() {
    assertEquals(
        "74c0000123456803 0000000000000042 0000000000000000 0000000000000000",
        DeviceTableEntry.host(0x123456000L, 4, 0x42)
            .nesting(new DeviceTableEntry(0x14c0000000000003L, 0x9, 0, 0))
            .toString());
  }

  @Test
  void guestEntriesThatCannotBeAreRefused() {
    VirtualIommu virtual = driver.newV1Domain().newVirtualIommu();
    long good = 0x14c0000000000003L;
    assertRefused(Errno.EINVAL, () -> virtual.nest(good | 4 << 9, 9, 0, 0));
    assertRefused(Errno.EINVAL, () -> virtual.nest(good | 0x1000, 9, 0, 0));
    assertRefused(Errno.EINVAL, () -> virtual.nest(good | 3L << 56, 9, 0, 0));
    assertRefused(Errno.EINVAL, () -> virtual.nest(good, 9, 2L << 54, 0));
    virtual.nest(good, 9, 1L << 54, 0).close();
    gpu.attach(driver.identity());
    gpu.attachPasid(1, driver.newV2Domain());
    NestedDomain nested = virtual.nest(good, 9, 0, 0);
    assertRefused(Errno.EINVAL, () -> gpu.attach(nested));
    assertEquals(driver.identity(), gpu.domain(), "it keeps what it has");
  }

  @Test
  void aFailedAttachLeavesTheDeviceBlocked() {
    nic.attach(driver.identity());
    V2Domain domain = driver.newV2Domain();
    machine.pages.failRequest(1);
    assertRefused(Errno.ENOMEM, () -> nic.attach(domain));
    assertEquals(DeviceTableEntry.blocked(), nic.entry());
    nic.attach(domain);
    assertEquals(2, nic.entry().domainId(), "no identifier was lost");
  }

  @Test
  void aDeviceThatHardwareDoesNotConfirmCanBeTakenBack() {
    V1Domain domain = driver.newV1Domain();
    machine.first.stop();
    assertRefused(Errno.EIO, () -> nic.attach(domain));
    assertEquals(domain, nic.domain());
    assertRefused(Errno.EIO, nic::detach);
    assertEquals(domain, nic.domain(), "until hardware knows");
    machine.first.go();
    nic.detach();
    assertEquals(DeviceTableEntry.blocked(), nic.entry());
    domain.close();
  }

  @Test
  void identifiersRunOut() {
    DomainIds ids = new DomainIds();
    for (int i = 1; i <= 0xffff; i++) {
      assertEquals(i, ids.allocate());
    }
    assertRefused(Errno.ENOSPC, ids::allocate);
    ids.free(0x1234);
    assertEquals(0x1234, ids.allocate());
  }

  @Test
  void whatTheHardwareCannotIsRefused() {
    assertRefused(Errno.EOPNOTSUPP, () -> only(RecordedIommu.FEATURES | 3 << 10).newV1Domain());
    AmdIommuDriver plain = only(0x40);
    assertRefused(Errno.EOPNOTSUPP, plain::newV2Domain);
    V1Domain domain = plain.newV1Domain();
    assertRefused(Errno.EOPNOTSUPP, () -> domain.setDirtyTracking(true));
    assertRefused(Errno.EOPNOTSUPP, domain::newVirtualIommu);
    assertEquals(48, 64 - Long.numberOfLeadingZeros(domain.space().lastVa()));
    assertEquals(64, 64 - Long.numberOfLeadingZeros(driver.newV1Domain().space().lastVa()));
    assertEquals(47, 64 - Long.numberOfLeadingZeros(driver.newV2Domain().space().lastVa()));
  }

  private AmdIommuDriver only(long features) {
    return AmdIommuDriver.start(
        DriverConfig.of(machine.pages)
            .iommu(IommuConfig.of("ivhd0", new RecordedIommu(machine.memory, features, 0))));
  }

  @Test
  void withNpCacheEveryPieceIsNamed() {
    RecordedMachine shadowed =
        new RecordedMachine(RecordedIommu.NP_CACHE, config -> config, AmdIommuDriver.Seams.NONE);
    V1Domain domain = shadowed.driver.newV1Domain();
    shadowed.nic().attach(domain);
    shadowed.take();
    domain.space().map(0x40201000L, 0x1000, 0x3000, Protection.READ_WRITE);
    List<String> pieces =
        List.of(
            "00000000 30000002 40201002 00000000", "00000000 30000002 40202003 00000000", "wait");
    assertEquals(pieces, shadowed.take());
    domain.space().unmap(0x40201000L, 0x3000);
    assertEquals(pieces, shadowed.take());
    shadowed.nic().detach();
    assertEquals(
        63, shadowed.take().stream().filter(line -> line.startsWith("00000000 30000002")).count());
  }
}
