package dev.genpt.dma;

import dev.genpt.amd.driver.LoggedEvent;
import dev.genpt.amd.hardware.Counts;
import dev.genpt.device.DmaBuffer;
import dev.genpt.device.FaultDiagnosis;
import dev.genpt.device.Machine;
import dev.genpt.device.MachineConfig;
import dev.genpt.device.Misbehaviour;
import dev.genpt.device.NicTraffic;
import dev.genpt.device.NvmeTraffic;
import dev.genpt.device.TraceEntry;
import dev.genpt.device.TraceEntry.Kind;
import dev.genpt.device.Traffic;
import dev.genpt.dma.DmaCommand.Device;
import dev.genpt.table.Protection;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A run of a machine as a story: buffers, data, one wrong access, counters. Told once. */
final class DmaStory {
  private static final int ROUNDS = 8;
  private static final int SHOWN_BUFFERS = 3;
  private static final long FLUSH_MICROSECONDS = 10_000;

  private final PrintWriter out;
  private final Device device;
  private final Machine machine;

  DmaStory(PrintWriter out, MachineConfig config, Device device) {
    this.out = out;
    this.device = device;
    machine = new Machine(config);
  }

  /** The trace of what was told. */
  List<TraceEntry> trace() {
    return machine.trace().entries();
  }

  /** Tells it; true if all data arrived and nothing got through that must not. */
  boolean tell(Optional<Misbehaviour> wrong) {
    Counts before = machine.iommu().counts();
    try (Traffic traffic =
        switch (device) {
          case NIC -> new NicTraffic(machine);
          case NVME -> new NvmeTraffic(machine);
        }) {
      introduce();
      showBuffers(traffic);
      move(traffic);
      boolean caught = wrong.isEmpty() || misbehave(traffic, wrong.get());
      count(before);
      return caught && traffic.tally().damaged() == 0;
    }
  }

  private String name() {
    return device.name().toLowerCase(Locale.ROOT);
  }

  private void introduce() {
    int id = device == Device.NIC ? Machine.NIC_ID : Machine.DRIVE_ID;
    line(
        "A machine has memory, an AMD IOMMU, a network card (nic) and an NVMe drive (nvme).",
        "This is about the %s, device %s. It has an address space of its own:"
            .formatted(name(), machine.driver().device(0, id)),
        "a %s page table. What is unmapped is invalidated %s. The seed is %d."
            .formatted(
                machine.config().domain().name().toLowerCase(Locale.ROOT),
                machine.config().lazy() ? "later (lazy)" : "at once (strict)",
                machine.config().seed()));
  }

  // ---- Buffers

  private void showBuffers(Traffic traffic) {
    title("1. The driver maps buffers");
    line(
        "A buffer is one piece of memory with three addresses. The CPU's and the physical one mean",
        "nothing to the device: the driver tells it the third, the IOVA.",
        "");
    row("the CPU's address", "physical", "IOVA", "bytes", "for");
    traffic.standing().forEach(this::show);
    List<DmaBuffer> posted = traffic.posted();
    posted.stream().limit(SHOWN_BUFFERS).forEach(this::show);
    line(
        "",
        "The first %d are the %s, which the driver and the device use together."
            .formatted(
                traffic.standing().size(),
                device == Device.NIC ? "rings" : "queues and page lists"));
    if (posted.size() > SHOWN_BUFFERS) {
      line(
          "The others are for what will come: %d more are mapped in the same way."
              .formatted(posted.size() - SHOWN_BUFFERS));
    }
  }

  private void show(DmaBuffer buffer) {
    row(
        hex(buffer.cpuAddress()),
        hex(buffer.pa()),
        hex(buffer.iova()),
        "" + buffer.length(),
        words(buffer.protection()));
  }

  private static String words(int protection) {
    return switch (protection) {
      case Protection.READ -> "reading";
      case Protection.WRITE -> "writing";
      default -> "reading and writing";
    };
  }

  // ---- Data

  private void move(Traffic traffic) {
    title("2. Data moves");
    int setUp = trace().size();
    traffic.round();
    List<TraceEntry> steps = trace();
    if (device == Device.NIC) {
      line("The life of a buffer that a frame came into:", "");
      show(BufferLife.of(steps, firstMap(steps, traffic.standing().size())));
      line("");
    }
    line(
        "The life of a buffer that the driver mapped for one %s:"
            .formatted(device == Device.NIC ? "frame to send" : "request"),
        "");
    show(BufferLife.of(steps, firstMap(steps, setUp)));
    for (int i = 1; i < ROUNDS; i++) {
      traffic.round();
    }
    Traffic.Tally tally = traffic.tally();
    line(
        "",
        "After %d rounds: %d %s out of memory, %d into it, %d bytes. %s"
            .formatted(
                ROUNDS,
                tally.out(),
                device == Device.NIC ? "frames" : "requests",
                tally.in(),
                tally.bytes(),
                tally.damaged() == 0
                    ? "All arrived as they were sent."
                    : "%d WERE DAMAGED.".formatted(tally.damaged())));
  }

