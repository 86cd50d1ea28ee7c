// What the pages do beyond plain HTML. Each of them works without it.
(() => {
  "use strict";

  // Fragments that ask again and again do not while nobody looks, nor while somebody marks words in them.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const asked = event.detail.elt;
    if (!asked.matches("[data-poll]") || event.detail.requestConfig.triggeringEvent?.type === "load") return;
    const marked = document.getSelection();
    const reading = marked && !marked.isCollapsed && asked.contains(marked.anchorNode);
    const playing = [...asked.querySelectorAll("audio, video")].some((one) => !one.paused);
    if (document.hidden || reading || playing) event.preventDefault();
  });

  // A log that stood at its end stays there when messages come; one that was scrolled up stays where it was.
  const log = () => document.querySelector("[data-log]");
  const toEnd = () => { const shown = log(); if (shown) shown.scrollTop = shown.scrollHeight; };
  let above = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const shown = log();
    if (event.detail.target !== shown) return;
    const below = shown.scrollHeight - shown.scrollTop - shown.clientHeight;
    above = below < 80 ? null : shown.scrollTop;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!event.detail.target.matches?.("[data-log]")) return;
    if (above === null) toEnd(); else log().scrollTop = above;
  });

  // A list keeps its place when it is drawn anew.
  let listTop = 0;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id === "conversations") listTop = event.detail.target.scrollTop;
  });
  document.addEventListener("htmx:afterSettle", () => {
    const list = document.getElementById("conversations");
    if (list && listTop) list.scrollTop = listTop;
  });

  // Which conversation stands beside the list, the address says.
  const mark = () => {
    for (const line of document.querySelectorAll(".conversation")) {
      const open = line.pathname === location.pathname;
      if (open) line.setAttribute("aria-current", "true"); else line.removeAttribute("aria-current");
    }
  };
  for (const event of ["htmx:afterSettle", "htmx:pushedIntoHistory"]) document.addEventListener(event, mark);

  const editable = (element) => element.matches("input, textarea, select, [contenteditable]");

  const composer = () => document.querySelector("[data-composer]");
  const canned = () => document.getElementById("canned");

  class CannedMenu {
    constructor(words) {
      this.words = words;
      this.menu = canned();
      this.at = 0;
    }
    get options() { return [...this.menu.children].filter((option) => !option.hidden); }
    show() {
      const typed = /^\/(\S*)$/.exec(this.words.value);
      if (!typed) return this.hide();
      const wanted = typed[1].toLowerCase();
      for (const option of this.menu.children) {
        option.hidden = !`${option.dataset.name} ${option.dataset.text}`.toLowerCase().includes(wanted);
      }
      this.menu.hidden = this.options.length === 0;
      this.words.setAttribute("aria-expanded", String(!this.menu.hidden));
      this.choose(0);
    }
    hide() {
      this.menu.hidden = true;
      this.words.setAttribute("aria-expanded", "false");
      this.words.removeAttribute("aria-activedescendant");
    }
    choose(at) {
      const options = this.options;
      if (options.length === 0) return;
      this.at = (at + options.length) % options.length;
      for (const option of this.menu.children) option.setAttribute("aria-selected", "false");
      options[this.at].setAttribute("aria-selected", "true");
      options[this.at].scrollIntoView({ block: "nearest" });
      this.words.setAttribute("aria-activedescendant", options[this.at].id);
    }
    take(option) {
      this.words.value = option.dataset.text;
      this.hide();
      this.words.focus();
    }
    key(event) {
      if (this.menu.hidden) return;
      const moves = { ArrowDown: 1, ArrowUp: -1 };
      if (event.key in moves) this.choose(this.at + moves[event.key]);
      else if (event.key === "Enter" || event.key === "Tab") this.take(this.options[this.at]);
      else if (event.key === "Escape") this.hide();
      else return;
      event.preventDefault();
    }
  }

  const begin = () => {
    toEnd();
    const form = composer();
    if (!form || form.dataset.begun) return;
    form.dataset.begun = "yes";
    const words = form.querySelector("textarea");
    if (canned()) {
      const menu = new CannedMenu(words);
      words.setAttribute("role", "combobox");
      words.setAttribute("aria-autocomplete", "list");
      words.setAttribute("aria-controls", "canned");
      words.setAttribute("aria-expanded", "false");
      words.addEventListener("input", () => menu.show());
      words.addEventListener("keydown", (event) => menu.key(event));
      words.addEventListener("blur", () => setTimeout(() => menu.hide(), 150));
      canned().addEventListener("mousedown", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) { event.preventDefault(); menu.take(option); }
      });
    }
    words.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
    });
    // What is too large would not even reach us: so it is said before it is sent.
    const file = form.querySelector("input[type=file]");
    words.required = true;
    file?.addEventListener("change", () => {
      words.required = file.files.length === 0;
      file.setCustomValidity(file.files[0]?.size > Number(file.dataset.most) ? file.dataset.tooLarge : "");
      file.reportValidity();
    });
    // Twice is once anyway: the key in the form says so. This spares the second request.
    form.addEventListener("submit", () => setTimeout(() => {
      for (const button of form.querySelectorAll("button")) button.disabled = true;
    }));
  };

  // j and k walk the list, r goes to the reply, / to the search.
  const walk = (step) => {
    const lines = [...document.querySelectorAll(".conversation")];
    if (lines.length === 0) return;
    const here = lines.findIndex((line) => line === document.activeElement);
    const open = lines.findIndex((line) => line.hasAttribute("aria-current"));
    const from = here >= 0 ? here : open;
    lines[Math.max(0, Math.min(lines.length - 1, from + step))].focus();
  };
  document.addEventListener("keydown", (event) => {
    if (editable(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const search = document.querySelector("input[type=search]");
    const words = composer()?.querySelector("textarea");
    if (event.key === "j") walk(1);
    else if (event.key === "k") walk(-1);
    else if (event.key === "r" && words) words.focus();
    else if (event.key === "/" && search) search.focus();
    else return;
    event.preventDefault();
  });

  // A menu closes when one goes elsewhere.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  const toasts = () => {
    for (const toast of document.querySelectorAll("[data-toast]:not([data-begun])")) {
      toast.dataset.begun = "yes";
      const dismiss = toast.querySelector("[data-dismiss]");
      dismiss.hidden = false;
      dismiss.addEventListener("click", () => toast.remove());
      if (toast.getAttribute("role") === "status") setTimeout(() => toast.remove(), 6000);
    }
  };

  begin();
  toasts();
  document.addEventListener("htmx:afterSettle", (event) => {
    toasts();
    if (event.target.id === "thread") begin();
  });
})();
