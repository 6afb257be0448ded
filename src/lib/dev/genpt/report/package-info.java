/**
 * What came of test runs, and its forms: a tree for a terminal, KTAP for kernel tools, JUnit XML
 * for everything else.
 *
 * <p>A {@link dev.genpt.report.RunResult} is a plain row, for tables and charts; the writers group
 * the rows by suite and case themselves. Nothing here keeps state: any thread may call any of it.
 *
 * <pre>{@code
 * List<RunResult> results = ...;
 * Files.writeString(file, Ktap.text(results));
 * System.out.print(ResultTree.plain().text(results));
 * System.out.println(Counts.of(results));
 * }</pre>
 */
@NullMarked
package dev.genpt.report;

import org.jspecify.annotations.NullMarked;
