"""The one permission table: which role may do which act, to its own organisation's things or to anybody's.

The database holds the same table (`access.permission`, migration 0003) for the scopes of API keys; a
test keeps the two equal. `docs/permissions.md` is printed by `python -m vinculum.access.permissions`.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from vinculum.access.database import Actor


class Relation(StrEnum):
    """Whose things an act may touch. An act that is not in the table touches nothing."""

    OWN = "own"
    ANY = "any"


ACTS: Mapping[str, str] = MappingProxyType(
    {
        "decode_vin": "read what a VIN says",
        "show_vehicle_history": "title history of a vehicle, without personal data (N-802)",
        "show_my_sign_in": "see and change one's own sign-in",
        "find_customer": "find a customer by identification number",
        "quote_registration": "price a deal and list its refusals and papers",
        "hold_application": "keep a deal for later (D-204)",
        "release_application": "take a held deal up again (D-205)",
        "abandon_application": "give a deal up",
        "register_vehicle": "process a new issue (D-206)",
        "void_registration": "void a registration in its window (D-601)",
        "list_applications": "list applications",
        "show_application": "show one application",
        "print_certificate": "print the registration certificate",
        "show_stock": "show plates in stock",
        "show_funds": "show funds and their movements",
        "search_book": "search the book by VIN, plate or title number",
        "show_customer_story": "a customer as of any day",
        "show_vehicle_story": "a vehicle as of any day",
        "show_title_story": "a title as of any day",
        "put_on_stop": "put a stop on a customer (D-401)",
        "take_off_stop": "take a stop off a customer",
        "keep_customer": "enter or correct a customer",
        "keep_lienholder": "enter or correct a lienholder",
        "keep_dealer_paper": "enter a dealer's licence, bond, agreement or suspension",
        "add_stock": "give a dealer plates",
        "deposit_funds": "post a deposit to a dealer's funds",
        "convert_record": "bring records over from an older system",
        "deliver_messages": "send what is owed to the exchange",
        "load_reference": "publish a jurisdiction's tables",
        "create_organisation": "enter an organisation",
        "create_person": "enter a person who signs in",
        "grant_role": "begin and end memberships",
        "issue_api_key": "issue a bearer key to a program",
        "revoke_api_key": "revoke a bearer key",
        "verify_audit": "verify the audit trail and sign checkpoints",
        "open_session": "sign a person in",
        "ask_exchange": "ask the exchange about a VIN (N-201)",
        "report_to_exchange": "report one's own titles, brands and thefts to the exchange (N-301)",
        "tell_title_detail": "ask this state for the live detail of one of its titles, as the exchange (N-202)",
        "report_jsi": "report junk, salvage and insured total losses (N-801)",
        "show_reporters": "see who reports junk and salvage, and who is late (N-801)",
        "register_reporter": "register a junk or salvage yard or an insurer (N-801)",
        "issue_reporter_key": "issue and revoke keys of yards' and insurers' programs (N-801)",
        "show_jsi_sources": "see from whom a reported vehicle was obtained, for a purpose on record (N-801)",
        "show_exchange_desk": "see contacts and the dashboard of jurisdictions (N-702, N-705)",
        "keep_contact": "enter and confirm a jurisdiction's contact (N-702)",
        "work_exchange_case": "work discrepancy cases and data-change requests (N-401, N-704)",
        "make_exchange_papers": "make notice files and surrender reports for those not on line (N-310)",
        "show_surrender_reports": "read which titles were surrendered elsewhere in a month (N-310)",
        "sweep_uploads": "end uploads that nobody went on with (N-501)",
        "work_batch_files": "send a jurisdiction's batch files and work their reports (N-501, N-503)",
        "work_clone_case": "draft, accept and refuse the undo of two vehicles on one VIN (N-308)",
        "apply_clone_undo": "ask for the application of an accepted undo, or apply it (N-308)",
        "ask_alert_access": "ask for the use of the alert site (N-703)",
        "show_alerts": "read alerts, once approved as a user of the site (N-703)",
        "post_alert": "post, mend and close alerts, once approved (N-703)",
        "decide_alert_user": "approve, confirm and remove users of the alert site (N-703)",
        "deliver_notices": "send the e-mails and webhooks that the exchange owes (N-703)",
        "work_vin_correction": "correct a VIN step by step, record the inspection of the vehicle (N-307)",
        "rescind_brand": "take a brand of one's own state back, two people together (N-404)",
        "keep_evidence": "keep files of evidence with a case, and look at them (N-704)",
        "vouch_for_session": "let somebody who signed in act at the exchange",
        "show_findings": "see what of vehicles' records cannot be true together, with its evidence",
        "decide_finding": "dismiss or confirm such a finding",
        "scan_records": "scan the national files for findings",
    }
)
# What anybody may ask without signing in.
PUBLIC_ACTS = frozenset({"show_vehicle_history"})

_EVERYBODY = {
    "decode_vin": Relation.ANY,
    "show_vehicle_history": Relation.ANY,
    "show_my_sign_in": Relation.OWN,
}
_OWN, _ANY = Relation.OWN, Relation.ANY


def _all(relation: Relation, acts: str) -> dict[str, Relation]:
    return dict.fromkeys(acts.split(), relation)


_ALERTS = _all(_OWN, "ask_alert_access show_alerts post_alert")
_CLERK = _EVERYBODY | _all(_ANY, "find_customer")
_CLERK |= _all(
    _OWN,
    "quote_registration hold_application release_application abandon_application register_vehicle"
    " void_registration list_applications show_application print_certificate show_stock show_funds",
)
_EXAMINER = _EVERYBODY | _all(
    _ANY,
    "find_customer quote_registration void_registration list_applications show_application print_certificate"
    " show_stock show_funds search_book show_customer_story show_vehicle_story show_title_story put_on_stop"
    " take_off_stop keep_customer keep_lienholder keep_dealer_paper add_stock",
)

PERMISSIONS: Mapping[str, Mapping[str, Relation]] = MappingProxyType(
    {
        "dealer_clerk": _CLERK,
        "dealer_manager": _CLERK | _all(_OWN, "create_person grant_role issue_api_key revoke_api_key"),
        "dmv_examiner": _EXAMINER,
        "dmv_administrator": _EXAMINER
        | _all(
            _ANY,
            "load_reference create_organisation create_person grant_role issue_api_key revoke_api_key"
            " verify_audit",
        )
        | _ALERTS
        | _all(_OWN, "decide_alert_user"),
        "title_clerk": _EVERYBODY
        | _all(_ANY, "find_customer search_book show_customer_story show_vehicle_story show_title_story")
        | _all(
            _OWN,
            "show_exchange_desk keep_contact work_exchange_case work_batch_files work_clone_case"
            " work_vin_correction rescind_brand keep_evidence",
        )
        | _all(_OWN, "show_surrender_reports")
        | _ALERTS,
        "help_desk": _EVERYBODY
        | _ALERTS
        | _all(
            _ANY,
            "list_applications show_stock show_reporters register_reporter issue_reporter_key show_jsi_sources"
            " show_exchange_desk keep_contact work_exchange_case work_clone_case apply_clone_undo work_vin_correction"
            " keep_evidence",
        )
        | _all(_ANY, "show_findings decide_finding show_surrender_reports"),
        "investigator": _EVERYBODY | _all(_OWN, "show_findings decide_finding"),
        "tax_collector": _EVERYBODY | _all(_ANY, "find_customer") | _all(_OWN, "put_on_stop take_off_stop"),
        "assessor": _EVERYBODY,
        "association_accountant": _EVERYBODY | _all(_ANY, "show_funds deposit_funds"),
        "exchange_administrator": _EVERYBODY | _ALERTS | _all(_OWN, "decide_alert_user"),
        "exchange_client": _all(_ANY, "ask_exchange") | _all(_OWN, "report_to_exchange"),
        "exchange_desk_program": _all(
            _OWN, "work_exchange_case work_clone_case work_vin_correction rescind_brand"
        ),
        "exchange_program": _all(_ANY, "tell_title_detail"),
        "jsi_reporter": _EVERYBODY | _all(_OWN, "report_jsi"),
        "system": _all(
            _ANY,
            "issue_api_key revoke_api_key decode_vin show_vehicle_history search_book keep_customer keep_lienholder"
            " keep_dealer_paper put_on_stop take_off_stop add_stock deposit_funds convert_record deliver_messages"
            " load_reference create_organisation create_person grant_role verify_audit open_session list_applications"
            " show_stock show_funds register_reporter vouch_for_session scan_records"
            " deliver_notices make_exchange_papers sweep_uploads issue_reporter_key show_reporters",
        ),
    }
)
# Which roles there are in which kind of organisation; the database has the same pairs in access.role_kind.
ROLE_KINDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "dealer_clerk": frozenset({"dealer"}),
        "dealer_manager": frozenset({"dealer"}),
        "dmv_examiner": frozenset({"dmv"}),
        "dmv_administrator": frozenset({"dmv"}),
        "title_clerk": frozenset({"dmv", "jurisdiction"}),
        "help_desk": frozenset({"dmv", "association"}),
        "investigator": frozenset({"dmv", "jurisdiction"}),
        "tax_collector": frozenset({"town"}),
        "assessor": frozenset({"town"}),
        "association_accountant": frozenset({"association"}),
        "exchange_administrator": frozenset({"jurisdiction", "association"}),
        "exchange_client": frozenset({"jurisdiction"}),
        "exchange_desk_program": frozenset({"jurisdiction"}),
        "exchange_program": frozenset({"association"}),
        "jsi_reporter": frozenset({"reporter"}),
        "system": frozenset({"system"}),
    }
)


class Forbidden(Exception):
    """The actor's role, or the scope of its key, does not have this act."""

    def __init__(self, actor: Actor, act: str) -> None:
        super().__init__(f"The role {actor.role} may not {act.replace('_', ' ')}.")
        self.act = act


