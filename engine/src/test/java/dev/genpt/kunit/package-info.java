/**
 * The suites of upstream's kunit tests, rebuilt: same suites, cases, parameters and reasons to
 * skip, over the format contract.
 *
 * <p>{@link dev.genpt.kunit.KunitFormats} is the table of what they run on; a new format is one row
 * more.
 *
 * <pre>{@code
 * List<RunResult> results = KunitRuns.all().ofFormat("amdv1").run(42, result -> {});
 * }</pre>
 */
@NullMarked
package dev.genpt.kunit;

import org.jspecify.annotations.NullMarked;
