package dev.genpt.vectors;

import dev.genpt.memory.PageAllocator;
import java.util.OptionalLong;

/** What table a scenario asks for. */
sealed interface Config permits MainlineConfig, LegacyConfig {
  /** The table, or why it can't be made; its memory comes from {@code pages}. */
  Replay<?, ?> replay(PageAllocator pages);

  /** What making the table must answer, where {@code recorded} was recorded. */
  Answer dueOpening(Answer recorded);

  /** Page sizes to keep once the table is there, if it is to be narrowed. */
  OptionalLong pageSizes();
}
