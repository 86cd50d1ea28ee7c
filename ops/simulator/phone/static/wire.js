// The developer's panel: webhooks posted and Graph API calls received, newest first.

import * as api from "./api.js";
import { h } from "./dom.js";

const MOST = 200;
const list = document.getElementById("wire");
const tabs = document.getElementById("wire-tabs");
const VIEWS = [
  ["messages", "Messages", (item) => item.kind === "webhook" && item.isMessage],
  ["statuses", "Statuses", (item) => item.kind === "webhook" && !item.isMessage],
  ["sends", "Sends", (item) => item.kind === "send"],
  ["all", "All", () => true],
];
let items = [];
let view = "all";

export async function startWire() {
  const [webhooks, sends] = await Promise.all([api.getWebhooks(), api.getSends()]);
  items = [...webhooks.map(ofWebhook), ...sends.map(ofSend)].sort((one, other) => other.at - one.at).slice(0, MOST);
  draw();
}

export function addWebhook(webhook) {
  add(ofWebhook(webhook));
}

export function addSend(send) {
  add(ofSend(send));
}

function add(item) {
  items = [item, ...items].slice(0, MOST);
  if (!VIEWS.find(([name]) => name === view)[2](item)) return;
  list.prepend(row(item));
  while (list.children.length > MOST) list.lastElementChild.remove();
}

function ofWebhook(webhook) {
  const value = webhook.body.entry?.[0]?.changes?.[0]?.value ?? {};
  const tries = webhook.attempt > 1 ? ` · try ${webhook.attempt}` : "";
  const ok = webhook.status_code === 200;
  return {
    kind: "webhook",
    at: webhook.at,
    isMessage: !value.statuses,
    title: webhook.subject + tries,
    route: value.statuses ? "status" : "webhook",
    ok,
    verdict: String(webhook.status_code ?? webhook.answer),
    took: `${webhook.elapsed_ms} ms`,
    body: webhook.body,
  };
}

function ofSend(send) {
  const title = send.body?.status === "read" ? "read receipt" : (send.body?.type ?? "send");
  const verdict = send.error ? String(send.error.code) : send.outcome.replace("_", " ");
  return {
    kind: "send",
    at: send.at,
    title,
    route: "send",
    ok: !send.error && send.outcome !== "lost",
    verdict,
    took: send.fault ? `fault: ${send.fault}` : send.error ? (send.error.error_data?.details ?? send.error.message) : "",
    body: send.error ? { request: send.body, error: send.error } : send.body,
  };
}

function draw() {
  tabs.replaceChildren(
    ...VIEWS.map(([name, label]) =>
      h(
        "button",
        { type: "button", class: "tab", "aria-pressed": String(name === view), onclick: () => choose(name) },
        label,
      ),
    ),
  );
  const chosen = items.filter(VIEWS.find(([name]) => name === view)[2]);
  list.replaceChildren(...chosen.map(row));
}

function choose(name) {
  view = name;
  draw();
  tabs.querySelector('[aria-pressed="true"]').focus();
}

/** The JSON is made only when a row is opened. */
function row(item) {
  const body = h("pre", { class: "wire-body", tabindex: "0" });
  const details = h(
    "details",
    { class: "wire-item" },
    h(
      "summary",
      {},
      h(
        "span",
        { class: `route route-${item.route}` },
        item.route === "send" ? "API" : item.route === "status" ? "status" : "webhook",
      ),
      h("span", { class: "wire-title" }, item.title),
      h("span", { class: `verdict ${item.ok ? "good" : "bad"}` }, item.verdict),
      h(
        "span",
        { class: "wire-when" },
        [new Date(item.at * 1000).toLocaleTimeString(), item.took].filter(Boolean).join(" · "),
      ),
    ),
    body,
  );
  details.addEventListener("toggle", () => {
    body.textContent = details.open ? JSON.stringify(item.body, null, 2) : "";
  });
  return h("li", {}, details);
}
