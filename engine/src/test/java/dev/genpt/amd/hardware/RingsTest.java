package dev.genpt.amd.hardware;

import static dev.genpt.amd.hardware.Board.assertMapped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The rings: full, wrapped, overflowed, stopped and started again; completion waits; interrupts.
 */
final class RingsTest {
  private static final long SEMAPHORE = 0x3000_0000L;
  private static final int STATUS = 0x2020;

  private final Board board = new Board();
  private final AmdIommu iommu = board.iommu;
  private final List<Interrupt> interrupts = new ArrayList<>();

  RingsTest() {
    iommu.onInterrupt(interrupts::add);
  }

  private void queue(long offset, long q0, long q1) {
    board.memory.write64(Board.COMMANDS + offset, q0);
    board.memory.write64(Board.COMMANDS + offset + 8, q1);
  }

  private void queueStores(int count) {
    for (int i = 0; i < count; i++) {
      queue(i * 16L, 1L << 60 | SEMAPHORE | 1, i);
    }
  }

  private void restart() {
    board.control(0);
    iommu.write64(0x18, iommu.read64(0x18) & ~Control.COMMAND_EN);
    iommu.write64(0x2000, 0);
    iommu.write64(0x2008, 0);
    board.control(0);
  }

  @Test
  void aFullRingRunsToItsLastEntryAndWraps() {
    queueStores(511);
    iommu.write64(0x2008, 0x1ff0);
    assertEquals(511, iommu.runCommands());
    assertEquals(510, board.memory.read64(SEMAPHORE));
    assertEquals(0x1ff0, iommu.read64(0x2000));
    queue(0x1ff0, 1L << 60 | SEMAPHORE | 1, 77);
    iommu.write64(0x2008, 0);
    assertEquals(1, iommu.runCommands());
    assertEquals(77, board.memory.read64(SEMAPHORE));
    assertEquals(0, iommu.read64(0x2000));
    assertEquals(0, iommu.runCommands());
  }

  @Test
  void commandsRunInOrderAndNoMoreThanAsked() {
    queueStores(5);
    iommu.write64(0x2008, 0x50);
    List<Command> seen = new ArrayList<>();
    iommu.onCommand(seen::add);
    assertEquals(2, iommu.runCommands(2));
    assertEquals(1, board.memory.read64(SEMAPHORE));
    assertEquals(0x20, iommu.read64(0x2000));
    assertEquals(3, iommu.runCommands());
    assertEquals(5, seen.size());
    assertEquals(new Command.CompletionWait(true, false, SEMAPHORE, 4), seen.getLast());
    assertEquals(5, iommu.counts().commands());
  }

  @Test
  void anIllegalCommandStopsTheRingUntilItIsSetUpAnew() {
    queueStores(3);
    queue(0x10, 9L << 60, 0);
    iommu.write64(0x2008, 0x30);
    assertEquals(1, iommu.runCommands());
    assertEquals("00000000 50000000 20000010 00000000", board.events().getFirst().toString());
    assertEquals(0x10, iommu.read64(0x2000), "the head is at the failing command");
    assertEquals(0, iommu.read64(STATUS) & 0x10);
    assertEquals(0, iommu.runCommands());
    board.control(0);
    assertEquals(0, iommu.runCommands(), "the enable bits did not change");
    restart();
    queueStores(3);
    iommu.write64(0x2008, 0x30);
    assertEquals(3, iommu.runCommands());
    assertEquals(2, board.memory.read64(SEMAPHORE));
  }

  @Test
  void memoryThatIsNotThereStopsTheRing() {
    queue(0, 1L << 60 | Board.NO_MEMORY | 1, 5);
    iommu.write64(0x2008, 0x10);
    assertEquals(0, iommu.runCommands());
    assertEquals("00000000 66000000 00000000 00000100", board.events().getFirst().toString());
    assertEquals(1, iommu.read64(0x50));
    assertEquals(0, iommu.read64(0x2000));
    iommu.write64(0x18, iommu.read64(0x18) & ~Control.COMMAND_EN);
    iommu.write64(0x8, 9L << 56 | Board.NO_MEMORY);
    board.control(0);
    iommu.write64(0x2008, 0x10);
    assertEquals(0, iommu.runCommands());
    assertEquals("00000000 66000000 00000000 00000100", board.events().getFirst().toString());
  }

  @Test
  void aRingWithoutEntriesDoesNothing() {
    iommu.write64(0x18, 0);
    iommu.write64(0x8, 7L << 56 | Board.COMMANDS);
    iommu.write64(0x10, Board.EVENTS);
    board.control(0);
    iommu.write64(0x2008, 0x10);
    assertEquals(0, iommu.runCommands());
    iommu.write64(0, Board.DEVICE_TABLE);
    assertInstanceOf(Translation.Faulted.class, board.read(0));
    assertEquals(0, iommu.read64(0x2018));
    assertEquals(1, iommu.counts().lostEvents());
  }

