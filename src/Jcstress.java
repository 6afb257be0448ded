///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//COMPILE_OPTIONS -proc:full
//DEPS info.picocli:picocli:4.7.7
//DEPS me.tongfei:progressbar:0.10.2
//DEPS org.jspecify:jspecify:1.0.1
//DEPS org.openjdk.jcstress:jcstress-core:0.16
//SOURCES ../engine/Sources.java
//SOURCES ../engine/src/test/java/dev/genpt/fixture/HardwareWalker.java
//SOURCES ../engine/src/test/java/dev/genpt/fixture/UnsnoopedWalker.java
//SOURCES jcstress/dev/genpt/jcstress/*.java
//SOURCES jcstress/dev/genpt/race/*.java
//SOURCES lib/dev/genpt/cli/*.java
//SOURCES lib/dev/genpt/project/Checkout.java
//SOURCES lib/dev/genpt/report/Counts.java
//SOURCES lib/dev/genpt/report/RunResult.java
//SOURCES lib/dev/genpt/report/Verdict.java
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow

import dev.genpt.cli.Glob;
import dev.genpt.cli.WrongUsage;
import dev.genpt.jcstress.Effort;
import dev.genpt.jcstress.JcstressRun;
import dev.genpt.jcstress.RaceResult;
import dev.genpt.project.Checkout;
import dev.genpt.report.Counts;
import dev.genpt.report.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Lets two threads meet on one domain, again and again, and looks at what came of it. */
@Command(
    name = "jcstress",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    version = "genpt jcstress 0.1.0",
    description = {
      "Lets two threads meet on one domain, very often: mappers that want the same table or the same"
          + " root, translations beside maps and unmaps, hardware that writes or does not look into"
          + " caches. Whatever may come of it is named; anything else is forbidden.",
      "Runs on OpenJDK's jcstress. Everything it writes goes to build/jcstress in the clone."
    },
    footer = {
      "",
      "Examples:",
      "  ./jbang jcstress",
      "  ./jbang jcstress --test 'DirtyRace.*'",
      "  ./jbang jcstress --default --test RootGrowthRace.HardwareFirst",
      "",
      "The last line counts races.",
      "Exit status: 0 nothing failed, 1 a race failed or there was none to run, 2 wrong usage."
    })
final class Jcstress implements Callable<Integer> {
  private static final String OUTPUT = "build/jcstress";
  private static final String OUTSIDE =
      "There is no clone here to write to: run this in a folder of a clone, or by the clone's ./jbang.";
  private static final int FAILED = 1;

  @Spec private CommandSpec spec;

  @ArgGroup private How how = new How();

  /** How long. */
  static final class How {
    @Option(names = "--quick", description = "A second a race: about a minute (this is what runs).")
    private boolean quick;

    @Option(
        names = "--default",
        description =
            "Every choice of compilers for either side: about a quarter of an hour on two cores.")
    private boolean thorough;
  }

  @Option(
      names = "--test",
      paramLabel = "GLOB",
      defaultValue = "*",
      description = "Races of this name alone; * stands for any characters, ? for one.")
  private String test = "*";

  /** Runs the command line; exits with its status. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Jcstress())
            .setParameterExceptionHandler(new WrongUsage())
            .execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    Path root =
        Checkout.find().orElseThrow(() -> new ParameterException(spec.commandLine(), OUTSIDE));
    List<String> races = JcstressRun.races().stream().filter(Glob.matching(test)).toList();
    if (races.isEmpty()) {
      return fail(
          "no race matches --test \"%s\". There is %s"
              .formatted(test, String.join(", ", JcstressRun.races())));
    }
    Effort effort = how.thorough ? Effort.DEFAULT : Effort.QUICK;
    PrintWriter out = spec.commandLine().getOut();
    out.println(races.size() + " races");
    out.flush();
    List<RaceResult> results;
    try {
      results = new JcstressRun(root.resolve(OUTPUT)).run(effort, races);
    } catch (IOException e) {
      return fail(e.getMessage());
    }
    results.forEach(result -> out.println("\n" + result.text()));
    out.println("\nAll of it as a page: " + OUTPUT + "/" + JcstressRun.PAGES);
    Counts counts =
        new Counts(
            count(results, Verdict.PASSED),
            count(results, Verdict.FAILED),
            count(results, Verdict.SKIPPED));
    out.println(counts);
    return counts.failed() == 0 ? CommandLine.ExitCode.OK : FAILED;
  }

  private static int count(List<RaceResult> results, Verdict verdict) {
    return (int) results.stream().filter(result -> result.verdict() == verdict).count();
  }

  private int fail(String message) {
    spec.commandLine().getErr().println("jcstress: " + message);
    return FAILED;
  }
}
