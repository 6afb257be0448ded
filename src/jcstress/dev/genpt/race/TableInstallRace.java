package dev.genpt.race;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLI_Result;

/** Two mappers want the same table: one installs it, the other frees his and uses the winner's. */
public final class TableInstallRace {
  private TableInstallRace() {}

  /** Neither the table of level 1 nor that of level 0 is there. */
  @JCStressTest
  @Description("Two mappers of an empty domain want the same two tables.")
  @Outcome(id = "mapped, mapped, 3", expect = ACCEPTABLE, desc = "both pages, in tables they share")
  @Outcome(expect = FORBIDDEN, desc = "a page or a table is lost")
  @State
  public static class TwoLevels extends Race {
    @Actor
    public void first() {
      map(0, PAGE);
    }

    @Actor
    public void second() {
      map(PAGE, PAGE);
    }

    @Arbiter
    public void end(LLI_Result r) {
      r.r1 = translated(0);
      r.r2 = translated(PAGE);
      r.r3 = tablesAtTheEnd();
    }
  }

  /** One goes further down from the upper table, the other lays a large leaf in it. */
  @JCStressTest
  @Description("Two mappers of different page sizes want the same upper table.")
  @Outcome(
      id = "mapped, mapped, 3",
      expect = ACCEPTABLE,
      desc = "both leaves, below a table they share")
  @Outcome(expect = FORBIDDEN, desc = "a leaf or a table is lost")
  @State
  public static class TwoSizes extends Race {
    @Actor
    public void small() {
      map(0, PAGE);
    }

    @Actor
    public void large() {
      map(M2, M2);
    }

    @Arbiter
    public void end(LLI_Result r) {
      r.r1 = translated(0);
      r.r2 = translated(M2 + PAGE);
      r.r3 = tablesAtTheEnd();
    }
  }
}
