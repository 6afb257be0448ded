package dev.genpt.device;

import dev.genpt.amd.driver.DmaDirection;
import dev.genpt.amd.driver.DmaSegment;
import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The host's driver of an {@link NvmeDrive}: it maps the memory of a request as a scatter list,
 * tells the drive its pages, and unmaps them when the drive is done.
 *
 * <p>The queues and the lists of pages are coherent memory for both.
 *
 * <p>Threads: one at a time.
 */
public final class NvmeDriver implements AutoCloseable {
  private static final int MOST_ENTRIES = 1 << 9;
  private static final int LIST_BYTES = 1 << Prps.PAGE_LG2;

  /** Pages of a request whose further ones need a list. */
  private static final int PAGES_WITHOUT_LIST = 2;

  private final NvmeDrive drive;
  private final HostDma dma;
  private final DmaBuffer submissionMemory;
  private final DmaBuffer completionMemory;

  /** A page for the list of each command that can be in flight. */
  private final DmaBuffer listMemory;

  private final Ring submissions;
  private final Ring completions;
  private final Deque<Integer> freeIds = new ArrayDeque<>();
  private final Map<Integer, MappedScatter> inFlight = new TreeMap<>();
  private boolean phase = true;

  /**
   * A request that is over.
   *
   * @param id what {@link #read} or {@link #write} returned
   * @param status how it ended
   */
  public record Finished(int id, NvmeStatus status) {}

  private NvmeDriver(NvmeDrive drive, HostDma dma, int entries) {
    this.drive = drive;
    this.dma = dma;
    submissionMemory = dma.allocateCoherent((long) entries * NvmeCommand.BYTES);
    completionMemory = dma.allocateCoherent((long) entries * NvmeCompletion.BYTES);
    listMemory = dma.allocateCoherent((long) (entries - 1) * LIST_BYTES);
    submissions = new Ring(submissionMemory.pa(), entries, NvmeCommand.BYTES);
    completions = new Ring(completionMemory.pa(), entries, NvmeCompletion.BYTES);
    for (int id = 0; id < entries - 1; id++) {
      freeIds.add(id);
    }
  }

  /**
   * Starts the drive.
   *
   * @param entries of each queue, 2 to 512; one stays unused
   * @throws IommuException EINVAL for another number; ENOMEM, ENOSPC
   */
  public static NvmeDriver start(NvmeDrive drive, HostDma dma, int entries) {
    if (entries < 2 || entries > MOST_ENTRIES) {
      throw new IommuException(
          Errno.EINVAL, "%d entries: need 2 to %d".formatted(entries, MOST_ENTRIES));
    }
    NvmeDriver driver = new NvmeDriver(drive, dma, entries);
    drive.setQueues(driver.submissionMemory.iova(), driver.completionMemory.iova(), entries);
    return driver;
  }

  /** The submission queue, the completion queue, and the lists of pages. */
  public List<DmaBuffer> queues() {
    return List.of(submissionMemory, completionMemory, listMemory);
  }

  /** The memory of the requests that are under way, or that were not collected since. */
  public List<DmaBuffer> dataBuffers() {
    return inFlight.values().stream().flatMap(scatter -> scatter.pieces().stream()).toList();
  }

  /**
   * Asks for blocks to be read into memory.
   *
   * @param lba the first block
   * @param memory where they go: whole blocks in sum, at most {@link NvmeDrive#MOST_BLOCKS}. The
   *     first piece begins at a multiple of 4 bytes and the others at a page; all but the last end
   *     with a page
   * @return the request
   * @throws IommuException ENOSPC if as many are under way as the queue has room for; EINVAL for
   *     memory that is not so; as {@link dev.genpt.amd.driver.DmaMapper#mapScatter}. Nothing is
   *     then mapped
   */
  public int read(long lba, List<DmaSegment> memory) {
    return submit(NvmeCommand.READ, lba, memory, DmaDirection.FROM_DEVICE);
  }

  /** Asks for memory to be written to blocks; as {@link #read}. */
  public int write(long lba, List<DmaSegment> memory) {
    return submit(NvmeCommand.WRITE, lba, memory, DmaDirection.TO_DEVICE);
  }

  private int submit(int opcode, long lba, List<DmaSegment> memory, DmaDirection direction) {
    long bytes = memory.stream().mapToLong(DmaSegment::length).sum();
    if (bytes <= 0
        || !Log2.isAligned(bytes, NvmeDrive.BLOCK_LG2)
        || Log2.div(bytes, NvmeDrive.BLOCK_LG2) > NvmeDrive.MOST_BLOCKS) {
      throw new IommuException(
          Errno.EINVAL,
          "%#x bytes: need whole blocks of %#x, 1 to %d"
              .formatted(bytes, 1 << NvmeDrive.BLOCK_LG2, NvmeDrive.MOST_BLOCKS));
    }
    if (freeIds.isEmpty()) {
      throw new IommuException(
          Errno.ENOSPC, "%d requests are under way: no room for more".formatted(inFlight.size()));
    }
    MappedScatter scatter = dma.mapScatter(memory, direction);
    List<Long> pages;
    try {
      pages = Prps.of(scatter.mapping().segments());
    } catch (IommuException e) {
      dma.unmapScatter(scatter);
      throw e;
    }
    int id = freeIds.remove();
    inFlight.put(id, scatter);
    post(
        new NvmeCommand(
            opcode,
            id,
            pages.getFirst(),
            secondPointer(id, pages),
            lba,
            (int) Log2.div(bytes, NvmeDrive.BLOCK_LG2)));
    return id;
  }

  /** What stands beside the first page: nothing, the second page, or a list of the others. */
  private long secondPointer(int id, List<Long> pages) {
    if (pages.size() <= PAGES_WITHOUT_LIST) {
      return pages.size() == 1 ? 0 : pages.getLast();
    }
    long offset = (long) id * LIST_BYTES;
    dma.memory().write(listMemory.pa() + offset, Prps.encode(pages.subList(1, pages.size())));
    return listMemory.iova() + offset;
  }

  private void post(NvmeCommand command) {
    dma.memory().write(submissions.slot(submissions.tail()), command.encode());
    submissions.advanceTail();
    drive.submissionDoorbell(submissions.tail());
  }

  /** Unmaps the memory of the requests that are over, and tells which those are. */
  public List<Finished> collect() {
    List<Finished> finished = new ArrayList<>();
    while (true) {
      byte[] entry = dma.memory().read(completions.slot(completions.head()), NvmeCompletion.BYTES);
      if (NvmeCompletion.phaseOf(entry) != phase) {
        return finished;
      }
      NvmeCompletion completion = NvmeCompletion.decode(entry);
      MappedScatter scatter = inFlight.remove(completion.id());
      if (scatter == null) {
        throw new IommuException(
            Errno.EIO,
            "the drive completed request %d, which is not under way".formatted(completion.id()));
      }
      dma.unmapScatter(scatter);
      freeIds.add(completion.id());
      completions.advanceHead();
      phase ^= completions.head() == 0;
      drive.completionDoorbell(completions.head());
      finished.add(new Finished(completion.id(), completion.status()));
    }
  }

  /** Stops the drive, unmaps everything and gives its own memory back. */
  @Override
  public void close() {
    drive.setQueues(0, 0, 1);
    inFlight.values().forEach(dma::unmapScatter);
    inFlight.clear();
    queues().forEach(dma::freeCoherent);
  }
}
