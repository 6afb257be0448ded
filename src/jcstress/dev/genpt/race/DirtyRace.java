package dev.genpt.race;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * Hardware writes to pages and marks them while dirty bits are read and cleared: no write is lost.
 */
public final class DirtyRace {
  private static final long ACCESSED = 1L << 8;

  private DirtyRace() {}

  /** The page is clean at first. */
  @JCStressTest
  @Description("Dirty bits are read and cleared while the device writes to the page.")
  @Outcome(id = "reported, clean", expect = ACCEPTABLE, desc = "the write came first")
  @Outcome(
      id = "not reported, dirty",
      expect = ACCEPTABLE,
      desc = "the look came first: the next one reports it")
  @Outcome(expect = FORBIDDEN, desc = "the write is lost, or is reported twice")
  @State
  public static class WriteToPage extends Race {
    public WriteToPage() {
      map(0, PAGE);
    }

    @Actor
    public void device() {
      hardware.write(0);
    }

    @Actor
    public void clearer(LL_Result r) {
      r.r1 = reported(0, PAGE);
    }

    @Arbiter
    public void end(LL_Result r) {
      r.r2 = dirty(0, PAGE);
      tablesAtTheEnd();
    }
  }

  /** The device marks one of sixteen words. */
  @JCStressTest
  @Description("Dirty bits are read and cleared while the device writes to a contiguous leaf.")
  @Outcome(id = "reported, clean", expect = ACCEPTABLE, desc = "the write came first")
  @Outcome(
      id = "not reported, dirty",
      expect = ACCEPTABLE,
      desc = "the look came first: the next one reports it")
  @Outcome(expect = FORBIDDEN, desc = "the write is lost, or is reported twice")
  @State
  public static class WriteToContiguous extends Race {
    public WriteToContiguous() {
      map(0, 16 * PAGE);
    }

    @Actor
    public void device() {
      hardware.write(9 * PAGE);
    }

    @Actor
    public void clearer(LL_Result r) {
      r.r1 = reported(0, 16 * PAGE);
    }

    @Arbiter
    public void end(LL_Result r) {
      r.r2 = dirty(0, 16 * PAGE);
      tablesAtTheEnd();
    }
  }

  /** The page is dirty already, so the look reports it whatever the device does. */
  @JCStressTest
  @Description(
      "Dirty bits are read and cleared while the device writes once more to a page that is dirty.")
  @Outcome(id = "reported, clean", expect = ACCEPTABLE, desc = "reported with this write")
  @Outcome(id = "reported, dirty", expect = ACCEPTABLE, desc = "reported, and this write once more")
  @Outcome(expect = FORBIDDEN, desc = "a write is lost")
  @State
  public static class WriteToDirtyPage extends Race {
    public WriteToDirtyPage() {
      map(0, PAGE);
      hardware.write(0);
    }

    @Actor
    public void device() {
      hardware.write(0);
    }

    @Actor
    public void clearer(LL_Result r) {
      r.r1 = reported(0, PAGE);
    }

    @Arbiter
    public void end(LL_Result r) {
      r.r2 = dirty(0, PAGE);
      tablesAtTheEnd();
    }
  }

  /**
   * Clearing is atomic: it touches the dirty bit alone. Many pages, for each meets for an instant.
   */
  @JCStressTest
  @Description("Dirty bits are cleared while the device sets the accessed bits of the same words.")
  @Outcome(
      id = "reported, clean, accessed",
      expect = ACCEPTABLE,
      desc = "both bits of every word, each as its owner wants it")
  @Outcome(expect = FORBIDDEN, desc = "the clearing wrote over what the device set")
  @State
  public static class AccessToDirtyPages extends Race.OnVtd {
    private static final int PAGES = 64;

    public AccessToDirtyPages() {
      map(0, PAGES * PAGE);
      for (int page = 0; page < PAGES; page++) {
        hardware.write(page * PAGE);
      }
    }

    @Actor
    public void device() {
      for (int page = 0; page < PAGES; page++) {
        hardware.mark(page * PAGE, ACCESSED);
      }
    }

    @Actor
    public void clearer(LLL_Result r) {
      r.r1 = reported(0, PAGES * PAGE);
    }

    @Arbiter
    public void end(LLL_Result r) {
      r.r2 = dirty(0, PAGES * PAGE);
      r.r3 = accessed() ? "accessed" : "not accessed";
      tablesAtTheEnd();
    }

    private boolean accessed() {
      long all = ACCESSED;
      for (int page = 0; page < PAGES; page++) {
        all &= hardware.wordOf(page * PAGE);
      }
      return all != 0;
    }
  }

  /** Which of the two gets it is open. */
  @JCStressTest
  @Description("Two threads read and clear the dirty bits of one dirty page.")
  @Outcome(id = "reported, not reported, clean", expect = ACCEPTABLE, desc = "the first alone")
  @Outcome(id = "not reported, reported, clean", expect = ACCEPTABLE, desc = "the second alone")
  @Outcome(
      id = "reported, reported, clean",
      expect = ACCEPTABLE,
      desc = "both looked before one cleared")
  @Outcome(expect = FORBIDDEN, desc = "the write is lost")
  @State
  public static class TwoClearers extends Race {
    public TwoClearers() {
      map(0, PAGE);
      hardware.write(0);
    }

    @Actor
    public void first(LLL_Result r) {
      r.r1 = reported(0, PAGE);
    }

    @Actor
    public void second(LLL_Result r) {
      r.r2 = reported(0, PAGE);
    }

    @Arbiter
    public void end(LLL_Result r) {
      r.r3 = dirty(0, PAGE);
      tablesAtTheEnd();
    }
  }
}
