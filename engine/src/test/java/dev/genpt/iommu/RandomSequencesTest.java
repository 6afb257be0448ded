package dev.genpt.iommu;

import dev.genpt.fixture.DomainSetup;
import dev.genpt.fixture.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random sequences of operations against a sorted map, on every format in every configuration.
 *
 * <p>{@code -Dgenpt.property.tries=N} makes it longer, {@code -Dgenpt.property.operations=N} each
 * sequence, and {@code -Dgenpt.property.seed=N} takes other sequences. A sequence that fails is
 * told with its seed, and shortened as far as it goes.
 */
final class RandomSequencesTest {
  private static final long TRIES = Long.getLong("genpt.property.tries", 400);
  private static final long SEED = Long.getLong("genpt.property.seed", 1);
  private static final int MOST_OPERATIONS = Integer.getInteger("genpt.property.operations", 60);

  @ParameterizedTest
  @MethodSource("dev.genpt.fixture.DomainSetup#all")
  void agreesWithTheModel(DomainSetup setup) {
    SplittableRandom seeds = new SplittableRandom(SEED);
    Machine machine = new Machine();
    long operations = 0;
    for (long i = 0; i < TRIES; i++) {
      long seed = seeds.nextLong();
      List<DomainOperation> sequence = new OperationSource(setup, seed).sequence(MOST_OPERATIONS);
      operations += sequence.size();
      try {
        run(setup, machine, sequence);
      } catch (AssertionError | RuntimeException e) {
        throw shortened(setup, seed, sequence, e);
      }
    }
    System.out.printf(
        "%s: %,d operations in %,d sequences of seed %d agree with the model%n",
        setup, operations, TRIES, SEED);
  }

  private static void run(DomainSetup setup, Machine machine, List<DomainOperation> operations) {
    SequenceRun run = new SequenceRun(setup, machine);
    operations.forEach(run::apply);
    run.finish();
  }

  /** Leaves out each operation without which it fails as well. */
  private static AssertionError shortened(
      DomainSetup setup, long seed, List<DomainOperation> failing, Throwable failure) {
    List<DomainOperation> shortest = new ArrayList<>(failing);
    Throwable cause = failure;
    for (int i = shortest.size() - 1; i >= 0; i--) {
      DomainOperation left = shortest.remove(i);
      try {
        run(setup, new Machine(), shortest);
        shortest.add(i, left);
      } catch (AssertionError | RuntimeException e) {
        cause = e;
      }
    }
    return new AssertionError("%s, seed %d: %s".formatted(setup, seed, shortest), cause);
  }
}
