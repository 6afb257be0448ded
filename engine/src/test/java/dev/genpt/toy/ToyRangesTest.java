package dev.genpt.toy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Map and unmap of all 2,080 ranges of the toy table, alone and after each operation on an aligned
 * block.
 */
final class ToyRangesTest {
  private static final List<ToyOperation> RANGES =
      Stream.of(true, false).flatMap(isMap -> ToyOperation.ofAllRanges(isMap).stream()).toList();

  @Test
  void alone() {
    assertEquals(2 * 2_080, RANGES.size());
    ToyRun run = new ToyRun();
    for (ToyOperation range : RANGES) {
      ToyModel model = new ToyModel();
      ToyOperation[] operations = {range};
      run.checkLeaves(operations, new int[] {model.apply(range, 0)}, model);
    }
    System.out.printf("toy table: %,d ranges agree with the model%n", run.sequences());
  }

  @Test
  void afterEachOperation() {
    long sequences =
        ToyOperation.ofAlignedBlocks().parallelStream()
            .mapToLong(ToyRangesTest::allRangesAfter)
            .sum();
    System.out.printf("toy table: %,d ranges after an operation agree with the model%n", sequences);
  }

  private static long allRangesAfter(ToyOperation first) {
    ToyRun run = new ToyRun();
    ToyModel afterFirst = new ToyModel();
    int answer = afterFirst.apply(first, 0);
    ToyModel afterRange = new ToyModel();
    for (ToyOperation range : RANGES) {
      afterRange.copyFrom(afterFirst);
      int second = afterRange.apply(range, 1);
      run.check(new ToyOperation[] {first, range}, new int[] {answer, second}, afterRange);
    }
    return run.sequences();
  }
}
