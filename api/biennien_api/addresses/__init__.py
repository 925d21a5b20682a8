# SPDX-License-Identifier: Apache-2.0
"""What every address of the namespace answers: things, terms, graphs, shapes, changes, the past."""
