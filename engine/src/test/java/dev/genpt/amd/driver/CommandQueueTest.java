package dev.genpt.amd.driver;

import static dev.genpt.fixture.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.error.Errno;
import dev.genpt.fixture.Threads;
import dev.genpt.memory.PhysicalMemory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The ring of commands, from the driver's side. */
final class CommandQueueTest {
  private static final long RING = 1L << 32;
  private static final long SEMAPHORE = RING + 0x2000;
  private static final int PAUSES = 100_000;

  private final PhysicalMemory memory = PhysicalMemory.ofMebibytes(2);
  private final RecordedIommu iommu = new RecordedIommu(memory);
  private final List<String> problems = Collections.synchronizedList(new ArrayList<>());

  private CommandQueue queue(DriverClock clock) {
    CommandQueue queue = new CommandQueue(iommu, memory, RING, SEMAPHORE, clock, problems::add);
    iommu.write64(Register.COMMAND_BASE, queue.registerValue());
    queue.reset();
    iommu.take();
    return queue;
  }

  private static DriverClock simulated(Runnable hardware) {
    return DriverClock.simulated(hardware);
  }

  private static Command command(int deviceId) {
    return Command.invalidateDeviceEntry(deviceId);
  }

  @Test
  void aWaitIsQueuedOnlyForCommands() {
    CommandQueue queue = queue(simulated(() -> {}));
    queue.completionWait();
    assertEquals(List.of(), iommu.take());
    queue.add(command(1));
    queue.completionWait();
    queue.completionWait();
    assertEquals(List.of(command(1).toString(), "wait"), iommu.take());
    assertEquals(1, memory.read64(SEMAPHORE));
  }

  /** Whoever comes while a wait is under way waits for it too: its command may be before it. */
  @Test
  void aWaitThatIsUnderWayIsJoined() {
    AtomicInteger pauses = new AtomicInteger();
    CommandQueue[] queue = new CommandQueue[1];
    queue[0] =
        queue(
            simulated(() -> {
              if (pauses.incrementAndGet() == 1) {
                queue[0].completionWait();
                assertEquals(List.of(command(1).toString(), "wait"), iommu.take());
                assertEquals(2, pauses.get(), "the inner wait ended when hardware was done");
              } else {
                iommu.run(2);
              }
            }));
    iommu.stop();
    queue[0].add(command(1));
    queue[0].completionWait();
    assertEquals(2, pauses.get());
  }

  @Test
  void aFullRingWaitsForRoomAndWraps() {
    AtomicInteger pauses = new AtomicInteger();
    CommandQueue queue =
        queue(
            simulated(() -> {
              pauses.incrementAndGet();
              iommu.run(5);
            }));
    iommu.stop();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 509; i++) {
      queue.add(command(i));
      expected.add(command(i).toString());
    }
    assertEquals(0, pauses.get(), "509 fit");
    for (int i = 509; i < 3000; i++) {
      queue.add(command(i));
      expected.add(command(i).toString());
    }
    assertEquals(true, pauses.get() > 100);
    iommu.go();
    queue.completionWait();
    expected.add("wait");
    assertEquals(expected, iommu.take());
  }

  @Test
  void hardwareThatStandsStillIsReported() {
    AtomicInteger pauses = new AtomicInteger();
    CommandQueue queue = queue(simulated(pauses::incrementAndGet));
    iommu.stop();
    queue.add(command(1));
    assertRefused(Errno.EIO, queue::completionWait);
    assertEquals(PAUSES, pauses.get());
    assertEquals(List.of("Completion-Wait loop timed out"), problems);
    assertRefused(
        Errno.EIO,
        () -> {
          for (int i = 0; i < 512; i++) {
            queue.add(command(i));
          }
        });
    assertEquals("Command buffer timeout", problems.getLast());
    // A new start, as after an illegal command: later waits satisfy those before.
    iommu.go();
    queue.reset();
    queue.add(command(2));
    queue.completionWait();
  }

  @Test
  void sequenceNumbersAreComparedAsSigned() {
    CommandQueue queue = queue(simulated(() -> {}));
    memory.write64(SEMAPHORE, Long.MIN_VALUE);
    queue.add(command(1));
    queue.completionWait();
    assertEquals(1, memory.read64(SEMAPHORE));
  }

  @Test
  void everyThreadSeesItsCommandsDone() {
    CommandQueue queue = queue(DriverClock.system());
    int threads = 4;
    int each = 500;
    boolean[] done = new boolean[threads * each];
    Threads.runTogether(
        threads + 1,
        number -> {
          if (number == threads) {
            return;
          }
          for (int i = 0; i < each; i++) {
            queue.add(command(number * each + i));
            queue.completionWait();
            done[number * each + i] = true;
          }
        });
    List<String> log = iommu.take();
    for (int i = 0; i < done.length; i++) {
      assertEquals(true, done[i]);
      assertEquals(true, log.contains(command(i).toString()));
    }
  }
}
