"""Mobile numbers that `phonenumbers` accepts, made by counting instead of luck.

A country's mobile range is its prefixes times the digits that follow. Number
n of the range is found by a multiplication that visits every value once, so
consecutive guests get far-apart numbers and no two guests share one, as long
as fewer are drawn than the range holds.
"""

from math import gcd

_RANGES = (
    (
        "TR",
        "90",
        7,
        "505 506 507 530 531 532 533 535 536 537 538 539 541 542 543 544 545 546 551 552 553 554 555",
    ),
    (
        "DE",
        "49",
        7,
        "160 162 163 170 171 172 173 174 175 176 177 178 179",
    ),
    (
        "RU",
        "7",
        7,
        "903 905 906 909 910 911 912 913 915 916 917 919 921 925 926 950 951 960 961 962 963 964 965 966 "
        "967 968 980 985 999",
    ),
    (
        "GB",
        "44",
        6,
        "7400 7401 7402 7403 7411 7412 7415 7470 7500 7501 7702 7703 7710 7712 7720 7721 7732 7733 7740 "
        "7741 7800 7801 7850 7851 7900 7901 7930 7931 7940 7941",
    ),
    (
        "NL",
        "31",
        6,
        "610 611 612 613 614 615 616 617 618 619 620 621 622 623 624 625 626 627 628 629 630 631 633 634 "
        "636 638 641 642",
    ),
    (
        "PL",
        "48",
        6,
        "500 501 502 503 504 505 506 507 508 509 510 511 512 513 514 515 516 517 518 519 600 601 602 603 "
        "604 605 606 607 608 609 660 661 662 663 664 665 667 668 669 691 692 693 694 695 696 697 698 721 "
        "722 723 724 725 726 728 730 731 732 733 781 782 783 784 785 787 788 790 791 792 793 794 795 880 "
        "885 886 887 888 889",
    ),
)
PREFIXES: dict[str, tuple[str, tuple[str, ...], int]] = {
    country: (code, tuple(prefixes.split()), digits) for country, code, digits, prefixes in _RANGES
}
STRIDE = 7_368_787  # a prime; it shares no factor with any range


def capacity(country: str) -> int:
    """Give how many different numbers `country` has here."""
    _, prefixes, digits = PREFIXES[country]
    return len(prefixes) * int(10**digits)


def mobile(country: str, n: int) -> str:
    """Give the n-th mobile number of `country` in E.164; the same n gives the same number."""
    calling_code, prefixes, digits = PREFIXES[country]
    place = (n * STRIDE + STRIDE // 3) % capacity(country)
    prefix, subscriber = divmod(place, 10**digits)
    return f"+{calling_code}{prefixes[prefix]}{subscriber:0{digits}d}"


def has_no_repeats(country: str) -> bool:
    """Tell whether the stride visits every number of `country` once before it repeats."""
    return gcd(STRIDE, capacity(country)) == 1
