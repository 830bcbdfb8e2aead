// Comptoir: the little that a page cannot do without a script. Every page also works without it.
"use strict";
(() => {
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const isTyping = (element) => element?.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element?.tagName ?? "");

  // Focus follows what changed: the heading of a new page.
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail?.ctx?.target === document.body) focusHeading();
  });

  const focusHeading = () => {
    const place = one("#problem") ?? one("input[data-scan]") ?? one("h1");
    if (!place) return;
    if (!isTyping(place)) place.tabIndex = -1;
    place.focus({ preventScroll: true });
  };

  document.addEventListener("click", (event) => {
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  }, true);

  // Toasts stay six seconds; time stops while one looks at them.
  const startToast = (toast) => {
    let left = 6;
    const tick = setInterval(() => {
      if (document.hidden || toast.matches(":hover, :focus-within")) return;
      left -= 1;
      if (left <= 0 || !toast.isConnected) { clearInterval(tick); toast.remove(); }
    }, 1000);
  };

  const say = (text) => {
    const toasts = one("#toasts");
    if (!toasts || !text) return;
    const toast = document.createElement("div");
    toast.className = "toast";
    toast.textContent = text;
    toasts.append(toast);
    startToast(toast);
  };
  document.addEventListener("htmx:error", () => say(document.body.dataset.noAnswer));

  // Passwords can be looked at; they are hidden again before they are sent, so that no browser offers them as typed text.
  const offerToShow = () => all("button[data-shows]").forEach((button) => { button.hidden = false; });
  const show = (button, isShown) => {
    document.getElementById(button.dataset.shows).type = isShown ? "text" : "password";
    button.setAttribute("aria-pressed", String(isShown));
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-shows]");
    if (button) show(button, button.getAttribute("aria-pressed") !== "true");
  });
  document.addEventListener("submit", (event) => all("button[data-shows]", event.target).forEach((button) => show(button, false)));
  document.addEventListener("DOMContentLoaded", offerToShow);
  document.addEventListener("htmx:after:swap", offerToShow);

  // A form is sent once, however often one clicks.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "get" || one("input[data-scan]", form)) return;
    setTimeout(() => all("button", form).forEach((button) => { button.disabled = true; button.setAttribute("aria-busy", "true"); }));
  });
  const wake = () => all("button[aria-busy=true]").forEach((button) => { button.disabled = false; button.removeAttribute("aria-busy"); });
  window.addEventListener("pageshow", wake);
  document.addEventListener("htmx:finally:request", wake);

  // Keys: / searches, G then a letter opens an app, J and K move through rows, Escape closes menus.
  let isGoing = false;
  const keys = {
    "/": () => one("[role=search] input[type=search]")?.focus(),
    g: () => { isGoing = true; setTimeout(() => { isGoing = false; }, 1500); },
    j: () => moveRow(1),
    k: () => moveRow(-1),
  };
  const moveRow = (step) => {
    const links = all("main tbody th a");
    const at = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
    links[Math.min(Math.max(at + step, 0), links.length - 1)]?.focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = event.target.closest?.("details.menu[open]");
      if (menu) { menu.open = false; one("summary", menu).focus(); }
    }
    // Who speaks to the computer or presses keys by accident can switch these off (WCAG 2.1.4).
    if ("noShortcuts" in document.body.dataset) return;
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    if (isGoing) {
      isGoing = false;
      const link = all("a[data-go]").find((entry) => entry.dataset.go === key);
      if (link) { event.preventDefault(); link.click(); return; }
    }
    if (keys[key]) { event.preventDefault(); keys[key](); }
  });

  // Scanners type a code and a key: the code is sent, and the field is empty and ready for the next one at once.
  const BOUNCE_MS = 300;
  let [scanned, scannedAt, typedAt] = ["", -BOUNCE_MS, 0];
  document.addEventListener("submit", (event) => {
    const field = one("input[data-scan]", event.target);
    if (!field || event.submitter?.name) return;
    if (field.value === scanned && event.timeStamp - scannedAt < BOUNCE_MS) {
      event.preventDefault();
      event.stopPropagation();
      field.value = "";
      return;
    }
    [scanned, scannedAt] = [field.value, event.timeStamp];
  }, true);
  document.addEventListener("submit", (event) => {
    const field = one("input[data-scan]", event.target);
    if (field && event.defaultPrevented && !event.submitter?.name) field.value = "";
  });
  document.addEventListener("input", (event) => { if (event.target.matches("input[data-scan]")) typedAt = event.timeStamp; });
  document.addEventListener("keydown", (event) => {
    // Some scanners end with Tab; nobody presses it so soon after a letter.
    const isEnd = event.key === "Tab" && event.target.matches?.("input[data-scan]") && event.target.value !== "";
    if (isEnd && event.timeStamp - typedAt < 35) { event.preventDefault(); event.target.form.requestSubmit(); }
  });
  const readyToScan = () => one("input[data-scan]")?.focus();
  document.addEventListener("htmx:after:swap", (event) => { if (event.detail?.ctx?.sourceElement?.id === "scan") readyToScan(); });
  document.addEventListener("htmx:error", () => {
    const field = one("input[data-scan]");
    if (field && field.value === "") { field.value = scanned; field.select(); }
  });

  // The first thing to read after a form came back with mistakes.
  document.addEventListener("DOMContentLoaded", () => {
    one("#problem")?.focus();
  });
})();
