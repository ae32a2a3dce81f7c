"""Commands that turn the mentor on and off, ask it, and show what is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError
from backend_mentor.surfaces.commands.command import Command
from backend_mentor.surfaces.consent import price_of, written

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from backend_mentor.domain.review import Review
    from backend_mentor.session import Session
    from backend_mentor.surfaces.commands.options import Options

_HOW = "Write %backend mentor claude, offline, forget or clear-cache."


def state_of(session: Session) -> str:
    """Return in a sentence or two what the mentor is, and what it has cost."""
    if session.current is None:
        return "The mentor is offline: nothing leaves this machine."
    mentor, database = session.mentor, session.database()
    if not mentor.speaks_for(database):
        return f"The mentor is offline for {database.name}: nothing of it leaves this machine."
    used = mentor.usage
    money = f", ${mentor.usd:.4f}{' and what has no price here' if mentor.has_unpriced else ''}"
    limits = mentor.budget
    return (
        f"The mentor speaks for {database.name}: {mentor.persona().name}, {mentor.model_name()}.\n"
        f"This session: {used.prompt:,} tokens in ({used.cache_read:,} of them from the prompt cache), "
        f"{'' if used.output_is_known else '≥ '}{used.output:,} out{money if used.total else ''}.\n"
        f"Limits: {limits.turns} calls, {limits.tokens:,} tokens, ${limits.usd:.2f} and {limits.seconds:.0f} s for a "
        f"question, ${limits.session_usd:.2f} a session."
    )


def _mentor(session: Session, shell: InteractiveShell, options: Options) -> None:
    word = options.arguments[0] if options.arguments else "status"
    _refuse_keys(shell, " ".join(options.arguments))
    if word == "claude" and len(options.arguments) == 1:
        _turn_on(session, shell, options)
    elif word == "offline":
        session.mentor.turn_off()
        print("The mentor is offline: nothing leaves this machine.")
    elif word == "forget":
        session.mentor.forget()
        print("The next question begins a new conversation.")
    elif word == "clear-cache":
        from backend_mentor.mentor.cache import clear_answers

        print(f"{clear_answers():,} kept answers removed.")
    elif word == "status":
        print(state_of(session))
    else:
        raise MentorError(f"There is no mentor {' '.join(options.arguments)}.", _HOW)


def _turn_on(session: Session, shell: InteractiveShell, options: Options) -> None:
    mentor, database = session.mentor, session.database()
    speaker = mentor.turn_on(database, model=options.model, effort=options.effort)
    model = mentor.model_name()
    print(f"Claude speaks for {database.name} as {mentor.persona().name}, with {model}: {price_of(model)}.")
    print(
        f"What you ask, the cell, its tables and plans go to {speaker.host}; no row does, unless you ask with --rows."
    )
    print("%backend send shows it byte for byte before it goes; %backend mentor offline ends it.")


def _ask(session: Session, shell: InteractiveShell, options: Options) -> None:
    from backend_mentor.surfaces.answering import show_answer

    _refuse_keys(shell, options.question)
    if not options.question:
        raise MentorError("ask wants a question.", "Write %backend ask why is the sort so slow?")
    session.mentor.choose(options.model, options.effort)
    show_answer(session, options.question, _last_review(session), rows=options.rows, use_cache=not options.fresh)


def _send(session: Session, shell: InteractiveShell, options: Options) -> None:
    from backend_mentor.mentor.client import Claude
    from backend_mentor.mentor.credentials import find_address
    from backend_mentor.mentor.mentor import FIRST_QUESTION

    _refuse_keys(shell, options.question)
    mentor, database = session.mentor, session.database()
    client = Claude("", find_address())
    if options.last:
        bodies = mentor.last_sent(database)
        print(f"The last question sent {len(bodies)} requests to {client.host}.")
    else:
        question = options.question or FIRST_QUESTION
        bodies = (mentor.preview(_last_review(session), database, question, rows=options.rows),)
        state = "would be sent" if mentor.speaks_for(database) else "would be sent if the mentor were on; it is offline"
        print(f"This {state}, to {client.host}, first; what its tools answer follows in the same form.")
    for body in bodies:
        print(written(client, body))


def _persona(session: Session, shell: InteractiveShell, options: Options) -> None:
    from backend_mentor.mentor.persona import list_personas

    mentor = session.mentor
    if not options.arguments:
        for name, persona in sorted(list_personas().items()):
            mark = "*" if name == mentor.persona_name else " "
            where = "" if persona.path is None else f" ({persona.path})"
            print(f"{mark} {name}{where} · {persona.description.splitlines()[0][:100] if persona.description else ''}")
        return
    persona = mentor.take_persona(options.arguments[0])
    print(f"The mentor speaks as {persona.name}, with {mentor.model_name()}.")
    if persona.path is not None:
        print(f"  Read from {persona.path}, {persona.digest}; it sets the tone and grants nothing.")
    if persona.ignored:
        print(f"  Ignored: {', '.join(persona.ignored)}.")


def _budget(session: Session, shell: InteractiveShell, options: Options) -> None:
    settings = [word.partition("=") for word in options.arguments]
    session.mentor.budget = session.mentor.budget.changed({name: value for name, _, value in settings})
    limits = session.mentor.budget
    print(
        f"A question may take {limits.turns} calls, {limits.tokens:,} tokens, ${limits.usd:.2f} and "
        f"{limits.seconds:.0f} s; the session ${limits.session_usd:.2f}; an answer {limits.output_tokens:,} tokens."
    )


def _last_review(session: Session) -> Review:
    if not session.reviews:
        raise MentorError("There is no review to speak about yet.", "Review a cell with %%backend first.")
    return session.reviews[-1]


def _refuse_keys(shell: InteractiveShell, text: str) -> None:
    """Refuse a key that was typed in a cell: it is saved with the notebook and stands in the history."""
    import os

    from backend_mentor.mentor.redaction import holds_key

    cells = shell.user_ns.get("In")
    typed = [str(cell) for cell in cells] if isinstance(cells, list) else []
    key = os.environ.get("ANTHROPIC_API_KEY", "")
    if holds_key(text) or (len(key) > 8 and any(key in cell for cell in typed)):
        raise MentorError(
            "A key stands in a cell of this notebook. It is not used: whoever gets the notebook gets the key.",
            "Revoke it, clear the cell and the history, and put a new one into the environment before you start "
            "Jupyter, or into the keyring: `keyring set backend-mentor anthropic` in a terminal.",
        )


MENTOR_COMMANDS: dict[str, Command] = {
    "mentor": Command(
        "let Claude speak for this connection, or go offline, the default",
        "%backend mentor claude --model opus",
        _mentor,
    ),
    "ask": Command("ask Claude about the last review", "%backend ask why is the sort so slow?", _ask),
    "send": Command("show byte for byte what would be sent, or --last: was", "%backend send", _send),
    "persona": Command("list the personas, or speak as one", "%backend persona database-reviewer", _persona),
    "budget": Command("limit what a question may take", "%backend budget usd=0.20 turns=6", _budget),
}
