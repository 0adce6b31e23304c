"""Every operation with whatever its description allows, and with what it does not allow: the answers are as described."""

import os

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from support.checks import OWN

schema = schemathesis.pytest.from_fixture("description")

# Requests for each operation and kind of person; the checks ask further ones. More of them for a long night.
EXAMPLES = int(os.environ.get("LOQUAT_SCHEMA_EXAMPLES", "10"))
BOUNDS = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def check(case, world, who):
    """Asks as somebody, and holds the answer to the description."""
    # Its place takes a check of our own: a description cannot say which cursor belongs to which list.
    case.call_and_validate(excluded_checks=[positive_data_acceptance], additional_checks=OWN, **world.asks(case, who))
    world.after(case, who)


@schema.parametrize()
@BOUNDS
def test_for_an_administrator(case, world):
    check(case, world, "administrator")


@schema.parametrize()
@BOUNDS
def test_for_a_member(case, world):
    check(case, world, "member")


@schema.parametrize()
@BOUNDS
def test_for_a_stranger(case, world):
    check(case, world, None)
