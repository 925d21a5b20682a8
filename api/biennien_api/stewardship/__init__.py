# SPDX-License-Identifier: Apache-2.0
"""Validate, propose, review, publish, undo; who may, and who did."""
