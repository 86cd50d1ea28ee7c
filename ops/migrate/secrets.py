"""Access tokens that the earlier system kept in its rows go where tokens belong."""

from __future__ import annotations

from collections.abc import Mapping

from botocore.exceptions import ClientError

from adapters.aws_clients import client, translated


def keep_secrets(secrets: Mapping[str, str]) -> None:
    """One that is there already is newer."""
    for name, token in secrets.items():
        with translated("keep an access token"):
            try:
                client("secretsmanager").create_secret(Name=name, SecretString=token)
            except ClientError as error:
                if error.response["Error"]["Code"] != "ResourceExistsException":
                    raise
