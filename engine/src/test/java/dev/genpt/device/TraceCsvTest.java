package dev.genpt.device;

import static dev.genpt.fixture.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.table.Protection;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Traces as CSV. */
final class TraceCsvTest {
  private static final String TEXT =
      """
      step,device,kind,iova,length,pa,prot,result
      1,nic,map,0xffffc000,0x1000,0x100042000,w,ok
      2,nic,write,0xffffc040,0x40,0x100042040,rw,ok
      3,nic,unmap,0xffffc000,0x1000,0x100042000,w,queued
      4,nvme,read,0xfffffffffffff000,0x1,0x0,r,ok
      5,nic,fault,0xffffd000,0x40,,w,IO_PAGE_FAULT flags=0x0020
      """;

  @Test
  void whatIsWrittenIsReadBack() {
    List<TraceEntry> read = TraceCsv.read(TEXT.lines().toList());
    assertEquals(TEXT, TraceCsv.write(read));
    assertEquals(
        new TraceEntry(
            5,
            "nic",
            TraceEntry.Kind.FAULT,
            0xffffd000L,
            0x40,
            OptionalLong.empty(),
            Protection.WRITE,
            "IO_PAGE_FAULT flags=0x0020"),
        read.getLast());
    assertEquals(List.of(), TraceCsv.read(List.of(TraceCsv.HEADER)));
  }

  @Test
  void aTraceOfAMachineIsReadBack() {
    Machine machine = new Machine(MachineConfig.seeded(3));
    Traffic traffic = new NvmeTraffic(machine);
    traffic.round();
    traffic.provoke(Misbehaviour.WRITE_PAST_BUFFER);
    List<TraceEntry> entries = machine.trace().entries();
    assertEquals(entries, TraceCsv.read(TraceCsv.write(entries).lines().toList()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2,nic,map,0x1000,0x1000,0x5000,w,ok      | step \"2\": must be 1",
        "1,nic,map,0x1000,0x1000,0x5000,w         | 7 cells: must be 8",
        "1,nic,map,0x1000,0x1000,0x5000,w,ok,     | 9 cells: must be 8",
        "1,,map,0x1000,0x1000,0x5000,w,ok         | device \"\": must not be empty",
        "1,nic,Map,0x1000,0x1000,0x5000,w,ok      | kind \"Map\": must be map, unmap",
        "1,nic,map,1000,0x1000,0x5000,w,ok        | iova \"1000\": must be 0x",
        "1,nic,map,0xABC,0x1000,0x5000,w,ok       | iova \"0xABC\": must be 0x",
        "1,nic,map,0x1000,0x,0x5000,w,ok          | length \"0x\": must be 0x",
        "1,nic,map,0x1000,0x0,0x5000,w,ok         | length 0x0: must be 1 or more",
        "1,nic,map,0x1000,0x1000,0x12345678901234567,w,ok | pa \"0x12345678901234567\"",
        "1,nic,map,0x1000,0x1000,,w,ok            | pa: a map has one",
        "1,nic,fault,0x1000,0x1000,0x5000,w,no    | pa: a fault has none",
        "1,nic,map,0x1000,0x1000,0x5000,wr,ok     | prot \"wr\": must be r, w or rw",
        "1,nic,map,0x1000,0x1000,0x5000,none,ok   | prot \"none\": must be r, w or rw",
        "1,nic,map,0x1000,0x1000,0x5000,w,        | result \"\": must not be empty",
      })
  void aLineThatCantBeIsNamed(String line, String rule) {
    IommuException refused =
        assertRefused(Errno.EINVAL, () -> TraceCsv.read(List.of(TraceCsv.HEADER, line)));
    assertEquals("line 2: " + rule, refused.rule().substring(0, 8 + rule.length()));
  }

  @Test
  void anotherHeaderIsRefused() {
    assertRefused(Errno.EINVAL, () -> TraceCsv.read(List.of()));
    assertRefused(Errno.EINVAL, () -> TraceCsv.read(List.of("step,device")));
    assertThrows(
        IommuException.class,
        () ->
            new TraceEntry(
                0, "nic", TraceEntry.Kind.MAP, 0, 1, OptionalLong.of(0), Protection.READ, "ok"));
  }
}
