# SPDX-License-Identifier: Apache-2.0
"""Runs the W3C's SPARQL test suites against a server, over HTTP, from their manifests.

`manifest` reads what the tests are, `evaluation`, `exchanges` and `description` run them,
`results` and `matching` compare, `servers` tells one server from another, `runner` counts, and
`exceptions_*` name what fails, and why.
"""
