# SPDX-License-Identifier: Apache-2.0
"""The dataset as a whole: the home page, DCAT, VoID, schema.org, the sitemap."""
