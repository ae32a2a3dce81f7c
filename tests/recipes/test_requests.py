"""What people really write, on the recipes that ship: each finds its own, and none is guessed."""

from __future__ import annotations

import pytest

from backend_mentor.domain.cell import CellKind
from backend_mentor.domain.request import Understanding
from backend_mentor.reading.classify import read_cell
from backend_mentor.reading.request import read_request
from backend_mentor.rules.requests import ask_about, escalate_request
from backend_mentor.shelf import read_recipes

REQUESTS = [
    ("I need to create an API endpoint for user authentication", "jwt-auth"),
    ("Implement login with email and password, refresh tokens and logout", "jwt-auth"),
    ("how should I store passwords?", "jwt-auth"),
    ("how do I paginate?", "keyset-pagination"),
    ("infinite scroll over our products", "keyset-pagination"),
    ("make retries safe", "idempotent-post"),
    ("customers were charged twice when the network dropped", "idempotent-post"),
    ("Idempotency keys for POST /orders", "idempotent-post"),
    ("my endpoint is slow", "slow-endpoint"),
    ("this API is too slow, what now?", "slow-endpoint"),
    ("I think we have an N+1", "slow-endpoint"),
    ("add rate limiting per user", "rate-limit"),
    ("throttle requests, 5 per second", "rate-limit"),
    ("cache the dashboard per user", "caching"),
    ("how do I avoid a cache stampede", "caching"),
    ("two users edit the same document and one loses the changes", "optimistic-locking"),
    ("use ETag and If-Match", "optimistic-locking"),
    ("only admins may delete invoices", "roles-and-permissions"),
    ("RBAC please", "roles-and-permissions"),
    ("I want a REST API for tasks", "crud-endpoint"),
    ("CRUD for customers", "crud-endpoint"),
    ("how do I log errors", "logging-and-errors"),
    ("structured logging with a request id", "logging-and-errors"),
    ("return problem+json for every exception", "logging-and-errors"),
    ("circuit breaker around a flaky partner", "logging-and-errors"),
    ("health check endpoint", "health-and-metrics"),
    ("liveness and readiness probes for Kubernetes", "health-and-metrics"),
    ("expose Prometheus metrics", "health-and-metrics"),
    ("GraphQL without N+1", "graphql"),
    ("a GraphQL API for authors and books", "graphql"),
    ("upload images", "file-upload"),
    ("let users upload an avatar safely", "file-upload"),
    ("receive Stripe webhooks", "webhook-receiver"),
    ("verify the signature of a webhook", "webhook-receiver"),
]


@pytest.mark.parametrize(("text", "name"), REQUESTS)
def test_a_real_request_finds_its_recipe_and_asks_what_matters(text: str, name: str) -> None:
    request = read_request(text, read_recipes())
    assert request.understanding is Understanding.CLEAR
    assert request.asked[0].recipe.name == name
    assert 1 <= len(ask_about(request)) <= 5
    assert all(question.why and "Taken until you say otherwise" in question.text for question in ask_about(request))


@pytest.mark.parametrize("text", [text for text, _ in REQUESTS])
def test_a_real_request_is_told_from_sql_and_code(text: str) -> None:
    assert read_cell(text).kind is CellKind.REQUEST


@pytest.mark.parametrize("text", ["secure my API", "make it faster", "something with users", "improve the endpoint"])
def test_a_vague_request_is_asked_about(text: str) -> None:
    request = read_request(text, read_recipes())
    assert request.understanding is Understanding.AMBIGUOUS
    assert request.asked == ()
    assert "you mean" in ask_about(request)[0].text


@pytest.mark.parametrize("text", ["authentication without JWT", "login without passwords", "sign in, but no tokens"])
def test_a_request_against_what_its_recipe_is_built_on_is_asked_about(text: str) -> None:
    request = read_request(text, read_recipes())
    assert request.asked == ()
    assert "is built on it" in ask_about(request)[0].text


def test_a_request_for_two_things_gets_both() -> None:
    request = read_request("a paginated list of orders, with rate limiting", read_recipes())
    assert {match.recipe.name for match in request.asked} == {"keyset-pagination", "rate-limit"}


def test_a_request_that_answers_a_question_is_not_asked_it() -> None:
    asked = " ".join(
        each.text for each in ask_about(read_request("login for a mobile app, our own accounts", read_recipes()))
    )
    assert "identity provider" not in asked
    assert "Who calls it" not in asked


def test_sign_in_for_third_parties_and_readable_passwords_go_to_the_team() -> None:
    request = read_request("authentication for third party apps, passwords stored in plain text", read_recipes())
    texts = " ".join(each.text for each in escalate_request(request))
    assert "Passwords that anyone can read" in texts
    assert "third parties is OAuth" in texts


@pytest.mark.parametrize("text", ["write me a poem", "what is the capital of France", "thanks!"])
def test_what_is_no_task_of_a_backend_is_not_understood_as_one(text: str) -> None:
    assert read_request(text, read_recipes()).asked == ()
