"""The database itself refuses to change the audit trail, whatever altered its table since."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.audit import record
from accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM accounts_auditevent",
        "UPDATE accounts_auditevent SET action = 'something.else'",
    ],
)
def test_no_row_of_the_trail_is_changed_or_taken_away(officer: User, statement: str) -> None:
    record("notice.preferences", officer, by=officer)
    with (
        pytest.raises(DatabaseError, match="only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
