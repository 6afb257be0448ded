package dev.genpt.device;

import dev.genpt.amd.driver.DmaSegment;
import dev.genpt.amd.hardware.DmaPath;
import dev.genpt.bits.Log2;
import dev.genpt.memory.PhysicalMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A simulated NVMe drive with one pair of queues. It fetches commands, moves blocks between itself
 * and the pages that a command names, and completes commands in an order of its own.
 *
 * <p>Doorbells tell it how far its queues are filled and emptied; it works when {@link #work} is
 * called.
 *
 * <p>Threads: one at a time. Source: NVM Express Base Specification.
 */
public final class NvmeDrive extends DmaDevice {
  /** Bytes of a block, lg2. */
  public static final int BLOCK_LG2 = 12;

  /** Blocks that the drive has. */
  public static final long BLOCKS = 1 << 20;

  /** Blocks of a command, at most: their list fits into a page. */
  public static final int MOST_BLOCKS = 512;

  private static final int BLOCK = 1 << BLOCK_LG2;

  private final Random random;

  /** Blocks that were written; all others are zero. */
  private final Map<Long, byte[]> blocks = new HashMap<>();

  /** Fetched, but not completed. */
  private final List<NvmeCommand> waiting = new ArrayList<>();

  private Ring submissions = new Ring(0, 1, NvmeCommand.BYTES);
  private Ring completions = new Ring(0, 1, NvmeCompletion.BYTES);
  private boolean phase = true;

  /**
   * A drive of zeroed blocks, without queues.
   *
   * @param deviceId its requester ID, 0..0xffff
   * @param path the IOMMU
   * @param trace gets every access
   * @param seed of the order in which it completes commands
   */
  public NvmeDrive(int deviceId, DmaPath path, PhysicalMemory memory, Trace trace, long seed) {
    super("nvme", deviceId, path, memory, trace);
    random = new Random(seed);
  }

  // ---- Its registers

  /** Takes queues of {@code entries} each, at addresses for the device; both empty. */
  void setQueues(long submission, long completion, int entries) {
    submissions = new Ring(submission, entries, NvmeCommand.BYTES);
    completions = new Ring(completion, entries, NvmeCompletion.BYTES);
    waiting.clear();
    phase = true;
  }

  /** Commands lie before entry {@code tail}. */
  void submissionDoorbell(int tail) {
    submissions.setTail(tail);
  }

  /** The host has seen the completions before entry {@code head}. */
  void completionDoorbell(int head) {
    completions.setHead(head);
  }

  // ---- Its work

  /**
   * Fetches all commands and completes them, as far as the completion queue has room.
   *
   * @return commands completed
   */
  public int work() {
    while (!submissions.isEmpty()) {
      byte[] entry = new byte[NvmeCommand.BYTES];
      if (!read(submissions.slot(submissions.head()), entry)) {
        break;
      }
      waiting.add(NvmeCommand.decode(entry));
      submissions.advanceHead();
    }
    int done = 0;
    while (!waiting.isEmpty() && completions.room() > 0) {
      NvmeCommand command = waiting.remove(random.nextInt(waiting.size()));
      complete(command, execute(command));
      done++;
    }
    return done;
  }

  private void complete(NvmeCommand command, NvmeStatus status) {
    NvmeCompletion entry = new NvmeCompletion(command.id(), submissions.head(), phase, status);
    write(completions.slot(completions.tail()), entry.encode());
    completions.advanceTail();
    phase ^= completions.tail() == 0;
  }

  private NvmeStatus execute(NvmeCommand command) {
    if (command.opcode() != NvmeCommand.READ && command.opcode() != NvmeCommand.WRITE) {
      return NvmeStatus.INVALID_OPCODE;
    }
    if (command.blocks() > MOST_BLOCKS) {
      return NvmeStatus.INVALID_FIELD;
    }
    if (Long.compareUnsigned(command.lba(), BLOCKS - command.blocks()) > 0) {
      return NvmeStatus.LBA_OUT_OF_RANGE;
    }
    int bytes = command.blocks() << BLOCK_LG2;
    Optional<List<Long>> pages = pages(command, bytes);
    if (pages.isEmpty()) {
      return NvmeStatus.DATA_TRANSFER_ERROR;
    }
    if (pages.get().stream().skip(1).anyMatch(page -> !Log2.isAligned(page, Prps.PAGE_LG2))) {
      return NvmeStatus.PRP_OFFSET_INVALID;
    }
    boolean moved =
        command.opcode() == NvmeCommand.WRITE
            ? store(command, fetch(pages.get(), bytes))
            : fill(pages.get(), load(command, bytes));
    return moved ? NvmeStatus.SUCCESS : NvmeStatus.DATA_TRANSFER_ERROR;
  }

  /** Where the pages of a command's data begin; empty if their list can't be read. */
  private Optional<List<Long>> pages(NvmeCommand command, int bytes) {
    List<Long> pages = new ArrayList<>(List.of(command.prp1()));
    int left = bytes - Prps.bytesAt(command.prp1(), bytes);
    int more = (int) Log2.div(Log2.alignUp(left, Prps.PAGE_LG2), Prps.PAGE_LG2);
    if (more == 1) {
      pages.add(command.prp2());
    } else if (more > 1) {
      byte[] list = new byte[more * Long.BYTES];
      if (!read(command.prp2(), list)) {
        return Optional.empty();
      }
      pages.addAll(Prps.decode(list));
    }
    return Optional.of(pages);
  }

  /** The data of the pages; empty if one can't be read. */
  private Optional<byte[]> fetch(List<Long> pages, int bytes) {
    byte[] data = new byte[bytes];
    int done = 0;
    for (long page : pages) {
      byte[] part = new byte[Prps.bytesAt(page, bytes - done)];
      noteFetched(new DmaSegment(page, part.length));
      if (!read(page, part)) {
        return Optional.empty();
      }
      System.arraycopy(part, 0, data, done, part.length);
      done += part.length;
    }
    return Optional.of(data);
  }

  private boolean fill(List<Long> pages, byte[] data) {
    int done = 0;
    for (long page : pages) {
      int bytes = Prps.bytesAt(page, data.length - done);
      noteFilled(new DmaSegment(page, bytes));
      if (!write(page, Arrays.copyOfRange(data, done, done + bytes))) {
        return false;
      }
      done += bytes;
    }
    return true;
  }

  private boolean store(NvmeCommand command, Optional<byte[]> data) {
    data.ifPresent(bytes -> {
      for (int i = 0; i < command.blocks(); i++) {
        blocks.put(command.lba() + i, Arrays.copyOfRange(bytes, i * BLOCK, (i + 1) * BLOCK));
      }
    });
    return data.isPresent();
  }

  private byte[] load(NvmeCommand command, int bytes) {
    byte[] data = new byte[bytes];
    for (int i = 0; i < command.blocks(); i++) {
      byte[] block = blocks.getOrDefault(command.lba() + i, new byte[BLOCK]);
      System.arraycopy(block, 0, data, i * BLOCK, BLOCK);
    }
    return data;
  }
}
