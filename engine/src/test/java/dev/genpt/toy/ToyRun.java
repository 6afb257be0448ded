package dev.genpt.toy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.iommu.DomainConfig;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.iommu.Translation;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.Protection;
import java.util.Arrays;

/**
 * Carries out sequences of operations on a fresh toy domain each, and compares answers,
 * translations and tables in use with the model's. Not thread-safe; every thread has its own.
 */
final class ToyRun {
  private static final int PAGE_LG2 = ToyFormat.PAGE_LG2;

  private final PageAllocator pages = new PageAllocator(PhysicalMemory.ofMebibytes(1));
  private long sequences;

  /** How many sequences were carried out. */
  long sequences() {
    return sequences;
  }

  /**
   * Carries out {@code operations} and checks the answer of each, and the table at the end.
   *
   * @param answers what the model answers to each
   * @param end the model after all of them
   */
  void check(ToyOperation[] operations, int[] answers, ToyModel end) {
    IommuDomain domain = replay(operations, answers, end);
    close(operations, domain);
  }

  /** As {@link #check}, and the leaf of every page is looked at too. */
  void checkLeaves(ToyOperation[] operations, int[] answers, ToyModel end) {
    IommuDomain domain = replay(operations, answers, end);
    for (int page = 0; page < ToyFormat.PAGES; page++) {
      long iova = ((long) page << PAGE_LG2) + 0x123;
      int leafPages = 0;
      if (domain.translate(iova) instanceof Translation.Mapped mapped) {
        leafPages = 1 << (mapped.pageSizeLg2() - PAGE_LG2);
        assertEquals(expectedOutput(end, page) + 0x123, mapped.oa());
      }
      if (leafPages != end.leafPagesOf(page)) {
        throw differs(operations, "leaf of page " + page, end.leafPagesOf(page), leafPages);
      }
    }
    close(operations, domain);
  }

  private IommuDomain replay(ToyOperation[] operations, int[] answers, ToyModel end) {
    sequences++;
    IommuDomain domain = IommuDomain.create(DomainConfig.of(ToyFormat.DEFINITION, pages));
    for (int step = 0; step < operations.length; step++) {
      int answer = apply(domain, operations[step], step);
      if (answer != answers[step]) {
        throw differs(operations, "operation " + step + " answered", answers[step], answer);
      }
    }
    int tables = domain.owner().liveBlocks();
    if (tables != end.tables()) {
      throw differs(operations, "tables in use", end.tables(), tables);
    }
    for (int page = 0; page < ToyFormat.PAGES; page++) {
      long expected = expectedOutput(end, page);
      long found = domain.iovaToPhys((long) page << PAGE_LG2);
      if (found != expected) {
        throw differs(operations, "page " + page + " translates", expected, found);
      }
    }
    return domain;
  }

  private void close(ToyOperation[] operations, IommuDomain domain) {
    domain.close();
    if (pages.liveBlocks() != 0) {
      throw differs(operations, "pages left after close", 0, pages.liveBlocks());
    }
  }

  private static int apply(IommuDomain domain, ToyOperation operation, int step) {
    long iova = (long) operation.first() << PAGE_LG2;
    long length = (long) operation.pages() << PAGE_LG2;
    if (!operation.isMap()) {
      return (int) (domain.unmap(iova, length) >>> PAGE_LG2);
    }
    try {
      domain.map(iova, iova + constant(step), length, Protection.READ_WRITE);
      return 0;
    } catch (IommuException e) {
      if (e.errno() != Errno.EADDRINUSE || e.bytesDone() != 0) {
        throw e;
      }
      return ToyModel.IN_USE;
    }
  }

  private static long expectedOutput(ToyModel model, int page) {
    int mapping = model.mappingOf(page);
    return mapping < 0 ? IommuDomain.NO_TRANSLATION : ((long) page << PAGE_LG2) + constant(mapping);
  }

  /** The difference between output and input address, another one for each step. */
  private static long constant(int step) {
    return (step + 1L) << 32;
  }

  private static AssertionError differs(
      ToyOperation[] operations, String what, long expected, long found) {
    return new AssertionError(
        "%s: %s: expected %#x, found %#x"
            .formatted(Arrays.toString(operations), what, expected, found));
  }
}
