/**
 * The lab: the Jupyter that shows the lessons, and the Java kernel that runs their cells.
 *
 * <p>{@link dev.genpt.lab.PrivateEnvironment} makes a Python environment in the checkout; where
 * that can't be had, {@link dev.genpt.lab.InstalledJupyter} finds one on the machine. Either is a
 * {@link dev.genpt.lab.Jupyter}, with a kernel whose class path is this program's own.
 *
 * <p>Threads: one thread sets up, runs and opens; what it started also ends with the JVM.
 */
@NullMarked
package dev.genpt.lab;

import org.jspecify.annotations.NullMarked;
