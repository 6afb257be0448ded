package dev.genpt.formats;

import dev.genpt.cli.WrongUsage;
import dev.genpt.format.Formats;
import dev.genpt.inspect.FormatSheet;
import dev.genpt.inspect.SvgView;
import dev.genpt.inspect.TextView;
import dev.genpt.table.FormatDefinition;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what the page-table formats have, or the layout of one. */
@Command(
    name = "formats",
    sortOptions = false,
    usageHelpWidth = 100,
    mixinStandardHelpOptions = true,
    version = "genpt formats 0.1.0",
    description = {
      "Compares the page-table formats, or shows one of them: how its levels split an address, and what"
          + " each bit of its leaves and table pointers is for."
    },
    footer = {
      "",
      "Examples:",
      "  ./jbang formats",
      "  ./jbang formats x86_64",
      "  ./jbang formats riscv64 --svg riscv64.svg",
      "",
      "Exit status: 0 shown, 1 the picture can't be written, 2 wrong usage."
    })
public final class FormatsCommand implements Callable<Integer> {
  private static final int FAILED = 1;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "FORMAT",
      completionCandidates = FormatNames.class,
      description = "Show this one: ${COMPLETION-CANDIDATES}.")
  private @Nullable String name;

  @Option(
      names = "--svg",
      paramLabel = "FILE",
      description = "Write the format's address and words as a picture too.")
  private @Nullable Path svg;

  private FormatsCommand() {}

  /** The command, to be executed with its arguments. */
  public static CommandLine commandLine() {
    return new CommandLine(new FormatsCommand()).setParameterExceptionHandler(new WrongUsage());
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    TextView view = CommandLine.Help.Ansi.AUTO.enabled() ? TextView.coloured() : TextView.plain();
    if (name == null) {
      if (svg != null) {
        throw usage("--svg needs a FORMAT to draw: " + names());
      }
      out.print(view.formats(Formats.all().stream().map(FormatSheet::of).toList()));
      out.flush();
      return CommandLine.ExitCode.OK;
    }
    FormatSheet sheet =
        FormatSheet.of(
            Formats.find(name)
                .orElseThrow(() -> usage("format \"%s\": there is %s".formatted(name, names()))));
    out.print(view.format(sheet));
    out.flush();
    return svg == null ? CommandLine.ExitCode.OK : draw(sheet, svg);
  }

  private int draw(FormatSheet sheet, Path file) {
    try {
      Files.writeString(file, SvgView.format(sheet), StandardCharsets.UTF_8);
    } catch (IOException e) {
      spec.commandLine().getErr().println("formats: can't write " + e.getMessage());
      return FAILED;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println();
    out.println("The picture is in " + file);
    return CommandLine.ExitCode.OK;
  }

  private static String names() {
    return String.join(", ", new FormatNames());
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** The formats that there are. */
  static final class FormatNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Formats.all().stream().map(FormatDefinition::name).iterator();
    }
  }
}
