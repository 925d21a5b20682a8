# SPDX-License-Identifier: Apache-2.0
"""What Biên Niên costs, side by side with its peers in one run: `python -m benchmarks`."""
