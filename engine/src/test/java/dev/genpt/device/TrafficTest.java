package dev.genpt.device;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.amd.driver.EventKind;
import dev.genpt.amd.driver.LoggedEvent;
import dev.genpt.memory.PhysicalMemory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Devices at work on a machine, and what the IOMMU makes of their misbehaviour. */
final class TrafficTest {
  private static final long FLUSH_MICROSECONDS = 10_000;
  private static final int V1_WRITE = 0x020;
  private static final int V1_WRITE_DENIED = 0x070;

  /** A guest translation (GN) of a request with user privilege (US). */
  private static final int V2 = 0x005;

  /** A machine and the device that works there. */
  record Setup(String device, MachineConfig config) {
    Traffic start(Machine machine) {
      return device.equals("nic") ? new NicTraffic(machine) : new NvmeTraffic(machine);
    }

    @Override
    public String toString() {
      return "%s, %s, %s".formatted(device, config.domain(), config.lazy() ? "lazy" : "strict");
    }
  }

  /** A device that does something wrong there. */
  record Wrong(Setup setup, Misbehaviour how) {
    @Override
    public String toString() {
      return "%s, %s".formatted(setup, how.text());
    }
  }

  static Stream<Setup> setups() {
    List<Setup> setups = new ArrayList<>();
    for (String device : List.of("nic", "nvme")) {
      for (DomainKind kind : DomainKind.values()) {
        MachineConfig strict = MachineConfig.seeded(5).with(kind);
        setups.add(new Setup(device, strict));
        setups.add(new Setup(device, strict.inLazyMode()));
      }
    }
    return setups.stream();
  }

  static Stream<Wrong> wrongs() {
    return setups()
        .flatMap(setup -> Arrays.stream(Misbehaviour.values()).map(how -> new Wrong(setup, how)));
  }

  @ParameterizedTest
  @MethodSource("setups")
  void everythingArrivesAndEverythingIsUnmapped(Setup setup) {
    Machine machine = new Machine(setup.config());
    Traffic traffic = setup.start(machine);
    for (int i = 0; i < 60; i++) {
      traffic.round();
      machine.elapse(1000);
    }
    traffic.close();
    List<TraceEntry> trace = machine.trace().entries();
    assertAll(
        () -> assertEquals(0, traffic.tally().damaged()),
        () -> assertTrue(traffic.tally().in() > 60 && traffic.tally().out() > 60),
        () -> assertEquals(List.of(), machine.events()),
        () -> assertEquals(Set.of(), stillMapped(trace)),
        () -> assertTrue(mostMapped(trace) > 8, "many buffers in flight"));
  }

  private static Set<Long> stillMapped(List<TraceEntry> trace) {
    Set<Long> mapped = new HashSet<>();
    for (TraceEntry step : trace) {
      switch (step.kind()) {
        case MAP -> assertTrue(mapped.add(step.iova()));
        case UNMAP -> assertTrue(mapped.remove(step.iova()));
        case READ, WRITE, FAULT -> {}
      }
    }
    return mapped;
  }

  private static int mostMapped(List<TraceEntry> trace) {
    int mapped = 0;
    int most = 0;
    for (TraceEntry step : trace) {
      mapped += step.kind() == TraceEntry.Kind.MAP ? 1 : 0;
      mapped -= step.kind() == TraceEntry.Kind.UNMAP ? 1 : 0;
      most = Math.max(most, mapped);
    }
    return most;
  }

