package dev.genpt.vectors;

import dev.genpt.memory.PageAllocator;
import dev.genpt.table.FormatDefinition;
import java.util.OptionalLong;

/**
 * What table of a mainline format a scenario asks for.
 *
 * @param format its format
 * @param features mask of the requested features
 * @param hwMaxVaLg2 input address bits of the hardware
 * @param hwMaxOaLg2 output address bits of the hardware
 * @param topLevel level of the first root; 0 for a format that derives it from the width
 * @param encryptionMask the address bit that marks encrypted memory, 0 if there is none
 * @param pageSizes page sizes to keep once the table is there, if it is to be narrowed
 */
record MainlineConfig(
    FormatDefinition format,
    int features,
    int hwMaxVaLg2,
    int hwMaxOaLg2,
    int topLevel,
    long encryptionMask,
    OptionalLong pageSizes)
    implements Config {
  @Override
  public Replay<?, ?> replay(PageAllocator pages) {
    return new MainlineReplay(this, pages);
  }

  @Override
  public Answer dueOpening(Answer recorded) {
    return CoveringRootRule.correct(this, recorded);
  }
}
