/**
 * The engines that Linux had before the generic page table (upstream: {@code io-pgtable} and the
 * loop of the VT-d driver), as baselines: with their algorithms, their results and their defects,
 * over the same memory and allocator as the new one.
 *
 * <pre>{@code
 * PageAllocator pages = new PageAllocator(PhysicalMemory.ofMebibytes(64));
 * LegacyDomain domain = new LegacyDomain(new AmdV1IoPageTable(pages, LegacyDriver.NONE));
 * domain.map(0x40201000L, 0x12345000L, 0x1000L, Protection.READ_WRITE);
 * long pa = domain.iovaToPhys(0x40201234L); // 0x12345234
 * }</pre>
 */
@NullMarked
package dev.genpt.legacy;

import org.jspecify.annotations.NullMarked;
