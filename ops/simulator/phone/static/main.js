// The page: which screen is shown, and what arrives.

import * as api from "./api.js";
import { chatScreen, drawChat, drawMessage, showTyping } from "./chat.js";
import { chatListScreen } from "./chat_list.js";
import { customerRows, openForm, openSwitcher } from "./customers.js";
import { icon } from "./dom.js";
import { become, isInOpenChat, load, loadTranscript, numberOf, state, take } from "./state.js";
import { startTrouble } from "./trouble.js";
import { addSend, addWebhook, startWire } from "./wire.js";

const TOAST_MS = 5_000;
const screen = document.getElementById("screen");
const live = document.getElementById("live");

// The fragment of the address is never sent to a server.
const chatInAddress = () => location.hash.match(/^#chat\/(.+)$/)?.[1] ?? null;
const openChat = (phoneNumberId) => {
  location.hash = `chat/${phoneNumberId}`;
};
const leave = () => {
  location.hash = "";
};

async function show() {
  const wanted = chatInAddress();
  state.open = numberOf(wanted) && state.customer ? wanted : null;
  state.replyTo = state.askAbout = null;
  if (state.open) {
    screen.replaceChildren(...chatScreen(leave));
    await loadTranscript();
    drawChat();
    screen.querySelector(".compose-field").focus({ preventScroll: true });
  } else {
    showList();
  }
  tellPresence();
}

function showList() {
  screen.replaceChildren(...chatListScreen(openChat, () => openSwitcher(choose)));
}

function choose(customer) {
  become(customer);
  showPeople();
  show();
}

function showPeople() {
  document.getElementById("people").replaceChildren(...customerRows(choose));
}

/** What arrives in a chat that is looked at is read at once. */
function tellPresence() {
  if (!state.viewer) return;
  const isLooking = state.open && document.visibilityState === "visible";
  api.look(state.viewer, isLooking ? { phone_number_id: state.open, customer: state.customer.key } : {});
}

const HANDLERS = {
  hello({ viewer }) {
    const isBack = state.viewer !== null;
    state.viewer = viewer;
    tellPresence();
    if (isBack) refresh();
  },
  message({ message }) {
    take(message);
    if (isInOpenChat(message)) drawMessage(message);
    else if (!state.open) showList();
  },
  typing(event) {
    if (isInOpenChat(event)) showTyping(true);
  },
  webhook: ({ webhook }) => addWebhook(webhook),
  send({ send }) {
    addSend(send);
    // The fault was used up.
    if (send.fault) startTrouble();
  },
  reset: () => location.reload(),
};

/** After a pause of the event stream: whatever was missed. */
async function refresh() {
  const before = JSON.stringify([...state.messages.values()]);
  state.chats = await api.getChats();
  if (!state.open) return showList();
  await loadTranscript();
  return JSON.stringify([...state.messages.values()]) === before ? undefined : drawChat();
}

function showLive(isLive) {
  live.textContent = isLive ? "live" : "reconnecting";
  live.classList.toggle("on", isLive);
}

function showClock() {
  document.getElementById("clock").textContent = new Date().toLocaleTimeString([], {
    hour: "2-digit",
    minute: "2-digit",
  });
}

/** Nobody handles a lost connection better than the person who sees it. */
function showToast(words) {
  const toast = document.getElementById("toast");
  toast.textContent = words;
  toast.hidden = false;
  setTimeout(() => {
    toast.hidden = true;
  }, TOAST_MS);
}

async function start() {
  window.addEventListener("unhandledrejection", () =>
    showToast("That did not reach the simulator. Is it still running?"),
  );
  await load();
  showPeople();
  await show();
  document.getElementById("new-customer").addEventListener("click", () => openForm(choose));
  document.getElementById("status-icons").append(icon("signal"));
  window.addEventListener("hashchange", show);
  document.addEventListener("visibilitychange", tellPresence);
  showClock();
  setInterval(showClock, 10_000);
  api.follow((event) => HANDLERS[event.kind]?.(event), showLive);
  await Promise.all([startWire(), startTrouble()]);
}

start();
