package dev.genpt.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UserKernelTest {
  @TempDir private Path home;

  @Test
  void itGoesWhereJupyterLooksOnEachSystem() {
    assertEquals(home.resolve(".local/share/jupyter/kernels/genpt"), folder(Map.of(), "Linux"));
    assertEquals(home.resolve("Library/Jupyter/kernels/genpt"), folder(Map.of(), "Mac OS X"));
    assertEquals(
        home.resolve("AppData/Roaming/jupyter/kernels/genpt"), folder(Map.of(), "Windows 11"));
  }

  @Test
  void aFolderThatTheEnvironmentNamesGoesFirst() {
    String data = home.resolve("data").toString();
    assertEquals(
        home.resolve("data/kernels/genpt"), folder(Map.of("JUPYTER_DATA_DIR", data), "Linux"));
    assertEquals(
        home.resolve("data/jupyter/kernels/genpt"), folder(Map.of("XDG_DATA_HOME", data), "Linux"));
  }

  @Test
  void whatIsInstalledIsTakenAwayAgain() throws IOException {
    Path jar = Files.writeString(home.resolve("program.jar"), "a program");
    UserKernel kernel = new UserKernel(Map.of(), "Linux", home);
    kernel.install(new KernelSpec(JavaKernel.JJAVA, jar, Path.of("jdk"), List.of()));
    try (Stream<Path> files = Files.list(kernel.folder())) {
      assertEquals(
          List.of("kernel.jar", "kernel.json"),
          files.map(file -> kernel.folder().relativize(file).toString()).sorted().toList());
    }
    assertTrue(kernel.uninstall());
    assertFalse(Files.exists(kernel.folder()));
    assertFalse(kernel.uninstall());
  }

  private Path folder(Map<String, String> environment, String system) {
    return new UserKernel(environment, system, home).folder();
  }
}
