///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//DEPS com.fasterxml.jackson.core:jackson-databind:2.22.4
//DEPS info.picocli:picocli:4.7.7
//DEPS me.tongfei:progressbar:0.10.2
//DEPS org.jspecify:jspecify:1.0.1
//DEPS org.junit.jupiter:junit-jupiter:5.14.4
//DEPS org.junit.platform:junit-platform-launcher:1.14.4
//DEPS org.knowm.xchart:xchart:4.0.3
//DEPS org.slf4j:slf4j-nop:2.0.17
//DEPS tech.tablesaw:tablesaw-core:0.44.4
//SOURCES ../engine/src/main/java/dev/**/*.java
//SOURCES bench/dev/genpt/bench/*.java
//SOURCES lib/dev/**/*.java
//SOURCES test/dev/**/*.java
//RUNTIME_OPTIONS -ea -Djava.awt.headless=true
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow

import dev.genpt.project.Checkout;
import dev.genpt.project.SourceList;
import dev.genpt.runner.EngineTests;
import dev.genpt.runner.Outcome;
import dev.genpt.runner.RaceTests;
import dev.genpt.runner.ScriptTests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Runs every test of the project once: the engine's through Maven, then those of everything else,
 * then the races of threads.
 */
@Command(
    name = "test",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    version = "genpt test 0.1.0",
    description = {
      "Runs every test of the project once: the engine's through Maven, then those of the scripts, the"
          + " notebooks and the front door, then the races of jcstress.",
      "System properties whose names begin with genpt. reach the engine's tests."
    },
    footer = {
      "",
      "Examples:",
      "  ./jbang test",
      "  ./jbang test --only scripts --tests 'Alias*'",
      "  ./jbang -Dgenpt.exhaustive=true test --only engine",
      "",
      "The last line counts what passed, failed and was skipped.",
      "Exit status: 0 all passed, 1 a test failed, none ran or Maven failed, 2 wrong usage."
    })
final class Test implements Callable<Integer> {
  private static final String OUTSIDE =
      "There are no tests here: run this in a folder of a clone, or by the clone's ./jbang.";

  private static final String ALL = "*";

  private enum Part {
    ENGINE,
    SCRIPTS,
    RACES
  }

  @Option(
      names = "--only",
      paramLabel = "engine|scripts|races",
      description = "Run this part alone.")
  private @Nullable Part only;

  @Option(
      names = "--tests",
      paramLabel = "NAME",
      defaultValue = ALL,
      description =
          "Run the test classes of this name alone, and no races; * stands for any letters.")
  private String tests = ALL;

  @Option(
      names = "--write-sources",
      description = "Write the generated lists of sources anew, and run no test.")
  private boolean writeSources;

  @Spec private CommandSpec spec;

  public static void main(String[] args) {
    CommandLine test = new CommandLine(new Test()).setCaseInsensitiveEnumValuesAllowed(true);
    System.exit(test.execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path root =
        Checkout.find().orElseThrow(() -> new ParameterException(spec.commandLine(), OUTSIDE));
    if (writeSources) {
      return writeSources(root);
    }
    Outcome outcome = Outcome.NONE;
    if (runs(Part.ENGINE)) {
      outcome = outcome.plus(EngineTests.run(root, tests));
    }
    if (runs(Part.SCRIPTS)) {
      outcome = outcome.plus(ScriptTests.run(tests));
    }
    if (runs(Part.RACES) && tests.equals(ALL)) {
      outcome = outcome.plus(RaceTests.run(root));
    }
    outcome.failures().forEach(failure -> System.out.println(failure.text()));
    System.out.println(outcome);
    return outcome.isSuccess() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private boolean runs(Part part) {
    return only == null || only == part;
  }

  private static int writeSources(Path root) throws IOException {
    for (SourceList list : SourceList.all()) {
      System.out.println(list.path() + (list.write(root) ? " written" : " is up to date"));
    }
    return CommandLine.ExitCode.OK;
  }
}
