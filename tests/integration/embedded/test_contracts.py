"""The embedded AWS keeps the contracts that moto keeps: what is proved on it, is proved on tables."""

from tests.integration.test_contracts import *  # noqa: F403 (all of them)

del TestMediaLibrary  # noqa: F821 (S3 is not modelled)
