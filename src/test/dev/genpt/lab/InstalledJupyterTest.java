package dev.genpt.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Which Python a Jupyter on the search path runs on. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Its commands are no scripts")
final class InstalledJupyterTest {
  @TempDir private Path folder;

  @Test
  void theFirstLineOfTheCommandNamesIt() throws IOException {
    program("jupyter-notebook", "#!/usr/bin/python3\nimport sys\n");
    assertEquals(List.of(new Python(Path.of("/usr/bin/python3"))), candidates());
  }

  @Test
  void itStandsBesideTheCommand() throws IOException {
    program("jupyter-lab", "#!/bin/sh\n");
    Path python = program("python3", "");
    assertEquals(List.of(new Python(python)), candidates());
  }

  @Test
  void withoutPythonAndJupyterTheUserLearnsWhatToInstall() {
    LabException problem =
        assertThrows(LabException.class, () -> new LabSetup(folder, folder.toString()).prepare());
    assertTrue(problem.getMessage().contains("needs Python 3.10"), problem.getMessage());
    assertTrue(problem.getMessage().contains("jupyter-notebook"), problem.getMessage());
  }

  private List<Python> candidates() throws IOException {
    return InstalledJupyter.candidates(folder.toString());
  }

  private Path program(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    assertTrue(file.toFile().setExecutable(true));
    return file;
  }
}
