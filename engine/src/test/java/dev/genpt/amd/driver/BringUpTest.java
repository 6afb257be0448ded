package dev.genpt.amd.driver;

import static dev.genpt.fixture.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.error.Errno;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PhysicalMemory;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Bring-up writes registers in its order, and leaves no requester without a rule. */
final class BringUpTest {
  private final PhysicalMemory memory = PhysicalMemory.ofMebibytes(16);
  private final PageAllocator pages = new PageAllocator(memory);

  private AmdIommuDriver start(RecordedIommu iommu, int lastDeviceId) {
    return AmdIommuDriver.start(
        DriverConfig.of(pages)
            .iommu(
                IommuConfig.of("ivhd0", iommu)
                    .firmwareControl(Register.CONTROL_ISOC)
                    .lastDeviceId(lastDeviceId)
                    .device(DeviceConfig.of(0x300).firmwareEntry(1L << 40, 1L << 56))));
  }

  @Test
  void theLastWordIsGivenToTheEnableBit() {
    RecordedIommu iommu = new RecordedIommu(memory);
    start(iommu, 0x3ff);
    List<String> done = iommu.take();
    long table = memory.regions().getFirst().base();
    List<String> bases = done.stream().filter(line -> line.matches("0x(0|8|10) = .*")).toList();
    assertEquals(3, bases.size(), done::toString);
    assertEquals("0x0", bases.get(0).split(" ", -1)[0]);
    assertEquals("0x8", bases.get(1).split(" ", -1)[0]);
    assertEquals("0x10", bases.get(2).split(" ", -1)[0]);
    assertEquals(7, iommu.read64(Register.DEVICE_TABLE_BASE) & 0x1ff, "32 KiB");
    assertEquals(9L << 56, iommu.read64(Register.COMMAND_BASE) & 0xff00000000000000L);
    assertEquals(true, iommu.read64(Register.COMMAND_BASE) > table);
    List<String> controls =
        done.stream().filter(line -> line.startsWith("0x18 = ")).distinct().toList();
    assertEquals(
        List.of(
            "0x18 = 0x0",
            "0x18 = 0x800", // Isoc, as firmware wants it
            "0x18 = 0xc80", // Coherent, a time limit of 1 s
            "0x18 = 0x200000000c80", // page requests
            "0x18 = 0x200000001c80", // commands
            "0x18 = 0x200000001c84", // event log
            "0x18 = 0x200000011c84", // guest translation
            "0x18 = 0x400200000011c84", // GCR3 tables by guest addresses
            "0x18 = 0x400200000011c85", // on
            "0x18 = 0x400200000011c8d"), // event interrupt
        controls);
    int on = done.indexOf("0x18 = 0x400200000011c85");
    assertEquals("00000000 80000000 00000000 00000000", done.get(on + 1));
    assertEquals("wait", done.get(on + 2));
  }

  @Test
  void everyRequesterHasARule() {
    RecordedIommu iommu = new RecordedIommu(memory);
    start(iommu, 0x2fe);
    long table = iommu.read64(Register.DEVICE_TABLE_BASE) & ~0xfffL;
    DeviceTableWriter reader = new DeviceTableWriter(memory);
    for (int id = 0; id < 0x400; id++) {
      DeviceTableEntry entry = reader.read(DeviceTableEntry.address(table, id));
      assertEquals(
          id == 0x300
              ? "4000000000000003 0000010000000000 0100000000000000 0000000000000000"
              : "0000000000000003 0000000000000000 0000000000000000 0000000000000000",
          entry.toString());
    }
  }

  @Test
  void withoutInvalidateAllEverythingIsNamed() {
    RecordedIommu iommu =
        new RecordedIommu(memory, RecordedIommu.FEATURES & ~(1L << 6), RecordedIommu.FEATURES_2);
    start(iommu, 0x7f);
    List<String> done = iommu.take();
    int on = done.indexOf("0x18 = 0x400200000011c85");
    List<String> expected =
        IntStream.of(2, 5, 3)
            .boxed()
            .flatMap(operation ->
                java.util.stream.Stream.concat(
                    IntStream.range(0, 1024)
                        .mapToObj(id ->
                            operation == 3
                                ? "00000000 3000%04x fffff003 7fffffff".formatted(id)
                                : "0000%04x %x0000000 00000000 00000000".formatted(id, operation)),
                    java.util.stream.Stream.of("wait")))
            .toList();
    assertEquals(expected, done.subList(on + 1, on + 1 + expected.size()));
  }

  @Test
  void whatCannotBeIsRefused() {
    assertRefused(Errno.EINVAL, () -> AmdIommuDriver.start(DriverConfig.of(pages)));
    assertRefused(Errno.EINVAL, () -> start(new RecordedIommu(memory), 0x10000));
    assertRefused(Errno.EINVAL, () -> new IommuFeatures(0x10L << 32, 0));
    assertRefused(Errno.ENODEV, () -> start(new RecordedIommu(memory), 0).device(0, 0x301));
  }
}
