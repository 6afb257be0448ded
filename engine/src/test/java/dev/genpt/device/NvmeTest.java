package dev.genpt.device;

import static dev.genpt.fixture.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.genpt.amd.driver.DmaSegment;
import dev.genpt.device.NvmeDriver.Finished;
import dev.genpt.error.Errno;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The drive and its driver. */
final class NvmeTest {
  private static final int BLOCK = 0x1000;

  private final Machine machine = new Machine(MachineConfig.seeded(4));
  private final HostDma dma = machine.driveDma();
  private final NvmeDrive drive = machine.drive();

  private static List<Finished> well(int... ids) {
    List<Finished> all = new ArrayList<>();
    for (int id : ids) {
      all.add(new Finished(id, NvmeStatus.SUCCESS));
    }
    return all;
  }

  @Test
  void theLargestRequestNeedsAWholeListAndComesBack() {
    NvmeDriver driver = NvmeDriver.start(drive, dma, 4);
    long memory = dma.allocate(21);
    long tail = dma.allocate(12);
    List<DmaSegment> pieces =
        List.of(new DmaSegment(memory + 512, (1 << 21) - 512), new DmaSegment(tail, 512));
    byte[] data = new byte[1 << 21];
    new Random(1).nextBytes(data);
    dma.memory().write(memory, data);
    int write = driver.write(77, pieces);
    assertEquals(1, drive.work());
    assertEquals(well(write), driver.collect());
    dma.memory().write(memory, new byte[1 << 21]);
    int read = driver.read(77, pieces);
    assertEquals(1, drive.work());
    assertEquals(well(read), driver.collect());
    byte[] back = dma.memory().read(memory, 1 << 21);
    System.arraycopy(data, 0, back, 0, 512);
    assertArrayEquals(data, back);
    assertEquals(List.of(), driver.dataBuffers());
  }