class UnknownAct(LookupError):
    """An act that nobody has put into the table: a programming error, never an answer to a caller."""


def relation_of(role: str, act: str) -> Relation | None:
    """Whose things the role may touch with this act; None: it may not do it."""
    if act not in ACTS:
        raise UnknownAct(act)
    return PERMISSIONS.get(role, {}).get(act)


def may(actor: Actor, act: str) -> bool:
    """Whether the actor may do this at all; what is its own, the database's policies decide."""
    permitted = relation_of(actor.role, act) is not None
    return permitted and (not actor.scopes or act in actor.scopes)


def require(actor: Actor, act: str) -> Relation:
    """The relation in which the actor may do this act; raises Forbidden when it may not."""
    relation = relation_of(actor.role, act)
    if relation is None or (actor.scopes and act not in actor.scopes):
        raise Forbidden(actor, act)
    return relation


def permission_page() -> str:
    """The text of docs/permissions.md."""
    roles = list(PERMISSIONS)
    lines = [
        "# Permissions",
        "",
        "Generated by `python -m vinculum.access.permissions`; a test fails when it is stale. `own`: things",
        "of the actor's own organisation; `any`: anybody's, or things that belong to no organisation. An empty",
        "field: not permitted. What is another's answers exactly as what does not exist.",
        "",
        "| act | what it is | " + " | ".join(role.replace("_", " ") for role in roles) + " |",
        "|---" * (len(roles) + 2) + "|",
    ]
    for act, meaning in ACTS.items():
        cells = (PERMISSIONS[role].get(act, "") for role in roles)
        lines.append(f"| `{act}` | {meaning} | " + " | ".join(str(cell) for cell in cells) + " |")
    lines += ["", "Without signing in: " + ", ".join(f"`{act}`" for act in sorted(PUBLIC_ACTS)) + ".", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    print(permission_page(), end="")  # noqa: T201
