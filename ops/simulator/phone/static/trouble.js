// Order trouble from the desk: the next send fails, webhooks come twice or in disorder.

import * as api from "./api.js";
import { h } from "./dom.js";

const FAULTS = [
  ["Refuse it: undeliverable (131026)", { kind: "error", code: 131026 }],
  ["Refuse it: rate limit (130429)", { kind: "error", code: 130429 }],
  ["Refuse it: token expired (190)", { kind: "error", code: 190, http_status: 401 }],
  ["Answer HTTP 500", { kind: "http_500" }],
  ["Never answer (time-out)", { kind: "timeout", seconds: 30 }],
  ["Accept it, then hang up", { kind: "reset_after_accept" }],
];
const box = document.getElementById("trouble");

export async function startTrouble() {
  draw(await api.getFaults());
}

function draw({ faults, webhooks }) {
  const choice = h(
    "select",
    { class: "field", "aria-label": "What happens to the next send" },
    FAULTS.map(([label], index) => h("option", { value: String(index) }, label)),
  );
  const order = async () => draw(await api.orderFaults({ faults: [FAULTS[Number(choice.value)][1]] }));
  const change = (options) => async () => draw(await api.orderFaults({ webhooks: { ...webhooks, ...options } }));
  const toggle = (label, checked, options) =>
    h(
      "label",
      { class: "check" },
      h("input", { type: "checkbox", ...(checked ? { checked: true } : {}), onchange: change(options) }),
      h("span", {}, label),
    );
  const isTwice = webhooks.duplicate > 1;
  const isMixed = webhooks.disorder > 1;
  box.replaceChildren(
    h("label", { class: "labelled" }, "The assistant's next send", choice),
    h("button", { type: "button", class: "desk-button", onclick: order }, "Arm"),
    toggle("Every webhook twice", isTwice, { duplicate: isTwice ? 1 : 2 }),
    toggle("Webhooks in disorder", isMixed, { disorder: isMixed ? 1 : 5 }),
    toggle("Delivery statuses", webhooks.statuses, { statuses: !webhooks.statuses }),
    ...(faults.length
      ? [
          h(
            "p",
            { class: "armed", role: "status" },
            `Armed: ${faults.map((fault) => fault.kind.replaceAll("_", " ")).join(", ")} `,
            h("button", { type: "button", class: "ask", onclick: async () => draw(await api.clearFaults()) }, "Disarm"),
          ),
        ]
      : []),
  );
}
