"""template.yaml after the SAM transform, as CloudFormation would see it."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ops.errors import OpsError

_HASHED = {"AWS::Lambda::LayerVersion", "AWS::ApiGateway::Deployment", "AWS::Lambda::Version"}
_HASH = re.compile(r"[0-9a-f]{10}$")
# Folders are uploaded when one deploys; where to, the audit need not know. The transform asks for an address of S3.
_FOLDERS = ("CodeUri", "ContentUri", "DefinitionUri")
_UPLOADED = "s3://uploaded/"
_PUBLISHED = re.compile(r"^ +AutoPublish\w+:.*\n", re.MULTILINE)


def transformed(template: Path, parameters: Mapping[str, str], region: str, *, aliases: bool = True) -> dict[str, Any]:
    return transform(_read(template, aliases=aliases), parameters, region)


def without_aliases(template: str) -> str:
    """For the local AWS: SAM takes no condition on an alias, and ministack gives it no parameters to decide by."""
    return _PUBLISHED.sub("", template)


def transform(written: dict[str, Any], parameters: Mapping[str, str], region: str) -> dict[str, Any]:
    """By SAM's own translator, with the deployment's parameters."""
    from samtranslator.model.exceptions import InvalidDocumentException  # type: ignore[import-untyped]
    from samtranslator.translator.transform import transform as sam  # type: ignore[import-untyped]

    for properties in _with_folders(written):
        for name in _FOLDERS:
            if isinstance(properties.get(name), str) and not properties[name].startswith("s3://"):
                properties[name] = f"{_UPLOADED}{properties[name]}"
    logging.getLogger("samtranslator").setLevel(logging.ERROR)  # of its own metrics and features, it warns at will
    before = os.environ.get("AWS_DEFAULT_REGION")
    os.environ["AWS_DEFAULT_REGION"] = region  # by which the translator knows the partition
    try:
        made: dict[str, Any] = sam(written, dict(parameters), _NoNamedPolicies())
    except InvalidDocumentException as error:
        causes = "; ".join(str(cause.message) for cause in error.causes)
        raise OpsError(f"the template is not valid: {causes}", "`sam validate --lint` says more") from error
    finally:
        os.environ.pop("AWS_DEFAULT_REGION")
        if before is not None:
            os.environ["AWS_DEFAULT_REGION"] = before
    return made


class _NoNamedPolicies:
    """The template names its policies by their ARNs or writes them out, so that IAM's list is never asked for."""

    def load(self) -> dict[str, str]:
        return {}


def stable_id(logical_id: str, resource_type: str) -> str:
    """SAM puts a hash of the content behind some names, by which each deployment makes a new one."""
    return _HASH.sub("", logical_id) if resource_type in _HASHED else logical_id


def _with_folders(written: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (part for part in written.get("Globals", {}).values() if isinstance(part, dict))
    yield from (resource.get("Properties", {}) for resource in written["Resources"].values())


def _read(template: Path, *, aliases: bool) -> dict[str, Any]:
    from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

    try:
        text = template.read_text(encoding="utf-8")
        return dict(yaml_parse(text if aliases else without_aliases(text)))
    except FileNotFoundError as error:
        raise OpsError(f"{template} is missing", "run the command from a checkout of the repository") from error