  /** The first mapping behind a step. */
  private static TraceEntry firstMap(List<TraceEntry> steps, int behind) {
    return steps.stream()
        .skip(behind)
        .filter(step -> step.kind() == Kind.MAP)
        .findFirst()
        .orElseThrow();
  }

  private void show(List<TraceEntry> life) {
    for (TraceEntry step : life) {
      String physical = step.pa().isPresent() ? hex(step.pa().getAsLong()) : "";
      out.println(
          "  step %-4d  %-17s  %-12s %5d bytes, physical %s%s"
              .formatted(
                  step.step(),
                  switch (step.kind()) {
                    case MAP -> "the driver maps";
                    case UNMAP -> "and unmaps";
                    case READ -> "the device reads";
                    case WRITE -> "the device writes";
                    case FAULT -> "it is refused";
                  },
                  hex(step.iova()),
                  step.length(),
                  physical,
                  step.kind() == Kind.MAP
                      ? ", for " + words(step.protection())
                      : step.result().equals(TraceEntry.QUEUED) ? ", invalidated later" : ""));
    }
  }

  // ---- The wrong access

  private boolean misbehave(Traffic traffic, Misbehaviour how) {
    title("3. The device misbehaves: it %s".formatted(how.words()));
    if (!traffic.provoke(how)) {
      showFault();
      return true;
    }
    TraceEntry stray =
        trace().stream().filter(step -> step.kind() == Kind.WRITE).toList().getLast();
    line(
        "It got through: %d bytes at %s went to physical %s."
            .formatted(stray.length(), hex(stray.iova()), hex(stray.pa().orElseThrow())));
    if (!machine.config().lazy()) {
      line("That must not be.");
      return false;
    }
    line(
        "The driver has unmapped the buffer, and memory there may be anyone's by now. But in lazy mode",
        "the IOMMU is told later, and until then it uses the translation that it remembers.",
        "",
        "Ten milliseconds pass. One command makes the IOMMU forget the whole address space.",
        "The device tries it again.",
        "");
    machine.elapse(FLUSH_MICROSECONDS);
    if (traffic.device().misbehave(how, 0)) {
      line("It got through again. That must not be.");
      return false;
    }
    showFault();
    return true;
  }

  private void showFault() {
    TraceEntry fault = machine.trace().lastFault().orElseThrow();
    FaultDiagnosis diagnosis = FaultDiagnosis.of(trace(), fault);
    LoggedEvent event = machine.events().getLast();
    line(
        "Refused: the %s wanted to %s memory.".formatted(name(), direction(fault)),
        "  Likely mistake: " + diagnosis.mistake() + ".",
        "  What happened:  " + diagnosis.what() + ".",
        "",
        "The IOMMU wrote an event to its log, and the kernel printed",
        "  " + machine.kernelLog().getLast(),
        "In plain words:",
        "  " + event.explain(0) + ".",
        "",
        "The IOMMU is not broken: it kept a wrong access away from memory. Do not turn it off; look",
        "for the mistake in the driver.");
  }

  private static String direction(TraceEntry fault) {
    return (fault.protection() & Protection.WRITE) != 0 ? "write to" : "read from";
  }

  // ---- Counters

  private void count(Counts before) {
    Counts counts = machine.iommu().counts().since(before);
    title("What was counted");
    List<TraceEntry> steps = trace();
    counter("buffers mapped", of(steps, Kind.MAP));
    counter("buffers unmapped", of(steps, Kind.UNMAP));
    counter("accesses of the device", counts.requests());
    counter("translations that the IOMMU remembered", counts.translationHits());
    counter("translations that it had to look up: table walks", counts.walks());
    counter("table words that it read for them", counts.tableReads());
    counter("invalidation commands", counts.invalidations());
    counter("things that it forgot by them", counts.dropped());
    counter("accesses refused", counts.faults());
    counter("events in its log", counts.events());
  }

  private static long of(List<TraceEntry> steps, Kind kind) {
    return steps.stream().filter(step -> step.kind() == kind).count();
  }

  private void counter(String what, long value) {
    out.println("  %-50s %8d".formatted(what, value));
  }

  // ---- Text

  private void title(String text) {
    line("", text, "-".repeat(text.length()));
  }

  private void line(String... lines) {
    for (String line : lines) {
      out.println(line);
    }
  }

  private void row(String cpu, String physical, String iova, String bytes, String may) {
    out.println("  %-18s  %-12s  %-12s %6s  %s".formatted(cpu, physical, iova, bytes, may));
  }

  private static String hex(long address) {
    return "%#x".formatted(address);
  }
}
