// Where the customer writes: text, reply context, and quick inserts.

import { upload } from "./api.js";
import { h, icon } from "./dom.js";
import { closeSheet, openSheet } from "./sheet.js";
import { openShop } from "./shop.js";
import { numberOf, state, write } from "./state.js";
import { summary } from "./words.js";

const INSERTS = [
  ["photo", "Photo", { type: "image", image: { caption: "Do you have this one?" } }],
  ["voice", "Voice message", { type: "audio", audio: {} }],
  [
    "location",
    "Location",
    {
      type: "location",
      location: { latitude: 38.7139, longitude: -9.1394, name: "Praça do Comércio", address: "Lisboa, Portugal" },
    },
  ],
  [
    "person",
    "Contact",
    {
      type: "contacts",
      contacts: [
        {
          name: { formatted_name: "Rui Almeida", first_name: "Rui" },
          phones: [{ phone: "+1 202-555-0178", wa_id: "12025550178", type: "CELL" }],
        },
      ],
    },
  ],
  ["sticker", "Sticker", { type: "sticker", sticker: {} }],
  ["document", "Document", { type: "document", document: { filename: "wish-list.pdf" } }],
];

export function composer() {
  const field = h("textarea", {
    class: "compose-field",
    rows: "1",
    maxlength: "4096",
    placeholder: "Message",
    "aria-label": "Message",
    dir: "auto",
  });
  const context = h("div", { class: "compose-context", hidden: true });
  const send = () => {
    const body = field.value.trim();
    if (!body) return;
    write(state.open, { type: "text", text: { body }, ...takeContext() });
    field.value = "";
    grow(field);
    showContext(context);
  };
  field.addEventListener("input", () => grow(field));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
  });
  const onContext = () => {
    if (!field.isConnected) return document.removeEventListener("composer-context", onContext);
    showContext(context);
    field.focus();
  };
  document.addEventListener("composer-context", onContext);
  return h(
    "footer",
    { class: "composer" },
    context,
    h(
      "div",
      { class: "compose-row" },
      h("button", { type: "button", class: "round", "aria-label": "Attach", onclick: openInserts }, icon("plus")),
      field,
      h(
        "button",
        { type: "button", class: "round send", "aria-label": "Send", onclick: send },
        icon("send", "icon filled"),
      ),
    ),
  );
}

function grow(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 120)}px`;
}

/** What the next message refers to; it is used up by it. */
function takeContext() {
  const { replyTo, askAbout } = state;
  state.replyTo = state.askAbout = null;
  if (replyTo) return { context: { id: replyTo.id } };
  if (!askAbout) return {};
  const catalog_id = numberOf(state.open).catalog_id ?? "";
  return { context: { referred_product: { catalog_id, product_retailer_id: String(askAbout.retailer_id) } } };
}

function showContext(context) {
  const words = state.replyTo ? summary(state.replyTo) : state.askAbout?.title;
  context.hidden = !words;
  if (!words) return;
  const drop = () => {
    takeContext();
    showContext(context);
  };
  context.replaceChildren(
    h(
      "span",
      { class: "quote" },
      h("span", { class: "quote-who" }, state.replyTo ? "Reply to" : "About"),
      h("span", { class: "quote-words", dir: "auto" }, words),
    ),
    h("button", { type: "button", class: "round", "aria-label": "Do not refer to it", onclick: drop }, icon("close")),
  );
}

function openInserts() {
  const tile = (name, label, onclick) =>
    h(
      "button",
      { type: "button", class: "tile", onclick },
      h("span", { class: `tile-icon tile-${name}` }, icon(name)),
      label,
    );
  const insert = (message) => () => {
    closeSheet();
    write(state.open, { ...message, ...takeContext() });
  };
  const picker = h("input", { type: "file", hidden: true, "aria-label": "A file of your own" });
  picker.addEventListener("change", async () => {
    const [file] = picker.files;
    const chat = state.open;
    closeSheet();
    if (file) write(chat, { ...(await ownFile(chat, file)), ...takeContext() });
  });
  const shop = () => openShop(state.open, numberOf(state.open).tenant_name);
  openSheet(
    "Attach",
    h(
      "div",
      { class: "sheet-body tiles" },
      INSERTS.map(([name, label, message]) => tile(name, label, insert(message))),
      tile("shop", "Shop", shop),
      tile("document", "Your own file", () => picker.click()),
      picker,
    ),
  );
}

/** A message that carries a file from this computer, of the type that a phone would make of it. */
async function ownFile(chat, file) {
  const { id } = await upload(chat, file);
  const kind = file.type.split("/")[0];
  if (["image/jpeg", "image/png"].includes(file.type)) return { type: "image", image: { id } };
  if (kind === "audio") return { type: "audio", audio: { id, voice: true } };
  if (kind === "video") return { type: "video", video: { id } };
  return { type: "document", document: { id, filename: file.name } };
}
