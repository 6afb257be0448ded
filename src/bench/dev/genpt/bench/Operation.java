package dev.genpt.bench;

/**
 * What is timed, and what must be done around it, untimed.
 *
 * <p>{@link #begin}, then as often as one likes {@link #before}, {@link #run} and {@link #after},
 * then {@link #end}; the subject is empty before and afterwards.
 */
public enum Operation {
  /** Map calls. */
  MAP {
    @Override
    public long run(Subject subject) {
      subject.map();
      return 0;
    }

    @Override
    public void after(Subject subject) {
      subject.unmap();
    }
  },

  /** Unmap calls, each with its invalidation. */
  UNMAP {
    @Override
    public void before(Subject subject) {
      subject.map();
    }

    @Override
    public long run(Subject subject) {
      subject.unmap();
      return 0;
    }
  },

  /** Translations. */
  IOVA_TO_PHYS {
    @Override
    public void begin(Subject subject) {
      subject.map();
    }

    @Override
    public long run(Subject subject) {
      return subject.translate();
    }

    @Override
    public void end(Subject subject) {
      subject.unmap();
    }
  },

  /** Dirty reads that clear, of entries that are all dirty. */
  READ_DIRTY {
    @Override
    public void begin(Subject subject) {
      subject.map();
    }

    @Override
    public void before(Subject subject) {
      subject.makeDirty();
    }

    @Override
    public long run(Subject subject) {
      return subject.readDirty();
    }

    @Override
    public void end(Subject subject) {
      subject.unmap();
    }
  };

  /** Before the first run. */
  public void begin(Subject subject) {}

  /** Before each run. */
  public void before(Subject subject) {}

  /** What is timed; something made of what it found, so that no compiler may leave it out. */
  public abstract long run(Subject subject);

  /** After each run. */
  public void after(Subject subject) {}

  /** After the last run. */
  public void end(Subject subject) {}
}
