package dev.genpt.vectors;

import java.util.List;
import java.util.Optional;

/**
 * The recorded translation "address 0", which also stands for no translation: the tree that follows
 * tells which.
 */
final class ZeroAddress {
  private static final Value ZERO = new Value.Hex(0);
  private static final Value NONE = new Value.NoTranslation();

  private ZeroAddress() {}

  /**
   * What the translation must be, if {@code due} leaves it open.
   *
   * @param next number of the operation after the translation
   * @param got what the engine answered; the answer if no tree follows before the table may change
   */
  static Answer resolve(Scenario scenario, int next, Answer due, Answer got, TableImages images) {
    if (!due.holds(Answer.PA, ZERO)
        || !(scenario.steps().get(next - 1).operation()
            instanceof Operation.IovaToPhys(long iova))) {
      return due;
    }
    Optional<TableImage> tree =
        treeAfter(scenario, next).filter(image -> image.level() == images.table().topLevel());
    if (tree.isPresent()) {
      return due.with(Answer.PA, images.maps(tree.get(), iova) ? ZERO : NONE);
    }
    return got.holds(Answer.PA, NONE) ? due.with(Answer.PA, NONE) : due;
  }

  private static Optional<TableImage> treeAfter(Scenario scenario, int next) {
    List<Scenario.Step> following = scenario.steps().subList(next, scenario.steps().size());
    for (Scenario.Step step : following) {
      switch (step.operation()) {
        case Operation.Map _, Operation.Unmap _, Operation.UnmapFast _ -> {
          return Optional.empty();
        }
        case Operation.Dump _ -> {
          return step.recorded().tree();
        }
        default -> {}
      }
    }
    return scenario.dump();
  }
}
