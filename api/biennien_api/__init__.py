# SPDX-License-Identifier: Apache-2.0
"""Biên Niên's front: HTTP, pages and the command line. What is decided is decided in the graph."""
