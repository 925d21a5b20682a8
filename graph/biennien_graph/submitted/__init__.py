# SPDX-License-Identifier: Apache-2.0
"""A file as somebody submits it: its encoding, its syntax, and where in it a statement stands."""
