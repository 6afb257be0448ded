package dev.genpt.walk;

import dev.genpt.cli.WrongUsage;
import dev.genpt.error.IommuException;
import dev.genpt.format.Formats;
import dev.genpt.format.VtdSecondStage;
import dev.genpt.inspect.ByteSize;
import dev.genpt.inspect.SvgView;
import dev.genpt.inspect.TableTree;
import dev.genpt.inspect.TextView;
import dev.genpt.inspect.WalkTrace;
import dev.genpt.inspect.WalkTrace.Outcome;
import dev.genpt.iommu.DomainConfig;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.Feature;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.Geometry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Draws the walk of one input address through a page table, level by level. */
@Command(
    name = "walk",
    sortOptions = false,
    usageHelpWidth = 100,
    mixinStandardHelpOptions = true,
    version = "genpt walk 0.1.0",
    description = {
      "Maps a few ranges into a new page table, then follows one input address through it and says what"
          + " each level does.",
      "Numbers are decimal or 0x hexadecimal; K, M, G and T after them are powers of 1024."
    },
    footer = {
      "",
      "Examples:",
      "  ./jbang walk --iova 0x40201234 --map 0x40201000:0x12345000:4K:rw --tree",
      "  ./jbang walk --iova 0x215678 --map 0x200000:0x80000000:2M:r --svg walk.svg",
      "  ./jbang walk --format riscv64 --iova 0xffffffffc0a15234",
      "  ./jbang walk --format x86_64 --bits 47 --without SIGN_EXTEND --encryption-bit 47",
      "  ./jbang walk --format vtdss --with DMA_INCOHERENT --top-level 2",
      "",
      "Exit status: 0 drawn, 1 a mapping or the format refused, 2 wrong usage."
    })
public final class WalkCommand implements Callable<Integer> {
  /** Memory for the tables. */
  static final long TABLE_BYTES = 64L << 20;

  private static final int REFUSED = 1;
  private static final int STATIC_TOP_LEVEL = 3;
  private static final int GROWING_TOP_LEVEL = 2;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--format",
      paramLabel = "NAME",
      defaultValue = "amdv1",
      completionCandidates = FormatNames.class,
      description = "Page-table format: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private String formatName = "";

  @Option(
      names = "--iova",
      paramLabel = "ADDRESS",
      defaultValue = "0xc0a07234",
      converter = NumberText.class,
      description = "The input address to follow (default: ${DEFAULT-VALUE}).")
  private long iova;

  @Option(
      names = "--map",
      paramLabel = Mapping.FORM,
      arity = "1..*",
      converter = MappingText.class,
      description =
          "Map SIZE bytes from input address IOVA on to the output addresses from PA on; PROT is r, w or"
              + " rw. May be repeated. Without it: an example around the input address.")
  private List<Mapping> mappings = new ArrayList<>();

  @Option(
      names = "--top-level",
      paramLabel = "LEVEL",
      description = "Level of the root (default: 2 if it may grow, else 3).")
  private @Nullable Integer topLevel;

  @Option(
      names = "--bits",
      paramLabel = "N",
      description = "Input address bits (default: all that the root decodes).")
  private @Nullable Integer bits;

  @Option(
      names = "--with",
      paramLabel = "FEATURE",
      split = ",",
      description =
          "Switch this feature on too, such as DMA_INCOHERENT; ./jbang formats lists them.")
  private List<String> switchedOn = new ArrayList<>();

  @Option(
      names = "--without",
      paramLabel = "FEATURE",
      split = ",",
      description =
          "Switch this feature off; on are SIGN_EXTEND and all that show in words but"
              + " VTDSS_FORCE_WRITEABLE.")
  private List<String> switchedOff = new ArrayList<>();

  @Option(
      names = "--encryption-bit",
      paramLabel = "N",
      description = "The address bit that marks encrypted memory, 40 to 51 (default: none).")
  private @Nullable Integer encryptionBit;

  @Option(names = "--tree", description = "Show the whole table too.")
  private boolean tree;

  @Option(names = "--svg", paramLabel = "FILE", description = "Write the walk as a picture too.")
  private @Nullable Path svg;

  private WalkCommand() {}

  /** The command, to be executed with its arguments. */
  public static CommandLine commandLine() {
    return new CommandLine(new WalkCommand())
        .setParameterExceptionHandler(new WrongUsage())
        .setExecutionExceptionHandler(WalkCommand::reportRefusal);
  }

  private static int reportRefusal(Exception e, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    switch (e) {
      case IommuException refused -> command.getErr().println("walk: " + refused.getMessage());
      case IOException failed ->
          command.getErr().println("walk: can't write " + failed.getMessage());
      default -> throw e;
    }
    return REFUSED;
  }

  @Override
  public Integer call() throws IOException {
    FormatDefinition format =
        Formats.find(formatName)
            .orElseThrow(() ->
                usage(
                    "--format \"%s\": there is %s"
                        .formatted(formatName, String.join(", ", new FormatNames()))));
    try (IommuDomain domain = domain(format)) {
      if ((domain.pageTable().format().tableWord(0, 1) & encryptionMask()) != encryptionMask()) {
        throw usage("--encryption-bit: %s marks nothing as encrypted".formatted(format.name()));
      }
      List<Mapping> all =
          mappings.isEmpty() ? ExampleMappings.around(domain, iova) : List.copyOf(mappings);
      for (int i = 0; i < all.size(); i++) {
        if (!map(domain, all.subList(0, i), all.get(i))) {
          return REFUSED;
        }
      }
      show(domain, all);
    }
    return CommandLine.ExitCode.OK;
  }

