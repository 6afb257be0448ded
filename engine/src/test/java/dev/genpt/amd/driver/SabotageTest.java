package dev.genpt.amd.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.table.IotlbGather;
import dev.genpt.table.Protection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each invalidation is needed: a driver that leaves one out is caught by hardware that keeps all it
 * may. The same scenarios go well with the driver as it is.
 */
final class SabotageTest {
  private static final long IOVA = 0x4020_0000L;
  private static final long PAGE = 0x1000;
  private static final long LARGE = 0x20_0000;
  private static final int GUEST_PASID = 5;

  /**
   * A change, and a driver that forgets what must follow it.
   *
   * @param name what is forgotten
   * @param npCache true for hardware that caches what is not present
   * @param sabotage the driver's invalidations without it
   * @param scenario what is expected, and what comes, of accesses of devices
   */
  record Row(
      String name,
      boolean npCache,
      Function<Boolean, Invalidations> sabotage,
      Function<ModelMachine, Outcome> scenario) {
    Outcome run(boolean sabotaged) {
      return scenario.apply(
          new ModelMachine(
              new AmdIommuDriver.Seams() {
                @Override
                public Invalidations invalidations(boolean np) {
                  return sabotaged ? sabotage.apply(np) : new Invalidations(np);
                }
              },
              npCache,
              config -> config));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Addresses that accesses ought to reach, and those that they did. */
  record Outcome(List<Long> expected, List<Long> found) {
    static Outcome of(long... pairs) {
      Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>());
      for (int i = 0; i < pairs.length; i += 2) {
        outcome.expected.add(pairs[i]);
        outcome.found.add(pairs[i + 1]);
      }
      return outcome;
    }

    boolean isRight() {
      return expected.equals(found);
    }
  }

  // ---- Scenarios

  private static V1Domain domainOf(ModelMachine machine, PciDevice device) {
    V1Domain domain = machine.driver.newV1Domain();
    device.attach(domain);
    return domain;
  }

  private static Outcome unmap(ModelMachine machine) {
    V1Domain domain = domainOf(machine, machine.nic());
    domain.space().map(IOVA, PAGE, PAGE, Protection.READ);
    long mapped = machine.read(ModelMachine.NIC, IOVA);
    domain.space().unmap(IOVA, PAGE);
    return Outcome.of(PAGE, mapped, ModelMachine.REFUSED, machine.read(ModelMachine.NIC, IOVA));
  }

  private static Outcome unmapOnBothIommus(ModelMachine machine) {
    V1Domain domain = domainOf(machine, machine.nic());
    machine.disk().attach(domain);
    domain.space().map(IOVA, PAGE, PAGE, Protection.READ);
    long mapped = machine.read(ModelMachine.DISK, IOVA);
    domain.space().unmap(IOVA, PAGE);
    return Outcome.of(PAGE, mapped, ModelMachine.REFUSED, machine.read(ModelMachine.DISK, IOVA));
  }

  private static Outcome unmapWithDeviceIotlb(ModelMachine machine) {
    V1Domain domain = domainOf(machine, machine.gpu());
    domain.space().map(IOVA, PAGE, PAGE, Protection.READ);
    long mapped = machine.gpuCache.access(IOVA);
    domain.space().unmap(IOVA, PAGE);
    return Outcome.of(PAGE, mapped, ModelMachine.REFUSED, machine.gpuCache.access(IOVA));
  }

  /** The table is freed with its last leaves; a stale pointer to it leads nowhere. */
  private static Outcome freeTable(ModelMachine machine) {
    V1Domain domain = domainOf(machine, machine.nic());
    domain.space().map(IOVA, PAGE, LARGE, Protection.READ);
    long mapped = machine.read(ModelMachine.NIC, IOVA);
    domain.space().unmap(IOVA, LARGE);
    domain.space().map(IOVA, LARGE, LARGE, Protection.READ);
    return Outcome.of(PAGE, mapped, LARGE, machine.read(ModelMachine.NIC, IOVA));
  }

  /** An empty table gives way to a leaf. */
  private static Outcome replaceTable(ModelMachine machine) {
    V1Domain domain = domainOf(machine, machine.nic());
    domain.space().map(IOVA, PAGE, PAGE, Protection.READ);
    long mapped = machine.read(ModelMachine.NIC, IOVA);
    domain.space().unmap(IOVA, PAGE);
    domain.space().map(IOVA, LARGE, LARGE, Protection.READ);
    return Outcome.of(PAGE, mapped, LARGE, machine.read(ModelMachine.NIC, IOVA));
  }

  private static Outcome mapWhatWasLookedFor(ModelMachine machine) {
    V1Domain domain = domainOf(machine, machine.nic());
    domain.space().map(IOVA + PAGE, PAGE, PAGE, Protection.READ);
    long missing = machine.read(ModelMachine.NIC, IOVA);
    domain.space().map(IOVA, PAGE, PAGE, Protection.READ);
    return Outcome.of(ModelMachine.REFUSED, missing, PAGE, machine.read(ModelMachine.NIC, IOVA));
  }

  private static long dirtyPages(V1Domain domain) {
    long[] count = {0};
    domain.readAndClearDirty(IOVA, PAGE, (_, _) -> count[0]++);
    return count[0];
  }

  private static Outcome clearDirty(ModelMachine machine) {
    V1Domain domain = domainOf(machine, machine.nic());
    domain.space().map(IOVA, PAGE, PAGE, Protection.READ_WRITE);
    domain.setDirtyTracking(true);
    machine.write(ModelMachine.NIC, IOVA);
    long once = dirtyPages(domain);
    machine.write(ModelMachine.NIC, IOVA);
    return Outcome.of(1, once, 1, dirtyPages(domain), 0, dirtyPages(domain));
  }

  private static Outcome trackDirty(ModelMachine machine) {
    V1Domain domain = domainOf(machine, machine.nic());
    domain.space().map(IOVA, PAGE, PAGE, Protection.READ_WRITE);
    machine.write(ModelMachine.NIC, IOVA);
    domain.setDirtyTracking(true);
    machine.write(ModelMachine.NIC, IOVA);
    return Outcome.of(1, dirtyPages(domain));
  }

  private static Outcome detach(ModelMachine machine, int requester) {
    V1Domain domain = domainOf(machine, machine.nic());
    domain.space().map(IOVA, PAGE, PAGE, Protection.READ);
    long mapped = machine.read(requester, IOVA);
    machine.nic().detach();
    return Outcome.of(PAGE, mapped, ModelMachine.REFUSED, machine.read(requester, IOVA));
  }

  /** Another domain gets the identifier of one that is gone. */
  private static Outcome useIdentifierAgain(ModelMachine machine) {
    V1Domain domain = domainOf(machine, machine.nic());
    domain.space().map(IOVA, PAGE, PAGE, Protection.READ);
    long mapped = machine.read(ModelMachine.NIC, IOVA);
    machine.nic().detach();
    int id = domain.id();
    domain.close();
    V1Domain next = domainOf(machine, machine.nic());
    next.space().map(IOVA, 2 * PAGE, PAGE, Protection.READ);
    return Outcome.of(id, next.id(), PAGE, mapped, 2 * PAGE, machine.read(ModelMachine.NIC, IOVA));
  }

  private static Outcome growRoot(ModelMachine machine) {
    V1Domain domain = domainOf(machine, machine.nic());
    domain.space().map(IOVA, PAGE, PAGE, Protection.READ);
    long low = machine.read(ModelMachine.NIC, IOVA);
    domain.space().map(1L << 45, 2 * PAGE, PAGE, Protection.READ);
    return Outcome.of(PAGE, low, 2 * PAGE, machine.read(ModelMachine.NIC, 1L << 45));
  }

  private static Outcome changePasid(ModelMachine machine) {
    machine.gpu().attach(machine.driver.identity());
    V2Domain one = machine.driver.newV2Domain();
    V2Domain other = machine.driver.newV2Domain();
    one.space().map(IOVA, PAGE, PAGE, Protection.READ);
    other.space().map(IOVA, 2 * PAGE, PAGE, Protection.READ);
    machine.gpu().attachPasid(GUEST_PASID, one);
    long mapped = machine.read(ModelMachine.GPU, GUEST_PASID, IOVA);
    machine.gpu().detachPasid(GUEST_PASID);
    machine.gpu().attachPasid(GUEST_PASID, other);
    return Outcome.of(PAGE, mapped, 2 * PAGE, machine.read(ModelMachine.GPU, GUEST_PASID, IOVA));
  }

  /** A guest's address leads to the same page of its memory; the host moves that page. */
  private static Outcome changeParent(ModelMachine machine) {
    V1Domain parent = machine.driver.newV1Domain();
    long tables = machine.pages.allocate(machine.pages.newOwner("guest"), 14);
    long gcr3 = 0x5000;
    long root = 0x6000;
    parent.space().map(gcr3, tables, 4 * PAGE, Protection.READ_WRITE);
    parent.space().map(IOVA, PAGE, PAGE, Protection.READ_WRITE);
    machine.memory.write64(tables, root | 1);
    machine.memory.write64(tables + 0x1000, 0x7027);
    machine.memory.write64(tables + 0x2000, 0x8027);
    // A level-2 table whose entry is a leaf of 2 MiB, for guest address 0.
    machine.memory.write64(tables + 0x3000, IOVA | 0xe7);
    NestedDomain guest = parent.newVirtualIommu().nest(0x00c0000000000003L | 5L << 58, 9, 0, 0);
    machine.nic().attach(guest);
    long mapped = machine.read(ModelMachine.NIC, 0);
    parent.space().unmap(IOVA, PAGE);
    return Outcome.of(PAGE, mapped, ModelMachine.REFUSED, machine.read(ModelMachine.NIC, 0));
  }

  /** Lazily unmapped: the address is given to another buffer after the flush. */
  private static Outcome flushQueue(ModelMachine machine) {
    V1Domain domain = domainOf(machine, machine.nic());
    DmaMapper dma = DmaMapper.create(DmaConfig.of(domain).lazy());
    long address = dma.map(PAGE, PAGE, DmaDirection.TO_DEVICE);
    long mapped = machine.read(ModelMachine.NIC, address);
    dma.unmap(address, PAGE);
    dma.flush();
    long refused = machine.read(ModelMachine.NIC, address);
    long again = dma.map(2 * PAGE, PAGE, DmaDirection.TO_DEVICE);
    return Outcome.of(
        PAGE,
        mapped,
        ModelMachine.REFUSED,
        refused,
        address,
        again,
        2 * PAGE,
        machine.read(ModelMachine.NIC, again));
  }

  // ---- What is forgotten

  static Stream<Row> rows() {
    return Stream.of(
        new Row(
            "pages after an unmap",
            false,
            np ->
                new Invalidations(np) {
                  @Override
                  void unmapped(PagingDomain domain, long first, long last) {}
                },
            SabotageTest::unmap),
        new Row(
            "the wait after an unmap",
            false,
            np ->
                new Invalidations(np) {
                  @Override
                  void waitForAll(Collection<Attachment> attachments) {}
                },
            SabotageTest::unmap),
        new Row(
            "pages in the second IOMMU of a domain",
            false,
            np ->
                new Invalidations(np) {
                  @Override
                  void forgetPages(
                      Iommu iommu, int id, InvalidationSpace space, InvalidationRange range) {
                    if (!iommu.name().equals("ivhd1")) {
                      super.forgetPages(iommu, id, space, range);
                    }
                  }
                },
            SabotageTest::unmapOnBothIommus),
        new Row(
            "what the device keeps",
            false,
            np ->
                new Invalidations(np) {
                  @Override
                  void forgetDeviceIotlb(
                      PciDevice device, InvalidationSpace space, InvalidationRange range) {}
                },
            SabotageTest::unmapWithDeviceIotlb),
        new Row("pointers to a freed table", false, LeavesOnly::new, SabotageTest::freeTable),
        new Row("pointers to a replaced table", false, LeavesOnly::new, SabotageTest::replaceTable),
        new Row(
            "what was not present",
            true,
            np ->
                new Invalidations(np) {
                  @Override
                  void mapped(PagingDomain domain, long first, long last) {}
                },
            SabotageTest::mapWhatWasLookedFor),
        new Row(
            "pages whose dirty bits were cleared",
            false,
            np ->
                new Invalidations(np) {
                  @Override
                  void dirtyCleared(PagingDomain domain, IotlbGather gather) {}
                },
            SabotageTest::clearDirty),
        new Row(
            "pages when dirty tracking begins",
            false,
            np ->
                new Invalidations(np) {
                  @Override
                  void dirtyToggled(List<Attachment> attachments) {}
                },
            SabotageTest::trackDirty),
        new Row(
            "the entry of a device that leaves",
            false,
            WithoutEntries::new,
            machine -> detach(machine, ModelMachine.NIC)),
        new Row(
            "the entry of its alias",
            false,
            np ->
                new Invalidations(np) {
                  @Override
                  void forgetEntry(PciDevice device, int requesterId) {
                    if (requesterId == device.deviceId()) {
                      super.forgetEntry(device, requesterId);
                    }
                  }
                },
            machine -> detach(machine, ModelMachine.NIC_ALIAS)),
        new Row(
            "pages of a domain that a device leaves",
            false,
            np ->
                new Invalidations(np) {
                  @Override
                  void detached(Attachment attachment) {}
                },
            SabotageTest::useIdentifierAgain),
        new Row("entries with the old root", false, WithoutEntries::new, SabotageTest::growRoot),
        new Row(
            "the table of a PASID",
            false,
            np ->
                new Invalidations(np) {
                  @Override
                  void pasidChanged(Attachment attachment) {}
                },
            SabotageTest::changePasid),
        new Row(
            "guests' translations over a host page",
            false,
            np ->
                new Invalidations(np) {
                  @Override
                  void unmapped(PagingDomain domain, long first, long last) {
                    if (domain.attachments().stream().noneMatch(Attachment::nested)) {
                      super.unmapped(domain, first, last);
                    }
                  }
                },
            SabotageTest::changeParent),
        new Row(
            "everything when the queue is flushed",
            false,
            np ->
                new Invalidations(np) {
                  @Override
                  void flushQueued(PagingDomain domain) {}
                },
            SabotageTest::flushQueue));
  }

  /** Page-walk entries stay. */
  private static final class LeavesOnly extends Invalidations {
    LeavesOnly(boolean npCache) {
      super(npCache);
    }

    @Override
    void forgetPages(Iommu iommu, int id, InvalidationSpace space, InvalidationRange range) {
      iommu.commands().add(Command.invalidatePages(id, space, range).leavesOnly());
    }
  }

  /** Device table entries stay. */
  private static final class WithoutEntries extends Invalidations {
    WithoutEntries(boolean npCache) {
      super(npCache);
    }

    @Override
    void forgetEntry(PciDevice device, int requesterId) {}
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theDriverAsItIsDoesRight(Row row) {
    Outcome outcome = row.run(false);
    assertEquals(outcome.expected, outcome.found);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void whatIsForgottenIsMissed(Row row) {
    assertEquals(false, row.run(true).isRight());
  }

  // ---- What could be forgotten

  static Stream<Row> redundant() {
    return Stream.of(
        new Row(
            "pages of a domain whose root grew, and the entries a second time",
            false,
            np ->
                new Invalidations(np) {
                  @Override
                  void domainRetired(Iommu iommu, int domainId) {}

                  @Override
                  void rootChanged(List<Attachment> attachments) {}
                },
            SabotageTest::growRoot),
        new Row(
            "the entries again when all of them are written",
            false,
            np ->
                new Invalidations(np) {
                  @Override
                  void entriesWritten(PciDevice device) {}
                },
            machine -> detach(machine, ModelMachine.NIC)));
  }

  /** Linux does these too; the manual does not ask for them, and hardware does not miss them. */
  @ParameterizedTest
  @MethodSource("redundant")
  void theseAreRedundant(Row row) {
    assertEquals(true, row.run(true).isRight());
  }
}
