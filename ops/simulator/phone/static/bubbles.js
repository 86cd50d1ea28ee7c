// One message as a bubble: quote, content, time, ticks, reactions, and its menu.

import { contentOf } from "./content.js";
import { h, icon } from "./dom.js";
import { closeSheet, openSheet } from "./sheet.js";
import { hasBeen, numberOf, state, write } from "./state.js";
import { summary, time } from "./words.js";

const EMOJI = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
const LONG_PRESS_MS = 450;

/** The customer's own messages stand on the right. */
export function bubble(message) {
  const side = message.direction === "inbound" ? "mine" : "theirs";
  const element = h(
    "li",
    { class: `line ${side}`, "data-id": message.id },
    h(
      "div",
      { class: `bubble bubble-${message.type}` },
      quote(message),
      ...contentOf(message),
      h("span", { class: "meta" }, h("time", {}, time(message.timestamp)), ticks(message)),
      menuButton(message),
    ),
    failure(message),
    reactions(message),
  );
  onLongPress(element.firstChild, () => openMenu(message));
  return element;
}

function quote(message) {
  const product = message.context?.referred_product;
  if (product)
    return h(
      "div",
      { class: "quote" },
      h("span", { class: "quote-who" }, "Product"),
      h("span", {}, product.product_retailer_id),
    );
  const quoted = state.messages.get(message.context?.id);
  if (!quoted) return null;
  const who = quoted.direction === "inbound" ? "You" : numberOf(quoted.phone_number_id).tenant_name;
  return h(
    "div",
    { class: "quote" },
    h("span", { class: "quote-who" }, who),
    h("span", { class: "quote-words", dir: "auto" }, summary(quoted)),
  );
}

const TICKS = {
  accepted: ["clock", "Accepted", "waiting"],
  sent: ["tick", "Sent", "grey"],
  delivered: ["ticks", "Delivered", "grey"],
  read: ["ticks", "Read", "blue"],
  failed: ["warning", "Failed", "red"],
};

function ticks(message) {
  const [name, label, colour] = TICKS[message.status] ?? TICKS.sent;
  return h(
    "span",
    { class: `ticks ${colour}`, role: "img", "aria-label": label, title: label },
    icon(name, "icon tick"),
  );
}

function failure(message) {
  const errors = message.statuses.flatMap((change) => change.errors ?? []);
  if (!hasBeen(message, "failed")) return null;
  const words = errors.map(
    (error) => `${error.title ?? error.message ?? "Failed"} (${error.code}). ${error.error_data?.details ?? ""}`,
  );
  return h("p", { class: "failure" }, icon("warning"), h("span", {}, words.join(" ") || "Not delivered"));
}

/** The latest reaction of either side; an empty one takes the earlier back. */
function reactions(message) {
  const latest = new Map();
  for (const other of state.messages.values()) {
    if (other.type === "reaction" && other.content?.message_id === message.id)
      latest.set(other.direction, other.content.emoji);
  }
  const emoji = [...latest.values()].filter(Boolean);
  return emoji.length ? h("span", { class: "reactions", "aria-label": "Reactions" }, emoji.join(" ")) : null;
}

function menuButton(message) {
  return h(
    "button",
    { type: "button", class: "bubble-menu", "aria-label": "Reply or react", onclick: () => openMenu(message) },
    icon("more"),
  );
}

function openMenu(message) {
  const react = (emoji) => () => {
    closeSheet();
    write(message.phone_number_id, { type: "reaction", reaction: { message_id: message.id, emoji } });
  };
  const replyTo = () => {
    state.replyTo = message;
    state.askAbout = null;
    closeSheet();
    document.dispatchEvent(new Event("composer-context"));
  };
  openSheet(
    "Message",
    h(
      "div",
      { class: "sheet-body" },
      h(
        "div",
        { class: "emoji-row" },
        EMOJI.map((emoji) =>
          h(
            "button",
            { type: "button", class: "emoji", "aria-label": `React with ${emoji}`, onclick: react(emoji) },
            emoji,
          ),
        ),
      ),
      h(
        "button",
        { type: "button", class: "row with-icon", onclick: replyTo },
        icon("reply"),
        h("span", { class: "row-title" }, "Reply"),
      ),
      h(
        "button",
        { type: "button", class: "row with-icon", onclick: react("") },
        icon("close"),
        h("span", { class: "row-title" }, "Take my reaction back"),
      ),
    ),
  );
}

function onLongPress(element, act) {
  let timer = 0;
  const cancel = () => clearTimeout(timer);
  element.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") timer = setTimeout(act, LONG_PRESS_MS);
  });
  for (const end of ["pointerup", "pointercancel", "pointermove"]) element.addEventListener(end, cancel);
}