  @Test
  void queuesWrapAndRequestsOvertakeEachOther() {
    NvmeDriver driver = NvmeDriver.start(drive, dma, 4);
    List<List<Integer>> orders = new ArrayList<>();
    long memory = dma.allocate(14);
    for (int round = 0; round < 20; round++) {
      List<Integer> ids = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        ids.add(driver.read(i, List.of(new DmaSegment(memory + (long) i * BLOCK, BLOCK))));
      }
      assertRefused(Errno.ENOSPC, () -> driver.read(9, List.of(new DmaSegment(memory, BLOCK))));
      assertEquals(3, driver.dataBuffers().size());
      assertEquals(3, drive.work());
      List<Integer> ended = driver.collect().stream().map(Finished::id).toList();
      assertEquals(new HashSet<>(ids), new HashSet<>(ended));
      orders.add(ended.stream().map(ids::indexOf).toList());
    }
    assertNotEquals(1, new HashSet<>(orders).size(), "more than one order");
  }

  @Test
  void memoryThatPagesCantSayIsRefused() {
    NvmeDriver driver = NvmeDriver.start(drive, dma, 4);
    long memory = dma.allocate(16);
    for (List<DmaSegment> pieces :
        List.of(
            List.<DmaSegment>of(),
            List.of(new DmaSegment(memory, 0x800)),
            List.of(new DmaSegment(memory, 0x1800)),
            List.of(new DmaSegment(memory + 2, BLOCK)),
            List.of(new DmaSegment(memory, 0x800), new DmaSegment(memory + 0x2000, 0x800)),
            List.of(new DmaSegment(memory, BLOCK), new DmaSegment(memory + 0x2800, BLOCK)))) {
      assertRefused(Errno.EINVAL, () -> driver.read(0, pieces));
    }
    List<DmaSegment> tooMuch = new ArrayList<>();
    for (int i = 0; i <= NvmeDrive.MOST_BLOCKS; i++) {
      tooMuch.add(new DmaSegment(memory, BLOCK));
    }
    assertRefused(Errno.EINVAL, () -> driver.write(0, tooMuch));
    assertRefused(Errno.EINVAL, () -> NvmeDriver.start(drive, dma, 1));
    assertRefused(Errno.EINVAL, () -> NvmeDriver.start(drive, dma, 513));
    assertEquals(List.of(), driver.dataBuffers());
    int last = driver.read(NvmeDrive.BLOCKS, List.of(new DmaSegment(memory, BLOCK)));
    drive.work();
    assertEquals(List.of(new Finished(last, NvmeStatus.LBA_OUT_OF_RANGE)), driver.collect());
  }

  /** Commands as a driver should not write them; D stands for four pages that are mapped. */
  @ParameterizedTest
  @CsvSource({
    "9, 0x0,   0x0,     0,        1,   INVALID_OPCODE",
    "2, 0x0,   0x0,     0,        513, INVALID_FIELD",
    "2, 0x0,   0x0,     0x100000, 1,   LBA_OUT_OF_RANGE",
    "2, 0x0,   0x0,     0xfffff,  2,   LBA_OUT_OF_RANGE",
    "2, 0x0,   0x0,     -1,       1,   LBA_OUT_OF_RANGE",
    "1, 0x0,   0x1800,  0,        2,   PRP_OFFSET_INVALID",
    "1, 0x800, 0x1000,  0,        1,   SUCCESS",
    "2, 0x0,   0x3000,  0,        2,   SUCCESS",
    "2, 0x0,   0x10000, 0,        2,   DATA_TRANSFER_ERROR",
    "1, 0x0,   0x10000, 0,        2,   DATA_TRANSFER_ERROR",
    "1, 0x0,   0x10000, 0,        3,   DATA_TRANSFER_ERROR",
  })
  void wrongCommandsEndInTheirStatus(
      int opcode, String prp1, String prp2, String lba, int blocks, NvmeStatus status) {
    DmaBuffer submission = dma.allocateCoherent(0x1000);
    DmaBuffer completion = dma.allocateCoherent(0x1000);
    DmaBuffer data = dma.allocateCoherent(0x4000);
    drive.setQueues(submission.iova(), completion.iova(), 4);
    NvmeCommand command =
        new NvmeCommand(
            opcode,
            0x1234,
            data.iova() + Long.decode(prp1),
            data.iova() + Long.decode(prp2) * (Long.decode(prp2) == 0x10000 ? 0x1000 : 1),
            Long.decode(lba),
            blocks);
    assertEquals(command, NvmeCommand.decode(command.encode()));
    dma.memory().write(submission.pa(), command.encode());
    drive.submissionDoorbell(1);
    assertEquals(1, drive.work());
    assertEquals(
        new NvmeCompletion(0x1234, 1, true, status),
        NvmeCompletion.decode(dma.memory().read(completion.pa(), NvmeCompletion.BYTES)));
  }

  @Test
  void aFullCompletionQueueHoldsCommandsBack() {
    DmaBuffer submission = dma.allocateCoherent(0x1000);
    DmaBuffer completion = dma.allocateCoherent(0x1000);
    drive.setQueues(submission.iova(), completion.iova(), 2);
    NvmeCommand command = new NvmeCommand(9, 1, 0, 0, 0, 1);
    dma.memory().write(submission.pa(), command.encode());
    dma.memory().write(submission.pa() + NvmeCommand.BYTES, command.encode());
    drive.submissionDoorbell(1);
    assertEquals(1, drive.work());
    drive.submissionDoorbell(0);
    assertEquals(0, drive.work());
    drive.completionDoorbell(1);
    assertEquals(1, drive.work());
    assertRefused(Errno.EINVAL, () -> drive.completionDoorbell(2));
  }

  @Test
  void completionsThatCantBeAreRefused() {
    NvmeDriver driver = NvmeDriver.start(drive, dma, 4);
    DmaBuffer queue = driver.queues().get(1);
    dma.memory().write(queue.pa(), new NvmeCompletion(2, 0, true, NvmeStatus.SUCCESS).encode());
    assertRefused(Errno.EIO, driver::collect);
    dma.memory().write(queue.pa() + 12, new byte[] {0, 0, 0x7f, 0});
    assertRefused(Errno.EINVAL, driver::collect);
  }

  @Test
  void aBlockedDriveDoesNothing() {
    NvmeDriver driver = NvmeDriver.start(drive, dma, 4);
    driver.read(0, List.of(new DmaSegment(dma.allocate(12), BLOCK)));
    machine.driver().device(0, Machine.DRIVE_ID).detach();
    assertEquals(0, drive.work());
    assertEquals(List.of(), driver.collect());
    assertEquals(1, driver.dataBuffers().size());
    driver.close();
    assertEquals(List.of(), driver.dataBuffers());
  }
}
