// Dates, prices, and the short form of a message.

import { h } from "./dom.js";

export const time = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

export function day(seconds) {
  const date = new Date(seconds * 1000);
  const today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (date.toDateString() === today.toDateString()) return "Today";
  if (date.toDateString() === yesterday.toDateString()) return "Yesterday";
  return date.toLocaleDateString([], { day: "numeric", month: "long", year: "numeric" });
}

export function price(amount, currency) {
  try {
    return new Intl.NumberFormat([], { style: "currency", currency }).format(amount);
  } catch {
    return `${amount} ${currency ?? ""}`.trim();
  }
}

export const number = (wa_id) => `+${wa_id}`;

const NAMES = {
  image: "Photo",
  video: "Video",
  audio: "Voice message",
  document: "Document",
  sticker: "Sticker",
  location: "Location",
  contacts: "Contact",
  order: "Order",
  template: "Template",
};

/** A message in one line, for the list of chats and for quotes. */
export function summary({ type, content }) {
  if (type === "text") return content?.body ?? "";
  if (type === "reaction") return content?.emoji ? `Reacted ${content.emoji}` : "Took a reaction back";
  if (type === "button") return content?.text ?? "Button";
  if (type === "interactive") return interactiveSummary(content ?? {});
  if (type === "template") return `Template ${content?.name ?? ""}`;
  return content?.caption || content?.filename || NAMES[type] || `Message of type ${type}`;
}

function interactiveSummary(interactive) {
  return (
    interactive.button_reply?.title ?? interactive.list_reply?.title ?? interactive.body?.text ?? "Interactive message"
  );
}

// WhatsApp's own marks, and addresses; the marks must not touch a space inside.
const MARKS = /(\*\S(?:[^*\n]*\S)?\*|_\S(?:[^_\n]*\S)?_|~\S(?:[^~\n]*\S)?~|```[^`]+```|https?:\/\/[^\s]+)/u;

/** Text with *bold*, _italic_, ~struck~, ```code``` and links, as nodes. */
export function formatted(text) {
  return String(text ?? "")
    .split(MARKS)
    .map((piece, index) => (index % 2 ? marked(piece) : piece));
}

function marked(piece) {
  if (/^https?:/.test(piece)) return h("a", { href: piece, target: "_blank", rel: "noopener noreferrer" }, piece);
  if (piece.startsWith("```")) return h("code", {}, piece.slice(3, -3));
  const tag = { "*": "strong", _: "em", "~": "s" }[piece[0]];
  return h(tag, {}, piece.slice(1, -1));
}
