// The inside of a bubble, by message type.

import { mediaAddress } from "./api.js";
import { avatar, h, icon } from "./dom.js";
import { interactive } from "./interactive.js";
import { picture, productOf } from "./shop.js";
import { template } from "./template.js";
import { formatted, price, summary } from "./words.js";

const RENDERERS = {
  text,
  image,
  video,
  audio,
  document: file,
  sticker,
  location,
  contacts,
  interactive,
  button,
  order,
  template,
  system,
  unsupported,
};

/** Nodes for the content of a message; a type that nobody knows is shown by its name. */
export function contentOf(message) {
  return (RENDERERS[message.type] ?? unknown)(message);
}

function text({ content }) {
  return [h("p", { class: "words", dir: "auto" }, formatted(content?.body))];
}

const caption = (content) =>
  content.caption ? h("p", { class: "words", dir: "auto" }, formatted(content.caption)) : null;

function image({ content }) {
  return [shown(content, "Photo", "media-image"), caption(content)];
}

function sticker({ content }) {
  return [shown(content, "Sticker", "media-sticker")];
}

/** A picture by id; one that lies elsewhere, or was forgotten, is only named: the page loads nothing from outside. */
function shown(content, name, className) {
  const missing = () =>
    h(
      "span",
      { class: "media-missing" },
      icon("photo"),
      h("span", {}, content.link ? `${name}: ${content.link}` : name),
    );
  if (!content.id) return missing();
  const element = h("img", { class: className, src: mediaAddress(content.id), alt: name });
  element.addEventListener("error", () => element.replaceWith(missing()));
  return element;
}

function video({ content }) {
  return [
    h("span", { class: "media-video" }, h("span", { class: "play" }, icon("play", "icon filled"))),
    caption(content),
  ];
}

function audio() {
  const bars = Array.from({ length: 28 }, (_, index) =>
    h("span", { class: `bar bar-${(index * 7 + index * index) % 6}` }),
  );
  return [
    h(
      "span",
      { class: "voice", role: "img", "aria-label": "Voice message" },
      h("span", { class: "play" }, icon("play", "icon filled")),
      h("span", { class: "wave" }, bars),
      h("span", { class: "length" }, "0:07"),
    ),
  ];
}

function file({ content }) {
  const name = content.filename ?? "Document";
  return [h("span", { class: "file" }, icon("document"), h("span", { class: "file-name" }, name)), caption(content)];
}

function location({ content }) {
  const place = content.name || "Shared location";
  const address = content.address || `${content.latitude}, ${content.longitude}`;
  return [
    h("span", { class: "map" }, icon("location", "icon pin")),
    h("p", { class: "place" }, h("strong", {}, place), h("span", {}, address)),
  ];
}

function contacts({ content }) {
  return content.map((contact) => {
    const name = contact.name?.formatted_name ?? "Contact";
    return h(
      "span",
      { class: "contact" },
      avatar(name),
      h("span", { class: "contact-text" }, h("strong", {}, name), h("span", {}, contact.phones?.[0]?.phone ?? "")),
    );
  });
}

function button({ content }) {
  return [h("p", { class: "words", dir: "auto" }, content.text)];
}

function order({ content, phone_number_id }) {
  const lines = content.product_items ?? [];
  const total = lines.reduce((sum, line) => sum + line.quantity * line.item_price, 0);
  return [
    h("p", { class: "order-title" }, icon("shop"), h("strong", {}, "Order")),
    h(
      "ul",
      { class: "order-lines" },
      lines.map((line) => {
        const product = productOf(phone_number_id, line.product_retailer_id);
        return h(
          "li",
          {},
          picture(product),
          h("span", { class: "order-name" }, `${line.quantity} × ${product.title}`),
          h("span", { class: "order-price" }, price(line.quantity * line.item_price, line.currency)),
        );
      }),
    ),
    h(
      "p",
      { class: "order-total" },
      h("span", {}, "Estimated total"),
      h("strong", {}, price(total, lines[0]?.currency ?? "USD")),
    ),
    content.text ? h("p", { class: "words", dir: "auto" }, content.text) : null,
  ];
}

function system({ content }) {
  return [h("p", { class: "note" }, content?.body ?? "Something about this customer changed")];
}

function unsupported() {
  return [h("p", { class: "note" }, "A message that the business's API cannot show")];
}

function unknown(message) {
  return [h("p", { class: "note" }, summary(message))];
}
