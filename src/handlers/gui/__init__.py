"""The seller's pages, one module for each area. Each shows what the API tells, from the same use cases."""
