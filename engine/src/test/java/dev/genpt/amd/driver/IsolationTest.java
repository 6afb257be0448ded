package dev.genpt.amd.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.Optional;
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
  @ValueSource(strings = {"v1", "v2"})
  void noAccessGoesWhereItMustNot(String kind) {
    assertEquals(
        Optional.empty(),
        new IsolationRun(kind, AmdIommuDriver.Seams.NONE, ACCESSES, seedOf(kind)).run());
  }

  /** A driver that returns before hardware is done. */
  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void aMissingWaitIsSeen(String kind) {
    AmdIommuDriver.Seams impatient =
        new AmdIommuDriver.Seams() {
          @Override
          public Invalidations invalidations(boolean npCache) {
            return new Invalidations(npCache) {
              @Override
              void waitForAll(Collection<Attachment> attachments) {}
            };
          }
        };
    assertTrue(
        new IsolationRun(kind, impatient, 100 * ACCESSES, seedOf(kind + " without the wait"))
            .run()
            .isPresent());
  }
}
