package dev.genpt.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KernelSpecTest {
  private static final List<Path> CLASS_PATH =
      List.of(Path.of("engine.jar"), Path.of("charts.jar"));

  private static JsonNode json(JavaKernel kernel) throws IOException {
    KernelSpec spec = new KernelSpec(kernel, Path.of("kernel.jar"), Path.of("jdk"), CLASS_PATH);
    return new ObjectMapper().readTree(spec.json());
  }

  @Test
  void itNamesTheJdkTheKernelAndTheConnection() throws IOException {
    JsonNode command = json(JavaKernel.JJAVA).path("argv");
    assertEquals(Path.of("jdk", "bin", "java").toString(), command.get(0).asText());
    assertEquals("kernel.jar", command.get(command.size() - 2).asText());
    assertEquals("{connection_file}", command.get(command.size() - 1).asText());
  }

  @Test
  void theClassPathIsInTheVariableOfTheKernel() throws IOException {
    String separator = System.getProperty("path.separator");
    assertEquals(
        "engine.jar" + separator + "charts.jar",
        json(JavaKernel.JJAVA).path("env").path("JJAVA_CLASSPATH").asText());
    assertEquals(
        "engine.jar;charts.jar",
        json(JavaKernel.RAPAIO).path("env").path("RJK_CLASSPATH").asText());
  }

  @Test
  void itIsShownAsTheProjectsOwnJava() throws IOException {
    JsonNode spec = json(JavaKernel.JJAVA);
    assertTrue(spec.path("display_name").asText().matches("genpt \\(Java \\d+\\)"));
    assertEquals("java", spec.path("language").asText());
  }
}
