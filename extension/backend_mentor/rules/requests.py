"""What has to be asked before a request is built, and what in it is bigger than a cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.domain.finding import Responsibility
from backend_mentor.domain.request import Understanding
from backend_mentor.domain.review import Escalation, Question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.request import Match, Request

_QUESTIONS_AT_MOST = 5


def ask_about(request: Request) -> tuple[Question, ...]:
    """Return the questions that change what is built: which thing is meant, else what each recipe leaves open."""
    if request.understanding is Understanding.CLEAR:
        return tuple(question for match in request.asked for question in _open(match))[:_QUESTIONS_AT_MOST]
    return tuple(_which(request))


def escalate_request(request: Request) -> tuple[Escalation, ...]:
    """Return what to take to the team: what the words themselves ask for against good practice, then each recipe's."""
    against = [escalation for pattern, escalation in _AGAINST_PRACTICE if pattern.search(request.text)]
    raised = [
        Escalation(warrant.text, warrant.why, match.recipe.responsibility)
        for match in request.asked
        for warrant in match.warrants
    ]
    return tuple(dict.fromkeys([*against, *raised]))


def _open(match: Match) -> Iterator[Question]:
    for each in match.open_questions:
        yield Question(
            f"{each.text} Taken until you say otherwise: {each.default}.", each.why, match.recipe.responsibility
        )


def _which(request: Request) -> Iterator[Question]:
    for match in request.nearest:
        if match.ruled_out:
            yield Question(
                f"You ask for “{match.mentions[0]}” without {match.ruled_out[0]}, and {match.recipe.name} is built on "
                "it. What is to stand in its place?",
                "The answer decides what is stored, what a caller sends, and how it is taken back.",
                match.recipe.responsibility,
            )
            return
    if len(request.nearest) > 1:
        names = [f"{match.recipe.name} ({match.recipe.answers})" for match in request.nearest]
        yield Question(
            f"Which of these do you mean: {'; '.join(names[:-1])}; or {names[-1]}?",
            "Your words fit more than one, and a guess would cost you the reading of the wrong code.",
        )
    elif request.nearest:
        (match,) = request.nearest
        yield Question(
            f"Do you mean {match.recipe.name} ({match.recipe.answers})?",
            f"Of your words only “{match.mentions[0]}” speaks of it, and that is too little to build on.",
            match.recipe.responsibility,
        )
    yield Question(
        "What is sent, what comes back, who is allowed to, and what must never happen?",
        "These four decide the endpoint, its checks and its tests; the words so far leave them open.",
    )


def _matter(pattern: str, text: str, why: str, responsibility: Responsibility) -> tuple[re.Pattern[str], Escalation]:
    return re.compile(pattern, re.IGNORECASE), Escalation(text, why, responsibility)


_AGAINST_PRACTICE = (
    _matter(
        r"\bpasswords?\b.{0,40}\b(plain ?text|in (the )?clear|readable|reversibl|decrypt|encrypt)|"
        r"\b(plain ?text|readable|md5|sha-?1|sha-?256)\b.{0,40}\bpasswords?\b|\bpasswords?\b.{0,40}\b(md5|sha-?\d+)\b",
        "Passwords that anyone can read back, or hash in billions of tries a second, are not for one person to decide.",
        "One leaked table then opens every account, here and wherever the same password is used. Use Argon2id.",
        Responsibility.SECURITY,
    ),
    _matter(
        r"\b(never|not|don'?t|no|without) (ever )?(expire|expiry|expiration|expiring)|\bdoes ?n'?t expire",
        "A token that never expires needs the consent of whoever answers for security.",
        "Stolen once, it is good for ever, and nobody notices. Rotate a refresh token instead.",
        Responsibility.SECURITY,
    ),
    _matter(
        r"\b(disable|skip|turn(ing)? off|bypass|ignore|without)\b.{0,30}"
        r"\b(csrf|cors|tls|ssl|https|certificate|signature|verification|validation|authori[sz]ation|permission)",
        "Switching a protection off is a decision of the team, with a date on which it is switched on again.",
        "What is off for a test stays off in production more often than not.",
        Responsibility.SECURITY,
    ),
    _matter(
        r"\b(store|save|keep)\b.{0,40}\b(credit ?cards?|card numbers?|cvv|cvc|ssn|social security)",
        "Card and identity numbers fall under rules (PCI DSS, data protection) that one endpoint can not meet.",
        "Let a payment provider hold them and keep its token; ask whoever answers for compliance first.",
        Responsibility.SECURITY,
    ),
    _matter(
        r"\b(millions? (of )?(users|requests|connections)|\d+ ?k (requests|connections)|100[, ]?000|billions?)\b",
        "This is more than one server does: agree on how it is divided before it is built.",
        "Shared state, sticky sessions and limits of one process become wrong with the second instance.",
        Responsibility.PERFORMANCE,
    ),
    _matter(
        r"\b(microservices?|event[- ]sourcing|multi[- ]?region|sharding|split (the|our) (monolith|database))\b",
        "This shapes the system for years: write down the alternatives and decide it with the team.",
        "It costs operations, transactions across parts and debugging from its first day, whether it pays or not.",
        Responsibility.LOGIC,
    ),
)
