/**
 * Simulated devices that move data by DMA, the host's drivers of them, and traces of what they did.
 *
 * <p>A network card ({@link Nic}) and an NVMe drive ({@link NvmeDrive}) reach memory through the
 * IOMMU alone. Their drivers ({@link NicDriver}, {@link NvmeDriver}) map buffers, post them, and
 * unmap them when the device is done. A {@link Machine} has both, and a {@link Trace} of every
 * mapping and every access.
 *
 * <pre>{@code
 * Machine machine = new Machine(MachineConfig.seeded(1));
 * NicTraffic traffic = new NicTraffic(machine);
 * traffic.round();
 * boolean intact = traffic.tally().damaged() == 0; // true
 * boolean passed = traffic.provoke(Misbehaviour.WRITE_PAST_BUFFER); // false
 * System.out.println(machine.kernelLog().getLast());
 * TraceEntry fault = machine.trace().lastFault().orElseThrow();
 * System.out.println(FaultDiagnosis.of(machine.trace().entries(), fault).mistake());
 * }</pre>
 */
@NullMarked
package dev.genpt.device;

import org.jspecify.annotations.NullMarked;
