"""Templates as Meta tells them: with an example for every placeholder."""

from typing import Any

import pytest

from ops.simulator.template_examples import with_example


@pytest.mark.parametrize(
    ("component", "parameter_format", "example"),
    [
        (
            {"type": "BODY", "text": "Hi {{1}}, order {{2}}, {{1}}"},
            "POSITIONAL",
            {"body_text": [["example 1", "example 2"]]},
        ),
        ({"type": "HEADER", "format": "TEXT", "text": "Order {{1}}"}, "POSITIONAL", {"header_text": ["example 1"]}),
        (
            {"type": "BODY", "text": "Hi {{ name }}"},
            "NAMED",
            {"body_text_named_params": [{"param_name": "name", "example": "example name"}]},
        ),
        (
            {"type": "HEADER", "format": "IMAGE"},
            "POSITIONAL",
            {"header_handle": ["https://scontent.whatsapp.net/v/t61.29466-34/example"]},
        ),
    ],
)
def test_a_placeholder_has_an_example(component: dict[str, Any], parameter_format: str, example: Any) -> None:
    assert with_example(component, parameter_format) == {**component, "example": example}


@pytest.mark.parametrize(
    "component",
    [
        {"type": "BODY", "text": "No placeholder"},
        {"type": "FOOTER", "text": "Casa Verde"},
        {"type": "HEADER", "format": "LOCATION"},
        {"type": "BODY", "text": "Hi {{1}}", "example": {"body_text": [["Ana"]]}},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Yes"}]},
    ],
)
def test_what_needs_no_example_or_has_one_stays_as_it_is(component: dict[str, Any]) -> None:
    assert with_example(component, "POSITIONAL") == component


@pytest.mark.parametrize(
    ("button", "example"),
    [
        (
            {"type": "URL", "text": "Track", "url": "https://shop.example/{{1}}"},
            ["https://shop.example/example"],
        ),
        ({"type": "COPY_CODE", "text": "Copy the code"}, ["EXAMPLE25"]),
    ],
)
def test_a_link_with_a_placeholder_and_a_code_have_an_example(button: dict[str, Any], example: list[str]) -> None:
    [told] = with_example({"type": "BUTTONS", "buttons": [button]}, "POSITIONAL")["buttons"]
    assert told == {**button, "example": example}
