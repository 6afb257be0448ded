package dev.genpt.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What of this machine a measurement tells: never its name, nor a user or a path. */
public final class ThisMachine {
  private ThisMachine() {}

  /** Name and version of the JVM. */
  public static String jvm() {
    return "%s %s".formatted(System.getProperty("java.vm.name"), Runtime.version());
  }

  /** Model of the processor, cores and operating system. */
  public static String cpu() {
    return "%s; %d cores; %s %s"
        .formatted(
            model(),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.name"),
            System.getProperty("os.arch"));
  }

  private static String model() {
    Path info = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(info)) {
      return "unknown processor";
    }
    try {
      return Files.readAllLines(info).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown processor");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
