package dev.genpt.iommu;

import static dev.genpt.fixture.Refusal.assertRefused;
import static dev.genpt.table.Protection.READ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.error.Errno;
import dev.genpt.fixture.Machine;
import dev.genpt.table.Feature;
import dev.genpt.table.IotlbGather;
import org.junit.jupiter.api.Test;

/** What closing frees, and what a closed domain answers. */
final class ClosedDomainTest {
  private static final long PAGE = 0x1000;
  private static final long M2 = 0x200000;

  private final Machine machine = new Machine();
  private final IommuDomain domain = machine.amdv1();

  @Test
  void closingFreesEveryTableWhateverIsMapped() {
    domain.map(0, 0, PAGE, READ);
    domain.map(1L << 45, 0, 3 * M2 + PAGE, READ);
    domain.map(-PAGE, 0, PAGE, READ);
    machine.closeAndCheck(domain);
    assertEquals(0, domain.owner().liveBytes());
  }

  @Test
  void closingBothHalvesOfASignedTable() {
    IommuDomain signed = machine.x86(c -> c.features(Feature.SIGN_EXTEND));
    signed.map(0, 0, PAGE, READ);
    signed.map(-PAGE, 0, PAGE, READ);
    signed.close();
    machine.closeAndCheck(domain);
  }

  @Test
  void closingTwiceIsClosing() {
    domain.close();
    machine.closeAndCheck(domain);
  }

  @Test
  void everyOperationIsRefused() {
    domain.map(0, 0, PAGE, READ);
    domain.close();
    IotlbGather gather = new IotlbGather();
    assertRefused(Errno.EINVAL, () -> domain.map(0, 0, PAGE, READ));
    assertRefused(Errno.EINVAL, () -> domain.mapRange(0, 0, PAGE, READ));
    assertRefused(Errno.EINVAL, () -> domain.unmap(0, PAGE));
    assertRefused(Errno.EINVAL, () -> domain.unmap(0, PAGE, gather));
    assertRefused(Errno.EINVAL, () -> domain.iovaToPhys(0));
    assertRefused(Errno.EINVAL, () -> domain.translate(0));
    assertRefused(Errno.EINVAL, () -> domain.setDirty(0));
    assertRefused(
        Errno.EINVAL, () -> domain.readAndClearDirty(0, PAGE, true, DirtyRecorder.NONE, gather));
    assertEquals(0, machine.pages().liveBlocks());
  }

  @Test
  void tablesThatStillWaitedAreFreedByTheCloseAndNotAgainByTheirGather() {
    domain.map(0, 0x1000, M2, READ);
    IotlbGather gather = new IotlbGather();
    domain.unmap(0, M2, gather);
    domain.close();
    machine.pages().checkNoLeaks();
    IommuDomain next = machine.amdv1();
    next.map(0, 0x1000, M2, READ);
    int held = Machine.tablesOf(next);
    assertRefused(Errno.EINVAL, () -> domain.sync(gather));
    assertEquals(held, Machine.tablesOf(next), "pages that have a new owner stay his");
    assertEquals(0x1000, next.iovaToPhys(0));
    assertTrue(machine.pages().isLive(next.owner(), next.hardwareInfo().root()));
    machine.closeAndCheck(next);
  }
}
