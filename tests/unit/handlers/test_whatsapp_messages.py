"""Meta's objects in the forms of the domain: typed where they can be, kept raw where they cannot."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import dynamodb_keys as keys
from adapters.dynamodb_values import to_item
from domain import messages as m
from domain.customers import CustomerIdentity
from domain.errors import MalformedRecordError
from domain.opt_out import OptOut, OptOutSource
from domain.ports import AccountEvent
from domain.replies import Failure, ReplyPurpose, parse_reply_id
from domain.tenants import TenantId
from domain.usage import OLDEST_CREDIBLE
from handlers.whatsapp_messages import InboxItem, parse_inbox_item
from handlers.whatsapp_updates import MalformedItem, StatusItem, parse_update
from handlers.whatsapp_webhook import Queue, encode, split
from pages.formats import Formats
from tests.unit.handlers.envelopes import (
    EVENTS,
    NUMBER,
    PHONE,
    RECEIVED_AT_MS,
    WABA,
    bodies,
    body_with,
    change,
    entry,
    envelope,
    json_values,
    status,
    text_message,
    value,
)

RECEIVED_AT = datetime.fromtimestamp(RECEIVED_AT_MS / 1000, UTC)


def parsed(body: bytes) -> m.InboundMessage:
    [item] = split(body, RECEIVED_AT_MS)
    assert item.queue is Queue.INBOX
    return parse_inbox_item(encode(item)).message


def message(**fields: Any) -> m.InboundMessage:
    """A text message in which some fields are others."""
    sound = text_message()
    changed = {key: field for key, field in {**sound, **fields}.items() if field is not ...}
    return parsed(body_with(messages=[changed]))


def of_type(message_type: str, body: Any) -> m.InboundMessage:
    return message(**{"text": ..., "type": message_type, message_type: body})


def recorded(name: str) -> m.InboundMessage:
    return parsed((EVENTS / "messages" / f"{name}.json").read_bytes())


FORMS = {
    "text": m.Text,
    "text_empty": m.Text,
    "text_long": m.Text,
    "text_in_arabic": m.Text,
    "text_without_contacts": m.Text,
    "text_without_profile": m.Text,
    "text_group": m.Text,
    "image": m.Image,
    "image_with_caption": m.Image,
    "video": m.Video,
    "video_with_caption": m.Video,
    "video_too_large": m.Unknown,
    "audio": m.Audio,
    "audio_voice_note": m.Audio,
    "document": m.Document,
    "document_with_caption": m.Document,
    "sticker": m.Sticker,
    "sticker_animated": m.Sticker,
    "location": m.Location,
    "location_with_place": m.Location,
    "contacts": m.Contacts,
    "contacts_several": m.Contacts,
    "interactive_button_reply": m.ButtonReply,
    "interactive_list_reply": m.ListReply,
    "interactive_list_reply_without_description": m.ListReply,
    "interactive_nfm_reply": m.FlowReply,
    "interactive_nfm_reply_list": m.FlowReply,
    "interactive_nfm_reply_number": m.FlowReply,
    "interactive_nfm_reply_not_json": m.FlowReply,
    "interactive_call_permission_reply": m.CallPermissionReply,
    "interactive_errors_without_body": m.Unknown,
    "interactive_without_body": m.Unknown,
    "interactive_unknown_kind": m.Unknown,
    "button": m.TemplateButton,
    "button_without_context": m.TemplateButton,
    "order": m.Order,
    "order_with_text": m.Order,
    "reaction": m.Reaction,
    "reaction_removed": m.Reaction,
    "reaction_removed_empty_emoji": m.Reaction,
    "system_user_changed_number": m.System,
    "system_user_changed_user_id": m.System,
    "system_customer_identity_changed": m.System,
    "system_unknown_kind": m.System,
    "edit": m.Edit,
    "edit_caption": m.Edit,
    "revoke": m.Revoke,
    "unsupported": m.Unsupported,
    "unsupported_without_kind": m.Unsupported,
    "unknown_type": m.Unknown,
    "unknown_type_without_body": m.Unknown,
}


@pytest.mark.parametrize(("name", "form"), FORMS.items(), ids=FORMS.keys())
def test_every_recorded_type_takes_its_form(name: str, form: type) -> None:
    assert type(recorded(name).content) is form


def test_no_recorded_message_is_unknown_but_the_unknown_ones() -> None:
    names = {path.stem for path in (EVENTS / "messages").glob("*.json")}
    unknown = {name for name in names if isinstance(recorded(name).content, m.Unknown)}
    assert unknown == {name for name, form in FORMS.items() if form is m.Unknown}


def test_media_keep_what_is_needed_to_fetch_them() -> None:
    document = recorded("document_with_caption").content
    assert isinstance(document, m.Document)
    assert document.id
    assert document.mime_type == "application/pdf"
    assert document.filename.endswith(".pdf")
    assert document.caption
    voice, sticker = recorded("audio_voice_note").content, recorded("sticker_animated").content
    assert isinstance(voice, m.Audio)
    assert voice.voice
    assert isinstance(sticker, m.Sticker)
    assert sticker.animated


def test_a_location_may_have_a_name() -> None:
    plain, named = recorded("location").content, recorded("location_with_place").content
    assert isinstance(plain, m.Location)
    assert isinstance(named, m.Location)
    assert (plain.name, bool(named.name)) == ("", True)


def test_contact_cards_come_as_many_as_they_are() -> None:
    several = recorded("contacts_several").content
    assert isinstance(several, m.Contacts)
    assert len(several.cards) > 1
    assert all(card.name.formatted_name for card in several.cards)


@pytest.mark.parametrize("price", [34.9, "34.90", 0.1 + 0.2, 12, "0.10", 19.99, 1e-2])
def test_order_prices_are_exact(price: Any) -> None:
    item = {"product_retailer_id": "MH-1", "quantity": 3, "item_price": price, "currency": "USD"}
    order = of_type("order", {"catalog_id": "1", "product_items": [item]}).content
    assert isinstance(order, m.Order)
    assert order.product_items[0].item_price == Decimal(str(price))
    assert isinstance(order.product_items[0].item_price, Decimal)
    assert order.product_items[0].quantity == 3


@pytest.mark.parametrize("price", ["1e999999", "1e30", 10**20, "0.1e-500", "0." + "1" * 5000, "-1e15"])
def test_a_number_that_is_no_price_leaves_the_cart_without_one(price: Any) -> None:
    item = {"product_retailer_id": "sku-1", "quantity": 3, "item_price": price, "currency": "USD"}
    order = of_type("order", {"catalog_id": "1", "product_items": [item]}).content
    assert isinstance(order, m.Order)
    assert order.product_items == (m.OrderItem("sku-1", 3, None, "USD"),)


@pytest.mark.parametrize("price", [Decimal("99999999999999.99"), Decimal("0.30000000000000004"), Decimal("-7.5")])
def test_any_price_of_a_cart_can_be_shown(price: Decimal) -> None:
    assert m.OrderItem("sku-1", 1, price).item_price == price
    assert Formats("es").amount(price, "JPY")


def test_a_removed_reaction_has_no_emoji() -> None:
    for name in ("reaction_removed", "reaction_removed_empty_emoji"):
        reaction = recorded(name).content
        assert isinstance(reaction, m.Reaction)
        assert reaction.emoji == ""
        assert reaction.message_id


def test_an_edit_carries_what_the_message_says_now() -> None:
    assert recorded("edit").content == m.Edit(
        "wamid.HBgLMTIwMjU1NTAxNTEVAgASGBRGOUI0RTUyN0MwMDM5MjU3Njg3QgA=",
        "text",
        m.Text("Good morning, is the bamboo cutting board large enough for two loaves?"),
    )
    caption = recorded("edit_caption").content
    assert isinstance(caption, m.Edit)
    assert (caption.type, m.words_of(caption.message)) == ("image", "Do you sell a basket like this, only round?")


@pytest.mark.parametrize(
    ("nested", "expected"),
    [
        ({"type": "hologram", "hologram": {}}, ("hologram", m.Unknown("hologram"))),
        ({"type": "text"}, ("text", m.Unknown("text"))),
        ({"type": "text", "text": {"body": 5}}, ("text", m.Unknown("text"))),
        ({"type": ["text"]}, ("unknown", m.Unknown("unknown"))),
        ({}, ("unknown", m.Unknown("unknown"))),
        (None, ("unknown", m.Unknown("unknown"))),
        ("hello", ("unknown", m.Unknown("unknown"))),
        ({"type": "edit", "edit": {"original_message_id": "wamid.b", "message": {}}}, ("edit", m.Unknown("edit"))),
        ({"type": "revoke", "revoke": {"original_message_id": "wamid.b"}}, ("revoke", m.Unknown("revoke"))),
    ],
    ids=repr,
)
def test_what_an_edit_nests_is_validated_as_any_content(nested: Any, expected: tuple[str, m.Content]) -> None:
    body = {"original_message_id": "wamid.a", "message": nested}
    assert of_type("edit", body).content == m.Edit("wamid.a", *expected)


def test_edits_of_edits_however_deep_are_no_content() -> None:
    body: dict[str, Any] = {}
    for _ in range(200):
        body = {"original_message_id": "wamid.a", "message": {"type": "edit", "edit": body}}
    assert of_type("edit", body).content == m.Edit("wamid.a", "edit", m.Unknown("edit"))


@pytest.mark.parametrize("target", ["", "x" * 300, "wamid.\n", "wamid.\ud83d", 5, None], ids=repr)
@pytest.mark.parametrize(
    ("message_type", "name"),
    [("edit", "original_message_id"), ("revoke", "original_message_id"), ("reaction", "message_id")],
)
def test_what_points_to_no_possible_message_is_unknown(message_type: str, name: str, target: Any) -> None:
    assert of_type(message_type, {name: target}).content == m.Unknown(message_type)


def test_a_system_notice_says_what_changed() -> None:
    notice = recorded("system_user_changed_user_id").content
    assert isinstance(notice, m.System)
    assert (notice.type, bool(notice.user_id), bool(notice.previous_user_id)) == ("user_changed_user_id", True, True)


def test_with_a_new_number_comes_a_new_user_id() -> None:
    said = recorded("system_user_changed_number_with_user_ids")
    assert said.sender.phone == "13035550131"
    notice = said.content
    assert isinstance(notice, m.System)
    assert (notice.type, notice.wa_id) == ("user_changed_number", "17205550134")
    assert (notice.user_id, notice.previous_user_id) == ("US.20719463358802417395", "US.61150982274430916628")


@pytest.mark.parametrize("broken", [None, "", "x" * 5000, "US.1\x00", "not a number"], ids=repr)
def test_what_cannot_be_an_identity_names_nobody(broken: str | None) -> None:
    body = {"type": "user_changed_number", "wa_id": broken, "user_id": None, "previous_user_id": broken}
    notice = of_type("system", body).content
    assert isinstance(notice, m.System)
    assert notice.wa_id == ""
    assert notice.previous_user_id in {"", "not a number"}  # that one could be Meta's


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("interactive_button_reply", "title"),
        ("interactive_list_reply", "title"),
        ("button", "text"),
    ],
)
def test_a_pressed_button_speaks_for_the_customer(name: str, said: str) -> None:
    content = recorded(name).content
    assert m.words_of(content) == getattr(content, said) != ""


@pytest.mark.parametrize(
    ("message_type", "body"),
    [
        ("text", None),
        ("text", "hello"),
        ("text", {}),
        ("text", {"body": None}),
        ("text", {"body": ["hello"]}),
        ("image", {"id": 5}),
        ("image", []),
        ("location", {"latitude": "north", "longitude": 1}),
        ("contacts", {"name": {}}),
        ("contacts", [5]),
        ("interactive", None),
        ("interactive", {}),
        ("interactive", "press"),
        ("interactive", {"type": "button_reply"}),
        ("interactive", {"type": "button_reply", "button_reply": {"id": "a"}}),
        ("interactive", {"type": ["button_reply"], "button_reply": {}}),
        ("interactive", {"type": "payment_method", "payment_method": {}}),
        ("order", {"catalog_id": "1"}),
        ("order", {"catalog_id": "1", "product_items": [{"quantity": 1}]}),
        ("order", {"catalog_id": "1", "product_items": [{"product_retailer_id": "a"}]}),
        (
            "order",
            {
                "catalog_id": "1",
                "product_items": [
                    {"product_retailer_id": "a", "quantity": 1, "item_price": float("nan"), "currency": "USD"}
                ],
            },
        ),
        ("reaction", {"emoji": "👍"}),
        ("system", {}),
        ("edit", {}),
        ("revoke", None),
        ("unsupported", "why"),
        ("hologram", {"depth": 3}),
        ("", {}),
    ],
    ids=repr,
)
def test_an_odd_shape_is_unknown_and_kept_raw(message_type: str, body: Any) -> None:
    odd = of_type(message_type, body)
    assert odd.content == m.Unknown(message_type)
    assert json.dumps(odd.raw[message_type]) == json.dumps(body)


@pytest.mark.parametrize("price", [{}, {"item_price": None, "currency": None}], ids=repr)
def test_an_order_needs_no_prices(price: dict[str, Any]) -> None:
    items = [{"product_retailer_id": "a", "quantity": 2, **price}]
    order = of_type("order", {"catalog_id": "1", "product_items": items})
    assert order.content == m.Order("1", (m.OrderItem("a", 2),))


@pytest.mark.parametrize("message_type", [..., None, 5, [], {}], ids=repr)
def test_a_message_without_a_type_is_unknown(message_type: Any) -> None:
    odd = message(type=message_type)
    assert (odd.type, odd.content, odd.counted_type) == ("unknown", m.Unknown("unknown"), "unknown")


def test_nobody_can_invent_a_counter() -> None:
    assert message(type="messages_x" * 9).counted_type == "unknown"
    assert message(type="text").counted_type == "text"


@pytest.mark.parametrize(
    ("head", "contact", "phone", "user_id"),
    [
        ({"from": PHONE}, {"wa_id": PHONE}, PHONE, None),
        ({"from": PHONE, "from_user_id": "US.1"}, {"wa_id": PHONE, "user_id": "US.1"}, PHONE, "US.1"),
        ({"from": PHONE}, {"wa_id": PHONE, "user_id": "US.1"}, PHONE, "US.1"),
        ({"from_user_id": "US.1"}, {"user_id": "US.1"}, None, "US.1"),
        ({"from": "", "from_user_id": "US.1"}, {"wa_id": "", "user_id": "US.1"}, None, "US.1"),
        ({"from": "US.1"}, {"wa_id": "US.1", "user_id": "US.1"}, None, "US.1"),
        ({"from": "US.1"}, None, None, "US.1"),
        ({"from_user_id": "US.ENT.1"}, None, None, "US.ENT.1"),
        ({"from": "5511987654321"}, {"wa_id": "5511987654321"}, "5511987654321", None),
        ({"from": "+12025550151"}, None, "+12025550151", None),
    ],
)
def test_a_sender_is_a_phone_a_user_id_or_both(
    head: dict[str, Any], contact: dict[str, Any] | None, phone: str | None, user_id: str | None
) -> None:
    sent = {key: field for key, field in text_message().items() if key != "from"} | head
    sender = parsed(body_with(messages=[sent], contacts=[contact] if contact else [])).sender
    assert (sender.phone, sender.user_id) == (phone, user_id)


@pytest.mark.parametrize(
    ("profile", "name", "username"),
    [
        ({"name": "Ruth", "username": "ruth.o"}, "Ruth", "ruth.o"),
        ({"name": ""}, None, None),
        ({"name": 5}, None, None),
        (None, None, None),
        ("Ruth", None, None),
    ],
    ids=repr,
)
def test_a_profile_may_be_anything(profile: Any, name: str | None, username: str | None) -> None:
    sender = parsed(body_with(messages=[text_message()], contacts=[{"wa_id": PHONE, "profile": profile}])).sender
    assert (sender.profile_name, sender.username) == (name, username)


def test_what_a_message_refers_to() -> None:
    product = recorded("text_about_product").context
    assert product is not None
    assert product.referred_product is not None
    assert product.referred_product.product_retailer_id
    forwarded, often = recorded("text_forwarded").context, recorded("text_frequently_forwarded").context
    assert forwarded is not None
    assert forwarded.forwarded
    assert often is not None
    assert often.frequently_forwarded
    reply = recorded("text_in_reply").context
    assert reply is not None
    assert reply.id.startswith("wamid.")
    assert recorded("text").context is None


def test_the_advertisement_that_brought_the_customer() -> None:
    referral = recorded("text_with_referral").referral
    assert referral is not None
    assert referral.source_id
    assert referral.ctwa_clid


@pytest.mark.parametrize("odd", [None, 5, [], "x", {"id": 5}, {"referred_product": {"catalog_id": "1"}}], ids=repr)
def test_an_odd_context_or_referral_leaves_the_message_whole(odd: Any) -> None:
    whole = message(context=odd, referral={"headline": odd} if odd else 5, group_id=odd if odd != "x" else 5)
    assert whole.content == m.Text("hello")
    assert whole.context is None
    assert whole.group_id is None


def test_a_group_message_names_its_group() -> None:
    assert recorded("text_group").group_id


@pytest.mark.parametrize(
    ("timestamp", "expected"),
    [
        ("1794830398", datetime(2026, 11, 16, 11, 59, 58, tzinfo=UTC)),
        (1794830398, datetime(2026, 11, 16, 11, 59, 58, tzinfo=UTC)),
        ("0", datetime(1970, 1, 1, tzinfo=UTC)),
        (None, RECEIVED_AT),
        (..., RECEIVED_AT),
        ("", RECEIVED_AT),
        ("yesterday", RECEIVED_AT),
        ([], RECEIVED_AT),
        (float("inf"), RECEIVED_AT),
        (10**30, RECEIVED_AT),
        ("9" * 5_000, RECEIVED_AT),
        (2**60, RECEIVED_AT),
    ],
    ids=lambda given_value: repr(given_value)[:20],
)
def test_a_time_is_metas_own_or_that_of_receipt(timestamp: Any, expected: datetime) -> None:
    assert message(timestamp=timestamp).timestamp == expected


# Statuses


def updated(**fields: Any) -> StatusItem:
    [item] = split(body_with(statuses=[status(**fields)]), RECEIVED_AT_MS)
    parsed_item = parse_update(encode(item))
    assert isinstance(parsed_item, StatusItem)
    return parsed_item


def recorded_status(name: str) -> StatusItem:
    [item] = split((EVENTS / "statuses" / f"{name}.json").read_bytes(), RECEIVED_AT_MS)
    parsed_item = parse_update(encode(item))
    assert isinstance(parsed_item, StatusItem)
    return parsed_item


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("sent", "service"),
        ("sent_utility", "utility"),
        ("delivered_with_pricing", "service"),
        ("read_with_pricing", "service"),
        ("sent_conversation_pricing", None),
        ("sent_free_entry_point", None),
        ("sent_without_pricing", None),
    ],
)
def test_only_what_meta_charges_is_billable(name: str, category: str | None) -> None:
    assert recorded_status(name).update.billable_category == category


@pytest.mark.parametrize(
    ("pricing", "category"),
    [
        ({"billable": True, "category": "authentication_international"}, "authentication_international"),
        ({"billable": True, "category": "authentication-international"}, "authentication_international"),
        ({"billable": True}, "other"),
        ({"billable": True, "category": None}, "other"),
        ({"billable": True, "category": 5}, "other"),
        ({"billable": True, "category": "a b; DROP"}, "other"),
        ({"billable": True, "category": "x" * 41}, "other"),
        ({"billable": True, "category": "hologram"}, "other"),
        ({"billable": True, "category": ["service"]}, "other"),
        ({"billable": True, "category": "marketing_lite"}, "marketing_lite"),
        ({"billable": True, "category": ""}, "other"),
        ({"billable": False, "category": "service"}, None),
        ({"billable": "true", "category": "service"}, None),
        ({"category": "service"}, None),
        ([], None),
        (None, None),
    ],
    ids=repr,
)
def test_every_charge_is_counted_under_a_sound_name(pricing: Any, category: str | None) -> None:
    assert updated(pricing=pricing).update.billable_category == category


@pytest.mark.parametrize(
    ("pricing", "charged", "free"),
    [
        ({"billable": False, "type": "free_customer_service", "category": "service"}, None, "service"),
        ({"billable": False, "type": "free_entry_point", "category": "marketing"}, None, "marketing"),
        ({"billable": False, "category": "hologram"}, None, "other"),
        ({"billable": True, "type": "free_customer_service", "category": "service"}, "service", None),
        ({"type": "regular", "category": "utility"}, "utility", None),
        ({"type": "free_customer_service", "category": "utility"}, None, "utility"),
        ({"type": "hologram", "category": "utility"}, None, None),
        ({"billable": "false", "type": "free_entry_point", "category": "service"}, None, None),
        ({"type": ["regular"]}, None, None),
        (None, None, None),
    ],
    ids=repr,
)
def test_what_meta_does_not_charge_is_told_apart(pricing: Any, charged: str | None, free: str | None) -> None:
    update = updated(pricing=pricing).update
    assert (update.billable_category, update.free_category) == (charged, free)


def test_a_failure_carries_metas_code_and_words() -> None:
    update = recorded_status("failed_131047").update
    assert update.failure is not None
    assert update.failure.code == 131047
    assert update.failure.title
    assert update.failure.details
    first = recorded_status("failed_several_errors").update.failure
    assert first is not None
    assert first.code == 131026
    assert recorded_status("failed_without_errors").update.failure is None


@pytest.mark.parametrize(
    ("errors", "failure"),
    [
        ([{"code": 131000, "title": "t", "error_data": {"details": "d"}}], Failure(131000, "t", "d")),
        ([{"code": "131000", "title": 5, "error_data": "d"}], Failure(None, "", "")),
        ([{}], Failure(None, "", "")),
        ([{"code": 10**60}], Failure(None, "", "")),
        ([{"code": -(10**9)}], Failure(None, "", "")),
        ([{"code": True}], Failure(None, "", "")),
        ([5], None),
        ({}, None),
        ("x", None),
    ],
    ids=repr,
)
def test_errors_in_any_form(errors: Any, failure: Failure | None) -> None:
    assert updated(name="failed", errors=errors).update.failure == failure


@pytest.mark.parametrize(
    ("given_data", "kept"),
    [
        ("c|p|answer", "c|p|answer"),
        ("x" * 512, "x" * 512),
        ("x" * 513, None),
        ("x" * 500_000, None),
        ("\U0001f600" * 512, None),
        ("c|p|\ud800", None),
        ("", None),
        (None, None),
        (5, None),
        ({}, None),
    ],
    ids=lambda case: repr(case)[:20],
)
def test_callback_data_name_the_reply(given_data: Any, kept: str | None) -> None:
    assert updated(biz_opaque_callback_data=given_data).update.reply_id == kept


@pytest.mark.parametrize(
    ("name", "recipient"),
    [
        ("failed_131050", CustomerIdentity(phone="16195550145")),
        ("delivered_to_bsuid", CustomerIdentity(user_id="US.13836573969880326015")),
        ("delivered_to_bsuid_with_empty_phone", CustomerIdentity(user_id="US.94986335165489679227")),
        ("sent_bsuid_in_recipient", CustomerIdentity(user_id="BR.14157340008023714788")),
    ],
)
def test_a_status_names_whom_it_was_sent_to(name: str, recipient: CustomerIdentity) -> None:
    assert recorded_status(name).update.recipient == recipient


@pytest.mark.parametrize("recipient_id", [None, "", 5, {}, "1" * 300, "\x00"], ids=repr)
def test_or_nobody(recipient_id: Any) -> None:
    assert updated(recipient_id=recipient_id).update.recipient is None


@pytest.mark.parametrize("name", [None, 5, [], "hologram"], ids=repr)
def test_a_status_of_any_name_goes_on(name: Any) -> None:
    item = updated(name=name)
    assert item.update.status == (name if isinstance(name, str) else "")
    assert item.update.at == RECEIVED_AT
    assert item.phone_number_id == NUMBER


@pytest.mark.parametrize(
    ("seconds", "at"),
    [
        (RECEIVED_AT_MS // 1000 - 60, RECEIVED_AT - timedelta(seconds=60)),
        (RECEIVED_AT_MS // 1000 + 60, RECEIVED_AT),
        (0, RECEIVED_AT - OLDEST_CREDIBLE),
        (-62_135_596_800, RECEIVED_AT - OLDEST_CREDIBLE),
        (99_999_999_999, RECEIVED_AT),
    ],
)
def test_a_status_reaches_no_other_month(seconds: int, at: datetime) -> None:
    assert updated(timestamp=str(seconds)).update.at == at


# What becomes of long and odd strings

ODD = ["\ud800", "a\x00b", "x" * 500_000, "\U0001f600" * 300]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:12])
def test_an_odd_user_id_is_none(odd: str) -> None:
    for head, contact in ({"from_user_id": odd}, {}), ({}, {"wa_id": PHONE, "user_id": odd}):
        [item] = split(body_with(messages=[text_message(**head)], contacts=[contact]), RECEIVED_AT_MS)
        sender = parse_inbox_item(encode(item)).message.sender
        assert (sender.phone, sender.user_id) == (PHONE, None)


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:12])
def test_an_odd_product_is_in_no_catalogue(odd: str) -> None:
    product = {"catalog_id": "1", "product_retailer_id": odd}
    assert message(context={"id": "wamid.1", "referred_product": product}).context == m.Context("wamid.1")


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:12])
def test_odd_names_of_account_field_and_status_are_clean_and_short(odd: str) -> None:
    body = envelope(entry(change(value(odd), field=odd), waba_id=odd))
    event = parse_update(encode(split(body, RECEIVED_AT_MS)[0]))
    assert isinstance(event, AccountEvent)
    for text, most in (
        (event.waba_id, 256),
        (event.phone_number_id or "", 256),
        (event.field, 128),
        (updated(name=odd).update.status, 64),
    ):
        assert 0 < len(text.encode()) <= most
        assert text.isprintable()


_odd_texts = st.one_of(
    st.text(st.characters(), max_size=12),
    st.text(st.characters(codec=None, categories=["Cs", "Cc", "So"]), min_size=1, max_size=300),
    st.builds(lambda text, times: text * times, st.sampled_from(["x", "\U0001f600", "\x00", "\ud800"]), st.just(2_000)),
)
_odd = st.one_of(_odd_texts, _odd_texts, json_values, st.integers())


def _holding(sound: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """The same object with anything in any of its places."""
    return st.fixed_dictionaries({name: st.just(part) | _odd for name, part in sound.items()})


_odd_contacts = _holding({"wa_id": PHONE, "user_id": "US.1", "profile": {"name": "Ruth"}})
_odd_messages = _holding(
    {
        **text_message("wamid.1", from_user_id="US.1", group_id="g"),
        "context": {"id": "wamid.0", "referred_product": {"catalog_id": "1", "product_retailer_id": "mug"}},
    }
)
_odd_statuses = st.builds(
    lambda head, error: {**head, "errors": [error]},
    _holding(
        {
            **status(),
            "biz_opaque_callback_data": f"{'a' * 24}|2026-11-16T12:00:00Z#{RECEIVED_AT_MS}#wamid.1|answer",
            "pricing": {"billable": True, "category": "service"},
        }
    ),
    _holding({"code": 131047, "title": "t", "error_data": {"details": "d"}}),
)
_odd_values = st.fixed_dictionaries(
    {
        "metadata": _holding({"phone_number_id": NUMBER}),
        "messages": st.lists(_odd_messages, max_size=2),
        "statuses": st.lists(_odd_statuses, max_size=2),
        "contacts": st.lists(_odd_contacts, max_size=2),
    },
    optional={"user_preferences": st.lists(_odd_contacts, max_size=2), "history": _odd, "errors": _odd},
)
_odd_changes = st.fixed_dictionaries(
    {"field": st.sampled_from(["messages", "messages", "user_preferences", "history"]) | _odd, "value": _odd_values}
)
_odd_bodies = st.builds(
    lambda waba_id, changes: envelope({"id": waba_id, "changes": changes}),
    st.just(WABA) | _odd,
    st.lists(_odd_changes, min_size=1, max_size=2),
)


def _sort_keys_and_strings(item: InboxItem | StatusItem | AccountEvent | MalformedItem) -> tuple[list[str], list[Any]]:
    """What stands in keys and indices, and what stands beside."""
    tenant_id = TenantId("t" * 40)
    match item:
        case InboxItem(message=message, phone_number_id=number):
            customer_id = message.sender.first_customer_id(tenant_id)
            position = m.position_of(message, message.received_at)
            reply = keys.reply(tenant_id, customer_id, position, ReplyPurpose.HANDOVER_NOTE)
            product = message.context and message.context.referred_product
            product_id = product.product_retailer_id if product else "mug"
            sender = message.sender
            return [reply["sk"], product_id, number, sender.key], [sender.phone, sender.user_id]
        case StatusItem(update=update, phone_number_id=number):
            parsed_id = parse_reply_id(update.reply_id)
            reply = keys.reply_of(tenant_id, parsed_id) if parsed_id else {"sk": ""}
            code = update.failure.code if update.failure else None
            event = keys.account_event(tenant_id, f"{update.message_id}:{update.status}")
            return [reply["sk"], event["sk"], number], [update.reply_id, update.billable_category, code]
        case AccountEvent():
            event = keys.account_event(tenant_id, item.event_id)
            return [event["sk"], item.waba_id, item.phone_number_id or ""], [item.field]
        case MalformedItem():
            return [keys.quarantined(item.update_id)["conversationId"]], []


@given(_odd_bodies)
def test_whatever_a_body_holds_keys_and_attributes_can_hold(body: bytes) -> None:
    for item in split(body, RECEIVED_AT_MS):
        parse = parse_inbox_item if item.queue is Queue.INBOX else parse_update
        in_keys, others = _sort_keys_and_strings(parse(encode(item)))
        assert all(len(text.encode()) <= 1_024 for text in in_keys)
        to_item({str(index): other for index, other in enumerate(others)})
        assert all(len(str(other).encode()) <= 1_024 for other in others)


# Everything else


def test_an_account_event_knows_account_and_field() -> None:
    [item] = split((EVENTS / "fields" / "account_update.json").read_bytes(), RECEIVED_AT_MS)
    event = parse_update(encode(item))
    assert isinstance(event, AccountEvent)
    assert (event.field, event.phone_number_id, event.event_id) == ("account_update", None, item.update_id)
    assert event.waba_id
    assert event.received_at == RECEIVED_AT


def test_a_field_with_a_number_knows_it() -> None:
    body = envelope(entry(change(value(user_preferences=[{"value": "stop"}]), field="user_preferences")))
    event = parse_update(encode(split(body, RECEIVED_AT_MS)[0]))
    assert isinstance(event, AccountEvent)
    assert (event.phone_number_id, event.waba_id) == (NUMBER, WABA)


def preferences(field: str = "user_preferences", **lists: Any) -> list[tuple[CustomerIdentity, OptOut]]:
    body = envelope(entry(change(value(**lists), field=field)))
    events = [parse_update(encode(item)) for item in split(body, RECEIVED_AT_MS)]
    return [told for event in events if isinstance(event, AccountEvent) for told in event.opt_outs]


@pytest.mark.parametrize(
    ("name", "identity", "opted_out", "since"),
    [
        ("user_preferences_stop", CustomerIdentity(phone="12065550119"), True, 1794829730),
        ("user_preferences_resume", CustomerIdentity(phone="13235550131"), False, 1794829827),
        ("user_preferences_stop_bsuid", CustomerIdentity(user_id="US.35451687303157770061"), True, 1794829924),
    ],
)
def test_a_preference_says_who_wants_offers(
    name: str, identity: CustomerIdentity, since: int, *, opted_out: bool
) -> None:
    [item] = split((EVENTS / "fields" / f"{name}.json").read_bytes(), RECEIVED_AT_MS)
    event = parse_update(encode(item))
    assert isinstance(event, AccountEvent)
    at = datetime.fromtimestamp(since, UTC)
    told = OptOut(opted_out, at, at, OptOutSource.USER_PREFERENCES, item.update_id)
    assert event.opt_outs == ((identity, told),)


STOP = {"category": "marketing_messages", "value": "stop", "timestamp": RECEIVED_AT_MS // 1000 - 60}


def test_each_of_several_preferences_counts() -> None:
    items = [STOP | {"wa_id": PHONE}, STOP | {"wa_id": "12025550152", "value": "resume"}]
    told = preferences(user_preferences=items)
    assert [(identity.phone, of.opted_out) for identity, of in told] == [(PHONE, True), ("12025550152", False)]
    assert len({of.cause for _, of in told}) == 2


def test_who_is_named_by_user_id_alone_is_found_under_the_number_too() -> None:
    contacts = [{"wa_id": "12025550199", "user_id": "US.2"}, {"wa_id": PHONE, "user_id": "US.1"}]
    [(identity, _)] = preferences(contacts=contacts, user_preferences=[STOP | {"user_id": "US.1"}])
    assert identity == CustomerIdentity(phone=PHONE, user_id="US.1")
    [(identity, _)] = preferences(contacts=contacts, user_preferences=[STOP | {"wa_id": "US.7"}])
    assert identity == CustomerIdentity(user_id="US.7")


@pytest.mark.parametrize("timestamp", [None, "soon", RECEIVED_AT_MS // 1000 + 3600, 10**30])
def test_a_preference_holds_from_its_receipt_at_the_latest(timestamp: Any) -> None:
    [(_, told)] = preferences(user_preferences=[STOP | {"wa_id": PHONE, "timestamp": timestamp}])
    assert told.since == told.told_at == RECEIVED_AT


@pytest.mark.parametrize(
    "change_in_it",
    [
        {"value": "pause"},
        {"value": None},
        {"value": ["stop"]},
        {"value": {}},
        {"category": "newsletters"},
        {"category": None},
        {"wa_id": None},
        {"wa_id": {}},
        {"wa_id": "1" * 300},
        {"wa_id": "US.\ud83d"},
        {"wa_id": "", "user_id": "US.\n"},
    ],
    ids=repr,
)
def test_a_preference_in_another_form_is_an_event_and_means_nothing(change_in_it: dict[str, Any]) -> None:
    assert preferences(user_preferences=[STOP | {"wa_id": PHONE} | change_in_it]) == []


@pytest.mark.parametrize("items", [None, "stop", {}, [None, "stop", 5, []]], ids=repr)
def test_nor_does_a_list_of_something_else(items: Any) -> None:
    assert preferences(user_preferences=items, contacts=[None, 5]) == []


def test_nor_another_field_that_looks_like_it() -> None:
    assert preferences(field="flows", user_preferences=[STOP | {"wa_id": PHONE}]) == []


@given(json_values, json_values)
def test_any_preference_is_read(items: Any, contacts: Any) -> None:
    preferences(user_preferences=items, contacts=contacts)
    preferences(user_preferences=[items], contacts=[contacts])


def test_a_field_named_like_one_of_ours_is_an_account_event() -> None:
    for field in ("message", "status", "malformed", "change"):
        event = parse_update(encode(split(envelope(entry(change({"a": 1}, field=field))), RECEIVED_AT_MS)[0]))
        assert isinstance(event, AccountEvent)
        assert event.field == field


def test_a_malformed_piece_is_kept() -> None:
    [item] = split(b"no JSON", RECEIVED_AT_MS)
    piece = parse_update(encode(item))
    assert isinstance(piece, MalformedItem)
    assert piece.update_id == item.update_id


# Records that this product did not write

SOUND_INBOX = json.loads(encode(split(body_with(messages=[text_message()]), RECEIVED_AT_MS)[0]))
SOUND_STATUS = json.loads(encode(split(body_with(statuses=[status()]), RECEIVED_AT_MS)[0]))
SOUND_CHANGE = json.loads(encode(split(envelope(entry(change({}, field="security"))), RECEIVED_AT_MS)[0]))


def refuses(parse: Any, record: Any) -> None:
    text = record if isinstance(record, str) else json.dumps(record)
    with pytest.raises(MalformedRecordError):
        parse(text)


@pytest.mark.parametrize(
    "text", ["", "x", "[]", "null", "{}", "[" * 100_000, '{"zlib": "eA=="}', '{"zlib": "eJwDAAAAAAE="}']
)
def test_what_is_no_record_is_malformed(text: str) -> None:
    refuses(parse_inbox_item, text)
    refuses(parse_update, text)


@pytest.mark.parametrize(
    "change_in_it",
    [
        {"message": None},
        {"message": []},
        {"message": {}},
        {"message": {"id": 5, "from": PHONE}},
        {"message": {"id": "wamid.1"}},
        {"contact": "x"},
        {"phone_number_id": None},
        {"phone_number_id": 5},
        {"received_at_ms": "now"},
        {"received_at_ms": 10**30},
        {"received_at_ms": 2**63},
    ],
    ids=repr,
)
def test_an_inbox_record_that_the_webhook_did_not_write_is_malformed(change_in_it: dict[str, Any]) -> None:
    refuses(parse_inbox_item, SOUND_INBOX | change_in_it)


@pytest.mark.parametrize("key", ["message", "phone_number_id", "received_at_ms"])
def test_an_inbox_record_needs_its_keys(key: str) -> None:
    refuses(parse_inbox_item, {name: part for name, part in SOUND_INBOX.items() if name != key})


@pytest.mark.parametrize("sound", [SOUND_STATUS, SOUND_CHANGE], ids=["status", "change"])
@pytest.mark.parametrize(
    "change_in_it",
    [
        {"status": "sent", "value": 5},
        {"status": {"id": 5}, "field": None},
        {"status": {}, "update_id": 5},
        {"received_at_ms": None},
        {"phone_number_id": {}},
    ],
    ids=repr,
)
def test_a_statuses_record_that_the_webhook_did_not_write_is_malformed(
    sound: dict[str, Any], change_in_it: dict[str, Any]
) -> None:
    refuses(parse_update, sound | change_in_it)


def parse_or_refuse(text: str) -> list[InboxItem | StatusItem | AccountEvent | MalformedItem]:
    found: list[InboxItem | StatusItem | AccountEvent | MalformedItem] = []
    for parse in (parse_inbox_item, parse_update):
        try:
            found.append(parse(text))
        except MalformedRecordError:
            continue
    return found


@given(st.text(st.characters()))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    parse_or_refuse(text)


@given(st.sampled_from([SOUND_INBOX, SOUND_STATUS, SOUND_CHANGE]), st.data())
def test_a_record_with_anything_in_any_place_is_parsed_or_refused(sound: dict[str, Any], data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(sound)))
    parse_or_refuse(json.dumps(sound | {key: data.draw(json_values)}))


@given(st.sampled_from(["message", "status"]), st.data())
def test_a_piece_with_anything_in_any_place_is_parsed_or_refused(key: str, data: st.DataObject) -> None:
    sound = SOUND_INBOX if key == "message" else SOUND_STATUS
    names = "id from from_user_id timestamp type text context referral group_id status pricing errors".split()
    odd = data.draw(st.dictionaries(st.sampled_from(names), json_values, max_size=3))
    parse_or_refuse(json.dumps(sound | {key: sound[key] | odd}))


@given(bodies)
def test_whatever_the_webhook_writes_can_be_read(body: bytes) -> None:
    for item in split(body, RECEIVED_AT_MS):
        if item.queue is Queue.INBOX:
            assert parse_inbox_item(encode(item)).message.message_id == item.update_id
        else:
            assert parse_update(encode(item))
