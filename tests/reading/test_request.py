"""Plain words to recipes: found by any form of the word, asked about where they fit several, never guessed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend_mentor.domain.finding import Responsibility
from backend_mentor.domain.recipe import Clarification, Decision, Recipe, Warrant
from backend_mentor.domain.request import Understanding
from backend_mentor.reading.request import explain_request, read_request
from backend_mentor.reading.words import find_phrase, read_words, stem_of
from backend_mentor.rules.requests import ask_about, escalate_request


def recipe(name: str, signals: str, hints: str = "") -> Recipe:
    return Recipe(
        name,
        title=name.title(),
        answers=f"a thing that does {name}",
        responsibility=Responsibility.API,
        summary="It is done.",
        price="some",
        not_if="never",
        signals=tuple(signals.split(", ")),
        hints=tuple(hints.split(", ")) if hints else (),
        requires=(),
        decisions=(Decision("Do it", "it helps", "some work"),),
        questions=(Clarification("How long?", "It decides the size.", "an hour", ("forever",)),),
        leaves_out=("the rest",),
        escalations=(Warrant("Ask the team.", "It is theirs.", ("third party",)),),
    )


SHELF = (
    recipe("jwt-auth", "authentication, log in, login, refresh token, jwt", "secure, token, user"),
    recipe("rate-limit", "rate limit, throttle, token bucket, too many requests", "secure, limit, token"),
    recipe("keyset-pagination", "paginate, pagination, page by page", "list, limit, many"),
    recipe("idempotent-post", "idempotent, retry safe, safe to retry, duplicate", "retry, order, twice"),
)


def asked(text: str) -> list[str]:
    return [match.recipe.name for match in read_request(text, SHELF).asked]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I need to create an API endpoint for user authentication", "jwt-auth"),
        ("how do I authenticate my users?", "jwt-auth"),
        ("users should be able to log in with a password", "jwt-auth"),
        ("Implement refresh tokens", "jwt-auth"),
        ("how do I paginate?", "keyset-pagination"),
        ("PAGINATED list of orders please", "keyset-pagination"),
        ("make retries safe", "idempotent-post"),
        ("clients retry; prevent duplicated orders", "idempotent-post"),
        ("limit how often: rate limiting per account", "rate-limit"),
        ("throttling", "rate-limit"),
        ("an endpoint for user authentification", "jwt-auth"),
        ("add pagnation to the list", "keyset-pagination"),
    ],
)
def test_a_request_finds_its_recipe_whatever_the_form_of_its_words(text: str, name: str) -> None:
    assert asked(text) == [name]


def test_several_things_are_asked_for_at_once_and_the_one_with_more_words_comes_first() -> None:
    request = read_request("a login with refresh tokens, and rate limiting", SHELF)
    assert [match.recipe.name for match in request.asked] == ["jwt-auth", "rate-limit"]
    assert request.asked[0].mentions == ("login", "refresh tokens")


def test_the_longer_phrase_owns_its_words() -> None:
    assert asked("a token bucket") == ["rate-limit"]
    assert [match.recipe.name for match in read_request("a token bucket", SHELF).nearest] == []


@pytest.mark.parametrize("text", ["secure my API", "something with tokens", "a list, secured"])
def test_words_that_only_hint_are_asked_about_and_not_guessed(text: str) -> None:
    request = read_request(text, SHELF)
    assert request.understanding is Understanding.AMBIGUOUS
    assert request.asked == ()
    assert any("Which of these" in question.text for question in ask_about(request))


def test_two_recipes_that_claim_the_same_words_with_the_same_right_are_asked_about() -> None:
    rivals = (*SHELF, recipe("session-auth", "login"))
    request = read_request("a login", rivals)
    assert request.understanding is Understanding.AMBIGUOUS
    assert {match.recipe.name for match in request.nearest} == {"jwt-auth", "session-auth"}


def test_a_hint_more_decides_between_two_that_claim_the_same_words() -> None:
    rivals = (*SHELF, recipe("session-auth", "login", "cookie"))
    assert [match.recipe.name for match in read_request("a login with a cookie", rivals).asked] == ["session-auth"]


@pytest.mark.parametrize(
    "text", ["login without JWT", "authentication, but no jwt please", "login instead of using jwt"]
)
def test_what_the_request_rules_out_is_not_proposed_but_asked_about(text: str) -> None:
    request = read_request(text, SHELF)
    assert request.asked == ()
    (question, *_) = ask_about(request)
    assert "jwt-auth is built on it" in question.text


def test_a_wish_to_avoid_something_is_no_refusal_of_its_cure() -> None:
    assert asked("POST without duplicates") == ["idempotent-post"]
    assert asked("no duplicates when clients try again") == ["idempotent-post"]


@pytest.mark.parametrize("text", ["cook me dinner", "?", "…", "42", "fix it", "日本語"])
def test_where_nothing_fits_it_says_so_and_asks_what_is_missing(text: str) -> None:
    request = read_request(text, SHELF)
    assert request.understanding is Understanding.UNKNOWN
    assert explain_request(request).summary.startswith("No recipe speaks of these words")
    assert "What is sent, what comes back" in ask_about(request)[-1].text


def test_a_question_that_the_request_answers_is_not_asked() -> None:
    assert [each.text for each in ask_about(read_request("a login", SHELF))] == [
        "How long? Taken until you say otherwise: an hour."
    ]
    assert ask_about(read_request("a login that lasts forever", SHELF)) == ()


def test_an_escalation_is_raised_by_its_words_alone() -> None:
    assert escalate_request(read_request("a login", SHELF)) == ()
    assert [each.text for each in escalate_request(read_request("login by a third party", SHELF))] == ["Ask the team."]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("login, store the passwords in plain text", "Passwords that anyone can read"),
        ("a login with md5 passwords", "Passwords that anyone can read"),
        ("jwt that never expires", "never expires"),
        ("login and disable certificate verification", "Switching a protection off"),
        ("store credit card numbers", "Card and identity numbers"),
        ("login for 5 million users", "more than one server"),
        ("split our monolith into microservices", "shapes the system"),
    ],
)
def test_a_request_against_good_practice_goes_to_the_team_even_where_no_recipe_fits(text: str, words: str) -> None:
    assert any(words in each.text for each in escalate_request(read_request(text, SHELF)))


@pytest.mark.parametrize(
    "text", ["a login with passwords", "paginate the cards", "retries that expire", "password reset"]
)
def test_ordinary_requests_raise_nothing(text: str) -> None:
    assert escalate_request(read_request(text, SHELF)) == ()


def test_the_order_of_the_recipes_changes_nothing() -> None:
    text = "a secured login, rate limiting and pages of a long list"
    forwards, backwards = read_request(text, SHELF), read_request(text, SHELF[::-1])
    assert replace(forwards, nearest=()) == replace(backwards, nearest=())


@pytest.mark.parametrize(
    "forms",
    [
        "authentication authenticate authenticating authenticated",
        "pagination paginate paginated",
        "cache caches caching cached",
        "retry retries retried retrying",
        "upload uploads uploading uploaded",
        "limit limits limiting limited",
        "log logs logging logged",
        "migration migrations migrate migrating",
    ],
)
def test_the_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({stem_of(form) for form in forms.split()}) == 1


def test_words_that_differ_keep_different_stems() -> None:
    words = [
        "page",
        "paginate",
        "rate",
        "role",
        "order",
        "token",
        "user",
        "list",
        "cache",
        "crud",
        "socket",
        "slow",
        "hash",
    ]
    assert len({stem_of(word) for word in words}) == len(words)


def test_a_phrase_may_hold_two_other_words_but_not_three() -> None:
    assert find_phrase("upload file", read_words("upload a file")) == (0, 2)
    assert find_phrase("upload file", read_words("upload a big file")) == (0, 3)
    assert find_phrase("upload file", read_words("upload into the big file")) is None
    assert find_phrase("upload file", read_words("file upload")) is None
