package dev.genpt.project;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of the project's checkout, the one that holds {@code jbang-catalog.json} and {@code
 * engine/pom.xml}.
 *
 * <p>A script that is run from its address has no checkout; then {@link #find} is empty.
 */
public final class Checkout {
  private Checkout() {}

  /**
   * The checkout: the folder that the wrapper {@code ./jbang} names in {@code GENPT_HOME}, else the
   * nearest one from the current folder upwards.
   */
  public static Optional<Path> find() {
    return named().or(() -> above(Path.of("")));
  }

  /**
   * The checkout.
   *
   * @throws IllegalStateException if the caller stands outside of one
   */
  public static Path root() {
    return find()
        .orElseThrow(() ->
            new IllegalStateException(
                "No checkout of genpt here: run this in a folder of a clone, or by its ./jbang."));
  }

  private static Optional<Path> named() {
    @Nullable String home = System.getenv("GENPT_HOME");
    return Optional.ofNullable(home).map(Path::of).filter(Checkout::isCheckout);
  }

  /** The nearest checkout from {@code folder} upwards, the folder itself included. */
  static Optional<Path> above(Path folder) {
    return Stream.<@Nullable Path>iterate(
            folder.toAbsolutePath().normalize(), parent -> parent != null, Checkout::parent)
        .filter(Checkout::isCheckout)
        .findFirst();
  }

  private static @Nullable Path parent(@Nullable Path folder) {
    return folder == null ? null : folder.getParent();
  }

  private static boolean isCheckout(@Nullable Path folder) {
    return folder != null
        && Files.isRegularFile(folder.resolve("jbang-catalog.json"))
        && Files.isRegularFile(folder.resolve("engine/pom.xml"));
  }
}
