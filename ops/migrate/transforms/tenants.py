"""A legacy tenant becomes a profile, the row of its number, and a secret for its access token."""

from __future__ import annotations

from datetime import UTC, datetime

from adapters.dynamodb_tenants import number_row, profile_row
from adapters.dynamodb_values import time_text
from domain.tenants import PhoneNumberId, Tenant, TenantId, TenantStatus, WhatsAppNumber
from ops.migrate.legacy import LegacyRow, tenant_of
from ops.migrate.rows import ASIDE, TargetRow, Transformed, Unfit
from ops.migrate.transforms.context import Context

_EVER = datetime.fromtimestamp(0, UTC)
_SUSPENDED = frozenset("suspended inactive disabled cancelled canceled deleted paused".split())
_CURRENCY, _LANGUAGE = 3, 2


def tenant(row: LegacyRow, context: Context) -> Transformed:
    tenant_id = tenant_of(row.text("tenantId", "tenant_id", "id"))
    version = time_text(row.time("updatedAt", "lastUpdated", "updated_at", "createdAt", "created_at") or _EVER)
    seller = _seller(row, tenant_id)
    phone_number_id = row.text("phoneNumberId", "whatsappPhoneNumberId", "whatsAppPhoneNumberId", "phone_number_id")
    groups: list[tuple[TargetRow, ...]] = []
    secrets: dict[str, str] = {}
    waba_id = row.text("wabaId", "whatsappBusinessAccountId", "businessAccountId", "waba_id")
    unfit = []
    if phone_number_id and not waba_id:
        unfit.append(Unfit(f"number {phone_number_id} has no wabaId: connect it to the tenant, then copy again"))
    elif phone_number_id:
        number, secrets = _number(row, seller, PhoneNumberId(phone_number_id), context)
        groups.append((TargetRow("tenants", number_row(number), version),))
    profile = {**profile_row(seller), ASIDE: row.rest()}
    return Transformed([(TargetRow("tenants", profile, version),), *groups], unfit, secrets)


def _seller(row: LegacyRow, tenant_id: TenantId) -> Tenant:
    status, active = row.text("status", "state"), row.flag("active", "isActive", "enabled")
    suspended = (status or "").lower() in _SUSPENDED or active is False
    currency = (row.text("currency", "defaultCurrency") or "USD").upper()
    language = (row.text("language", "defaultLanguage", "locale") or "en")[:_LANGUAGE].lower()
    keywords = row.take("escalationKeywords", "handoffKeywords")
    return Tenant(
        tenant_id=tenant_id,
        name=row.text("name", "businessName", "companyName", "tenantName", "displayName") or tenant_id,
        status=TenantStatus.SUSPENDED if suspended else TenantStatus.ACTIVE,
        language=language if language.isalpha() else "en",
        currency=currency if currency.isalpha() and len(currency) == _CURRENCY else "USD",
        timezone=row.text("timezone", "timeZone") or "UTC",
        plan=row.text("plan", "tier", "subscriptionTier", "subscriptionPlan") or "standard",
        escalation_keywords=tuple(map(str, keywords)) if isinstance(keywords, (list, set)) else (),
    )


def _number(
    row: LegacyRow, seller: Tenant, phone_number_id: PhoneNumberId, context: Context
) -> tuple[WhatsAppNumber, dict[str, str]]:
    secret = context.access_token_secret(seller.tenant_id, phone_number_id)
    token = row.text("accessToken", "whatsappAccessToken", "whatsAppAccessToken", "access_token")
    number = WhatsAppNumber(
        tenant=seller,
        phone_number_id=phone_number_id,
        waba_id=row.text("wabaId", "whatsappBusinessAccountId", "businessAccountId", "waba_id") or "",
        display_phone_number=row.text("displayPhoneNumber", "whatsappNumber", "phoneNumber", "phone") or "",
        access_token_secret=secret,
        catalog_id=row.text("catalogId", "catalog_id"),
    )
    return number, {secret: token} if token else {}
