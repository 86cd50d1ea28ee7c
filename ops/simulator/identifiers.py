"""Identifiers in the forms that Meta gives them. None of them contains a phone number: they may stand in logs."""

import base64
import re
import secrets

# `CC.<up to 128 alphanumerics>`, or the parent form `US.ENT.…`
_BUSINESS_SCOPED_USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
# The first bytes of Meta's own ids, so that ours look alike ("HBgL").
_WAMID_PREFIX = b"\x1c\x18\x0b"


def new_message_id() -> str:
    return "wamid." + base64.b64encode(_WAMID_PREFIX + secrets.token_bytes(33)).decode()


def new_media_id() -> str:
    return str(secrets.randbelow(9 * 10**15) + 10**15)


def new_trace_id() -> str:
    return "A" + secrets.token_urlsafe(16)


def is_business_scoped_user_id(identity: str) -> bool:
    return _BUSINESS_SCOPED_USER_ID.fullmatch(identity) is not None


def digits(phone_number: str) -> str:
    """`+1 (650) 555-1234` is `16505551234`: the form of a wa_id."""
    return "".join(character for character in phone_number if character.isdigit())
