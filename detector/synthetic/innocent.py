"""Innocent look-alikes: ordinary contact that a careless rule would take for something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from random import Random

from detector.synthetic.conduct import CHAT, Conduct, at, minutes
from detector.synthetic.lines import Line, Person, rang, replied, said


def co_parents(rng: Random, person: Person, start: datetime) -> list[Line]:
    """Two separated parents who write every day about the children; both answer."""
    asks = (
        "can you pick up Sam at 3",
        "PE kit is in the blue bag",
        "swap saturday?",
        "dentist is on thursday",
        "she has a cough, gave her calpol",
    )
    lines = []
    for day in range(70):
        when = at(start, day, rng.randint(8, 19), rng.randint(0, 50))
        lines += [
            said(when, person, rng.choice(asks)),
            replied(when + minutes(rng.randint(3, 200)), person, rng.choice(("ok", "will do", "cant, sorry", "fine"))),
        ]
    return lines


def couriers_and_codes(rng: Random, person: Person, start: datetime) -> list[Line]:
    """One-time codes, parcels and a bank: many, one-sided, from machines."""
    lines = []
    for day in range(60):
        code = f"{rng.randint(100000, 999999)} is your security code. Do not share it with anyone."
        parcel = "Your parcel will be delivered today between 10:00 and 12:00. Track it: http://example.invalid/p"
        lines.append(replace(said(at(start, day, 9, day % 60), person, code), sender="62226"))
        lines.append(replace(said(at(start, day, 10, 5), person, parcel), sender="ParcelCo"))
    return lines


def row_between_friends(rng: Random, person: Person, start: datetime) -> list[Line]:
    """A quarrel: forty messages in an hour, both ways, and peace the next day."""
    lines = []
    for i in range(40):
        line = said if i % 2 == 0 or rng.random() < 0.3 else replied
        words = (
            "thats so unfair",
            "you always do this",
            "i never said that",
            "oh come on",
            "dont twist it",
            "i'm so angry with you",
        )
        lines.append(line(at(start, 5, 20) + minutes(1.5 * i), person, rng.choice(words)))
    return [*lines, said(at(start, 6, 10), person, "sorry about last night x"), replied(at(start, 6, 10, 12), person, "me too x")]


def keen_friend(rng: Random, person: Person, start: datetime) -> list[Line]:
    """A friend who writes a lot, several messages at a time, and is answered within the hours."""
    lines = []
    for day in range(80):
        when = at(start, day, rng.randint(9, 20), rng.randint(0, 30))
        lines += [said(when + minutes(2 * i), person, rng.choice(CHAT)[0], "whatsapp") for i in range(rng.randint(1, 4))]
        lines.append(replied(when + minutes(rng.randint(10, 200)), person, rng.choice(CHAT)[1], "whatsapp"))
    return lines


def friends_new_phone(rng: Random, person: Person, start: datetime) -> list[Line]:
    """A friend who changes number and says so."""
    first = person.name.split()[0]
    old = keen_friend(rng, person, start)[:60]
    day = (old[-1].at - start).days + 1
    new = person.second
    return [
        *(replace(line, channel="sms") for line in old),
        said(at(start, day, 12), new, f"hi its {first}, dropped my phone in the bath, this is my new number"),
        replied(at(start, day, 12, 9), new, "oh no! saved it"),
        said(at(start, day + 1, 12), new, "lunch?"),
        replied(at(start, day + 1, 12, 30), new, "yes 1pm"),
    ]


def night_shift_couple(rng: Random, person: Person, start: datetime) -> list[Line]:
    """Two people who work nights and write to each other at two in the morning."""
    lines = []
    for day in range(0, 60, 2):
        when = at(start, day, rng.choice((1, 2, 3)), rng.randint(0, 40))
        lines += [
            said(when, person, "quiet one tonight, you?"),
            replied(when + minutes(rng.randint(1, 9)), person, "same, break at 3 x"),
        ]
    return lines


def busy_group(rng: Random, person: Person, start: datetime) -> list[Line]:
    """A group chat with bursts of messages."""
    members = [
        person,
        *(Person(f"{name} {person.number[-3:]}", f"+4477009009{i:02d}") for i, name in enumerate(("Jo", "Sam", "Alex", "Kim"))),
    ]
    lines = []
    for day in range(0, 50, 3):
        for i in range(25):
            writer = rng.choice(members)
            lines.append(
                replace(said(at(start, day, 19) + minutes(i), writer, rng.choice(CHAT)[0], "whatsapp"), group="Quiz night")
            )
        lines.append(replace(replied(at(start, day, 19, 30), person, "im in", "whatsapp"), group="Quiz night"))
    return lines


def worried_mother(rng: Random, person: Person, start: datetime) -> list[Line]:
    """Calls that are missed and rung back."""
    lines = []
    for day in range(0, 60, 4):
        when = at(start, day, 18, rng.randint(0, 50))
        lines += [
            rang(when, person),
            Line(when + minutes(20), person, "phone", "out", None, 300, "answered"),
            said(when + minutes(60), person, "lovely to talk x"),
        ]
    return lines


INNOCENT: Mapping[str, Conduct] = {
    function.__name__: function
    for function in (
        co_parents, couriers_and_codes, row_between_friends, keen_friend, friends_new_phone, night_shift_couple, busy_group, worried_mother,
    )
}  # fmt: skip
