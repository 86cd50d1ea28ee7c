"""The platform's secret as an operator changes it: read, and replaced by a new version."""

from __future__ import annotations

import json

from botocore.exceptions import ClientError

from adapters.aws_clients import client, translated
from adapters.platform_secret import object_in, platform_secrets
from domain.intake import PlatformSecrets
from domain.rotate_platform_secret import KeptSecrets

_CURRENT, _PENDING = "AWSCURRENT", "AWSPENDING"


class SecretsManagerPlatformSecret:
    def __init__(self, name: str) -> None:
        self._name = name

    def current(self) -> KeptSecrets:
        with translated("read the platform secret"):
            told = client("secretsmanager").get_secret_value(SecretId=self._name, VersionStage=_CURRENT)
        secrets = platform_secrets(told.get("SecretString") or "", self._name)
        return KeptSecrets(secrets, told["VersionId"], told["CreatedDate"])

    def replace(self, seen: KeptSecrets, secrets: PlatformSecrets) -> bool:
        """A version that waits, and then the one label moved to it, from the version that was seen and no other."""
        with translated("change the platform secret"):
            manager = client("secretsmanager")
            before = manager.get_secret_value(SecretId=self._name, VersionId=seen.version)
            values = object_in(before.get("SecretString") or "", self._name) | {
                "app_secret": secrets.app_secret,
                "previous_app_secret": secrets.previous_app_secret,
                "verify_token": secrets.verify_token,
            }
            made = manager.put_secret_value(
                SecretId=self._name, SecretString=json.dumps(values), VersionStages=[_PENDING]
            )
            try:
                manager.update_secret_version_stage(
                    SecretId=self._name,
                    VersionStage=_CURRENT,
                    MoveToVersionId=made["VersionId"],
                    RemoveFromVersionId=seen.version,
                )
            except ClientError as error:
                if error.response["Error"]["Code"] != "InvalidParameterException":
                    raise
                return False
        return True
