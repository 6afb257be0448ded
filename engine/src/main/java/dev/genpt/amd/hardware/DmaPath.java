package dev.genpt.amd.hardware;

import java.util.function.Consumer;

/** The way of a device's requests to memory. Any thread may call. */
public interface DmaPath {
  /**
   * What becomes of {@code request}, with the access itself: no invalidation finishes between the
   * translation and the end of the access.
   *
   * @param access called if the request reaches memory; must not run commands
   */
  Translation perform(Request request, Consumer<Translation.Mapped> access);
}
