// The control API of the simulator. Bodies carry the phone numbers: addresses end up in logs.

const BASE = "../simulator";

async function call(method, path, body) {
  const response = await fetch(BASE + path, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path.split("?")[0]}: ${response.status}`);
  return response.status === 204 ? null : response.json();
}

export const getNumbers = async () => (await call("GET", "/numbers")).numbers;
export const getCustomers = async () => (await call("GET", "/customers")).customers;
export const getChats = async () => (await call("GET", "/chats")).chats;
export const getSends = async () => (await call("GET", "/sends")).sends;
export const getWebhooks = async () => (await call("GET", "/webhooks")).webhooks;
export const getFaults = () => call("GET", "/faults");
export const clearFaults = () => call("DELETE", "/faults");
export const orderFaults = (order) => call("POST", "/faults", order);
export const addCustomer = (customer) => call("POST", "/customers", customer);
export const look = (viewer, chat) => call("POST", "/presence", { viewer, ...chat });
export const write = (message) => call("POST", "/messages", message);

/** A file of the customer's own; `write` then sends it by its id. */
export async function upload(phoneNumberId, file) {
  const query = new URLSearchParams({ phone_number_id: phoneNumberId });
  const headers = { "Content-Type": file.type || "application/octet-stream" };
  const response = await fetch(`${BASE}/media?${query}`, { method: "POST", headers, body: file });
  if (!response.ok) throw new Error(`POST /media: ${response.status}`);
  return response.json();
}

export const mediaAddress = (mediaId) => `${BASE}/media/${encodeURIComponent(mediaId)}`;

export async function getTranscript(phoneNumberId, customer) {
  const query = new URLSearchParams({ phone_number_id: phoneNumberId, customer });
  return (await call("GET", `/messages?${query}`)).messages;
}

/** Calls `handle` with every event, for as long as the page lives; `tellState` with whether events come in. */
export function follow(handle, tellState) {
  const source = new EventSource(`${BASE}/events`);
  source.addEventListener("message", (event) => handle(JSON.parse(event.data)));
  source.addEventListener("open", () => tellState(true));
  source.addEventListener("error", () => tellState(false));
}
