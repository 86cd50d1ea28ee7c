// A template message as the customer sees it: the template's own text, with the parameters in their places.

import { interactiveHeader } from "./interactive.js";
import { h, icon } from "./dom.js";
import { numberOf } from "./state.js";
import { formatted } from "./words.js";

const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/gu;

export function template({ content, phone_number_id }) {
  const known = numberOf(phone_number_id)?.templates.find(
    (one) => one.name === content.name && one.language === content.language?.code,
  );
  const part = (type) => known?.components.find((one) => one.type.toUpperCase() === type);
  const header = parametersOf(content, "header");
  const buttons = part("BUTTONS")?.buttons ?? [];
  return [
    heading(part("HEADER"), header),
    ...words(part("BODY"), parametersOf(content, "body")),
    part("FOOTER") ? h("p", { class: "footer", dir: "auto" }, part("FOOTER").text) : null,
    h("p", { class: "template-name" }, `Template ${content.name} · ${content.language?.code ?? ""}`),
    buttons.length ? h("div", { class: "actions" }, buttons.map(button)) : null,
  ];
}

const parametersOf = (content, type) =>
  content.components?.find((component) => component.type === type)?.parameters ?? [];

function heading(known, parameters) {
  const [first] = parameters;
  if (first && first.type !== "text") return interactiveHeader(first);
  return known?.text ? h("p", { class: "heading", dir: "auto" }, filled(known.text, parameters)) : null;
}

/** Of a template that the simulator does not hold, the parameters alone. */
function words(known, parameters) {
  if (known) return [h("p", { class: "words", dir: "auto" }, formatted(filled(known.text, parameters)))];
  return parameters.map((parameter) => h("p", { class: "words", dir: "auto" }, parameter.text ?? parameter.type));
}

function filled(text, parameters) {
  return text.replace(PLACEHOLDER, (placeholder, name) => {
    const parameter = parameters.find((one) => one.parameter_name === name) ?? parameters[Number(name) - 1];
    return parameter?.text ?? placeholder;
  });
}

const NAMES = { URL: "link", PHONE_NUMBER: "reply", QUICK_REPLY: "reply" };

function button({ type, text }) {
  const name = NAMES[type.toUpperCase()];
  return h("span", { class: "action" }, name ? icon(name) : null, text);
}
