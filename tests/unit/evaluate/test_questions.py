from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from domain.tenants import TenantId
from ops.errors import OpsError
from ops.evaluate import questions
from ops.evaluate.questions import Category, Outcome
from ops.local import demo_data


@pytest.mark.parametrize("tenant_id", questions.tenants())
def test_each_set_is_large_enough_and_covers_every_category_in_three_languages(tenant_id: TenantId) -> None:
    asked = questions.of_tenant(tenant_id)
    assert len(asked) >= 60
    assert len({question.language for question in asked}) == 3
    assert len({question.id for question in asked}) == len(asked)
    for category in Category:
        languages = Counter(question.language for question in asked if question.category is category)
        assert len(languages) == 3, category
        assert languages.total() >= 8, category


@pytest.mark.parametrize("tenant_id", questions.tenants())
def test_what_is_expected_is_in_the_catalogue(tenant_id: TenantId) -> None:
    products = {str(product.product_id): product for product in demo_data.catalogue(tenant_id) if product.active}
    for question in questions.of_tenant(tenant_id):
        for product_id in question.products:
            assert products[product_id].in_stock is not question.says_out_of_stock, question.id
        assert bool(question.products) is (question.outcome == (Outcome.ANSWER,)), question.id


def test_a_shop_without_questions_is_told() -> None:
    with pytest.raises(OpsError, match="no questions for nobody"):
        questions.of_tenant(TenantId("nobody"))


def test_a_line_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "acme.jsonl").write_text('{"id": "x"}\n')
    with pytest.raises(OpsError, match=r"acme\.jsonl, line 1"):
        questions.of_tenant(TenantId("acme"), tmp_path)
