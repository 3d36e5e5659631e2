"""Labels: what the words of a message mention. Their names are part of the command line's contract.

A label never says what the sender intends. One message can have several.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Label:
    """One kind of wording, how it is shown, and where its edge lies."""

    title: str
    holds: str
    does_not_hold: str


LABELS: Mapping[str, Label] = {
    "harm": Label(
        "mentions harm to a person",
        "death, injury, rape, to the reader or people near them: direct, conditional, veiled, in emoji, obfuscated",
        "idiom, jokes, games, film and song talk, news, what someone else said",
    ),
    "property_harm": Label(
        "mentions damage",
        "fire, breakage, damage to home, car, belongings, pets",
        "own accidents, repairs",
    ),
    "exposure": Label(
        "mentions making something public",
        "images, secrets, address, false reports to employer, family, authority",
        "posting holiday pictures; a lawful complaint notice",
    ),
    "financial": Label(
        "mentions loss of money",
        "threats to finances, job, benefits; demands for money with a threat",
        "bills, fair reminders",
    ),
    "self_harm": Label(
        "mentions the sender's own death or injury",
        "self-harm talk tied to contact or return; distress without a condition is marked too, by cues of its own",
        "idiom, such as dying of laughter",
    ),
    "urging_self_harm": Label(
        "urges the reader to self-harm",
        '"kill yourself", "do everyone a favour"',
        "advice not to overdo something",
    ),
    "monitoring": Label(
        "knows what the reader does",
        "clothes, visitors, journeys, online times, purchases, accounts read, trackers",
        "agreed location sharing, a compliment face to face",
    ),
    "presence": Label(
        "says that the sender is near",
        "outside the home, at work, at school",
        "lifts, deliveries, meeting up",
    ),
    "demand": Label(
        "demands an answer or an account",
        "answer me, who is he, send a photo of where you are, orders and bans",
        "a worried relative, logistics",
    ),
    "ownership": Label(
        "claims the reader, refuses an end",
        "you are mine, I will never let you go, it is not over",
        "wedding vows, songs",
    ),
    "sexual": Label(
        "sexual remark or request",
        "unwanted by context or crude in itself",
        "consenting couples: of weight only when unanswered or after a request to stop",
    ),
    "insult": Label(
        "insult",
        "abuse, degrading, slurs",
        "banter between friends both ways",
    ),
    "gift_or_order": Label(
        "mentions a gift, delivery or order",
        "left at the door, sent again, taxis, food, cancelled appointments",
        "couriers, birthday presents",
    ),
    "through_others": Label(
        "contact through others",
        "told your mother, ask your sister, tell her for me",
        "ordinary messages passed on",
    ),
    "new_handle": Label(
        "writes from a new number or account",
        'because blocked, "can\'t block me"',
        "lost phone",
    ),
    "stop_request": Label(
        "asks to stop contact",
        'stop, leave me alone, blocking you, only by solicitor; partial ("only about the children")',
        'marketing STOP texts, "stop it, you make me blush"',
    ),
    "affection": Label(
        "affection",
        "declarations of love, pet names, pleading",
        "context for swings; never a concern alone",
    ),
}

ASIDE: Mapping[str, str] = {
    "automated": "wording of an automated sender",
    "self_name": "the sender gives a name",
    "disclosure": "tells what somebody else said or did",
}
"""What cues find besides: used inside, never a column of `detector score`."""
