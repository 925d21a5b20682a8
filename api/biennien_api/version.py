# SPDX-License-Identifier: Apache-2.0
"""The version of what is installed."""

from importlib import metadata


def version() -> str:
    """As in the package's metadata, or 0 where it is not installed."""
    try:
        return metadata.version("biennien")
    except metadata.PackageNotFoundError:
        return "0"
