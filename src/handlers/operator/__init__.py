"""The operator's pages. An area is a module `<area>_pages.py` with a `router`, which stands in `resolver.ROUTERS`; who
asks, ports and cursors come as the API's do, answers as the seller's pages' do.
"""
