package dev.genpt.dma;

import dev.genpt.cli.WrongUsage;
import dev.genpt.device.DomainKind;
import dev.genpt.device.MachineConfig;
import dev.genpt.device.Misbehaviour;
import dev.genpt.device.TraceCsv;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Tells the story of a device that moves data by DMA, and misbehaves, behind an AMD IOMMU. */
@Command(
    name = "dma",
    sortOptions = false,
    usageHelpWidth = 100,
    mixinStandardHelpOptions = true,
    version = "genpt dma 0.1.0",
    description = {
      "Runs a simulated device behind an AMD IOMMU: its driver maps buffers, the device moves data, then"
          + " misbehaves once, and the IOMMU catches it.",
      "A run depends on its options alone: the same seed tells the same story."
    },
    footer = {
      "",
      "Examples:",
      "  ./jbang dma",
      "  ./jbang dma --device nvme --misbehave foreign-address --domain v2",
      "  ./jbang dma --misbehave use-after-unmap --lazy",
      "  ./jbang dma --seed 7 --misbehave none --trace dma.csv",
      "",
      "Exit status: 0 told, 1 data was damaged, an access got through that must not, or the trace can't"
          + " be written, 2 wrong usage."
    })
public final class DmaCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final String NONE = "none";

  /** The devices that there are. */
  enum Device {
    /** The network card. */
    NIC,
    /** The drive. */
    NVME
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of everything random (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "nic",
      description = "nic: a network card, or nvme: a drive (default: ${DEFAULT-VALUE}).")
  private String device = "";

  @Option(
      names = "--misbehave",
      paramLabel = "KIND",
      defaultValue = "write-past-buffer",
      description =
          "What the device does wrong: write-past-buffer, use-after-unmap, wrong-direction,"
              + " foreign-address, or none (default: ${DEFAULT-VALUE}).")
  private String misbehave = "";

  @Option(
      names = "--domain",
      paramLabel = "KIND",
      defaultValue = "v1",
      description =
          "Page table of the device's address space: v1, the IOMMU's own form, or v2, the CPU's"
              + " (default: ${DEFAULT-VALUE}).")
  private String domain = "";

  @Option(
      names = "--lazy",
      description =
          "Unmapped buffers are invalidated later, many at a time, as Linux does by default.")
  private boolean lazy;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "Write every mapping and every access as CSV too.")
  private @Nullable Path trace;

  private DmaCommand() {}

  /** The command, to be executed with its arguments. */
  public static CommandLine commandLine() {
    return new CommandLine(new DmaCommand()).setParameterExceptionHandler(new WrongUsage());
  }

  @Override
  public Integer call() {
    Device which = choice("--device", device, Device.values());
    DomainKind kind = choice("--domain", domain, DomainKind.values());
    Optional<Misbehaviour> wrong = misbehaviour();
    MachineConfig config = new MachineConfig(seed, kind, lazy);
    DmaStory story = new DmaStory(spec.commandLine().getOut(), config, which);
    boolean well = story.tell(wrong);
    spec.commandLine().getOut().flush();
    return (trace == null || write(story, trace)) && well ? CommandLine.ExitCode.OK : FAILED;
  }

  private boolean write(DmaStory story, Path file) {
    try {
      Files.writeString(file, TraceCsv.write(story.trace()), StandardCharsets.UTF_8);
    } catch (IOException e) {
      spec.commandLine().getErr().println("dma: can't write " + e.getMessage());
      return false;
    }
    spec.commandLine().getOut().println("The trace is in " + file);
    return true;
  }

  private Optional<Misbehaviour> misbehaviour() {
    return misbehave.equals(NONE)
        ? Optional.empty()
        : Optional.of(
            choice("--misbehave", misbehave, Misbehaviour.values(), Misbehaviour::text, NONE));
  }

  private <E extends Enum<E>> E choice(String option, String text, E[] values) {
    return choice(option, text, values, value -> value.name().toLowerCase(Locale.ROOT));
  }

  /** The value of that name; wrong usage names all of them, and {@code others}. */
  private <E> E choice(
      String option, String text, E[] values, Function<E, String> name, String... others) {
    return Arrays.stream(values)
        .filter(value -> name.apply(value).equals(text))
        .findFirst()
        .orElseThrow(() ->
            usage(
                option,
                text,
                Stream.concat(Arrays.stream(values).map(name), Stream.of(others)).toList()));
  }

  private ParameterException usage(String option, String text, List<String> names) {
    return new ParameterException(
        spec.commandLine(),
        "%s \"%s\": there is %s".formatted(option, text, String.join(", ", names)));
  }
}
