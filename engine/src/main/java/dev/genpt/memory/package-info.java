/**
 * Simulated physical memory, and the allocator that hands out its pages for tables.
 *
 * <pre>{@code
 * PhysicalMemory memory = PhysicalMemory.ofMebibytes(64);
 * PageAllocator pages = new PageAllocator(memory);
 * long table = pages.allocate(pages.newOwner("demo"), 12); // a zeroed 4 KiB page
 * memory.write64(table, 0x7000000012345001L);
 * }</pre>
 */
@NullMarked
package dev.genpt.memory;

import org.jspecify.annotations.NullMarked;
