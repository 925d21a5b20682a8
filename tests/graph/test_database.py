# SPDX-License-Identifier: Apache-2.0
"""The relational database: made, brought up to date, and refused where it is not ours."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from biennien_graph import resources
from biennien_graph.database import Database, upgrading
from biennien_graph.database.tables import CHANGE, METADATA, TOKEN
from biennien_graph.errors import StoreError, UsageError


def test_the_migrations_make_the_tables_that_the_code_knows(database):
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_the_newest_version_is_that_of_the_last_migration():
    folder = resources.folder("ontology").parent / "graph/biennien_graph/database/migrations"
    files = sorted(file.name for file in (folder / "versions").glob("*.py"))
    assert files[-1].startswith(f"{upgrading.NEWEST}_")


def test_a_database_from_before_the_migrations_is_taken_over(tmp_path):
    file = tmp_path / "old.sqlite"
    old = sa.create_engine(f"sqlite:///{file}")
    METADATA.create_all(old, [CHANGE, TOKEN])
    with old.begin() as connection:
        row = {"id": "a", "hash": "h", "name": "An", "role": "editor", "created": "2024"}
        connection.execute(TOKEN.insert().values(row))
    old.dispose()
    database = Database(f"sqlite:///{file}")
    with database.reading() as connection:
        assert connection.execute(sa.text("SELECT name FROM token")).scalar_one() == "An"
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    database.close()


def test_a_database_of_a_newer_version_is_left_alone(database_url):
    database = Database(database_url)
    with database.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(StoreError, match="at version 9999"):
        Database(database_url)


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "journal.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreError, match=r"journal\.sqlite cannot be used"):
        Database(f"sqlite:///{tmp_path / 'journal.sqlite'}")


def test_a_database_server_that_does_not_answer_is_named_without_the_password():
    with pytest.raises(StoreError, match=r"postgresql.*@127\.0\.0\.1:1/none") as problem:
        Database("postgresql://an:secret@127.0.0.1:1/none?connect_timeout=2")
    assert "secret" not in str(problem.value)


@pytest.mark.parametrize("url", ["no address", "mysql://host/x"])
def test_what_is_no_database_for_us_is_refused(url):
    with pytest.raises(UsageError, match="database"):
        Database(url)


def test_sqlite_writes_ahead_and_waits_for_the_disk(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'journal.sqlite'}")
    with database.writing() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
    database.close()


def test_nothing_of_a_failed_transaction_remains(database):
    token = TOKEN.insert().values(id="a", hash="h", name="An", role="editor", created="2024")

    def fail() -> None:
        with database.writing() as connection:
            connection.execute(token)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.reading() as connection:
        assert connection.execute(sa.select(TOKEN)).all() == []
