"""Three roles, one table; masks that leak neither content nor length."""

import pytest

from domain.access import RIGHTS, Permission, Role, mask_email, mask_name, mask_phone
from domain.errors import Forbidden
from tests.builders import an_actor


def test_each_role_may_what_the_role_below_it_may() -> None:
    assert RIGHTS[Role.OPERATOR] < RIGHTS[Role.SUPERVISOR] < RIGHTS[Role.ADMIN] == frozenset(Permission)


@pytest.mark.parametrize(
    "permission", [Permission.SEE_CLEAR, Permission.EXTEND, Permission.AUDIT, Permission.ADMINISTER]
)
def test_an_operator_neither_sees_clear_nor_extends_nor_audits(permission: Permission) -> None:
    with pytest.raises(Forbidden, match="operator"):
        an_actor().require(permission)


def test_an_admin_may_everything() -> None:
    for permission in Permission:
        an_actor(Role.ADMIN).require(permission)


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("+905321112233", "+90 5** *** ** 33"),
        ("+79161234567", "+7 9** *** ** 67"),
        ("+380671234567", "+380 6** *** ** 67"),
        ("+994501234567", "+99 4** *** ** 67"),
        ("+90", "***"),
        ("", "***"),
        ("anonymous", "***"),
    ],
)
def test_a_masked_phone_shows_country_first_digit_and_last_two(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("email", "masked"),
    [
        ("anna@gmail.com", "a***@g***.com"),
        ("a@b.co.uk", "a***@b***.uk"),
        ("ayse", "a***@***."),
        ("", "***@***."),
    ],
)
def test_a_masked_email_keeps_first_letters_and_the_top_level(email: str, masked: str) -> None:
    assert mask_email(email) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Ayşe Yılmaz", "A*** Y***"),
        ("ilker ırmak", "İ*** I***"),
        ("Özgür", "Ö***"),
        ("O\u0308zgu\u0308r", "Ö***"),
        ("", ""),
    ],
)
def test_a_masked_name_keeps_first_letters_in_turkish_upper_case(name: str, masked: str) -> None:
    assert mask_name(name) == masked
