/**
 * The AMD IOMMU as a chip: registers, the device table, the command ring, the event log, the walker
 * of host and guest tables, and its caches.
 *
 * <p>It sees physical memory and its registers, nothing else, and reads every structure by the
 * hardware's manual: an independent check of whoever writes them.
 *
 * <pre>{@code
 * PhysicalMemory ram = PhysicalMemory.ofMebibytes(64);           // from 0x100000000
 * AmdIommu chip = new AmdIommu(ram);
 * chip.write64(0x0000, 0x100000000L);                            // device table: 128 entries
 * ram.store128(0x100000060L, 0x6000000100010203L, 0x42);         // 00:00.3: one level, domain 0x42
 * ram.write64(0x100010008L, 0x6000000100020001L);                // page 1 is at 0x100020000
 * chip.write64(0x0018, 1);                                       // the IOMMU is on
 * DmaPort device = new DmaPort(chip, ram, 3, Request.NO_PASID);
 * boolean written = device.write(0x1234, new byte[] {7}) instanceof DmaPort.Outcome.Done; // true
 * long word = ram.read64(0x100020230L);                          // 0x700000000
 * boolean there = device.read(0x2000, new byte[1]) instanceof DmaPort.Outcome.Done; // false
 * }</pre>
 */
@NullMarked
package dev.genpt.amd.hardware;

import org.jspecify.annotations.NullMarked;
