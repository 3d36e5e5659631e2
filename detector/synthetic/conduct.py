"""Conduct to plant: each function returns the lines of one kind, well above the threshold of the pattern it is named for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random

from detector.synthetic.lines import Channel, Line, Person, rang, replied, said

Conduct = Callable[[Random, Person, datetime], list[Line]]

OPENINGS = (
    "please",
    "look,",
    "mia",
    "honestly",
    "right,",
    "ok so",
    "its me again,",
    "for gods sake",
    "hey",
    "last time of asking,",
    "come on",
    "wow,",
)
PLEAS = (
    "just talk to me", "i only want five minutes", "why are you doing this", "you owe me a conversation", "i drove all this way",
    "answer your phone", "i know you are reading these", "say something", "i can explain everything", "one call thats all",
    "i miss you", "remember cornwall", "you cant switch me off like that", "i left something for you", "what did i do", "ring me when you get this",
    "i wont give up on us", "your mum would understand", "dont be like this", "my head is all over the place", "we need to talk about saturday",
)  # fmt: skip
CLOSINGS = (
    "",
    "x",
    "when you finish",
    "tonight",
    "this is silly",
    "i mean it",
    "ill wait",
    "the flat is so quiet",
    "tell me im wrong",
    "about the car",
    "today",
    "??",
)

CHAT = (
    ("morning! did you sleep ok", "yes ta, you?"), ("fancy a walk later", "maybe around 5"), ("film tonight?", "go on then"),
    ("got the tickets", "brilliant thank you"), ("home safe?", "yes just in x"), ("can you grab milk", "on it"),
)  # fmt: skip


def minutes(count: float) -> timedelta:
    """Minutes."""
    return timedelta(minutes=count)


def days(count: float) -> timedelta:
    """Days."""
    return timedelta(days=count)


def at(start: datetime, day: float, hour: int, minute: int = 0) -> datetime:
    """A local time so many days after the start."""
    return (start + days(day)).replace(hour=hour, minute=minute)


def plea(rng: Random) -> str:
    """One message of somebody who wants an answer."""
    return " ".join(filter(None, (rng.choice(OPENINGS), rng.choice(PLEAS), rng.choice(CLOSINGS))))


def keen_start(rng: Random, person: Person, start: datetime) -> list[Line]:
    """Five weeks of ordinary talk, both ways."""
    lines = []
    for day in range(35):
        asked, answer = rng.choice(CHAT)
        when = at(start, day, rng.randint(9, 21), rng.randint(0, 40))
        channel: Channel = rng.choice(("sms", "whatsapp"))
        lines += [said(when, person, asked, channel), replied(when + minutes(rng.randint(1, 15)), person, answer, channel)]
    return lines


def barrage(rng: Random, person: Person, start: datetime) -> list[Line]:
    """Fifteen messages in about twenty minutes."""
    return [said(at(start, 0, 19) + minutes(1.4 * i), person, plea(rng)) for i in range(15)]


def heavy_day(rng: Random, person: Person, start: datetime) -> list[Line]:
    """Thirty messages over one day."""
    return [said(at(start, 0, 8) + minutes(28 * i + rng.randint(0, 5)), person, plea(rng)) for i in range(30)]


def unanswered_run(rng: Random, person: Person, start: datetime) -> list[Line]:
    """Twenty-six messages over twelve days, none answered."""
    return [said(at(start, i // 2.2, 11 + i % 7, i), person, plea(rng)) for i in range(26)]


def persistence(rng: Random, person: Person, start: datetime) -> list[Line]:
    """The owner's last reply, and then messages on for a month."""
    talk = [said(at(start, 0, 12), person, "are you coming or not"), replied(at(start, 0, 12, 20), person, "no, im not")]
    return talk + [said(at(start, day, 10 + day % 9), person, plea(rng)) for day in (2, 5, 9, 12, 16, 20, 24, 28, 31)]


def rising_rate(rng: Random, person: Person, start: datetime) -> list[Line]:
    """Twelve weeks of messages, more every week; the owner answers once a week."""
    lines = []
    for week, count in enumerate((1, 2, 2, 3, 3, 4, 8, 9, 11, 13, 15, 18)):
        lines += [said(at(start, 7 * week + 6.5 * i / count, 9 + i % 11, i), person, plea(rng)) for i in range(count)]
        lines.append(replied(at(start, 7 * week + 3, 8, 30), person, "busy this week sorry"))
    return lines


def return_after_quiet(rng: Random, person: Person, start: datetime) -> list[Line]:
    """A run without answer, three weeks of nothing, and five messages in a day."""
    before = [said(at(start, i, 13, i), person, plea(rng)) for i in range(10)]
    return before + [said(at(start, 32, 9 + 2 * i), person, plea(rng)) for i in range(5)]


