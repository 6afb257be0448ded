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
//SOURCES ../engine/src/test/java/dev/genpt/fixture/*.java
//SOURCES ../engine/src/test/java/dev/genpt/kunit/*.java
//SOURCES lib/dev/**/*.java
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED

import dev.genpt.cli.Progress;
import dev.genpt.cli.WrongUsage;
import dev.genpt.lab.JupyterServer;
import dev.genpt.lab.LabException;
import dev.genpt.lab.LabSetup;
import dev.genpt.lab.Lesson;
import dev.genpt.lab.LessonRunner;
import dev.genpt.lab.UserKernel;
import dev.genpt.project.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Opens the lessons in JupyterLab, or runs them without a browser. */
@Command(
    name = "lab",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    version = "genpt lab 0.1.0",
    description = {
      "Opens the lessons in JupyterLab: sets up a private Python environment in .venv and a Java kernel that"
          + " knows the engine, and runs the first lesson to see that all works.",
      "Nothing outside the clone changes, but for the caches of JBang, Maven and pip."
    },
    footer = {
      "",
      "Examples:",
      "  ./jbang lab",
      "  ./jbang lab --no-browser --port 9000",
      "  ./jbang lab --execute 00 01",
      "",
      "Exit status: 0 all went well, 1 a lesson failed or the lab can't be set up, 2 wrong usage."
    })
public final class Lab implements Callable<Integer> {
  private static final String OUTSIDE =
      "There are no lessons here: run this in a folder of a clone, or by the clone's ./jbang.";
  private static final int FAILED = 1;
  private static final int LAST_PORT = 65_535;

  /** What to do other than open JupyterLab. */
  static final class Task {
    @Option(
        names = "--execute",
        required = true,
        description =
            "Run the lessons, all or those given, and write them as pages to build/lessons.")
    private boolean execute;

    @Option(names = "--check", required = true, hidden = true)
    private boolean check;

    @Option(
        names = "--install",
        required = true,
        description =
            "Put the kernel into your own Jupyter, for it or VS Code to open the lessons.")
    private boolean install;

    @Option(
        names = "--uninstall",
        required = true,
        description = "Take the kernel out of your own Jupyter.")
    private boolean uninstall;
  }

  @Spec private CommandSpec spec;

  @ArgGroup private Task task = new Task();

  @Option(names = "--keep", description = "With --execute: store the outputs in the notebooks too.")
  private boolean keep;

