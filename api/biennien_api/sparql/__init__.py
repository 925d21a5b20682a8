# SPDX-License-Identifier: Apache-2.0
"""SPARQL Protocol and Graph Store Protocol: queries, updates, graphs, results as pages."""
