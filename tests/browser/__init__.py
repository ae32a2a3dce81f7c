"""JupyterLab and Notebook in a real browser, with a real kernel, installed from the wheel."""