  private void fault() {
    assertInstanceOf(Translation.Faulted.class, board.read(0x1000));
  }

  @Test
  void theEventLogTakesOneFewerThanItHasRoomFor() {
    board.entry(1, 0);
    for (int i = 0; i < 511; i++) {
      fault();
    }
    assertEquals(0x1ff0, iommu.read64(0x2018));
    assertEquals(0x1a, iommu.read64(STATUS));
    fault();
    assertEquals(0x1ff0, iommu.read64(0x2018));
    assertEquals(0x13, iommu.read64(STATUS), "overflow, and no longer running");
    assertEquals(511, board.events().size());
    fault();
    assertEquals(List.of(), board.events(), "nothing until it is started again");
    assertEquals(2, iommu.counts().lostEvents());
    iommu.write64(0x18, iommu.read64(0x18) & ~Control.EVENT_LOG_EN);
    board.control(0);
    fault();
    assertEquals(List.of(), board.events(), "the overflow bit is still set");
    iommu.write64(STATUS, 1);
    fault();
    assertEquals(1, board.events().size());
    assertEquals(0, iommu.read64(0x2018), "wrapped");
  }

  @Test
  void severalEventsAreOneInterruptUntilItIsCleared() {
    board.entry(1, 0);
    fault();
    fault();
    assertEquals(List.of(), interrupts);
    board.control(Control.EVENT_INTERRUPT_EN);
    assertEquals(List.of(Interrupt.EVENT_LOG), interrupts);
    fault();
    assertEquals(1, interrupts.size());
    iommu.write64(STATUS, 2);
    fault();
    assertEquals(2, interrupts.size());
    assertEquals(4, board.events().size());
  }

  @Test
  void aHandlerMayUseTheIommu() {
    board.entry(1, 0);
    board.control(Control.EVENT_INTERRUPT_EN);
    iommu.onInterrupt(cause -> {
      interrupts.add(cause);
      iommu.write64(STATUS, 2);
      assertEquals(1, board.events().size());
      board.invalidateDomain();
    });
    fault();
    fault();
    assertEquals(2, interrupts.size());
  }

  @Test
  void aCompletionWaitMayInterrupt() {
    board.command(1L << 60 | 2, 0);
    assertEquals(4, iommu.read64(STATUS) & 4);
    assertEquals(List.of(), interrupts);
    board.control(Control.WAIT_INTERRUPT_EN);
    assertEquals(List.of(Interrupt.COMPLETION_WAIT), interrupts);
    iommu.write64(STATUS, 4);
    board.command(1L << 60 | 2 | 1 | SEMAPHORE, -1L);
    assertEquals(2, interrupts.size());
    assertEquals(-1L, board.memory.read64(SEMAPHORE));
  }

  /** A device that records what it is told. */
  private static final class Recorder implements AtsDevice {
    private final List<String> told = new ArrayList<>();
    private boolean answers = true;

    @Override
    public boolean invalidate(int pasid, AddressBlock block) {
      told.add("%d %#x 2^%d".formatted(pasid, block.first(), block.sizeLg2()));
      return answers;
    }

    @Override
    public void respond(PageResponse response) {
      told.add(response.toString());
    }
  }

  @Test
  void devicesAreToldToForget() {
    Recorder device = new Recorder();
    iommu.attach(Board.DEVICE, device);
    board.command(0x4000_0300_2000_0300L, 0x402f_f001L);
    board.command(0x4034_0300_2012_0300L, 0x1004L);
    assertEquals(List.of("-1 0x40200000 2^21", "4660 0x1000 2^12"), device.told);
    assertEquals(List.of(), board.events());
  }

  @Test
  void aDeviceThatDoesNotAnswerIsReported() {
    Recorder device = new Recorder();
    device.answers = false;
    iommu.attach(Board.DEVICE, device);
    board.command(0x4000_0300_2000_0300L, 0x402f_f001L);
    board.command(0x4000_0007_2000_0007L, 0x402f_f001L);
    assertEquals(
        List.of("00000300 70000000 20000000 00000000", "00000007 70000000 20000010 00000000"),
        board.events().stream().map(EventEntry::toString).toList());
    assertEquals(0x20, iommu.read64(0x2000), "the command counts as finished");
    iommu.write64(0x18, iommu.read64(0x18) & ~0xe0);
    board.command(0x4000_0300_2000_0300L, 0x402f_f001L);
    assertEquals(List.of(), board.events(), "nobody waits");
  }

