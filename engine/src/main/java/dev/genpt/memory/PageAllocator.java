package dev.genpt.memory;

import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The allocator of table pages: zeroed blocks of 2^n bytes, each physically aligned to its size and
 * at least 4 KiB, out of the first RAM region of a {@link PhysicalMemory}.
 *
 * <p>Every block has an owner, and a life: live, then retired (off its table, waiting for the
 * invalidation), then free. Only a live block of the named owner can be retired or freed, and only
 * once; anything else is {@code EIO}, so that a hostile pointer in table memory can never free
 * another's page.
 *
 * <p>Threads: all methods may be called by any thread; allocation and free are short critical
 * sections. Source of the contract: upstream {@code iommu-pages.c}.
 */
public final class PageAllocator {
  /** Size of the smallest block, lg2 of bytes. */
  public static final int PAGE_LG2 = 12;

  private static final int LIVE = 0x40;
  private static final int RETIRED = 0x80;
  private static final int ORDER_MASK = 0x3f;
  private static final int MAX_ORDER = 9;
  private static final int LEAST_RECORDS = 1 << 12;

  private final PhysicalMemory memory;
  private final long base;
  private final int frames;

  /**
   * Frame records: state of a block and its order at its first frame, 0 elsewhere and when free.
   *
   * <p>The records reach as far as memory was ever used, so a large machine costs only what it
   * uses. They are read without the lock too: whoever finds a table by its pointer sees records
   * that hold it, since they grew before the pointer was written.
   */
  private byte[] state;

  private @Nullable PageOwner[] owner;

  /** The owner of a block while it is live. */
  private @Nullable PageOwner[] liveOwner;

  /** The owner's chain of blocks. */
  private int[] nextOwned;

  private int[] previousOwned;

  /** Next block of a free list or of a {@link PageList}. */
  private int[] link;

  private final int[] freeHead = new int[MAX_ORDER + 1];
  private int untouched;
  private long requestsUntilFailure = -1;
  private int liveBlocks;

  /** An allocator over the first RAM region of {@code memory}, all of it free. */
  public PageAllocator(PhysicalMemory memory) {
    this.memory = memory;
    PhysicalMemory.Region region = memory.regions().getFirst();
    base = region.base();
    frames = (int) Math.min(region.size() >>> PAGE_LG2, Integer.MAX_VALUE - 8);
    int records = Math.min(frames, LEAST_RECORDS);
    state = new byte[records];
    owner = new PageOwner[records];
    liveOwner = new PageOwner[records];
    nextOwned = new int[records];
    previousOwned = new int[records];
    link = new int[records];
    Arrays.fill(freeHead, -1);
  }

  /** The memory that the pages lie in. */
  public PhysicalMemory memory() {
    return memory;
  }

  /** A new account without pages. */
  public PageOwner newOwner(String name) {
    return new PageOwner(name);
  }

  /**
   * A zeroed block.
   *
   * @param sizeLg2 size, lg2 of bytes, at most 21; sizes below 4 KiB get 4 KiB
   * @return its physical address, a multiple of its size
   * @throws IommuException ENOMEM if no block is left or a failure was injected, EINVAL for a size
   *     above 2 MiB
   */
  public long allocate(PageOwner who, int sizeLg2) {
    int order = Math.max(sizeLg2, PAGE_LG2) - PAGE_LG2;
    if (order > MAX_ORDER) {
      throw new IommuException(
          Errno.EINVAL, "table of 2^%d bytes: the largest block is 2^21".formatted(sizeLg2));
    }
    int frame = take(who, order);
    long pa = addressOf(frame);
    int from = PhysicalMemory.wordIndex(pa);
    Arrays.fill(memory.bank(pa), from, from + (1 << (order + PAGE_LG2 - 3)), 0L);
    return pa;
  }

  private synchronized int take(PageOwner who, int order) {
    if (requestsUntilFailure > 0 && --requestsUntilFailure == 0) {
      requestsUntilFailure = -1;
      throw new IommuException(Errno.ENOMEM, "allocation failure injected for " + who);
    }
    int frame = findBlock(order);
    if (frame < 0) {
      mergeFreeBlocks();
      frame = findBlock(order);
    }
    if (frame < 0) {
      throw new IommuException(
          Errno.ENOMEM,
          "no free block of 2^%d bytes left for %s (%d blocks live)"
              .formatted(order + PAGE_LG2, who, liveBlocks));
    }
    state[frame] = (byte) (LIVE | order);
    owner[frame] = who;
    liveOwner[frame] = who;
    previousOwned[frame] = -1;
    nextOwned[frame] = who.firstFrame;
    if (who.firstFrame >= 0) {
      previousOwned[who.firstFrame] = frame;
    }
    who.firstFrame = frame;
    account(who, 1, order);
    return frame;
  }

