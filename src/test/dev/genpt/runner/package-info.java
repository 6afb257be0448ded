/** Runs the project's tests for {@code ./jbang test}, and says what came of it. */
@NullMarked
package dev.genpt.runner;

import org.jspecify.annotations.NullMarked;
