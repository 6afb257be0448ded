package dev.genpt.toy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Every sequence of up to three operations on aligned blocks of the toy table, against the plain
 * model.
 *
 * <p>All singles and pairs, and a seeded sample of the triples; with {@code
 * -Dgenpt.exhaustive=true} all 15,252,992 triples (minutes).
 */
final class ToySequencesTest {
  private static final List<ToyOperation> OPERATIONS = ToyOperation.ofAlignedBlocks();
  private static final int SAMPLE_OF_THIRDS = 12;

  private final boolean exhaustive = Boolean.getBoolean("genpt.exhaustive");

  @Test
  void upToThreeOperations() {
    assertEquals(248, OPERATIONS.size());
    long sequences =
        IntStream.range(0, OPERATIONS.size()).parallel().mapToLong(this::allThatBeginWith).sum();
    System.out.printf(
        "toy table: %,d sequences of up to three operations agree with the model (%s)%n",
        sequences, exhaustive ? "all" : "a seeded sample of the triples");
  }

  private long allThatBeginWith(int first) {
    ToyRun run = new ToyRun();
    Random random = new Random(first);
    ToyOperation one = OPERATIONS.get(first);
    ToyModel afterOne = new ToyModel();
    int answer = afterOne.apply(one, 0);
    ToyOperation[] single = {one};
    run.checkLeaves(single, new int[] {answer}, afterOne);
    ToyModel afterTwo = new ToyModel();
    ToyModel afterThree = new ToyModel();
    for (ToyOperation two : OPERATIONS) {
      afterTwo.copyFrom(afterOne);
      int second = afterTwo.apply(two, 1);
      ToyOperation[] pair = {one, two};
      run.checkLeaves(pair, new int[] {answer, second}, afterTwo);
      ToyOperation[] triple = {one, two, two};
      int[] answers = {answer, second, 0};
      int thirds = exhaustive ? OPERATIONS.size() : SAMPLE_OF_THIRDS;
      for (int i = 0; i < thirds; i++) {
        triple[2] = OPERATIONS.get(exhaustive ? i : random.nextInt(OPERATIONS.size()));
        afterThree.copyFrom(afterTwo);
        answers[2] = afterThree.apply(triple[2], 2);
        run.check(triple, answers, afterThree);
      }
    }
    return run.sequences();
  }
}
