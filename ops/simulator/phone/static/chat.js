// An open chat.

import { bubble } from "./bubbles.js";
import { composer } from "./composer.js";
import { avatar, h, icon } from "./dom.js";
import { numberOf, state } from "./state.js";
import { day } from "./words.js";

// Meta shows a typing indicator this long at the most.
const TYPING_MS = 25_000;

let log = null;
let subtitle = null;
let typing = null;
let typingTimer = 0;

// The composer grows by what the next message refers to.
document.addEventListener("composer-context", () => requestAnimationFrame(scrollDown));

/** The screen of a chat; `leave` goes back to the list. */
export function chatScreen(leave) {
  const number = numberOf(state.open);
  log = h("ol", { class: "log", role: "log", "aria-label": `Chat with ${number.tenant_name}`, tabindex: "0" });
  subtitle = h("span", { class: "bar-subtitle" }, number.display_phone_number);
  typing = h(
    "li",
    { class: "line theirs typing", hidden: true, "aria-label": "typing" },
    h(
      "div",
      { class: "bubble" },
      h("span", { class: "dot" }),
      h("span", { class: "dot" }),
      h("span", { class: "dot" }),
    ),
  );
  const bar = h(
    "header",
    { class: "bar" },
    h("button", { type: "button", class: "round on-bar", "aria-label": "Back to chats", onclick: leave }, icon("back")),
    avatar(number.tenant_name),
    h("span", { class: "bar-text" }, h("h2", { class: "bar-title" }, number.tenant_name), subtitle),
  );
  return [bar, log, composer()];
}

/** Draw the whole chat anew. */
export function drawChat() {
  const lines = [];
  let previousDay = "";
  for (const message of state.messages.values()) {
    if (message.type === "reaction") continue;
    const itsDay = day(message.timestamp);
    if (itsDay !== previousDay) lines.push(h("li", { class: "day" }, itsDay));
    previousDay = itsDay;
    lines.push(bubble(message));
  }
  if (!lines.length) lines.push(h("li", { class: "hint" }, "Say hello: the seller's assistant answers here."));
  log.replaceChildren(...lines, typing);
  scrollDown();
}

/** Draw one message that is new or has changed. */
export function drawMessage(message) {
  if (message.direction === "outbound" && message.statuses.length === 1) showTyping(false);
  if (message.type === "reaction") redrawBubble(message.content?.message_id);
  else if (!redrawBubble(message.id)) append(message);
}

/** Only the new line is added, so that a screen reader reads only that. */
function append(message) {
  const previous = [...state.messages.values()].filter((other) => other.type !== "reaction").at(-2);
  if (!previous || day(previous.timestamp) !== day(message.timestamp)) return drawChat();
  typing.before(bubble(message));
  return scrollDown();
}

export function showTyping(isTyping) {
  if (!typing) return;
  clearTimeout(typingTimer);
  typing.hidden = !isTyping;
  subtitle.textContent = isTyping ? "typing…" : numberOf(state.open).display_phone_number;
  if (isTyping) {
    typingTimer = setTimeout(() => showTyping(false), TYPING_MS);
    scrollDown();
  }
}

function redrawBubble(id) {
  const old = log.querySelector(`[data-id="${CSS.escape(id ?? "")}"]`);
  if (!old) return false;
  const wasAtEnd = isAtEnd();
  old.replaceWith(bubble(state.messages.get(id)));
  if (wasAtEnd) scrollDown();
  return true;
}

const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 80;

function scrollDown() {
  if (!log) return;
  log.scrollTop = log.scrollHeight;
}
