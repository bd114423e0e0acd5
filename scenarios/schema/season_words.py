"""The words and number types of a season scenario: channels, intents, languages, shares, seconds.

Numbers of a season are floats, because they feed arrays; money stays decimal. A decimal of the file becomes the float
nearest to it. Weekly lists run Monday to Sunday, yearly ones January to December, daily ones are 48 half hours from
midnight. Lists of shares need not add up to the last digit: within half a percent they are accepted and normalised by
whoever draws from them.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from scenarios.schema.types import Language, Many

SeasonChannel = Literal["phone", "whatsapp", "web_chat", "instagram", "email", "ota"]
Intent = Literal["sales", "prearrival", "ota_message", "change_or_cancel", "poststay", "misdirected"]
CHANNELS: tuple[SeasonChannel, ...] = ("phone", "whatsapp", "web_chat", "instagram", "email", "ota")
INTENTS: tuple[Intent, ...] = ("sales", "prearrival", "ota_message", "change_or_cancel", "poststay", "misdirected")
LANGUAGES: tuple[Language, ...] = ("tr", "en", "de", "ru")
HALF_HOURS, WEEK, YEAR = 48, 7, 12
NEAR_ONE = 0.005


def _float(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value


def adds_up(shares: Iterable[float]) -> bool:
    """Whether shares add up to 1, half a percent of rounding forgiven."""
    return abs(sum(shares) - 1.0) <= NEAR_ONE


def _mix(shares: dict[str, float]) -> dict[str, float]:
    if not adds_up(shares.values()):
        raise ValueError(f"the shares add up to {sum(shares.values()):.3f}, not to 1")
    return shares


def _profile(shares: tuple[float, ...]) -> tuple[float, ...]:
    if not adds_up(shares):
        raise ValueError(f"the half hours add up to {sum(shares):.3f}, not to 1")
    return shares


def _some(weights: tuple[float, ...]) -> tuple[float, ...]:
    if not sum(weights) > 0:
        raise ValueError("one of the numbers must be above 0")
    return weights


Real = Annotated[float, BeforeValidator(_float), Field(allow_inf_nan=False)]
Part = Annotated[Real, Field(ge=0, le=1)]
Positive = Annotated[Real, Field(gt=0, le=1e9)]
NotNegative = Annotated[Real, Field(ge=0, le=1e9)]
Seven = Annotated[Many[NotNegative], Field(min_length=WEEK, max_length=WEEK), AfterValidator(_some)]
Twelve = Annotated[Many[NotNegative], Field(min_length=YEAR, max_length=YEAR), AfterValidator(_some)]
HalfHours = Annotated[Many[Part], Field(min_length=HALF_HOURS, max_length=HALF_HOURS), AfterValidator(_profile)]
ChannelMix = Annotated[dict[SeasonChannel, Part], Field(min_length=1), AfterValidator(_mix)]
IntentMix = Annotated[dict[Intent, Part], Field(min_length=1), AfterValidator(_mix)]
LanguageMix = Annotated[dict[Language, Part], Field(min_length=1), AfterValidator(_mix)]
OurName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
