package dev.genpt.amd.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No device reaches what it was not given, or what was taken from it: see {@link IsolationRun}. */
final class IsolationTest {
  private static final long ACCESSES = Long.getLong("genpt.stress.operations", 200_000);

  private static long seedOf(String run) {
    long seed = System.nanoTime();
    System.out.println("isolation " + run + ": seed " + seed);
    return seed;
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2", "v1 dma", "v1 lazy dma", "v2 lazy dma"})
  void noAccessGoesWhereItMustNot(String kind) {
    assertEquals(
        Optional.empty(),
        new IsolationRun(kind, AmdIommuDriver.Seams.NONE, ACCESSES, seedOf(kind)).run());
  }

  /** Drivers that leave something out: the run must see it. */
  private static void assertSeen(String kind, Function<Boolean, Invalidations> sabotage) {
    AmdIommuDriver.Seams seams =
        new AmdIommuDriver.Seams() {
          @Override
          public Invalidations invalidations(boolean npCache) {
            return sabotage.apply(npCache);
          }
        };
    assertTrue(
        new IsolationRun(kind, seams, 100 * ACCESSES, seedOf(kind + ", sabotaged"))
            .run()
            .isPresent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2", "v1 dma"})
  void aMissingWaitIsSeen(String kind) {
    assertSeen(
        kind,
        npCache ->
            new Invalidations(npCache) {
              @Override
              void waitForAll(Collection<Attachment> attachments) {}
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1 lazy dma", "v2 lazy dma"})
  void aMissingFlushIsSeen(String kind) {
    assertSeen(
        kind,
        npCache ->
            new Invalidations(npCache) {
              @Override
              void flushQueued(PagingDomain domain) {}
            });
  }
}
