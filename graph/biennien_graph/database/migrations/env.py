# SPDX-License-Identifier: Apache-2.0
"""How Alembic runs the migrations: on the connection that it is given, in its transaction."""

from alembic import context

from biennien_graph.database.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
