// Interactive messages: buttons and lists to press, links, products.

import { h, icon } from "./dom.js";
import { mediaAddress } from "./api.js";
import { closeSheet, openSheet } from "./sheet.js";
import { openShop, picture, priceOf, productOf } from "./shop.js";
import { write } from "./state.js";
import { formatted } from "./words.js";

export function interactive(message) {
  const { content } = message;
  if (content?.button_reply || content?.list_reply) return reply(content.button_reply ?? content.list_reply);
  const actions = ACTIONS[content?.type];
  if (!actions) return [h("p", { class: "note" }, `Interactive message of type ${content?.type ?? "unknown"}`)];
  return [
    interactiveHeader(content.header),
    content.type === "product" ? card(message) : null,
    content.body ? h("p", { class: "words", dir: "auto" }, formatted(content.body.text)) : null,
    content.footer ? h("p", { class: "footer", dir: "auto" }, content.footer.text) : null,
    h("div", { class: "actions" }, actions(message)),
  ];
}

const ACTIONS = { button: buttons, list, cta_url: link, product: viewProduct, product_list: viewProducts };

function reply({ title, description }) {
  return [
    h("p", { class: "words", dir: "auto" }, title),
    description ? h("p", { class: "footer", dir: "auto" }, description) : null,
  ];
}

export function interactiveHeader(content) {
  if (!content) return null;
  if (content.type === "text") return h("p", { class: "heading", dir: "auto" }, content.text);
  const media = content[content.type] ?? {};
  if (content.type === "image" && media.id)
    return h("img", { class: "media-image", src: mediaAddress(media.id), alt: "Photo" });
  return h(
    "span",
    { class: "media-missing" },
    icon(content.type === "document" ? "document" : "photo"),
    h("span", {}, media.link ?? content.type),
  );
}

const action = (name, label, onclick) =>
  h("button", { type: "button", class: "action", onclick }, name ? icon(name) : null, label);

/** The customer's answer refers to the message whose button was pressed. */
function answer(message, kind, details) {
  return write(message.phone_number_id, {
    type: "interactive",
    interactive: { type: kind, [kind]: details },
    context: { id: message.id },
  });
}

function buttons(message) {
  return message.content.action.buttons.map(({ reply: { id, title } }) =>
    action("reply", title, () => answer(message, "button_reply", { id, title })),
  );
}

function list(message) {
  return [action("list", message.content.action.button, () => openList(message))];
}

function openList(message) {
  const choose =
    ({ id, title, description }) =>
    () => {
      closeSheet();
      answer(message, "list_reply", { id, title, ...(description ? { description } : {}) });
    };
  const sections = message.content.action.sections.map((section) => [
    section.title ? h("h3", { class: "section-title" }, section.title) : null,
    h(
      "ul",
      { class: "rows" },
      section.rows.map((row) =>
        h(
          "li",
          {},
          h(
            "button",
            { type: "button", class: "row", onclick: choose(row) },
            h("span", { class: "row-title" }, row.title),
            row.description ? h("span", { class: "row-description" }, row.description) : null,
          ),
        ),
      ),
    ),
  ]);
  openSheet(message.content.action.button, h("div", { class: "sheet-body" }, ...sections.flat()));
}

function link({ content }) {
  const { url, display_text } = content.action.parameters;
  return [
    h("a", { class: "action", href: url, target: "_blank", rel: "noopener noreferrer" }, icon("link"), display_text),
  ];
}

function card({ content, phone_number_id }) {
  const product = productOf(phone_number_id, content.action.product_retailer_id);
  return h(
    "span",
    { class: "product-card" },
    picture(product),
    h(
      "span",
      { class: "product-text" },
      h("span", { class: "product-title" }, product.title),
      h("span", { class: "product-price" }, priceOf(product)),
    ),
  );
}

function viewProduct({ content, phone_number_id }) {
  const product = productOf(phone_number_id, content.action.product_retailer_id);
  return [action("shop", "View", () => openShop(phone_number_id, product.title, [{ title: "", products: [product] }]))];
}

function viewProducts({ content, phone_number_id }) {
  const sections = content.action.sections.map((section) => ({
    title: section.title ?? "",
    products: section.product_items.map((item) => productOf(phone_number_id, item.product_retailer_id)),
  }));
  return [action("shop", "View items", () => openShop(phone_number_id, content.header?.text ?? "Items", sections))];
}