  /** Free list first, then memory never used, then half of a larger free block; -1 if none. */
  private int findBlock(int order) {
    int frame = freeHead[order];
    if (frame >= 0) {
      freeHead[order] = link[frame];
      return frame;
    }
    int aligned = alignFrame(untouched, order);
    if (aligned >= 0 && aligned + (1L << order) <= frames) {
      int gap = untouched;
      untouched = aligned + (1 << order);
      growRecords();
      addFreeRange(gap, aligned);
      return aligned;
    }
    for (int larger = order + 1; larger <= MAX_ORDER; larger++) {
      if (freeHead[larger] >= 0) {
        frame = freeHead[larger];
        freeHead[larger] = link[frame];
        addFreeRange(frame + (1 << order), frame + (1 << larger));
        return frame;
      }
    }
    return -1;
  }

  /** Makes room for the records of all that is no longer untouched. */
  private void growRecords() {
    if (untouched > state.length) {
      int records = (int) Math.min(frames, Math.max(untouched, 2L * state.length));
      link = Arrays.copyOf(link, records);
      previousOwned = Arrays.copyOf(previousOwned, records);
      nextOwned = Arrays.copyOf(nextOwned, records);
      owner = Arrays.copyOf(owner, records);
      liveOwner = Arrays.copyOf(liveOwner, records);
      state = Arrays.copyOf(state, records);
    }
  }

  /** First frame at or after {@code frame} whose address is a multiple of the block size. */
  private int alignFrame(int frame, int order) {
    long absolute = (base >>> PAGE_LG2) + frame;
    return (int)
        Math.min(Log2.alignUp(absolute, order) - (base >>> PAGE_LG2), Integer.MAX_VALUE - 8);
  }

  /** Puts {@code [from, to)} on the free lists as the largest naturally aligned blocks. */
  private void addFreeRange(int from, int to) {
    int frame = from;
    while (frame < to) {
      int order = Math.min(MAX_ORDER, Log2.ffs((base >>> PAGE_LG2) + frame));
      while (frame + (1L << order) > to) {
        order--;
      }
      link[frame] = freeHead[order];
      freeHead[order] = frame;
      frame += 1 << order;
    }
  }

  private void mergeFreeBlocks() {
    Arrays.fill(freeHead, -1);
    int freeFrom = 0;
    int frame = 0;
    while (frame < untouched) {
      if (state[frame] == 0) {
        frame++;
      } else {
        addFreeRange(freeFrom, frame);
        frame += 1 << (state[frame] & ORDER_MASK);
        freeFrom = frame;
      }
    }
    addFreeRange(freeFrom, untouched);
  }

  private void account(PageOwner who, int blocks, int order) {
    liveBlocks += blocks;
    // Others may read the account, but only the holder of the lock changes it.
    who.liveBlocks.setRelease(who.liveBlocks.getPlain() + blocks);
    long bytes = (long) blocks << (order + PAGE_LG2);
    who.liveBytes.setRelease(who.liveBytes.getPlain() + bytes);
  }

  /** True if {@code pa} is the start of a live block of {@code who}. */
  public boolean isLive(PageOwner who, long pa) {
    @Nullable PageOwner[] owners = liveOwner;
    long frame = (pa - base) >>> PAGE_LG2;
    return Log2.isAligned(pa, PAGE_LG2) && frame < owners.length && owners[(int) frame] == who;
  }

  /**
   * Frees a live block at once.
   *
   * @throws IommuException EIO unless {@code pa} is the start of a live block of {@code who}
   */
  public synchronized void free(PageOwner who, long pa) {
    checkLive(who, pa);
    release(frameOf(pa));
  }

  /**
   * Takes a live block out of use and puts it at the end of {@code list}; its memory stays as it
   * is.
   *
   * @throws IommuException EIO unless {@code pa} is the start of a live block of {@code who}; then
   *     the list is unchanged
   */
  public synchronized void retire(PageOwner who, long pa, PageList list) {
    checkLive(who, pa);
    int frame = frameOf(pa);
    state[frame] = (byte) (RETIRED | (state[frame] & ORDER_MASK));
    liveOwner[frame] = null;
    link[frame] = -1;
    if (list.tail < 0) {
      list.head = frame;
    } else {
      link[list.tail] = frame;
    }
    list.tail = frame;
    list.count++;
  }

