"""What is deployed: the template, the local section of samconfig.toml, the sources."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ops.declared.transform import without_aliases
from ops.errors import OpsError
from ops.local.places import REPOSITORY

_CODE_URI = re.compile(r"""^(?P<key>\s*CodeUri:\s*)(?:\./)?src/?(?P<rest>\s*(?:#.*)?)$""", re.MULTILINE)
_LAYER_URI = re.compile(
    r"""^(?P<key>\s*ContentUri:\s*)(?:\./)?layers/(?P<layer>[a-z-]+)/?(?P<rest>\s*(?:#.*)?)$""", re.MULTILINE
)


@dataclass(frozen=True)
class Project:
    root: Path = REPOSITORY

    @property
    def sources(self) -> Path:
        return self.root / "src"

    def layers(self) -> list[str]:
        """By the names of their folders, as the template has them."""
        return sorted({found["layer"] for found in _LAYER_URI.finditer(self.template())})

    def layer_requirements(self, layer: str) -> Path:
        return self.root / "layers" / layer / "requirements.txt"

    def template(self) -> str:
        return without_aliases(_read(self.root / "template.yaml"))

    def template_with_code(self, uri: str, layer_uris: Mapping[str, str]) -> str:
        """As `sam package` leaves it: addresses in place of the folders, nothing else touched."""
        template, replaced = _CODE_URI.subn(lambda match: f"{match['key']}{uri}{match['rest']}", self.template())
        if not replaced:
            raise OpsError("template.yaml has no `CodeUri: src`", "the fast deployment puts the artifact in its place")
        return _LAYER_URI.sub(lambda match: f"{match['key']}{layer_uris[match['layer']]}{match['rest']}", template)

    def stack_name(self) -> str:
        return str(self._local_parameters().get("stack_name", "ai-marketplace-local"))

    def region(self) -> str:
        return str(self._local_parameters().get("region", "us-east-1"))

    def parameters(self) -> dict[str, str]:
        """The template's parameters as `sam deploy --config-env local` would give them."""
        return parse_overrides(self._local_parameters().get("parameter_overrides", ""))

    def _local_parameters(self) -> dict[str, Any]:
        config = tomllib.loads(_read(self.root / "samconfig.toml")).get("local", {})
        return {
            **config.get("global", {}).get("parameters", {}),
            **config.get("deploy", {}).get("parameters", {}),
        }


def parse_overrides(overrides: str | list[str]) -> dict[str, str]:
    """SAM takes one string of Key=Value pairs with shell quotes, or a list of pairs."""
    pairs = shlex.split(overrides) if isinstance(overrides, str) else overrides
    return dict(_pair(pair) for pair in pairs)


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise OpsError(f"samconfig.toml: `{text}` in parameter_overrides is not Key=Value")
    return key, value


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise OpsError(f"{path} is missing", "run the command from a checkout of the repository") from error
