package dev.genpt.device;

import dev.genpt.amd.driver.DmaSegment;
import dev.genpt.memory.PageAllocator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Random requests for the drive of a {@link Machine}, several at a time, over pages that lie
 * anywhere in memory; some begin in the middle of a page. What is read is compared with what was
 * written before.
 */
public final class NvmeTraffic extends Traffic {
  private static final int ENTRIES = 16;
  private static final int MOST_REQUESTS = 8;
  private static final int MOST_BLOCKS = 8;

  /** Blocks that the requests of one place in a round keep to. */
  private static final int PLACE_BLOCKS = 16;

  private static final int PAGE = 1 << PageAllocator.PAGE_LG2;
  private static final int SECTOR = 512;
  private static final int PAGES = MOST_REQUESTS * (MOST_BLOCKS + 1);

  /** A block of addresses for three pages has room for four: the fourth leads nowhere. */
  private static final int PROVOKED_BLOCKS = 3;

  private final NvmeDrive drive;
  private final HostDma dma;
  private final NvmeDriver driver;
  private final Random random;
  private final List<Long> pages = new ArrayList<>();
  private final Map<Long, byte[]> written = new HashMap<>();

  /** A request under way. */
  private record Request(boolean write, long lba, int blocks, List<DmaSegment> memory) {
    int bytes() {
      return blocks << NvmeDrive.BLOCK_LG2;
    }
  }

  /** Starts the drive. */
  public NvmeTraffic(Machine machine) {
    super(machine.drive(), machine.nicDma());
    drive = machine.drive();
    dma = machine.driveDma();
    random = new Random(machine.config().seed());
    driver = NvmeDriver.start(drive, dma, ENTRIES);
    for (int i = 0; i < PAGES; i++) {
      pages.add(dma.allocate(PageAllocator.PAGE_LG2));
    }
  }

  @Override
  public List<DmaBuffer> standing() {
    return driver.queues();
  }

  @Override
  public List<DmaBuffer> posted() {
    return driver.dataBuffers();
  }

  @Override
  public void round() {
    Collections.shuffle(pages, random);
    Map<Integer, Request> requests = new HashMap<>();
    int count = 1 + random.nextInt(MOST_REQUESTS);
    for (int i = 0; i < count; i++) {
      int blocks = 1 + random.nextInt(MOST_BLOCKS);
      Request request =
          new Request(
              random.nextBoolean(),
              (long) i * PLACE_BLOCKS + random.nextInt(PLACE_BLOCKS - blocks + 1),
              blocks,
              memory(pages.subList(i * (MOST_BLOCKS + 1), (i + 1) * (MOST_BLOCKS + 1)), blocks));
      requests.put(start(request), request);
    }
    drive.work();
    Set<Integer> done = new HashSet<>();
    for (NvmeDriver.Finished finished : driver.collect()) {
      if (finished.status() == NvmeStatus.SUCCESS) {
        done.add(finished.id());
      }
    }
    requests.forEach((id, request) -> {
      if (request.write()) {
        countOut(request.bytes(), done.contains(id));
      } else {
        countIn(
            request.bytes(),
            done.contains(id) && Arrays.equals(expected(request), load(request.memory())));
      }
    });
  }

  /** Pieces of some of these pages; one time in two the first begins inside its page. */
  private List<DmaSegment> memory(List<Long> from, int blocks) {
    int offset = random.nextBoolean() ? 0 : SECTOR * random.nextInt(PAGE / SECTOR);
    List<DmaSegment> memory = new ArrayList<>();
    memory.add(new DmaSegment(from.getFirst() + offset, PAGE - offset));
    for (int i = 1; i < blocks; i++) {
      memory.add(new DmaSegment(from.get(i), PAGE));
    }
    if (offset != 0) {
      memory.add(new DmaSegment(from.get(blocks), offset));
    }
    return memory;
  }

  private int start(Request request) {
    if (!request.write()) {
      return driver.read(request.lba(), request.memory());
    }
    for (DmaSegment piece : request.memory()) {
      byte[] bytes = new byte[(int) piece.length()];
      random.nextBytes(bytes);
      dma.memory().write(piece.address(), bytes);
    }
    byte[] data = load(request.memory());
    for (int i = 0; i < request.blocks(); i++) {
      written.put(request.lba() + i, Arrays.copyOfRange(data, i * PAGE, (i + 1) * PAGE));
    }
    return driver.write(request.lba(), request.memory());
  }

  private byte[] load(List<DmaSegment> memory) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (DmaSegment piece : memory) {
      data.writeBytes(dma.memory().read(piece.address(), (int) piece.length()));
    }
    return data.toByteArray();
  }

  private byte[] expected(Request request) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (int i = 0; i < request.blocks(); i++) {
      data.writeBytes(written.getOrDefault(request.lba() + i, new byte[PAGE]));
    }
    return data.toByteArray();
  }

  private List<DmaSegment> provokedMemory() {
    return pages.subList(0, PROVOKED_BLOCKS).stream().map(pa -> new DmaSegment(pa, PAGE)).toList();
  }

  @Override
  void moveIn() {
    start(new Request(false, 0, PROVOKED_BLOCKS, provokedMemory()));
    drive.work();
  }

  @Override
  void moveOut() {
    start(new Request(true, 0, PROVOKED_BLOCKS, provokedMemory()));
    drive.work();
  }

  @Override
  void collect() {
    driver.collect();
  }

  @Override
  public void close() {
    driver.close();
    pages.forEach(dma::free);
    pages.clear();
  }
}
