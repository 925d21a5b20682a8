# SPDX-License-Identifier: Apache-2.0
"""Lists of things, claims, the timeline and the network, from the catalogue."""
