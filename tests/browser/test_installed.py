"""The wheel alone brings the front end: no Node, no build, no network."""

from __future__ import annotations

from tests.browser.environment import Environment


def test_jupyterlab_lists_the_extension_as_enabled_and_well_where_no_node_is_on_the_path(
    environment: Environment,
) -> None:
    listed = environment.run("-m", "jupyterlab.labextensions", "list")
    (line,) = [line for line in listed.splitlines() if "backend-mentor" in line]
    assert "enabled" in line
    assert "OK" in line
    assert environment.run("-c", "import shutil; print(shutil.which('node'))").strip() == "None"


def test_the_kernel_takes_the_package_from_the_wheel(environment: Environment) -> None:
    place = environment.run("-c", "import backend_mentor; print(backend_mentor.__file__)")
    assert str(environment.folder) in place
