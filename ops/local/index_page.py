"""The front's first page: where to write as a customer, and where everything else is."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ops.local.front_config import FrontConfig

_STYLE = """
:root { color-scheme: light dark; --ink: #14211d; --soft: #51615b; --page: #eef1f0; --card: #fff; --line: #d5dcd9;
  --brand: #0b6b5a; --on-brand: #fff }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edea; --soft: #a3b2ac; --page: #0f1614; --card: #18211e;
  --line: #2d3a35; --brand: #2fae93; --on-brand: #06211b } }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--page) }
main { max-width: 46rem; margin: 0 auto; padding: 2.5rem 1.25rem }
h1 { font-size: 1.75rem; margin: 0 0 .25rem }
h2 { font-size: 1.05rem; margin: 0 0 .75rem }
p { margin: 0 0 1rem; color: var(--soft) }
section { background: var(--card); border: 1px solid var(--line); border-radius: .9rem; padding: 1.25rem;
  margin: 1rem 0 }
a.phone { display: inline-block; background: var(--brand); color: var(--on-brand); padding: .7rem 1.2rem;
  border-radius: .6rem; font-weight: 600; text-decoration: none }
a.phone:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.25rem; margin: 0 }
dt { color: var(--soft) } dd { margin: 0; overflow-wrap: anywhere }
code { font: .92em ui-monospace, monospace }
@media (max-width: 480px) { dl { grid-template-columns: 1fr } dd { margin-bottom: .5rem } }
"""


def index_page(config: FrontConfig) -> str:
    address = f"http://127.0.0.1:{config.port}"
    listed = [number for number in config.simulator.numbers if number.listed]
    sellers = {number.tenant_name: f"phone_number_id {number.phone_number_id}" for number in listed}
    places = {
        "Pages": f"{address}/",
        "Operator's pages": f"{address}/operator",
        "API": f"{address}/api/v1",
        "Webhook": f"{address}/webhook",
        "Graph API": f"{address}/graph/{config.simulator.graph_version}",
        "What sellers' webhooks heard": f"{address}/local/webhooks",
        "Simulator's control API": f"{address}/simulator",
        "AWS_ENDPOINT_URL": config.aws_endpoint_url,
        "Stack": config.stack_name,
    }
    return f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>AI Marketplace: the local stack</title><link rel="icon" href="data:,"><style>{_STYLE}</style></head>
<body><main>
<h1>AI Marketplace Assistant</h1>
<p>The whole product, on this machine. Nothing you do here leaves it.</p>
<section><h2>Be a customer</h2>
<p>Write to a seller; the answer comes through the real functions.</p>
<a class="phone" href="/phone">Open the phone</a></section>
<section><h2>Be a seller</h2>
<p>Log in as one of the users that <code>make local</code> printed.</p>
<a class="phone" href="/">Open the pages</a></section>
<section><h2>Sellers</h2>{_listed(sellers)}</section>
<section><h2>Where everything is</h2>{_listed(places)}</section>
<p><code>ai-marketplace local status</code> says how it is; <code>ai-marketplace local down</code> stops it.</p>
</main></body>
</html>
"""


def _listed(entries: dict[str, str]) -> str:
    rows = (
        f"<dt>{html.escape(name)}</dt><dd><code>{html.escape(value)}</code></dd>" for name, value in entries.items()
    )
    return f"<dl>{''.join(rows)}</dl>"
