// What the page knows. The server keeps the chats; this browser only remembers which customer it is.

import * as api from "./api.js";

const CUSTOMER = "simulator.customer";

export const state = {
  numbers: [],
  customers: [],
  customer: null,
  chats: [],
  // phone_number_id of the open chat, or null on the list of chats.
  open: null,
  messages: new Map(),
  // How this page is known to the server, told by its event stream.
  viewer: null,
  // The message that the composer replies to, and the product it asks about.
  replyTo: null,
  askAbout: null,
  // Per number: retailer id → quantity.
  carts: new Map(),
};

export async function load() {
  [state.numbers, state.customers, state.chats] = await Promise.all([
    api.getNumbers(),
    api.getCustomers(),
    api.getChats(),
  ]);
  const remembered = localStorage.getItem(CUSTOMER);
  state.customer = state.customers.find((customer) => customer.key === remembered) ?? state.customers[0] ?? null;
}

export function become(customer) {
  state.customer = customer;
  state.carts.clear();
  localStorage.setItem(CUSTOMER, customer.key);
}

export const numberOf = (phoneNumberId) => state.numbers.find((number) => number.phone_number_id === phoneNumberId);
export const nameOf = (customer) => customer.profile_name || customer.username || customer.key;
export const isHere = (message) => message.customer === state.customer?.key;
export const isInOpenChat = (message) => isHere(message) && message.phone_number_id === state.open;
export const hasBeen = (message, status) => message.statuses.some((change) => change.status === status);

export function cartOf(phoneNumberId) {
  if (!state.carts.has(phoneNumberId)) state.carts.set(phoneNumberId, new Map());
  return state.carts.get(phoneNumberId);
}

export async function loadTranscript() {
  const messages = await api.getTranscript(state.open, state.customer.key);
  state.messages = new Map(messages.map((message) => [message.id, message]));
}

/** Take in a new or changed message. */
export function take(message) {
  const others = state.chats.filter(
    (chat) => chat.phone_number_id !== message.phone_number_id || chat.customer !== message.customer,
  );
  const known = state.chats.find((chat) => chat.id === message.id);
  const isNewest = !state.chats.some(
    (chat) => !others.includes(chat) && chat.timestamp > message.timestamp && chat !== known,
  );
  if (isNewest) state.chats = [message, ...others];
  if (isInOpenChat(message)) state.messages.set(message.id, message);
}

/** Send a message as the customer of this phone. */
export function write(phoneNumberId, message) {
  const { customer } = state;
  return api.write({
    phone_number_id: phoneNumberId,
    from: customer.wa_id,
    user_id: customer.user_id,
    username: customer.username,
    profile_name: customer.profile_name,
    ...message,
  });
}
