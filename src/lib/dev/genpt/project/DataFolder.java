package dev.genpt.project;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The folder that a script takes its data from: the one that its user names, else the checkout's,
 * else the one inside the script's own jar. Open until {@link #close}.
 */
public final class DataFolder implements AutoCloseable {
  private final Path path;
  private final @Nullable FileSystem jar;

  private DataFolder(Path path, @Nullable FileSystem jar) {
    this.path = path;
    this.jar = jar;
  }

  /**
   * The folder.
   *
   * @param named what the user names; whether it exists is not looked at
   * @param inCheckout the folder's path in the checkout, and in the jar
   * @param script a class of the jar that JBang built of the script
   * @throws IOException if the jar can't be read
   */
  public static DataFolder open(Optional<Path> named, String inCheckout, Class<?> script)
      throws IOException {
    Optional<Path> folder = named.or(() -> Checkout.find().map(root -> root.resolve(inCheckout)));
    if (folder.isPresent()) {
      return new DataFolder(folder.get(), null);
    }
    FileSystem jar = FileSystems.newFileSystem(jarOf(script));
    return new DataFolder(jar.getPath(inCheckout), jar);
  }

  private static Path jarOf(Class<?> script) {
    return Path.of(
        URI.create(script.getProtectionDomain().getCodeSource().getLocation().toString()));
  }

  /** The folder's path. */
  public Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    if (jar != null) {
      jar.close();
    }
  }
}
