/** The command {@code dma}: the story of a device that reaches memory through an IOMMU. */
@NullMarked
package dev.genpt.dma;

import org.jspecify.annotations.NullMarked;
