package dev.genpt.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** One call on each of several fresh domains, which are closed and opened anew by unmapping. */
final class GrowingSubject implements Subject {
  private final Layout layout;
  private final Supplier<OpenEngine> opener;
  private final List<OpenEngine> engines = new ArrayList<>();
  private final List<Subject> subjects = new ArrayList<>();

  GrowingSubject(Layout layout, Supplier<OpenEngine> opener) {
    this.layout = layout;
    this.opener = opener;
    open();
  }

  private void open() {
    for (int call = 0; call < layout.calls(); call++) {
      OpenEngine engine = opener.get();
      engines.add(engine);
      subjects.add(engine.subject(layout.first()));
    }
  }

  @Override
  public void map() {
    for (Subject subject : subjects) {
      subject.map();
    }
  }

  @Override
  public void unmap() {
    engines.forEach(OpenEngine::close);
    engines.clear();
    subjects.clear();
    open();
  }

  @Override
  public long translate() {
    return subjects.stream().mapToLong(Subject::translate).sum();
  }

  @Override
  public void makeDirty() {
    subjects.forEach(Subject::makeDirty);
  }

  @Override
  public long readDirty() {
    return subjects.stream().mapToLong(Subject::readDirty).sum();
  }
}
