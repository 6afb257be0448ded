/**
 * Memory images of stopped machines: page tables that real kernels wrote, opened read-only and
 * compared with what is known of them.
 *
 * <p>A {@link SnapshotCheck} reads one image and checks its roots; each gives a {@link RootResult}.
 * Inside, {@code SnapshotReader} makes a {@code Snapshot} of the JSON, {@code MemoryImage} makes
 * memory of its pages, {@code AmdDeviceTable} finds the roots of an AMD machine from its registers,
 * and {@code RootCheck} compares one table with its rows.
 */
@NullMarked
package dev.genpt.snapshots;

import org.jspecify.annotations.NullMarked;
