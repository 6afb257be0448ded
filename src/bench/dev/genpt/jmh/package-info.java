/**
 * The measuring of {@link dev.genpt.bench} by JMH, in processes of its own. Nothing here is
 * thread-safe.
 */
@NullMarked
package dev.genpt.jmh;

import org.jspecify.annotations.NullMarked;
