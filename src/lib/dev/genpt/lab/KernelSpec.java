package dev.genpt.lab;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How Jupyter starts a Java kernel that knows the engine: the file {@code kernel.json}.
 *
 * @param kernel the kind of kernel
 * @param jar the kernel's program
 * @param jdk the JDK that runs it
 * @param classPath what the lessons' cells may use
 */
public record KernelSpec(JavaKernel kernel, Path jar, Path jdk, List<Path> classPath) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Defensive copy of the class path. */
  public KernelSpec {
    classPath = List.copyOf(classPath);
  }

  /** The name that Jupyter shows. */
  public String displayName() {
    return "genpt (Java " + Runtime.version().feature() + ")";
  }

  /** The text of {@code kernel.json}. */
  String json() throws IOException {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("display_name", displayName());
    spec.put("language", "java");
    spec.put("interrupt_mode", "message");
    spec.put("argv", command());
    spec.put("env", Map.of(kernel.classPathVariable(), kernel.join(classPath)));
    DefaultPrettyPrinter lines = new DefaultPrettyPrinter();
    lines.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
    return JSON.writer(lines).writeValueAsString(spec) + "\n";
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(jdk.resolve("bin").resolve("java").toString());
    command.addAll(
        List.of(
            "--add-opens",
            "jdk.jshell/jdk.jshell=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djava.awt.headless=true",
            "-jar",
            jar.toString(),
            "{connection_file}"));
    return command;
  }

  /** Writes it into a kernel's folder. */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("kernel.json"), json());
  }
}
