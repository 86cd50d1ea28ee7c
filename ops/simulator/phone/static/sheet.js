// A sheet that rises over the phone's screen: menu, list, cart, form.

import { h, icon } from "./dom.js";

const layer = document.getElementById("sheet-layer");
const screen = document.getElementById("screen");
let returnFocusTo = null;

export function openSheet(title, ...children) {
  returnFocusTo ??= document.activeElement;
  const sheet = h(
    "section",
    { class: "sheet", role: "dialog", "aria-label": title },
    h(
      "header",
      { class: "sheet-head" },
      h("h2", { class: "sheet-title" }, title),
      h("button", { type: "button", class: "round", "aria-label": "Close", onclick: closeSheet }, icon("close")),
    ),
    ...children,
  );
  layer.replaceChildren(h("div", { class: "sheet-backdrop", onclick: closeSheet }), sheet);
  layer.hidden = false;
  screen.inert = true;
  (
    sheet.querySelector("[data-first]") ??
    sheet.querySelector(".sheet-body button, .sheet-body input") ??
    sheet.querySelector("button")
  ).focus();
}

export function closeSheet() {
  if (layer.hidden) return;
  layer.hidden = true;
  layer.replaceChildren();
  screen.inert = false;
  returnFocusTo?.focus?.();
  returnFocusTo = null;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeSheet();
});
