package dev.genpt.race;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * One address is translated while it is mapped or unmapped, by an operation that frees no table:
 * the answer is that from before or that from after, never a third.
 */
public final class OneAddressRace {
  private OneAddressRace() {}

  /** Into a table that is there. */
  @JCStressTest
  @Description("An address is translated while it is mapped.")
  @Outcome(id = "nothing", expect = ACCEPTABLE, desc = "the answer from before")
  @Outcome(id = "mapped", expect = ACCEPTABLE, desc = "the answer from after")
  @Outcome(expect = FORBIDDEN, desc = "an answer that never was true")
  @State
  public static class MapPage extends Race {
    public MapPage() {
      map(PAGE, PAGE);
    }

    @Actor
    public void writer() {
      map(0, PAGE);
    }

    @Actor
    public void reader(L_Result r) {
      r.r1 = translated(0);
    }

    @Arbiter
    public void end(L_Result r) {
      tablesAtTheEnd();
    }
  }

  /**
   * Tables and all: the reader may see any part of the way, but nothing at its end that is not
   * true.
   */
  @JCStressTest
  @Description("An address is translated while it is mapped, with the tables on the way to it.")
  @Outcome(id = "nothing", expect = ACCEPTABLE, desc = "the answer from before")
  @Outcome(id = "mapped", expect = ACCEPTABLE, desc = "the answer from after")
  @Outcome(expect = FORBIDDEN, desc = "an answer that never was true")
  @State
  public static class MapTables extends Race {
    @Actor
    public void writer() {
      map(0, PAGE);
    }

    @Actor
    public void reader(L_Result r) {
      r.r1 = translated(0);
    }

    @Arbiter
    public void end(L_Result r) {
      tablesAtTheEnd();
    }
  }

  /** A leaf of 64 KiB, whose sixteen words say each the whole. */
  @JCStressTest
  @Description("An address is translated while a contiguous leaf is mapped around it.")
  @Outcome(id = "nothing", expect = ACCEPTABLE, desc = "the answer from before")
  @Outcome(id = "mapped", expect = ACCEPTABLE, desc = "the answer from after")
  @Outcome(expect = FORBIDDEN, desc = "an answer that never was true")
  @State
  public static class MapContiguous extends Race {
    public MapContiguous() {
      map(M2 - PAGE, PAGE);
    }

    @Actor
    public void writer() {
      map(0, 16 * PAGE);
    }

    @Actor
    public void reader(L_Result r) {
      r.r1 = translated(15 * PAGE);
    }

    @Arbiter
    public void end(L_Result r) {
      tablesAtTheEnd();
    }
  }

  /** Whose table stays. */
  @JCStressTest
  @Description("An address is translated while it is unmapped.")
  @Outcome(id = "mapped", expect = ACCEPTABLE, desc = "the answer from before")
  @Outcome(id = "nothing", expect = ACCEPTABLE, desc = "the answer from after")
  @Outcome(expect = FORBIDDEN, desc = "an answer that never was true")
  @State
  public static class UnmapPage extends Race {
    public UnmapPage() {
      map(0, PAGE);
      map(PAGE, PAGE);
    }

    @Actor
    public void writer() {
      domain.unmap(0, PAGE);
    }

    @Actor
    public void reader(L_Result r) {
      r.r1 = translated(0);
    }

    @Arbiter
    public void end(L_Result r) {
      tablesAtTheEnd();
    }
  }

  /** A leaf of 64 KiB, item by item. */
  @JCStressTest
  @Description("An address is translated while the contiguous leaf around it is unmapped.")
  @Outcome(id = "mapped", expect = ACCEPTABLE, desc = "the answer from before")
  @Outcome(id = "nothing", expect = ACCEPTABLE, desc = "the answer from after")
  @Outcome(expect = FORBIDDEN, desc = "an answer that never was true")
  @State
  public static class UnmapContiguous extends Race {
    public UnmapContiguous() {
      map(0, 16 * PAGE);
      map(M2 - PAGE, PAGE);
    }

    @Actor
    public void writer() {
      domain.unmap(0, 16 * PAGE);
    }

    @Actor
    public void reader(L_Result r) {
      r.r1 = translated(7 * PAGE);
    }

    @Arbiter
    public void end(L_Result r) {
      tablesAtTheEnd();
    }
  }
}
