# SPDX-License-Identifier: Apache-2.0
"""Biên Niên's engine room: journal, store, queries, evidence, validation. No HTTP."""
