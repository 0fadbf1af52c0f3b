"""What pages about a client's proposals are made of, from a published night; every shape is reckoned anew."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from nightdesk.attempt.reckoning import put_measures, reckoned_of
from nightdesk.errors import UsageError
from nightdesk.policy import policy
from nightdesk.reading.published_night import PublishedNight, Rows, by_key
from nightdesk.reckoned import RECKONED_OF
from nightdesk.render.catalogue import Language, language_of
from nightdesk.render.proposal_source import Needed, ProposalInput, Proposed, Words

_OURS = "where client_id = $client"
_LIMITS = ("care_proposal.hard_limit", "care_proposal.cover_limit")


def proposal_input(
    night: PublishedNight,
    client: str,
    *,
    need: str | None = None,
    product: str | None = None,
    language: Language | None = None,
) -> ProposalInput:
    """A client's open needs with a date (or the one that is asked for), and what may be offered for each.

    Raises UsageError for a client that the night does not know, a need that is not open or has no date, and a product
    that no bundle of these needs has.
    """
    day = night.publication.business_date
    known = night.source("client", "client_id", _OURS, client=client)
    if not known:
        raise UsageError(f"the night of {day} knows no client {client!r}", "Correct the id, or name another date.")
    words = _words(night)
    proposals = [row for row in night.table("proposal", _OURS, client=client) if need in (None, row["need_id"])]
    if need is not None and not proposals:
        raise UsageError(
            f"the night of {day} has no proposal for the need {need!r} of {client}", _why(night, client, need)
        )
    proposals = _of_product(proposals, product, words, day)
    return _input(night, known[0], proposals, words, language)


def _input(
    night: PublishedNight, client: Mapping[str, Any], proposals: Rows, words: Words, language: Language | None
) -> ProposalInput:
    ours: dict[str, Any] = {"client": client["client_id"]}
    for name in RECKONED_OF:
        night.inputs.ask(name, "where false")
    reckoned = reckoned_of(night.engine, _OURS, **ours)
    put_measures(night.engine, reckoned)  # what the limits on cover read
    limits = by_key([row for name in _LIMITS for row in night.inputs.ask(name, _OURS, **ours)], "proposal_id")
    facts = by_key(night.table("proposal_fact", _OURS, **ours), "proposal_id")
    needs = night.inputs.ask("care_proposal.need", _OURS, **ours)
    branch = {row["branch_id"]: row for row in night.source("branch", "branch_id")}.get(client["branch_id"], {})
    people = {str(row["staff_id"]): str(row["name"]) for row in night.source("staff", "staff_id")}
    projects = {str(row["project_id"]) for row in needs if row["project_id"]}
    asked = by_key(proposals, "need_id")
    return ProposalInput(
        business_date=night.publication.business_date,
        revision=night.publication.revision,
        language=language or language_of(branch.get("language")),
        notes=night.notes(),
        client=client,
        branch=branch,
        needs=tuple(
            Needed(
                row,
                tuple(
                    Proposed(
                        one,
                        facts.get(one["proposal_id"], []),
                        limits.get(one["proposal_id"], []),
                        reckoned.get(one["proposal_id"]),
                    )
                    for one in sorted(asked[row["need_id"]], key=lambda one: (one["place"], one["proposal_id"]))
                ),
            )
            for row in needs
            if row["need_id"] in asked
        ),
        words=words,
        owner=people.get(str(client.get("rm_id"))),
        standing=next(iter(night.inputs.ask("care_proposal.standing", _OURS, **ours)), {}),
        working=next(iter(night.inputs.ask("care_proposal.working_capital", _OURS, **ours)), {}),
        covenants=[row for row in night.table("covenant", _OURS, **ours) if str(row["project_id"]) in projects],
        outcomes=night.table("need_outcome", _OURS, **ours),
        lost=night.table("need_lost", "where branch_id = $branch", branch=client["branch_id"]),
    )


def _of_product(proposals: Rows, product: str | None, words: Words, day: object) -> Rows:
    if product is None:
        return proposals
    if product not in words.product:
        raise UsageError(
            f"the catalogue of {day} has no product {product!r}", f"Choose one of: {', '.join(sorted(words.product))}."
        )
    found = [row for row in proposals if row["product"] == product]
    if not found:
        fit = sorted({str(row["product"]) for row in proposals})
        raise UsageError(
            f"{product!r} answers none of these needs",
            f"Choose one of: {', '.join(fit)}." if fit else "There are none.",
        )
    return found


def _why(night: PublishedNight, client: str, need: str) -> str:
    """What to do about a need without a proposal."""
    found = night.source("need", "need_id", f"{_OURS} and need_id = $need", client=client, need=need)
    if not found:
        return "Correct the id: the client has no such need."
    if found[0]["by_when"] is None:
        return "Its date (by_when) is missing: ask the client, and have it entered."
    return f"It is {found[0]['status'] or 'open'}, or its client is not active."


def _words(night: PublishedNight) -> Words:
    tables, day = policy(night.publication.profile), night.publication.business_date

    def by(name: str, key: str) -> dict[str, dict[str, Any]]:
        return {str(row[key]): row for row in tables[name].effective(day)}

    document, documents = by("document_text", "document"), defaultdict[str, list[dict[str, Any]]](list)
    for row in sorted(tables["product_document"].effective(day), key=lambda row: (row["product"], row["place"])):
        documents[str(row["product"])].append(document[str(row["document"])])
    names = {"product_text": "product", "bundle_text": "bundle", "shape_text": "shape"}
    text = {key: by(name, key) for name, key in names.items()}
    rules: dict[str, dict[str, Any]] = by("proposal_rule", "rule")
    for rule, row in by("proposal_rule_text", "rule").items():
        rules[rule] = rules.get(rule, {}) | row
    return Words(
        product={code: by("product", "product")[code] | row for code, row in text["product"].items()},
        bundle=text["bundle"],
        shape=text["shape"],
        rule=rules,
        verdict=by("proposal_verdict_text", "verdict"),
        documents=documents,
    )
