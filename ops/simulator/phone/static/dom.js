// Elements are made here and nowhere else: text goes in as text nodes, never as markup.

const SVG = "http://www.w3.org/2000/svg";

/** h("button", {class: "x", onclick: f}, "text", child …): an element with attributes, listeners and children. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const PATHS = {
  back: "M15 5l-7 7 7 7",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  send: "M4 12l16-8-6 16-3-7-7-1z",
  close: "M6 6l12 12M18 6L6 18",
  more: "M6 9l6 6 6-6",
  photo: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01",
  voice: "M12 3a3 3 0 0 1 3 3v6a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v4",
  location: "M12 21s7-6.2 7-11a7 7 0 0 0-14 0c0 4.8 7 11 7 11zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c.5-4 4-6 8-6s7.5 2 8 6",
  sticker: "M12 3a9 9 0 1 0 9 9c-5 0-9-4-9-9zM8.5 13.5c1 1.6 2.2 2.4 4 2.4M8.5 9.5h.01",
  document: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
  shop: "M5 9h14l-1 11H6zM9 9V7a3 3 0 0 1 6 0v2",
  list: "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01",
  link: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  reply: "M10 8L5 13l5 5M5 13h9a5 5 0 0 1 5 5",
  play: "M8 5l11 7-11 7z",
  warning: "M12 8v5M12 16.5h.01M12 3l9.5 17h-19z",
  tick: "M3 12.5l4.5 4.5L17 7",
  ticks: "M1.5 12.5L6 17l9.5-10M10.5 15l2 2L22 7",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2",
  signal: "M4 18v-3M9 18v-6M14 18V9M19 18V5",
};

/** A decorative icon, drawn with strokes in the text's colour. */
export function icon(name, className = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A round badge with the initials of a name, in a colour that stays the same for it. */
export function avatar(name, className = "avatar") {
  const initials =
    name
      .split(/\s+/)
      .slice(0, 2)
      .map((word) => [...word][0] ?? "")
      .join("")
      .toUpperCase() || "?";
  const tint = [...name].reduce((sum, character) => sum + character.codePointAt(0), 0) % 6;
  return h("span", { class: `${className} tint-${tint}`, "aria-hidden": "true" }, initials);
}
