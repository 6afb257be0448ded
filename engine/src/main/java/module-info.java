/**
 * The Generic Page Table for IOMMUs: one set of page-table algorithms over many formats, on
 * simulated physical memory.
 *
 * <p>Floors, each of which uses only the ones below it: {@code bits}, {@code memory}, {@code
 * error}; {@code table}; {@code format}; {@code iommu}; {@code amd}; {@code device}; {@code
 * inspect}.
 */
module dev.genpt.engine {
  requires static transitive org.jspecify;

  exports dev.genpt.bits;
  exports dev.genpt.error;
  exports dev.genpt.memory;
  exports dev.genpt.table;
  exports dev.genpt.format;
  exports dev.genpt.iommu;
  exports dev.genpt.amd.driver;
  exports dev.genpt.amd.hardware;
  exports dev.genpt.device;
  exports dev.genpt.inspect;
}
