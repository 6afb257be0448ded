package dev.genpt.show;

import java.util.Optional;
import java.util.stream.Stream;

/** The Java kernel of Jupyter that runs this cell. */
public sealed interface Kernel permits BundleKernel, RapaioKernel {
  /** Its name, as its users know it. */
  String name();

  /**
   * Adds to the output of the cell that runs.
   *
   * @param mimeType such as {@code text/html}
   * @param data the content; an image in Base64
   */
  void display(String mimeType, String data);

  /** The kernel that runs this JVM, if one does. */
  static Optional<Kernel> running() {
    return Stream.<Optional<? extends Kernel>>of(
            BundleKernel.find("JJava", "org.dflib.jjava.kernel.JavaNotebookStatics", "kernel"),
            BundleKernel.find("IJava", "io.github.spencerpark.ijava.IJava", "getKernelInstance"),
            RapaioKernel.find("org.rapaio.jupyter.kernel.global.Global"))
        .flatMap(Optional::stream)
        .<Kernel>map(kernel -> kernel)
        .findFirst();
  }
}
