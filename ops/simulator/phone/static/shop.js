// The seller's catalogue on the phone: look at products, fill a cart, order.

import { h, icon } from "./dom.js";
import { closeSheet, openSheet } from "./sheet.js";
import { cartOf, numberOf, state, write } from "./state.js";
import { price } from "./words.js";

export function productOf(phoneNumberId, retailerId) {
  const known = numberOf(phoneNumberId)?.products.find((product) => String(product.retailer_id) === retailerId);
  return known ?? { retailer_id: retailerId, title: retailerId, price: null };
}

export const priceOf = (product) =>
  product.price === null || product.price === undefined ? "" : price(product.price, product.currency);

/** A square that stands for a product's picture. */
export function picture(product) {
  const tint = [...String(product.retailer_id)].reduce((sum, character) => sum + character.codePointAt(0), 0) % 6;
  return h("span", { class: `product-picture tint-${tint}`, "aria-hidden": "true" }, icon("shop"));
}

/** Open the shop with all products, or with the sections of a product message: [{title, products}]. */
export function openShop(phoneNumberId, title, sections) {
  const cart = cartOf(phoneNumberId);
  const shown = sections ?? [{ title: "", products: numberOf(phoneNumberId).products }];
  const total = h("span", { class: "cart-total", role: "status" });
  const order = h(
    "button",
    { type: "button", class: "primary", onclick: () => sendOrder(phoneNumberId) },
    "Send order",
  );
  const refresh = () => {
    const lines = linesOf(phoneNumberId);
    order.disabled = lines.length === 0;
    total.textContent = lines.length ? `${count(lines)} · ${sum(lines)}` : "Your cart is empty";
  };
  const body = shown.map((section) => [
    section.title ? h("h3", { class: "section-title" }, section.title) : null,
    h(
      "ul",
      { class: "products" },
      section.products.map((product) => row(product, cart, refresh)),
    ),
  ]);
  const empty = shown.every((section) => section.products.length === 0)
    ? h("p", { class: "hint" }, "This seller's catalogue is empty.")
    : null;
  openSheet(
    title,
    h("div", { class: "sheet-body" }, ...body.flat(), empty),
    h("footer", { class: "sheet-foot cart-foot" }, total, order),
  );
  refresh();
}

function row(product, cart, refresh) {
  const id = String(product.retailer_id);
  const quantity = h("output", { class: "quantity" }, String(cart.get(id) ?? 0));
  const change = (step) => () => {
    const next = Math.max(0, Math.min(99, (cart.get(id) ?? 0) + step));
    if (next) cart.set(id, next);
    else cart.delete(id);
    quantity.textContent = String(next);
    refresh();
  };
  return h(
    "li",
    { class: "product-row" },
    picture(product),
    h(
      "span",
      { class: "product-text" },
      h("span", { class: "product-title" }, product.title),
      h("span", { class: "product-price" }, priceOf(product)),
      h("button", { type: "button", class: "ask", onclick: () => ask(product) }, "Ask about it"),
    ),
    h(
      "span",
      { class: "stepper" },
      h(
        "button",
        { type: "button", class: "round", "aria-label": `One ${product.title} less`, onclick: change(-1) },
        icon("minus"),
      ),
      quantity,
      h(
        "button",
        { type: "button", class: "round", "aria-label": `One ${product.title} more`, onclick: change(1) },
        icon("plus"),
      ),
    ),
  );
}

function ask(product) {
  state.askAbout = product;
  state.replyTo = null;
  closeSheet();
  document.dispatchEvent(new Event("composer-context"));
}

function linesOf(phoneNumberId) {
  return [...cartOf(phoneNumberId)].map(([retailerId, quantity]) => ({
    product: productOf(phoneNumberId, retailerId),
    quantity,
  }));
}

const count = (lines) => {
  const items = lines.reduce((all, line) => all + line.quantity, 0);
  return items === 1 ? "1 item" : `${items} items`;
};
const sum = (lines) =>
  price(
    lines.reduce((all, line) => all + line.quantity * Number(line.product.price ?? 0), 0),
    lines[0].product.currency,
  );

async function sendOrder(phoneNumberId) {
  const product_items = linesOf(phoneNumberId).map(({ product, quantity }) => ({
    product_retailer_id: String(product.retailer_id),
    quantity,
    item_price: Number(product.price ?? 0),
    currency: product.currency ?? "USD",
  }));
  cartOf(phoneNumberId).clear();
  closeSheet();
  await write(phoneNumberId, { type: "order", order: { product_items } });
}
