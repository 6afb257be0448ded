///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//DEPS info.picocli:picocli:4.7.7
//DEPS org.jspecify:jspecify:1.0.1
//SOURCES ../engine/Sources.java

import dev.genpt.bits.Log2;
import dev.genpt.error.IommuException;
import dev.genpt.format.Formats;
import dev.genpt.inspect.ByteSize;
import dev.genpt.inspect.SvgView;
import dev.genpt.inspect.TableTree;
import dev.genpt.inspect.TextView;
import dev.genpt.inspect.WalkTrace;
import dev.genpt.iommu.DomainConfig;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.Feature;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.Geometry;
import dev.genpt.table.Protection;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
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
    mixinStandardHelpOptions = true,
    version = "genpt walk 0.1.0",
    description = {
      "Maps a few ranges into a new page table, then follows one input address through it and says what each"
          + " level does.",
      "Numbers are decimal or 0x hexadecimal; K, M, G and T after them are powers of 1024."
    },
    footer = {
      "",
      "Examples:",
      "  walk --iova 0x40201234 --tree",
      "  walk --iova 0x200000 --map 0x200000:0x80000000:2M:rw --map 0x400000:0x12340000:64K:r --svg walk.svg",
      "",
      "Exit status: 0 drawn, 1 a mapping or the format refused, 2 wrong usage."
    })
public final class Walk implements Callable<Integer> {
  private static final int MEMORY_MEBIBYTES = 64;
  private static final int REFUSED = 1;

