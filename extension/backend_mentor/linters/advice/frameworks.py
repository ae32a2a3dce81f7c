"""Advice that belongs to one framework."""

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.linters.advice.entry import Advice

FRAMEWORKS: tuple[Advice, ...] = (
    Advice(
        ("FAST001",),
        "redundant-response-model",
        Severity.INFO,
        Responsibility.API,
        "`{code}` repeats the return annotation.",
        "What is said twice drifts apart, and the decorator wins.",
        "Keep the annotation and take `response_model` away: FastAPI reads the annotation since 0.89.",
    ),
    Advice(
        ("FAST003",),
        "path-parameter-unused",
        Severity.ADVICE,
        Responsibility.API,
        "The path has {code}, and the handler does not take it.",
        "The caller sends it and nothing reads it.",
        "Add it to the handler's parameters, or take it out of the path.",
    ),
    Advice(
        ("DJ001",),
        "two-empty-texts",
        Severity.ADVICE,
        Responsibility.DATABASE,
        "`{code}` allows NULL beside the empty text.",
        "There are two ways to say that there is none, and each query has to know both.",
        'Use `blank=True, default=""`.',
    ),
    Advice(
        ("DJ003",),
        "locals-in-template",
        Severity.ADVICE,
        Responsibility.SECURITY,
        "`{code}` hands each local variable to the template.",
        "What the template shows changes with each line of the view, and it can show what it should not.",
        "Pass a dictionary of what the template needs.",
    ),
    Advice(
        ("DJ006", "DJ007"),
        "form-takes-every-field",
        Severity.WARNING,
        Responsibility.SECURITY,
        "`{code}` takes in each column that the model has or will have.",
        "A column that is added later can be written by the caller at once (OWASP API3:2023).",
        "List the fields that the caller is to write in `fields`.",
    ),
    Advice(
        ("DJ013",),
        "receiver-not-first",
        Severity.WARNING,
        Responsibility.LOGIC,
        "`{code}` stands below another decorator.",
        "The signal calls the function without the decorators above it.",
        "Move `@receiver` to the top.",
    ),
)
