package dev.genpt.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file for a report, which is written whole or not at all: whoever reads it, or stops the writer
 * half-way, finds the old file or the new one.
 *
 * <p>What is no ordinary file, such as {@code /dev/stdout}, is written to directly.
 */
public final class ReportFile {
  private final Path path;

  private ReportFile(Path path) {
    this.path = path;
  }

  /**
   * The file at {@code path}, which need not exist yet; nothing is written.
   *
   * @throws IOException with a sentence, if there can't be a file
   */
  public static ReportFile at(Path path) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || Files.isDirectory(path)) {
      throw new IOException(path + " is a folder");
    }
    if (!Files.isDirectory(folder)) {
      throw new IOException("there is no folder " + folder);
    }
    if (!Files.isWritable(Files.exists(path) ? path : folder)) {
      throw new IOException(path + " can't be written");
    }
    return new ReportFile(path);
  }

  /**
   * Writes {@code text} as UTF-8, in place of what the file held.
   *
   * @throws IOException if it can't be written; the file is then as it was
   */
  public void write(String text) throws IOException {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      Files.writeString(path, text, StandardCharsets.UTF_8);
      return;
    }
    Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
    Path part = target.resolveSibling(target.getFileName() + ".part");
    part.toFile().deleteOnExit();
    Files.writeString(part, text, StandardCharsets.UTF_8);
    Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
  }
}