  @Spec private CommandSpec spec;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      defaultValue = "amdv1",
      completionCandidates = FormatNames.class,
      description = "Page-table format: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private String formatName;

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
          "Map SIZE bytes from IOVA on to the output addresses from PA on. PROT is r, w or rw. Without --map:"
              + " an example around the input address.")
  private List<Mapping> mappings = List.of();

  @Option(
      names = "--top-level",
      paramLabel = "LEVEL",
      description = "Level of the root (default: 2 if it may grow, else 3).")
  private @Nullable Integer topLevel;

  @Option(names = "--tree", description = "Show the whole table too.")
  private boolean tree;

  @Option(names = "--svg", paramLabel = "FILE", description = "Write the walk as a picture too.")
  private @Nullable Path svg;

  /** Runs the command line; exits with its status. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command, for {@code main} and for tests. */
  static CommandLine commandLine() {
    return new CommandLine(new Walk())
        .setParameterExceptionHandler(Walk::reportUsage)
        .setExecutionExceptionHandler(Walk::reportRefusal);
  }

  private static int reportUsage(ParameterException e, String[] args) {
    PrintWriter err = e.getCommandLine().getErr();
    err.println("walk: " + e.getMessage());
    err.println("Try: walk --help");
    return CommandLine.ExitCode.USAGE;
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
    try (IommuDomain domain = IommuDomain.create(config(format))) {
      for (Mapping mapping : mappings.isEmpty() ? Mapping.example(domain, iova) : mappings) {
        domain.map(mapping.iova(), mapping.pa(), mapping.size(), mapping.protection());
      }
      show(domain);
    }
    return CommandLine.ExitCode.OK;
  }

  private DomainConfig config(FormatDefinition format) {
    Geometry geometry = format.geometry();
    boolean grows = Feature.DYNAMIC_TOP.in(format.forcedFeatures());
    int level = topLevel != null ? topLevel : grows ? 2 : 3;
    if (level < 0 || level > geometry.maxTopLevel()) {
      throw usage(
          "--top-level %d: %s has the levels 0 to %d"
              .formatted(level, format.name(), geometry.maxTopLevel()));
    }
    int decoded = Math.min(geometry.maxVaLg2(), geometry.itemSizeLg2(level + 1));
    // A root that may grow must have room to.
    boolean staticTop = !grows;
    return DomainConfig.of(format, new PageAllocator(PhysicalMemory.ofMebibytes(MEMORY_MEBIBYTES)))
        .features(format.forcedFeatures())
        .widths(staticTop ? decoded : geometry.maxVaLg2(), geometry.maxOaLg2())
        .topLevel(level);
  }

  private void show(IommuDomain domain) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    TextView view = CommandLine.Help.Ansi.AUTO.enabled() ? TextView.coloured() : TextView.plain();
    WalkTrace trace = WalkTrace.of(domain.pageTable(), iova);
    out.print(view.walk(trace));
    if (tree) {
      out.println();
      out.print(view.tree(TableTree.read(domain.pageTable())));
    }
    out.flush();
    if (svg != null) {
      Files.writeString(svg, SvgView.walk(trace), StandardCharsets.UTF_8);
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /**
   * A range to map.
   *
   * @param iova first input address
   * @param pa first output address
   * @param size bytes
   * @param protection {@link Protection} bits
   */
  record Mapping(long iova, long pa, long size, int protection) {
    static final String FORM = "IOVA:PA:SIZE:PROT";

    /** The mapping of a text in the form {@link #FORM}. */
    static Mapping parse(String text) {
      String[] parts = text.split(":", -1);
      String[] names = FORM.split(":");
      if (parts.length != names.length) {
        throw wrong(
            text,
            parts.length < names.length
                ? "%s is missing".formatted(names[parts.length])
                : "\"%s\" is too much".formatted(parts[names.length]));
      }
      long[] numbers = new long[names.length - 1];
      for (int i = 0; i < numbers.length; i++) {
        try {
          numbers[i] = ByteSize.parse(parts[i]);
        } catch (IommuException e) {
          throw wrong(text, names[i] + " " + e.rule());
        }
      }
      try {
        return new Mapping(numbers[0], numbers[1], numbers[2], Protection.parse(parts[3]));
      } catch (IommuException e) {
        throw wrong(text, "PROT: " + e.rule());
      }
    }

    private static TypeConversionException wrong(String text, String what) {
      return new TypeConversionException(
          "--map \"%s\": the form is %s; %s".formatted(text, FORM, what));
    }

    /**
     * A mixed table around {@code iova}: its own page, sixteen pages that fit one size code, 256
     * that don't, and blocks of the two next levels. What the table can't hold is left out.
     */
    static List<Mapping> example(IommuDomain domain, long iova) {
      int page = Log2.ffs(domain.pageSizeBitmap());
      List<Mapping> all = new ArrayList<>();
      addNeighbour(all, iova, page, OptionalInt.empty(), 0x12345L << page, Protection.READ_WRITE);
      addNeighbour(all, iova, page, OptionalInt.of(4), 0x22340L << page, Protection.READ);
      addNeighbour(all, iova, page, OptionalInt.of(8), 0x34501L << page, Protection.READ_WRITE);
      addNeighbour(all, iova, page, OptionalInt.of(9), 0x80000L << page, Protection.READ_WRITE);
      addNeighbour(all, iova, page, OptionalInt.of(18), 0x240000L << page, Protection.READ_WRITE);
      long lastOa = Log2.toMax(domain.pageTable().maxOaLg2());
      all.removeIf(mapping ->
          Long.compareUnsigned(mapping.iova, domain.firstVa()) < 0
              || Long.compareUnsigned(mapping.iova + mapping.size - 1, domain.lastVa()) > 0
              || Long.compareUnsigned(mapping.pa + mapping.size - 1, lastOa) > 0);
      return all;
    }

    /** Adds the page of {@code iova}, or the block beside its own of 2^{@code pagesLg2} pages. */
    private static void addNeighbour(
        List<Mapping> all, long iova, int page, OptionalInt pagesLg2, long pa, int protection) {
      int sizeLg2 = page + pagesLg2.orElse(0);
      long own = Log2.alignDown(iova, sizeLg2);
      long start = pagesLg2.isPresent() ? own ^ Log2.toValue(sizeLg2) : own;
      all.add(new Mapping(start, pa, Log2.toValue(sizeLg2), protection));
    }
  }

  /** Reads a mapping from the command line. */
  static final class MappingText implements ITypeConverter<Mapping> {
    @Override
    public Mapping convert(String value) {
      return Mapping.parse(value);
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
