package dev.genpt.lab;

import java.util.List;

/** The programs that show notebooks in a browser. */
enum NotebookServer {
  /** JupyterLab. */
  JUPYTERLAB("jupyterlab", "lab/tree/"),
  /** Jupyter Notebook, 6 or 7. */
  NOTEBOOK("notebook", "notebooks/");

  private final String module;
  private final String page;

  NotebookServer(String module, String page) {
    this.module = module;
    this.page = page;
  }

  /** Its Python module. */
  String module() {
    return module;
  }

  /** What stands in an address between the server's own and the name of a notebook. */
  String page() {
    return page;
  }

  /**
   * Options that only this one has: JupyterLab is not to look for extensions and language servers.
   */
  List<String> options() {
    return switch (this) {
      case JUPYTERLAB ->
          List.of(
              "--LabApp.extension_manager=readonly", "--LanguageServerManager.autodetect=False");
      case NOTEBOOK -> List.of();
    };
  }
}
