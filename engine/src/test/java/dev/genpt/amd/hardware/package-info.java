/** Tests of the AMD IOMMU as a chip. */
@NullMarked
package dev.genpt.amd.hardware;

import org.jspecify.annotations.NullMarked;
