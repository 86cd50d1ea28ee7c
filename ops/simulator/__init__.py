"""A simulator of Meta's WhatsApp Cloud API: Graph API, webhooks, and a customer's phone in the browser.

graph/     what a business calls: messages, media, numbers, with Meta's checks, limits and error bodies
outgoing/  the shapes and limits of what a business may send
webhooks/  what Meta posts to the business: signed, retried, and duplicated or disordered on request
control/   the API by which a demo, a test or the phone page plays the customer and orders faults
phone/     the page that shows a customer's phone

The remaining modules hold what these share; `app.py` puts everything together. Run it alone, and see its own help, with
`python -m ops.simulator --help`.
"""
