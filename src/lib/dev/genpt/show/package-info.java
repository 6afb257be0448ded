/**
 * Showing things in a notebook cell: pictures, tables, charts, walks to step through, and answers
 * checked, the same on every Java kernel.
 *
 * <p>The kernel that runs the cell is found by reflection. Without one (a test, a plain JShell) the
 * text form is printed. Threads: the one that runs the cell, since a kernel shows what that shows.
 *
 * <pre>{@code
 * Show.tree(domain);
 * Show.walk(domain, 0x40201234L);
 * Check.same("tables", 3, TableTree.read(domain.pageTable()).tables(), "one a level");
 * }</pre>
 */
@NullMarked
package dev.genpt.show;

import org.jspecify.annotations.NullMarked;
