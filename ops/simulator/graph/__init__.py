"""The Graph API as a business sees it."""