  private static PageRequest pageRequest() {
    return new PageRequest(
        Request.of(Board.DEVICE, 0x7000, Access.WRITE).withPasid(0x1234), 5, true);
  }

  @Test
  void pageRequestsAreLoggedAndAnswered() {
    Recorder device = new Recorder();
    iommu.attach(Board.DEVICE, device);
    board.entry(Board.TRANSLATES | 1L << 52, Board.DOMAIN);
    assertFalse(iommu.requestPage(pageRequest()), "the log is off");
    assertEquals(List.of(new PageResponse(0x1234, 5, 15).toString()), device.told);
    board.control(Control.PPR_EN | Control.PPR_LOG_EN | Control.PPR_INTERRUPT_EN);
    assertTrue(iommu.requestPage(pageRequest()));
    assertEquals(List.of(Interrupt.PPR_LOG), interrupts);
    assertEquals(0x1160_0205_1234_0300L, board.memory.read64(Board.PAGE_REQUESTS));
    assertEquals(0x7000, board.memory.read64(Board.PAGE_REQUESTS + 8));
    board.command(0x7000_1234_0000_0300L, 0x2005_0000_0004L);
    assertEquals(new PageResponse(0x1234, 5, 2).toString(), device.told.getLast());
    board.entry(Board.TRANSLATES, Board.DOMAIN);
    assertFalse(iommu.requestPage(pageRequest()), "the entry does not allow it");
    assertEquals(3, device.told.size());
  }

  @Test
  void thePageRequestLogOverflowsLikeTheOther() {
    board.entry(Board.TRANSLATES | 1L << 52, Board.DOMAIN);
    board.control(Control.PPR_EN | Control.PPR_LOG_EN);
    for (int i = 0; i < 511; i++) {
      assertTrue(iommu.requestPage(pageRequest()));
    }
    assertFalse(iommu.requestPage(pageRequest()));
    assertEquals(0x60, iommu.read64(STATUS) & 0xe0);
  }

  @Test
  void translationRequestsAreAnsweredWithWhatIsAllowed() {
    HandTable table = HandTable.host(board, 3);
    table.put(0x1000, 1, 1 | Board.IR | Board.IW | 0x1234_5000L);
    table.put(0x2000, 1, 1 | Board.IR | 0x1234_6000L);
    table.put(0x3000, 1, 1 | Board.IW | 0x1234_7000L);
    board.entry(Board.TRANSLATES | 3 << 9 | 3 << 7 | table.root(), Board.DOMAIN | Board.I);
    assertAnswer(table, 0x1000, Access.READ, "true false", 0x20);
    assertAnswer(table, 0x1000, Access.WRITE, "true true", 0x60);
    assertAnswer(table, 0x2000, Access.WRITE, "true false", 0x20);
    assertAnswer(table, 0x3000, Access.READ, "refused", 0x20);
    assertAnswer(table, 0x3000, Access.WRITE, "false true", 0x60);
    assertAnswer(table, 0x4000, Access.WRITE, "refused", 0);
    assertEquals(List.of(), board.events());
    assertMapped(
        0x1234_5000L,
        12,
        iommu.translate(ats(0x1234_5000L, Access.WRITE, Request.Kind.PRETRANSLATED)));
  }

  private static Request ats(long address, Access access, Request.Kind kind) {
    return Request.of(Board.DEVICE, address, access).as(kind);
  }

  private void assertAnswer(
      HandTable table, long address, Access access, String expected, long marks) {
    String answer =
        switch (iommu.translate(ats(address, access, Request.Kind.TRANSLATION))) {
          case Translation.Mapped mapped -> mapped.readable() + " " + mapped.writable();
          case Translation.Refused _ -> "refused";
          case Translation other -> other.toString();
        };
    assertEquals(expected, answer);
    assertEquals(marks, table.word(address, 1) & 0x60);
  }

  @Test
  void twoIommusShareADomainAndForgetEachForItself() {
    Board other = board.neighbour();
    HandTable table = HandTable.host(board, 3);
    table.put(0x1000, 1, 1 | Board.IR | Board.IW | 0x1234_5000L);
    board.attach(table);
    assertMapped(0x1234_5000L, 12, board.read(0x1000));
    assertMapped(0x1234_5000L, 12, other.read(0x1000));
    table.put(0x1000, 1, 0);
    board.invalidateDomain();
    assertInstanceOf(Translation.Faulted.class, board.read(0x1000));
    assertMapped(0x1234_5000L, 12, other.read(0x1000));
    other.invalidateDomain();
    assertInstanceOf(Translation.Faulted.class, other.read(0x1000));
    assertEquals(1, board.events().size());
    assertEquals(1, other.events().size());
  }
}
