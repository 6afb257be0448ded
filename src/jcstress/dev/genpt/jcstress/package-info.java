/**
 * The command {@code jcstress}: runs the races of {@link dev.genpt.race} in processes of their own
 * and reads what came of them. Nothing here is thread-safe.
 */
@NullMarked
package dev.genpt.jcstress;

import org.jspecify.annotations.NullMarked;
