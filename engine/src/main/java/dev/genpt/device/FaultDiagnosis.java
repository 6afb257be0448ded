package dev.genpt.device;

import dev.genpt.bits.Log2;
import dev.genpt.table.Protection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a trace tells of a fault: whose buffer the address was, and which mistake of a driver leads
 * there most often.
 *
 * @param what who wanted to do what, and what the address was
 * @param mistake the likely mistake
 */
public record FaultDiagnosis(String what, String mistake) {
  private static final int PAGE_LG2 = 12;

  /**
   * The diagnosis of a fault.
   *
   * @param steps of the whole trace; only those before the fault count
   * @param fault one of them
   */
  public static FaultDiagnosis of(List<TraceEntry> steps, TraceEntry fault) {
    List<TraceEntry> mapped = new ArrayList<>();
    List<TraceEntry> unmapped = new ArrayList<>();
    List<TraceEntry> used = new ArrayList<>();
    for (TraceEntry step : steps.subList(0, fault.step() - 1)) {
      switch (step.kind()) {
        case MAP -> mapped.add(step);
        case UNMAP -> {
          mapped.removeIf(other ->
              other.device().equals(step.device())
                  && other.iova() == step.iova()
                  && other.length() == step.length());
          unmapped.add(step);
        }
        case READ, WRITE -> used.add(step);
        case FAULT -> {}
      }
    }
    return new Search(mapped, unmapped, used, fault).diagnose();
  }

  /** What is known before a fault. */
  private record Search(
      List<TraceEntry> mapped, List<TraceEntry> unmapped, List<TraceEntry> used, TraceEntry fault) {
    private static Optional<TraceEntry> latest(
        List<TraceEntry> steps, Predicate<TraceEntry> condition) {
      return steps.reversed().stream().filter(condition).findFirst();
    }

    private boolean isOwn(TraceEntry step) {
      return step.device().equals(fault.device());
    }

    /** True if the pages of a buffer hold the address. */
    private boolean holds(TraceEntry step) {
      return holds(step, fault.iova());
    }

    private static boolean holds(TraceEntry step, long iova) {
      return Log2.alignDown(step.iova(), PAGE_LG2) <= iova && iova <= last(step);
    }

    /**
     * The last step in which the device used a buffer: before it was unmapped, or since it was
     * mapped. 0 for none.
     */
    private int lastUse(TraceEntry buffer) {
      boolean gone = buffer.kind() == TraceEntry.Kind.UNMAP;
      return latest(
              used,
              step ->
                  isOwn(step)
                      && holds(buffer, step.iova())
                      && gone == (step.step() < buffer.step()))
          .map(TraceEntry::step)
          .orElse(0);
    }

    private static long last(TraceEntry step) {
      return Log2.setModMax(step.iova() + step.length() - 1, PAGE_LG2);
    }

    private boolean isJustBehind(TraceEntry step) {
      return fault.iova() > last(step) && fault.iova() - last(step) <= 1L << PAGE_LG2;
    }

    private boolean isInMemoryOf(TraceEntry step) {
      long offset = fault.iova() - step.pa().orElseThrow();
      return offset >= 0 && offset < step.length();
    }

    FaultDiagnosis diagnose() {
      return latest(mapped, step -> isOwn(step) && holds(step))
          .map(this::mappedOtherwise)
          .or(this::beyondItsLife)
          .or(() -> latest(mapped, step -> !isOwn(step) && holds(step)).map(this::foreign))
          .or(() -> latest(mapped, this::isInMemoryOf).map(this::physical))
          .orElseGet(() ->
              found(
                  "where nothing was mapped",
                  "the driver gave the device an address that came from no mapping"));
    }

    /**
     * Too late for a buffer, or behind the end of one; where it is both, that which the device used
     * last.
     */
    private Optional<FaultDiagnosis> beyondItsLife() {
      Optional<TraceEntry> gone = latest(unmapped, step -> isOwn(step) && holds(step));
      Optional<TraceEntry> before = latest(mapped, step -> isOwn(step) && isJustBehind(step));
      boolean late =
          gone.isPresent() && (before.isEmpty() || lastUse(gone.get()) >= lastUse(before.get()));
      return late ? gone.map(this::tooLate) : before.map(this::tooLong);
    }

    private FaultDiagnosis mappedOtherwise(TraceEntry buffer) {
      String present = "in a buffer that was mapped in step %d".formatted(buffer.step());
      if ((buffer.protection() & fault.protection()) != 0) {
        return found(present + " for that", "none that shows in the trace");
      }
      return wantsToWrite()
          ? found(
              present + " for reading alone",
              "the driver mapped the buffer with the wrong direction, TO_DEVICE: what a device writes"
                  + " needs FROM_DEVICE")
          : found(
              present + " for writing alone",
              "the driver mapped the buffer with the wrong direction, FROM_DEVICE: what a device reads"
                  + " needs TO_DEVICE");
    }

    private FaultDiagnosis tooLate(TraceEntry buffer) {
      return found(
          "in a buffer that was unmapped in step %d".formatted(buffer.step()),
          "the driver unmapped the buffer before the device was done with it");
    }

    private FaultDiagnosis tooLong(TraceEntry buffer) {
      return found(
          "behind the end of the buffer that was mapped in step %d".formatted(buffer.step()),
          "the driver told the device of a buffer that is longer than the one it mapped");
    }

    private FaultDiagnosis foreign(TraceEntry buffer) {
      return found(
          "where %s has a buffer, in an address space of its own".formatted(buffer.device()),
          "the driver gave the device an address that means something to another device alone");
    }

    private FaultDiagnosis physical(TraceEntry buffer) {
      return found(
          "which is the physical address of the buffer that was mapped in step %d"
              .formatted(buffer.step()),
          "the driver gave the device a physical address: the device must be told the one that the"
              + " mapping returned");
    }

    private boolean wantsToWrite() {
      return (fault.protection() & Protection.WRITE) != 0;
    }

    private FaultDiagnosis found(String place, String mistake) {
      return new FaultDiagnosis(
          "%s wanted to %s %d bytes at %#x, %s"
              .formatted(
                  fault.device(),
                  wantsToWrite() ? "write" : "read",
                  fault.length(),
                  fault.iova(),
                  place),
          mistake);
    }
  }
}
