// Whose phone this is: the switcher, and a form for a new customer.

import * as api from "./api.js";
import { avatar, h, icon } from "./dom.js";
import { closeSheet, openSheet } from "./sheet.js";
import { nameOf, state } from "./state.js";
import { number } from "./words.js";

// Numbers 555-01xx are reserved for fiction.
const fictionalNumber = () => `1202555${String(100 + Math.floor(Math.random() * 100)).padStart(4, "0")}`;
const fictionalUserId = () => `US.${Array.from({ length: 16 }, () => Math.floor(Math.random() * 10)).join("")}`;

const addressOf = (customer) =>
  customer.wa_id ? number(customer.wa_id) : `@${customer.username ?? customer.user_id} · no number shared`;

/** The rows of customers; `choose` is called with the one that is pressed. */
export function customerRows(choose) {
  return state.customers.map((customer) =>
    h(
      "li",
      {},
      h(
        "button",
        {
          type: "button",
          class: "person",
          "aria-pressed": String(customer.key === state.customer?.key),
          onclick: () => choose(customer),
        },
        avatar(nameOf(customer)),
        h(
          "span",
          { class: "person-text" },
          h("span", { class: "person-name" }, nameOf(customer)),
          h("span", { class: "person-address" }, addressOf(customer)),
        ),
      ),
    ),
  );
}

export function openSwitcher(choose) {
  const choice = (customer) => {
    closeSheet();
    choose(customer);
  };
  openSheet(
    "Whose phone is this?",
    h("div", { class: "sheet-body" }, h("ul", { class: "people" }, customerRows(choice))),
    h(
      "footer",
      { class: "sheet-foot" },
      h("button", { type: "button", class: "primary", onclick: () => openForm(choose) }, icon("plus"), "New customer"),
    ),
  );
}

export function openForm(choose) {
  const name = h("input", {
    class: "field",
    name: "name",
    required: true,
    maxlength: "60",
    autocomplete: "off",
    "data-first": true,
  });
  const wa_id = h("input", {
    class: "field",
    name: "number",
    inputmode: "numeric",
    pattern: "[0-9]{7,15}",
    required: true,
    autocomplete: "off",
    value: fictionalNumber(),
  });
  const hidden = h("input", { type: "checkbox", name: "hidden" });
  const numberField = h("label", { class: "labelled" }, "Phone number, digits with country code", wa_id);
  hidden.addEventListener("change", () => {
    wa_id.disabled = hidden.checked;
  });
  const submit = async (event) => {
    event.preventDefault();
    const identity = hidden.checked
      ? { user_id: fictionalUserId(), username: name.value.toLowerCase().replace(/\W+/g, ".") }
      : { wa_id: wa_id.value };
    const customer = await api.addCustomer({ profile_name: name.value, ...identity });
    state.customers = await api.getCustomers();
    closeSheet();
    choose(customer);
  };
  openSheet(
    "New customer",
    h(
      "form",
      { class: "sheet-form", onsubmit: submit },
      h("label", { class: "labelled" }, "Name", name),
      numberField,
      h("label", { class: "check" }, hidden, h("span", {}, "Uses a username: the seller sees no phone number")),
      h("button", { type: "submit", class: "primary" }, "Create customer"),
    ),
  );
}
