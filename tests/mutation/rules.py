"""The rules that are mutated, and which tests are to notice: globs from the top of the tree.

A rule's tests are those of its module and of the services and pages that rest on it. What they take
is paid for each mutant that nothing notices, so browsers and live processes stay out.
"""

from dataclasses import dataclass
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Rule:
    """Where one rule stands, and where it is tested; the nearest test first."""

    code: tuple[str, ...]
    tested_by: tuple[str, ...]

    @property
    def modules(self) -> list[str]:
        """The files of the rule; views only show what it says."""
        return [path for path in _found(self.code) if "/views/" not in path]

    @property
    def tests(self) -> list[str]:
        """The test files, in the order given."""
        return _found(self.tested_by)


def _found(globs: tuple[str, ...]) -> list[str]:
    paths = chain.from_iterable(sorted(ROOT.glob(glob)) for glob in globs)
    return list(dict.fromkeys(str(path.relative_to(ROOT)) for path in paths))


AUDIT = "tests/test_audit_actions.py"
RULES: dict[str, Rule] = {
    "clock": Rule(
        (
            "workdays/clock.py", "workdays/office_time.py", "reviews/time_limits.py",
            "applications/time_limits.py", "enterprises/time_limits.py",
        ),
        (
            "tests/workdays/test_clock.py", "tests/workdays/test_office_time.py",
            "tests/applications/test_time_limits.py", "tests/enterprises/test_time_limits.py",
            "tests/reviews/test_time_limits.py",
            "tests/workdays/test_deadline.py", "tests/reviews/test_calendar_changes.py",
            "tests/workdays/test_services.py", "tests/reviews/test_views_time_detail.py",
            "tests/reviews/test_services_circulation.py",
        ),
    ),
    "workdays": Rule(
        (
            "workdays/calendar.py", "workdays/seed.py", "workdays/statutory_days.py",
            "workdays/following.py", "workdays/holiday_notices.py", "workdays/services.py",
            "reviews/calendar_changes.py",
        ),
        (
            "tests/workdays/test_*.py", "tests/reviews/test_calendar_changes.py", AUDIT,
        ),
    ),
    "reminders": Rule(
        ("reviews/reminders.py", "reviews/still_needed.py", "reviews/services/chasing.py"),
        (
            "tests/reviews/test_reminders.py", "tests/reviews/test_still_needed.py",
            "tests/reviews/test_services_chasing.py", "tests/notices/test_conditions.py",
            "tests/reviews/test_views_time_detail.py", AUDIT,
        ),
    ),
    "assignments": Rule(
        ("reviews/assignments.py", "reviews/services/leave.py"),
        (
            "tests/reviews/test_assignments.py", "tests/reviews/test_views_assignments.py",
            "tests/reviews/test_reminders.py", "tests/reviews/test_services_circulation.py",
            AUDIT,
        ),
    ),
    "opinions": Rule(
        ("reviews/services/opinions.py", "reviews/doubts.py", "reviews/earlier.py"),
        (
            "tests/reviews/test_services_opinions.py", "tests/reviews/test_doubts.py",
            "tests/reviews/test_opinion_form.py", "tests/reviews/test_rounds.py",
            "tests/reviews/test_cells.py", "tests/reviews/test_views_forms.py",
            "tests/reviews/test_signing_at_once.py", AUDIT,
        ),
    ),
    "circulation": Rule(
        (
            "reviews/services/circulation.py", "reviews/services/circulate_batch.py",
            "reviews/services/sign_batch.py", "reviews/numbering.py",
        ),
        (
            "tests/reviews/test_services_circulation.py", "tests/reviews/test_numbering.py",
            "tests/reviews/test_circulate_batch.py", "tests/reviews/test_batches.py",
            "tests/reviews/test_rounds.py", "tests/reviews/test_views_forms.py", AUDIT,
        ),
    ),
    "signing": Rule(
        (
            "reviews/signatures/signing.py", "reviews/signatures/identities.py",
            "reviews/signatures/tokens.py",
            "reviews/signatures/timestamps.py", "reviews/revisions.py", "reviews/cells.py",
        ),
        (
            "tests/reviews/signatures/test_signing.py",
            "tests/reviews/signatures/test_self_check.py",
            "tests/reviews/signatures/test_tokens.py",
            "tests/reviews/signatures/test_timestamps.py", "tests/reviews/test_revisions.py",
            "tests/reviews/test_cells.py", "tests/reviews/test_services_opinions.py",
            "tests/reviews/test_views_forms.py", AUDIT,
        ),
    ),
    "verification": Rule(
        (
            "reviews/signatures/verification/trust.py",
            "reviews/signatures/verification/structure.py",
            "reviews/signatures/verification/judging.py",
            "reviews/signatures/verification/examining.py",
            "reviews/signatures/verification/additions.py",
            "reviews/signatures/verification/confinement.py",
            "reviews/comparison.py", "reviews/verdict.py", "reviews/public_facts.py",
        ),
        (
            "tests/reviews/signatures/test_verification.py", "tests/reviews/test_comparison.py",
            "tests/reviews/signatures/test_confinement.py", "tests/reviews/test_views_verify.py",
            "tests/reviews/signatures/test_self_check.py",
            "tests/reviews/signatures/test_timestamps.py",
        ),
    ),
    "authority": Rule(
        (
            "reviews/signatures/certificates/authority.py",
            "reviews/signatures/certificates/register.py",
            "reviews/signatures/certificates/imports.py",
            "reviews/signatures/certificates/keystore.py",
            "reviews/signatures/certificates/trust.py",
            "reviews/signatures/certificates/owners.py",
            "reviews/signatures/certificates/chains.py",
            "reviews/signatures/certificates/expiry.py",
            "reviews/signatures/certificates/issuing.py",
            "reviews/signatures/certificates/seals.py",
        ),
        (
            "tests/reviews/signatures/test_authority.py",
            "tests/reviews/signatures/test_certificate_import.py",
            "tests/reviews/signatures/test_expiry.py", "tests/reviews/signatures/test_seals.py",
            "tests/reviews/signatures/test_views.py", "tests/reviews/signatures/test_signing.py",
            AUDIT,
        ),
    ),
    "moves": Rule(
        (
            "applications/workflow.py", "applications/services/moves.py",
            "applications/services/perform.py", "applications/services/corrections.py",
            "applications/services/reasons.py", "applications/services/comparing.py",
        ),
        (
            "tests/applications/test_workflow.py", "tests/applications/test_services_moves.py",
            "tests/applications/letters/test_letter.py", "tests/applications/test_views_officer.py",
            "tests/applications/test_views_officer_reasons.py",
            "tests/applications/test_views_agent_submission.py",
            "tests/reviews/test_services_circulation.py", AUDIT,
        ),
    ),
    "intake": Rule(
        (
            "applications/services/intake.py", "applications/services/reuse.py",
            "applications/services/repairing.py", "applications/services/pages.py",
            "materials/stack.py",
        ),
        (
            "tests/applications/test_services_intake.py",
            "tests/applications/test_services_repairing.py",
            "tests/applications/test_reuse_and_batch.py",
            "tests/applications/test_views_agent_materials.py",
            "tests/applications/test_views_pages.py", "tests/applications/test_views_agent.py",
            "tests/applications/dossier/test_recognised.py",
            "tests/applications/dossier/test_material_facts.py", "tests/materials/test_stack.py",
            "tests/enterprises/test_services.py", AUDIT,
        ),
    ),
    "checks": Rule(
        (
            "materials/checks.py", "materials/measures.py", "materials/stated.py",
            "materials/kinds/*.py", "materials/kinds/*/*.py", "materials/rules/*.py",
        ),
        (
            "tests/materials/test_checks*.py", "tests/materials/test_mrz.py",
            "tests/materials/test_samples.py", "tests/materials/test_measures.py",
            "tests/materials/test_repairs.py", "tests/materials/test_check_material.py",
            "tests/materials/test_examples.py", "tests/materials/test_kinds.py",
            "tests/enterprises/test_licence.py", "tests/enterprises/test_validity.py",
            "tests/applications/dossier/test_material_facts.py",
            "tests/applications/dossier/test_recognised.py",
        ),
    ),
    "sign-in": Rule(
        (
            "accounts/sign_in.py", "accounts/second_factor.py", "accounts/reauthentication.py",
            "accounts/services.py", "accounts/password_reset.py", "accounts/confirmation.py",
            "accounts/passwords.py",
        ),
        (
            "tests/accounts/test_views_sign_in.py", "tests/accounts/test_reauthentication.py",
            "tests/accounts/test_views_locks.py", "tests/accounts/test_views_me.py",
            "tests/accounts/test_views_users.py", "tests/accounts/test_password*.py",
            "tests/accounts/test_commands.py", AUDIT,
        ),
    ),
    "limits": Rule(
        ("accounts/rate_limits.py", "accounts/origin.py", "accounts/middleware.py"),
        (
            "tests/accounts/test_rate_limits.py", "tests/accounts/test_views_sign_in.py",
            "tests/accounts/test_views_me.py", "tests/accounts/test_views_users.py",
        ),
    ),
    "files": Rule(
        (
            "files/judging.py", "files/sniffing.py", "files/structure.py", "files/pictures.py",
            "files/pages.py", "files/serving.py", "files/services.py", "files/arranging.py",
            "files/scanning.py", "files/thumbnails.py", "files/encoding.py",
        ),
        (
            "tests/files/test_sniffing.py", "tests/files/test_structure.py",
            "tests/files/test_pictures.py", "tests/files/test_pages.py",
            "tests/files/test_uploads.py", "tests/files/test_scanning.py",
            "tests/files/test_serving.py",
            "tests/applications/test_views_pages.py",
            "tests/applications/test_views_agent_materials.py",
        ),
    ),
    "notices": Rule(
        (
            "notices/delivery.py", "notices/routing.py", "notices/services.py", "notices/holds.py",
            "notices/fuses.py", "notices/quiet_hours.py", "notices/conditions.py",
            "notices/outbox.py", "notices/alarms.py",
        ),
        (
            "tests/notices/test_delivery.py", "tests/notices/test_routing.py",
            "tests/notices/test_quiet_hours.py", "tests/notices/test_conditions.py",
            "tests/notices/test_beat.py", "tests/notices/test_views*.py", AUDIT,
        ),
    ),
    "identifiers": Rule(
        ("core/identifiers.py", "core/masks.py", "core/phones.py"), ("tests/core/test_*.py",)
    ),
    "crypto": Rule(
        ("core/crypto.py", "core/fields.py", "accounts/audit.py"),
        (
            "tests/core/test_crypto.py", "tests/accounts/test_views_audit.py",
            "tests/accounts/test_commands.py",
        ),
    ),
}  # fmt: skip
