package dev.genpt.device;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a fault, from the steps before it. */
final class FaultDiagnosisTest {
  private static final List<String> BEFORE =
      List.of(
          TraceCsv.HEADER,
          "1,nic,map,0xffff8000,0x1000,0x100042000,w,ok",
          "2,nic,map,0xffff4800,0x800,0x100050800,r,ok",
          "3,nic,map,0xffff2000,0x1000,0x100060000,w,ok",
          "4,nvme,map,0xffe00000,0x100000,0x101000000,rw,ok",
          "5,nic,write,0xffff2000,0x40,0x100060000,w,ok",
          "6,nic,unmap,0xffff2000,0x1000,0x100060000,w,ok",
          "7,nvme,map,0xffff0000,0x1000,0x100070000,rw,ok",
          "8,nvme,unmap,0xffff0000,0x1000,0x100070000,rw,ok",
          "9,nic,map,0xfffe0000,0x2000,0x100080000,w,ok",
          "10,nic,write,0xfffe0000,0x40,0x100080000,w,ok",
          "11,nic,write,0xfffe1000,0x40,0x100081000,w,ok",
          "12,nic,unmap,0xfffe0000,0x2000,0x100080000,w,ok",
          "13,nic,map,0xfffe0000,0x1000,0x100080000,w,ok",
          "14,nic,map,0xfffd0000,0x1000,0x100090000,w,ok",
          "15,nic,map,0xfffd1000,0x1000,0x100091000,w,ok",
          "16,nic,write,0xfffd1000,0x40,0x100091000,w,ok",
          "17,nic,unmap,0xfffd1000,0x1000,0x100091000,w,ok");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nic  | 0xffff4810 | w | write 64 bytes at 0xffff4810, in a buffer that was mapped in step 2 for reading alone | wrong direction, TO_DEVICE",
        "nic  | 0xffff4000 | w | for reading alone     | wrong direction, TO_DEVICE",
        "nic  | 0xffff8000 | r | for writing alone     | wrong direction, FROM_DEVICE",
        "nic  | 0xffff8000 | w | in step 1 for that    | none that shows in the trace",
        "nic  | 0xffff2040 | w | unmapped in step 6    | before the device was done with it",
        "nic  | 0xffff9000 | w | behind the end of the buffer that was mapped in step 1 | longer than the one it mapped",
        "nic  | 0xfffe1000 | w | unmapped in step 12   | before the device was done with it",
        "nic  | 0xfffd1000 | w | unmapped in step 17   | before the device was done with it",
        "nic  | 0xffffa000 | w | where nothing was mapped | came from no mapping",
        "nic  | 0xffe00040 | w | where nvme has a buffer | means something to another device alone",
        "nvme | 0xffff4800 | r | read 64 bytes at 0xffff4800, where nic has a buffer | another device alone",
        "nic  | 0x100042010 | w | the physical address of the buffer that was mapped in step 1 | gave the device a physical address",
        "nic  | 0xffff0000 | w | where nothing was mapped | came from no mapping",
      })
  void theLikelyMistakeIsNamed(
      String device, String iova, String wanted, String what, String mistake) {
    List<String> lines = new ArrayList<>(BEFORE);
    lines.add("18,%s,fault,%s,0x40,,%s,IO_PAGE_FAULT".formatted(device, iova, wanted));
    lines.add("19,%s,map,0xffff0000,0x1000,0x100070000,w,ok".formatted(device));
    List<TraceEntry> steps = TraceCsv.read(lines);
    FaultDiagnosis diagnosis = FaultDiagnosis.of(steps, steps.get(17));
    assertAll(
        diagnosis.toString(),
        () -> assertTrue(diagnosis.what().startsWith(device + " wanted to ")),
        () -> assertTrue(diagnosis.what().contains(what)),
        () -> assertTrue(diagnosis.mistake().contains(mistake)));
  }

  /** An address that was mapped once, and lies behind a buffer that the device has just used. */
  @Test
  void whatTheDeviceUsedLastDecides() {
    List<String> lines = new ArrayList<>(BEFORE);
    lines.add("18,nic,write,0xfffe0fc0,0x40,0x100080fc0,w,ok");
    lines.add("19,nic,fault,0xfffe1000,0x40,,w,IO_PAGE_FAULT");
    List<TraceEntry> steps = TraceCsv.read(lines);
    FaultDiagnosis diagnosis = FaultDiagnosis.of(steps, steps.getLast());
    assertTrue(diagnosis.what().contains("behind the end of the buffer"), diagnosis.what());
  }
}