  @Option(names = "--no-browser", description = "Do not open a browser, only print the address.")
  private boolean noBrowser;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "0",
      showDefaultValue = CommandLine.Help.Visibility.NEVER,
      description = "Where JupyterLab listens (default: the first free port from 8888 on).")
  private int port;

  @Option(
      names = "--lessons",
      paramLabel = "FOLDER",
      description = "Lessons of your own: notebooks NN-name.ipynb (default: those of notebooks/).")
  private @Nullable Path folder;

  @Parameters(
      paramLabel = "NN",
      arity = "0..*",
      description = "Numbers of lessons, with --execute.")
  private List<String> numbers = List.of();

  /** Runs the command line; exits with its status. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Lab())
            .setParameterExceptionHandler(new WrongUsage())
            .setExecutionExceptionHandler(Lab::reportFailure)
            .execute(args));
  }

  private static int reportFailure(Exception e, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (!(e instanceof LabException)) {
      throw e;
    }
    command.getErr().println("lab: " + e.getMessage());
    return FAILED;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    checkUsage();
    Path root = Checkout.find().orElseThrow(() -> usage(OUTSIDE));
    if (task.uninstall) {
      return uninstall();
    }
    Path lessonFolder = folder != null ? folder.toAbsolutePath() : root.resolve("notebooks");
    List<Lesson> lessons = lessons(lessonFolder);
    LessonRunner runner = new LabSetup(root, System.getenv().getOrDefault("PATH", "")).prepare();
    if (task.install) {
      return install(runner);
    }
    boolean well;
    if (task.check) {
      well = runner.check(lessons, System.out::println);
    } else if (task.execute) {
      well = execute(runner, lessons);
    } else {
      well = open(runner, lessons.getFirst());
    }
    return well ? CommandLine.ExitCode.OK : FAILED;
  }

  private void checkUsage() {
    if (!numbers.isEmpty() && !task.execute && !task.check) {
      throw usage("\"" + numbers.getFirst() + "\": numbers of lessons go with --execute");
    }
    if (keep && !task.execute) {
      throw usage("--keep goes with --execute");
    }
    if (port < 0 || port > LAST_PORT) {
      throw usage("--port " + port + ": a port is a number from 1 to " + LAST_PORT);
    }
  }

  /** The lessons given on the command line; all of them if none is. */
  private List<Lesson> lessons(Path lessonFolder) throws IOException {
    if (!Files.isDirectory(lessonFolder)) {
      throw usage("--lessons " + folder + ": there is no such folder");
    }
    List<Lesson> all = Lesson.in(lessonFolder);
    if (all.isEmpty()) {
      throw usage("--lessons " + folder + ": there is no notebook NN-name.ipynb in that folder");
    }
    List<Lesson> given = new ArrayList<>();
    for (String number : numbers) {
      List<Lesson> named = all.stream().filter(lesson -> lesson.number().equals(number)).toList();
      if (named.isEmpty()) {
        String there = all.stream().map(Lesson::number).collect(Collectors.joining(", "));
        throw usage("\"" + number + "\" is no lesson: there is " + there);
      }
      given.addAll(named);
    }
    return given.isEmpty() ? all : given;
  }

  private boolean execute(LessonRunner runner, List<Lesson> lessons)
      throws IOException, InterruptedException {
    System.out.println("Kernel: " + runner.kernel());
    List<String> failure = new ArrayList<>();
    List<String> done = new ArrayList<>();
    boolean well;
    try (Progress progress = Progress.of("lessons", lessons.size())) {
      well =
          runner.execute(
              lessons,
              keep,
              line -> {
                if (line.startsWith("FAILED") || !failure.isEmpty()) {
                  failure.add(line);
                } else {
                  done.add(line);
                  progress.step(line);
                }
              });
    }
    if (Progress.onTerminal()) {
      done.forEach(System.out::println);
    }
    failure.forEach(System.out::println);
    System.out.println(
        well
            ? "%d of %1$d lessons ran; see %s".formatted(lessons.size(), runner.pages())
            : "Its page is in " + runner.pages());
    return well;
  }

  /** Opens Jupyter, which starts while the first lesson shows that all works. */
  private boolean open(LessonRunner runner, Lesson first) throws IOException, InterruptedException {
    try (JupyterServer server = runner.open(first, port)) {
      System.out.println("Self-check: running lesson " + first.name());
      if (!execute(runner, List.of(first))) {
        return false;
      }
      System.out.println();
      System.out.println("The lessons are open at");
      System.out.println();
      System.out.println("    " + server.address());
      System.out.println();
      System.out.println("Ctrl-C ends Jupyter.");
      if (!noBrowser) {
        server.browse();
      }
      server.await();
    }
    return true;
  }

  private static int install(LessonRunner runner) throws IOException {
    UserKernel kernel = userKernel();
    kernel.install(runner.spec());
    System.out.println(
        "Installed the kernel \"" + runner.spec().displayName() + "\" in " + kernel.folder());
    System.out.println("It needs this clone. To take it away: ./jbang lab --uninstall");
    return CommandLine.ExitCode.OK;
  }

  private static int uninstall() throws IOException {
    UserKernel kernel = userKernel();
    System.out.println(
        kernel.uninstall()
            ? "Removed the kernel in " + kernel.folder()
            : "There is no kernel in " + kernel.folder());
    return CommandLine.ExitCode.OK;
  }

  private static UserKernel userKernel() {
    String home = System.getenv().getOrDefault("HOME", System.getProperty("user.home"));
    return new UserKernel(System.getenv(), System.getProperty("os.name"), Path.of(home));
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
