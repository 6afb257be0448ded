package dev.genpt.amd.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The event log, from the ring to lines in the form of the kernel's. */
final class EventReportTest {
  private static final String FAULT = "00000300 20200001 deadb000 00000000";
  private static final String FAULT_LINE =
      "nic 0000:03:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0001 address=0xdeadb000 flags=0x0020]";

  private final List<LoggedEvent> seen = new ArrayList<>();
  private long now;
  private final RecordedMachine machine =
      new RecordedMachine(
          0,
          config ->
              config
                  .bootIdentity()
                  .clock(
                      new DriverClock() {
                        @Override
                        public long microseconds() {
                          return now;
                        }

                        @Override
                        public void pause() {
                          now++;
                        }
                      })
                  .onEvent((_, event) -> seen.add(event)),
          AmdIommuDriver.Seams.NONE);

  private List<String> linesOf(String... events) {
    for (String event : events) {
      machine.first.logEvent(event);
    }
    machine.driver.iommus().getFirst().interrupt();
    List<String> lines = List.copyOf(machine.log);
    machine.log.clear();
    return lines;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        FAULT + " | " + FAULT_LINE,
        "00000308 20200000 deadb000 00000000 | AMD-Vi: Event logged [IO_PAGE_FAULT device=0000:03:01.0 domain=0x0000 address=0xdeadb000 flags=0x0020]",
        "00000300 34000000 10006000 00000000 | iommu ivhd0: AMD-Vi: Event logged [DEV_TAB_HARDWARE_ERROR device=0000:03:00.0 address=0x10006000 flags=0x0400]",
        "00000300 44000042 02222008 00000000 | iommu ivhd0: AMD-Vi: Event logged [PAGE_TAB_HARDWARE_ERROR device=0000:03:00.0 pasid=0x0042 address=0x2222008 flags=0x0400]",
        "00000000 66000000 20000010 00000000 | iommu ivhd0: AMD-Vi: Event logged [COMMAND_HARDWARE_ERROR address=0x20000010 flags=0x0600]",
        "00000300 70000000 20000010 00000000 | iommu ivhd0: AMD-Vi: Event logged [IOTLB_INV_TIMEOUT device=0000:03:00.0 address=0x20000010]",
        "00010300 8a002345 fee01000 00000000 | iommu ivhd0: AMD-Vi: Event logged [INVALID_DEVICE_REQUEST device=0000:03:00.0 pasid=0x12345 address=0xfee01000 flags=0x0a00]",
        "12340300 90000005 00007000 00000000 | iommu ivhd0: AMD-Vi: Event logged [INVALID_PPR_REQUEST device=0000:03:00.0 pasid=0x01234 address=0x7000 flags=0x0000 tag=0x005]",
        "00000300 f0000000 00000007 00000000 | iommu ivhd0: AMD-Vi: Event logged [UNKNOWN event[0]=0x00000300 event[1]=0xf0000000 event[2]=0x00000007 event[3]=0x00000000",
        "00000000 50000000 20000010 00000000 | iommu ivhd0: AMD-Vi: Event logged [ILLEGAL_COMMAND_ERROR address=0x20000010]",
      })
  void oneLineOfTheKernelsForm(String event, String line) {
    assertEquals(List.of(line), linesOf(event));
    assertEquals(List.of(LoggedEventTest.event(event)), seen);
  }

  @Test
  void anIllegalEntryIsShownWhole() {
    assertEquals(
        List.of(
            "iommu ivhd0: AMD-Vi: Event logged [ILLEGAL_DEV_TABLE_ENTRY device=0000:03:00.0 pasid=0x00000 address=0xdeadb000 flags=0x00a0]",
            "iommu ivhd0: AMD-Vi: Control Reg : 0x40020000001148d",
            "AMD-Vi: DTE[0]: 6000000000000003",
            "AMD-Vi: DTE[1]: 0000000000000001",
            "AMD-Vi: DTE[2]: 0000000000000000",
            "AMD-Vi: DTE[3]: 0000000000000000"),
        linesOf("00000300 10a00000 deadb000 00000000"));
  }

  @Test
  void anIllegalCommandIsShownWhole() {
    long pa = machine.pages.allocate(machine.pages.newOwner("command"), 12);
    machine.memory.write64(pa, 0x2000_0001_0000_0300L);
    assertEquals(
        List.of(
            "iommu ivhd0: AMD-Vi: Event logged [ILLEGAL_COMMAND_ERROR address=%#x]".formatted(pa),
            "AMD-Vi: CMD[0]: 00000300",
            "AMD-Vi: CMD[1]: 20000001",
            "AMD-Vi: CMD[2]: 00000000",
            "AMD-Vi: CMD[3]: 00000000"),
        linesOf("00000000 50000000 %08x %08x".formatted((int) pa, (int) (pa >>> 32))));
  }

  @Test
  void aBlockedDeviceHasAMessageOfItsOwn() {
    machine.nic().detach();
    assertEquals(
        List.of(
            "AMD-Vi: Event logged [Device not attached to domain properly]",
            "AMD-Vi:   device=0000:03:00.0 domain=0x0001"),
        linesOf(FAULT));
  }

  @Test
  void theDomainIsAskedFirst() {
    List<String> offered = new ArrayList<>();
    machine
        .driver
        .identity()
        .onFault((device, fault) -> {
          offered.add("%s %#x".formatted(device, fault.address()));
          return fault.has(LoggedEvent.Flag.RW);
        });
    assertEquals(List.of(), linesOf(FAULT));
    assertEquals(
        List.of(FAULT_LINE.replace("0020", "0000")), linesOf(FAULT.replace("2020", "2000")));
    assertEquals(List.of("0000:03:00.0 0xdeadb000", "0000:03:00.0 0xdeadb000"), offered);
    // An interrupt is no matter of the domain's.
    assertEquals(
        List.of(FAULT_LINE.replace("0020", "0028")), linesOf(FAULT.replace("2020", "2028")));
    assertEquals(2, offered.size());
  }

  @Test
  void aDeviceMayCauseTenLinesInFiveSeconds() {
    String[] many = new String[25];
    java.util.Arrays.fill(many, FAULT);
    assertEquals(10, linesOf(many).size());
    now += 5_000_000;
    assertEquals(
        List.of("amd_iommu_report_page_fault: 15 callbacks suppressed", FAULT_LINE),
        linesOf(FAULT));
    assertEquals(26, seen.size());
  }

  @Test
  void aFullLogIsEmptiedAndStartedAgain() {
    String[] many = new String[520];
    java.util.Arrays.fill(many, "00000300 70000000 20000010 00000000");
    machine.take();
    List<String> lines = linesOf(many);
    assertEquals(512, lines.size());
    assertEquals("AMD-Vi: IOMMU Event log restarting", lines.getLast());
    List<String> written =
        machine.take().stream().filter(line -> !line.startsWith("0x2010 ")).toList();
    assertEquals(
        List.of(
            "0x18 = 0x400200000011489",
            "0x18 = 0x400200000011481",
            "0x18 = 0x400200000011489",
            "0x18 = 0x40020000001148d"),
        written);
    assertEquals(0, machine.first.read64(Register.STATUS));
    assertEquals(1, linesOf("00000300 70000000 20000010 00000000").size());
  }

  @Test
  void entriesAreClearedAndTheRingWraps() {
    for (int i = 0; i < 2000; i++) {
      assertEquals(1, linesOf("00000300 70000000 %08x 00000000".formatted(i)).size());
    }
    long ring = machine.first.read64(Register.EVENT_BASE) & ~0xff00000000000fffL;
    for (int offset = 0; offset < 8192; offset += 8) {
      assertEquals(0, machine.memory.read64(ring + offset));
    }
  }

  @Test
  void anInterruptBeforeItsEntryWaits() {
    machine.first.write64(Register.EVENT_TAIL, 16);
    machine.first.setStatus(Register.STATUS_EVENT_INTERRUPT, 0);
    assertEquals(List.of("AMD-Vi: No event written to event log"), linesOf());
    assertEquals(16, machine.first.read64(Register.EVENT_HEAD));
  }

  @Test
  void hardwareThatStandsStillIsNamed() {
    machine.first.stop();
    machine.log.clear();
    org.junit.jupiter.api.Assertions.assertThrows(
        dev.genpt.error.IommuException.class, () -> machine.nic().detach());
    assertEquals(
        List.of("AMD-Vi: IOMMU 0000:00:00.2: Completion-Wait loop timed out"), machine.log);
  }
}
