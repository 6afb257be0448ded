package dev.genpt.iommu;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What an operation came to.
 *
 * @param refusal the error, if there was one
 * @param bytes bytes done, also before an error
 */
record Answer(Optional<Errno> refusal, long bytes) {
  /** The answer of an operation that did all that was asked. */
  static final Answer DONE = done(0);

  static Answer done(long bytes) {
    return new Answer(Optional.empty(), bytes);
  }

  static Answer refused(Errno errno) {
    return new Answer(Optional.of(errno), 0);
  }

  /** The answer of a domain's operation that returns bytes. */
  static Answer of(LongSupplier operation) {
    try {
      return done(operation.getAsLong());
    } catch (IommuException e) {
      return new Answer(Optional.of(e.errno()), e.bytesDone());
    }
  }

  /** The answer of a domain's operation that returns nothing. */
  static Answer of(Runnable operation) {
    return of(() -> {
      operation.run();
      return 0;
    });
  }
}
