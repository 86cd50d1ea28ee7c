// The list of chats: one row for each seller.

import { avatar, h, icon } from "./dom.js";
import { hasBeen, isHere, nameOf, state } from "./state.js";
import { day, summary, time } from "./words.js";

export function chatListScreen(open, switchCustomer) {
  const bar = h(
    "header",
    { class: "bar bar-list" },
    h("h2", { class: "bar-title" }, "Chats"),
    state.customer
      ? h(
          "button",
          {
            type: "button",
            class: "who",
            "aria-label": `You are ${nameOf(state.customer)}. Change`,
            onclick: switchCustomer,
          },
          avatar(nameOf(state.customer)),
          h("span", {}, nameOf(state.customer)),
          icon("more"),
        )
      : null,
  );
  return [
    bar,
    h(
      "ul",
      { class: "chats" },
      state.numbers.map((number) => row(number, open)),
    ),
  ];
}

function row(number, open) {
  const last = state.chats.find((chat) => isHere(chat) && chat.phone_number_id === number.phone_number_id);
  const isNew = last?.direction === "outbound" && !hasBeen(last, "read") && !hasBeen(last, "failed");
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: "chat-row", onclick: () => open(number.phone_number_id) },
      avatar(number.tenant_name, "avatar large"),
      h(
        "span",
        { class: "chat-text" },
        h(
          "span",
          { class: "chat-top" },
          h("span", { class: "chat-name" }, number.tenant_name),
          last ? h("time", { class: "chat-time" }, when(last.timestamp)) : null,
        ),
        h(
          "span",
          { class: "chat-bottom" },
          h("span", { class: "chat-last", dir: "auto" }, last ? summary(last) : number.display_phone_number),
          isNew ? h("span", { class: "unread", role: "img", "aria-label": "New message" }) : null,
        ),
      ),
    ),
  );
}

const when = (seconds) => (day(seconds) === "Today" ? time(seconds) : day(seconds));