  /** Every access lies in a buffer that is mapped, at the physical address that belongs to it. */
  @ParameterizedTest
  @MethodSource("setups")
  void whatTheDeviceReachesIsWhatWasMapped(Setup setup) {
    Machine machine = new Machine(setup.config());
    Traffic traffic = setup.start(machine);
    for (int i = 0; i < 5; i++) {
      traffic.round();
    }
    List<TraceEntry> mapped = new ArrayList<>();
    for (TraceEntry step : machine.trace().entries()) {
      switch (step.kind()) {
        case MAP -> mapped.add(step);
        case UNMAP -> mapped.removeIf(other -> other.iova() == step.iova());
        case READ, WRITE ->
            assertTrue(
                mapped.stream()
                    .anyMatch(buffer -> {
                      long offset = step.iova() - buffer.iova();
                      return offset >= 0
                          && offset + step.length() <= buffer.length()
                          && buffer.pa().orElseThrow() + offset == step.pa().orElseThrow();
                    }),
                step::toString);
        case FAULT -> throw new AssertionError(step.toString());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("setups")
  void aRunRepeatsForItsSeed(Setup setup) {
    assertEquals(run(setup), run(setup));
    Setup other =
        new Setup(
            setup.device(), new MachineConfig(6, setup.config().domain(), setup.config().lazy()));
    assertNotEquals(run(setup), run(other));
  }

  private static String run(Setup setup) {
    Machine machine = new Machine(setup.config());
    Traffic traffic = setup.start(machine);
    for (Misbehaviour how : Misbehaviour.values()) {
      traffic.round();
      traffic.provoke(how);
    }
    return TraceCsv.write(machine.trace().entries()) + machine.kernelLog();
  }

  @ParameterizedTest
  @MethodSource("wrongs")
  void misbehaviourIsCaughtAndReachesNothing(Wrong wrong) {
    Machine machine = new Machine(wrong.setup().config());
    Traffic traffic = wrong.setup().start(machine);
    for (int i = 0; i < 5; i++) {
      traffic.round();
    }
    boolean hasWindow =
        wrong.setup().config().lazy() && wrong.how() == Misbehaviour.USE_AFTER_UNMAP;
    assertEquals(hasWindow, traffic.provoke(wrong.how()));
    if (hasWindow) {
      assertEquals(DmaDevice.STRAY_BYTES, strayBytes(machine));
      machine.elapse(FLUSH_MICROSECONDS);
      assertFalse(traffic.device().misbehave(wrong.how(), 0), "after the flush");
      assertEquals(DmaDevice.STRAY_BYTES, strayBytes(machine));
    } else {
      assertEquals(0, strayBytes(machine));
    }
    assertEquals(1, machine.events().size());
    LoggedEvent event = machine.events().getFirst();
    TraceEntry fault = machine.trace().lastFault().orElseThrow();
    int flags = wrong.how() == Misbehaviour.WRONG_DIRECTION ? V1_WRITE_DENIED : V1_WRITE;
    if (wrong.setup().config().domain() == DomainKind.V2) {
      flags |= V2;
    }
    assertEquals(EventKind.IO_PAGE_FAULT, event.kind());
    assertEquals(
        wrong.setup().device().equals("nic") ? Machine.NIC_ID : Machine.DRIVE_ID, event.deviceId());
    assertEquals(fault.iova(), event.address());
    assertEquals("%#x".formatted(flags), "%#x".formatted(event.flags()));
    assertEquals("IO_PAGE_FAULT flags=0x%04x".formatted(flags), fault.result());
    traffic.round();
    assertEquals(0, traffic.tally().damaged(), "work goes on");
  }

  /** Bytes in memory that look as what a stray access writes, in whole words. */
  private static int strayBytes(Machine machine) {
    byte[] pattern = new byte[Long.BYTES];
    Arrays.fill(pattern, DmaDevice.STRAY);
    long word = ByteBuffer.wrap(pattern).getLong();
    int words = 0;
    for (PhysicalMemory.Region region : machine.memory().regions()) {
      for (long pa = region.base(); pa <= region.last(); pa += PhysicalMemory.BANK_BYTES) {
        for (long each : machine.memory().bank(pa)) {
          words += each == word ? 1 : 0;
        }
      }
    }
    return words * Long.BYTES;
  }

  /** In lazy mode the access that comes too late goes where the buffer was. */
  @Test
  void theWindowOfLazyModeLeadsToTheOldBuffer() {
    Machine machine = new Machine(MachineConfig.seeded(2).inLazyMode());
    Traffic traffic = new NicTraffic(machine);
    assertTrue(traffic.provoke(Misbehaviour.USE_AFTER_UNMAP));
    TraceEntry stray = machine.trace().entries().getLast();
    TraceEntry unmapped =
        machine.trace().entries().stream()
            .filter(step -> step.kind() == TraceEntry.Kind.UNMAP)
            .findFirst()
            .orElseThrow();
    assertEquals(TraceEntry.QUEUED, unmapped.result());
    assertEquals(TraceEntry.Kind.WRITE, stray.kind());
    assertEquals(unmapped.iova(), stray.iova());
    assertEquals(unmapped.pa(), stray.pa());
  }

  @Test
  void theThreeAddressesOfABufferDiffer() {
    Machine machine = new Machine(MachineConfig.seeded(1));
    Traffic traffic = new NicTraffic(machine);
    for (DmaBuffer buffer : traffic.posted()) {
      assertEquals(0xffff_8880_0000_0000L, buffer.cpuAddress() - buffer.pa());
      assertNotEquals(buffer.pa(), buffer.iova());
    }
    assertEquals(31, traffic.posted().size());
    assertEquals(2, traffic.standing().size());
  }
}
