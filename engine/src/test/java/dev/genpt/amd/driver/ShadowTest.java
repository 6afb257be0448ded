package dev.genpt.amd.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.amd.hardware.AddressBlock;
import dev.genpt.amd.hardware.Command.InvalidatePages;
import dev.genpt.error.IommuException;
import dev.genpt.table.Protection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A hypervisor that knows a guest's table from its invalidation commands alone (NpCache) has the
 * same table after every map and unmap, and is told of nothing else.
 */
final class ShadowTest {
  private static final long IOVA = 0x4000_0000L;
  private static final int PAGES = 600;
  private static final int OPERATIONS = 400;

  private final ModelMachine machine =
      new ModelMachine(AmdIommuDriver.Seams.NONE, true, config -> config);
  private final V1Domain domain = machine.driver.newV1Domain();
  private final Map<Long, Long> shadow = new TreeMap<>();
  private final List<AddressBlock> told = new ArrayList<>();

  private void learn(AddressBlock block) {
    told.add(block);
    for (int page = 0; page < PAGES; page++) {
      long iova = IOVA + page * 0x1000L;
      if (block.holds(iova)) {
        shadow.put(iova, domain.space().iovaToPhys(iova));
      }
    }
  }

  private void assertSame(long first, long last, long seed) {
    for (int page = 0; page < PAGES; page++) {
      long iova = IOVA + page * 0x1000L;
      assertEquals(
          domain.space().iovaToPhys(iova),
          shadow.getOrDefault(iova, ModelMachine.REFUSED),
          () -> "page %#x, seed %d".formatted(iova, seed));
    }
    for (AddressBlock block : told) {
      assertTrue(
          block.first() >= first && (block.first() | ((1L << block.sizeLg2()) - 1)) <= last,
          () -> "%s is outside [%#x, %#x], seed %d".formatted(block, first, last, seed));
    }
    told.clear();
  }

  @Test
  void theShadowIsTheTable() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    machine.nic().attach(domain);
    machine.first.onCommand(command -> {
      if (command instanceof InvalidatePages pages) {
        learn(pages.block());
      }
    });
    int maps = 0;
    for (int i = 0; i < OPERATIONS; i++) {
      int page = random.nextInt(PAGES);
      int count = random.nextInt(1, 1 + Math.min(PAGES - page, 1 << random.nextInt(11)));
      long iova = IOVA + page * 0x1000L;
      if (random.nextBoolean()) {
        try {
          domain
              .space()
              .map(iova, 0x1000L * random.nextInt(1 << 20), 0x1000L * count, Protection.READ);
          maps++;
        } catch (IommuException e) {
          // A mapping is in the way; what this call had mapped is unmapped again.
        }
        assertSame(iova, iova + 0x1000L * count - 1, seed);
      } else {
        long unmapped = domain.space().unmap(iova, 0x1000L * count);
        assertSame(iova, iova + Math.max(unmapped, 0x1000) - 1, seed);
      }
    }
    assertTrue(maps > 20, () -> "seed " + seed);
  }
}