  private IommuDomain domain(FormatDefinition format) {
    DomainConfig config = config(format);
    try {
      return IommuDomain.create(config);
    } catch (IommuException e) {
      String what = topLevel == null ? "" : "--top-level %d: ".formatted(topLevel);
      throw new IommuException(e.errno(), what + e.rule());
    }
  }

  private DomainConfig config(FormatDefinition format) {
    Geometry geometry = format.geometry();
    boolean grows = Feature.DYNAMIC_TOP.in(format.forcedFeatures());
    int level = topLevel != null ? topLevel : grows ? GROWING_TOP_LEVEL : STATIC_TOP_LEVEL;
    if (level < 0 || level > geometry.maxTopLevel()) {
      throw usage(
          "--top-level %d: %s has the levels 0 to %d"
              .formatted(level, format.name(), geometry.maxTopLevel()));
    }
    // A root that may grow must have room to.
    int decoded =
        grows
            ? geometry.maxVaLg2()
            : Math.min(geometry.maxVaLg2(), geometry.itemSizeLg2(level + 1));
    var pages = new PageAllocator(PhysicalMemory.ofMebibytes((int) (TABLE_BYTES >> 20)));
    return DomainConfig.of(format, pages)
        .features(features(format))
        .widths(bits != null ? bits : decoded, geometry.maxOaLg2())
        .topLevel(level)
        .encryptionMask(encryptionMask())
        .flusher((pa, bytes) -> {});
  }

  private long encryptionMask() {
    if (encryptionBit == null) {
      return 0;
    }
    if (encryptionBit < 40 || encryptionBit > 51) {
      throw usage("--encryption-bit %d: must be 40 to 51".formatted(encryptionBit));
    }
    return 1L << encryptionBit;
  }

  private int features(FormatDefinition format) {
    return (defaultFeatures(format) & ~mask(format, switchedOff)) | mask(format, switchedOn);
  }

  private int mask(FormatDefinition format, List<String> names) {
    int mask = 0;
    for (String name : names) {
      mask |=
          format.allFeatures().stream()
              .filter(feature -> feature.name().equalsIgnoreCase(name))
              .findFirst()
              .orElseThrow(() ->
                  usage(
                      "feature \"%s\": %s has %s"
                          .formatted(
                              name,
                              format.name(),
                              Feature.describe(format.supportedFeatures(), format))))
              .mask();
    }
    return mask;
  }

  /** All that shows in words and addresses, but for what refuses pages that can't be written. */
  private static int defaultFeatures(FormatDefinition format) {
    int features = Feature.SIGN_EXTEND.mask();
    for (Feature feature : format.privateFeatures()) {
      features |= feature.equals(VtdSecondStage.FORCE_WRITEABLE) ? 0 : feature.mask();
    }
    return format.forcedFeatures() | (features & format.supportedFeatures());
  }

  /** Maps one range; if it is refused, says why and what would fit. */
  private boolean map(IommuDomain domain, List<Mapping> before, Mapping mapping) {
    try {
      domain.map(mapping.iova(), mapping.pa(), mapping.size(), mapping.protection());
      return true;
    } catch (IommuException refused) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("walk: --map %s: %s".formatted(mapping, refused.getMessage()));
      MapAdvice.on(domain, before, mapping, refused).forEach(line -> err.println("  " + line));
      return false;
    }
  }

  private void show(IommuDomain domain, List<Mapping> all) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    TextView view = CommandLine.Help.Ansi.AUTO.enabled() ? TextView.coloured() : TextView.plain();
    WalkTrace trace = WalkTrace.of(domain.pageTable(), iova);
    if (mappings.isEmpty() && !all.isEmpty()) {
      out.println("An example is mapped, as by");
      all.forEach(mapping -> out.println("  --map " + mapping));
      out.println();
    }
    out.print(view.walk(trace));
    if (!(trace.outcome() instanceof Outcome.Mapped)) {
      all.stream()
          .filter(mapping -> mapping.hasOutput(iova))
          .findFirst()
          .ifPresent(mapping -> out.println(mistaken(mapping)));
    }
    if (tree) {
      out.println();
      out.print(view.tree(TableTree.read(domain.pageTable())));
    }
    if (svg != null) {
      Files.writeString(svg, SvgView.walk(trace), StandardCharsets.UTF_8);
      out.println();
      out.println("The picture is in " + svg);
    }
    out.flush();
  }

  /** For an address that is nothing to the table but where a mapping leads. */
  private String mistaken(Mapping mapping) {
    return "But %#x is where input address %#x goes: --iova wants the input address."
        .formatted(iova, mapping.iova() + (iova - mapping.pa()));
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Reads a mapping from the command line. */
  static final class MappingText implements ITypeConverter<Mapping> {
    @Override
    public Mapping convert(String value) {
      try {
        return Mapping.parse(value);
      } catch (IommuException e) {
        throw new TypeConversionException("\"%s\": %s".formatted(value, e.rule()));
      }
    }
  }

  /** Reads a number from the command line. */
  static final class NumberText implements ITypeConverter<Long> {
    @Override
    public Long convert(String value) {
      try {
        return ByteSize.parse(value);
      } catch (IommuException e) {
        throw new TypeConversionException(e.rule());
      }
    }
  }

  /** The formats that there are. */
  static final class FormatNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Formats.all().stream().map(FormatDefinition::name).iterator();
    }
  }
}
