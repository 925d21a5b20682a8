# SPDX-License-Identifier: Apache-2.0
"""What all routes share: negotiation, conditions, codings, problems, pages."""
