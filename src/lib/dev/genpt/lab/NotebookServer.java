package dev.genpt.lab;

import java.util.List;

/** The programs that show notebooks in a browser. */
enum NotebookServer {
  /** JupyterLab, which is not to look for language servers and extensions. */
  JUPYTERLAB(
      "jupyterlab",
      "lab/tree/",
      "--LabApp.extension_manager=readonly",
      "--LanguageServerManager.autodetect=False"),
  /** Jupyter Notebook, 6 or 7. */
  NOTEBOOK("notebook", "notebooks/");

  private final String module;
  private final String page;
  private final List<String> options;

  NotebookServer(String module, String page, String... options) {
    this.module = module;
    this.page = page;
    this.options = List.of(options);
  }

  /** Its Python module. */
  String module() {
    return module;
  }

  /** What stands in an address between the server's own and the name of a notebook. */
  String page() {
    return page;
  }

  /** Options that only this one has. */
  List<String> options() {
    return options;
  }
}
