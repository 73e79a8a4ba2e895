"""The guards that hold for every test; each lives in ``tests/guards`` and says there what it promises."""

from tests.guards import PLUGINS

pytest_plugins = ["pytester", *PLUGINS]