def night_contact(rng: Random, person: Person, start: datetime) -> list[Line]:
    """Messages between one and four on nine nights in four weeks; nothing by day."""
    return [said(at(start, 3 * i, rng.randint(1, 3), rng.randint(0, 59)), person, plea(rng)) for i in range(9)]


def small_hours_calls(rng: Random, person: Person, start: datetime) -> list[Line]:
    """Five calls in forty minutes after one in the morning."""
    return [rang(at(start, 1, 1, 10) + minutes(10 * i), person) for i in range(5)]


def missed_calls(rng: Random, person: Person, start: datetime) -> list[Line]:
    """Nine missed calls in forty minutes."""
    return [rang(at(start, 0, 18, 5) + minutes(5 * i), person) for i in range(9)]


def no_caller_id(rng: Random, person: Person, start: datetime) -> list[Line]:
    """Eight calls without a number in four days."""
    return [rang(at(start, i / 2, 11 + i, 7), person, withheld=True) for i in range(8)]


def short_calls(rng: Random, person: Person, start: datetime) -> list[Line]:
    """Eight answered calls of a few seconds in six days."""
    return [rang(at(start, i * 0.7, 12 + i % 8), person, rng.randint(2, 8)) for i in range(8)]


def call_then_message(rng: Random, person: Person, start: datetime) -> list[Line]:
    """A missed call and a message two minutes later, on five days."""
    times = [at(start, 2 * i, 17, 3 * i) for i in range(5)]
    return [line for when in times for line in (rang(when, person), said(when + minutes(2), person, plea(rng)))]


def many_channels(rng: Random, person: Person, start: datetime) -> list[Line]:
    """A text, a call and a WhatsApp message within three hours."""
    when = at(start, 0, 15)
    return [
        said(when, person, plea(rng)),
        rang(when + minutes(50), person),
        said(when + minutes(140), person, plea(rng), "whatsapp"),
    ]


def contact_after_stop(rng: Random, person: Person, start: datetime) -> list[Line]:
    """A request to stop, and messages on six days after it."""
    asked = [
        said(at(start, 0, 18), person, "can i come round"),
        replied(at(start, 0, 18, 30), person, "No. Please stop contacting me."),
    ]
    return asked + [said(at(start, day, 12 + day), person, plea(rng)) for day in (1, 2, 3, 5, 6, 7)]


def contact_after_block(rng: Random, person: Person, start: datetime) -> list[Line]:
    """A block in WhatsApp, and then texts to the number."""
    chat = [
        said(at(start, 0, 20), person, plea(rng), "whatsapp"),
        Line(at(start, 0, 20, 5), person, "whatsapp", "out", notice="blocked"),
    ]
    return chat + [said(at(start, day, 10 + day), person, plea(rng)) for day in (1, 2, 4)]


def new_handle(rng: Random, person: Person, start: datetime) -> list[Line]:
    """A request to stop, and the next day a number never seen that gives the same name."""
    first = person.name.split()[0]
    stop = [
        said(at(start, 0, 16), person, plea(rng)),
        replied(at(start, 0, 16, 10), person, "leave me alone, do not contact me again"),
    ]
    words = (f"its {first}, new number since you blocked the other one", plea(rng), plea(rng))
    return stop + [said(at(start, 1 + i / 3, 10 + i), person.second, text) for i, text in enumerate(words)]


def many_senders(rng: Random, person: Person, start: datetime) -> list[Line]:
    """Fourteen numbers never seen before, within eight hours, with the same link."""
    numbers = [Person("", f"+4477009008{i:02d}") for i in range(14)]
    return [
        said(at(start, 3, 9) + minutes(33 * i), one, "saw your ad, ring me http://example.invalid/ad77")
        for i, one in enumerate(numbers)
    ]


def harm_statement(rng: Random, person: Person, start: datetime) -> list[Line]:
    """Two messages that mention harm."""
    return [
        said(at(start, 0, 22), person, "if i see you with him i will kill you"),
        said(at(start, 2, 23), person, "i'm going to hurt you, i know what time you finish work"),
    ]


def message_requests(rng: Random, person: Person, start: datetime) -> list[Line]:
    """Three messages to the owner's Instagram account, from an account that was not accepted."""
    return [said(at(start, day, 21, 4 + day), person, plea(rng), "instagram") for day in (0, 1, 5)]


CONDUCT: Mapping[str, Conduct] = {
    function.__name__: function
    for function in (
        barrage, heavy_day, unanswered_run, persistence, rising_rate, return_after_quiet, night_contact, small_hours_calls, missed_calls,
        no_caller_id, short_calls, call_then_message, many_channels, contact_after_stop, contact_after_block, new_handle, many_senders, harm_statement,
    )
}  # fmt: skip
"""By the name of the pattern that each is planted for."""

ALL: Mapping[str, Conduct] = {**CONDUCT, "keen_start": keen_start, "message_requests": message_requests}
"""Also what is no pattern by itself."""