  /** Moves all of {@code from} to the end of {@code to}; {@code from} is empty afterwards. */
  public synchronized void append(PageList to, PageList from) {
    if (from.isEmpty()) {
      return;
    }
    if (to.tail < 0) {
      to.head = from.head;
    } else {
      link[to.tail] = from.head;
    }
    to.tail = from.tail;
    to.count += from.count;
    from.clear();
  }

  /**
   * Frees every block of {@code list}, which is empty afterwards.
   *
   * @throws IommuException EIO at a block that is not retired: its owner's account was closed
   *     meanwhile
   */
  public synchronized void freeAll(PageList list) {
    int frame = list.head;
    while (frame >= 0) {
      if ((state[frame] & RETIRED) == 0) {
        throw new IommuException(
            Errno.EIO, "physical address %#x is not retired".formatted(addressOf(frame)));
      }
      int next = link[frame];
      release(frame);
      frame = next;
    }
    list.clear();
  }

  /**
   * Makes every block of {@code list} live again, for an operation that gives up before it detached
   * them.
   */
  public synchronized void restoreAll(PageList list) {
    for (int frame = list.head; frame >= 0; frame = link[frame]) {
      state[frame] = (byte) (LIVE | (state[frame] & ORDER_MASK));
      liveOwner[frame] = owner[frame];
    }
    list.clear();
  }

  /**
   * Frees everything that {@code who} holds, whatever its tables say, and returns the block count.
   */
  public synchronized int freeOwner(PageOwner who) {
    int freed = 0;
    while (who.firstFrame >= 0) {
      release(who.firstFrame);
      freed++;
    }
    return freed;
  }

  /** Blocks held now by all owners together. */
  public synchronized int liveBlocks() {
    return liveBlocks;
  }

  /**
   * Checks that nothing is held any more.
   *
   * @throws IllegalStateException with each block and its owner, if something is
   */
  public synchronized void checkNoLeaks() {
    List<String> leaks = new ArrayList<>();
    for (int frame = 0; frame < untouched; frame++) {
      if (state[frame] != 0) {
        leaks.add("%#x of %s".formatted(addressOf(frame), owner[frame]));
      }
    }
    if (!leaks.isEmpty()) {
      throw new IllegalStateException(
          "%d table pages leaked: %s%s"
              .formatted(
                  leaks.size(),
                  String.join(", ", leaks.subList(0, Math.min(8, leaks.size()))),
                  leaks.size() > 8 ? ", ..." : ""));
    }
  }

  /**
   * Makes the {@code n}-th request from now fail with ENOMEM, once; for tests.
   *
   * @param n 1 for the next request; 0 or less cancels
   */
  public synchronized void failRequest(long n) {
    requestsUntilFailure = n > 0 ? n : -1;
  }

  private void release(int frame) {
    PageOwner who = owner[frame];
    if (who == null) {
      throw new IllegalStateException("frame %d has no owner".formatted(frame));
    }
    int order = state[frame] & ORDER_MASK;
    int next = nextOwned[frame];
    int previous = previousOwned[frame];
    if (previous < 0) {
      who.firstFrame = next;
    } else {
      nextOwned[previous] = next;
    }
    if (next >= 0) {
      previousOwned[next] = previous;
    }
    account(who, -1, order);
    state[frame] = 0;
    owner[frame] = null;
    liveOwner[frame] = null;
    link[frame] = freeHead[order];
    freeHead[order] = frame;
  }

  private void checkLive(PageOwner who, long pa) {
    if (!isLive(who, pa)) {
      throw new IommuException(
          Errno.EIO, "physical address %#x is not a live table of %s".formatted(pa, who));
    }
  }

  /** Frame number of {@code pa}, or -1 if it is not a frame start of the arena. */
  private int frameOf(long pa) {
    long offset = pa - base;
    return offset < 0 || offset >= (long) frames << PAGE_LG2 || !Log2.isAligned(pa, PAGE_LG2)
        ? -1
        : (int) (offset >>> PAGE_LG2);
  }

  private long addressOf(int frame) {
    return base + ((long) frame << PAGE_LG2);
  }
}
