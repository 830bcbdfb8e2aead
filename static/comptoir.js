// Comptoir: the little that a page cannot do without a script. Every page also works without it.
"use strict";
(() => {
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const isTyping = (element) => element?.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element?.tagName ?? "");

  // Focus follows what changed: the heading of a new page.
  document.addEventListener("htmx:after:swap", (event) => {
    if ([document.body, "body"].includes(event.detail?.ctx?.target)) focusHeading();
  });

  // What went wrong is read first; but a field for scanned codes is never left, or the next code would be lost.
  const problem = () => one("#problem") ?? (one("input[data-scan]") ? null : one("[data-problem]"));

  const focusHeading = () => {
    const place = problem() ?? one("input[data-scan]") ?? one("h1");
    if (!place) return;
    if (!isTyping(place)) place.tabIndex = -1;
    place.focus({ preventScroll: true });
  };

  document.addEventListener("click", (event) => {
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  }, true);

  // Toasts stay six seconds; time stops while one looks at them.
  const startToast = (toast) => {
    toast.dataset.started = "";
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
  document.addEventListener("htmx:after:swap", () => all("#toasts > :not([data-started])").forEach(startToast));
  // What looks for news by itself stops when it is refused: it would be told the same every other second.
  document.addEventListener("htmx:finally:request", ({ detail }) => {
    const asking = detail?.ctx?.sourceElement;
    const status = detail?.ctx?.response?.status;
    if (!asking?.matches?.("[hx-trigger^=every]") || !(status >= 400 && status < 500)) return;
    const still = asking.cloneNode(true);
    still.removeAttribute("hx-get");
    still.removeAttribute("hx-trigger");
    asking.replaceWith(still);
  });

  // Who types is there: the session, which ends after half an hour without a request, is told of it now and then.
  const SEEN_MS = 5 * 60_000;
  let seenAt = 0;
  document.addEventListener("input", (event) => {
    if (event.timeStamp - seenAt < SEEN_MS || !one("header details.menu.end")) return;
    seenAt = event.timeStamp;
    fetch("/me/seen", { redirect: "manual" }).catch(() => {});
  });

  // What was typed and not sent is not left without being asked. Searches, ticked rows, codes that are sent at once and cells that
  // save themselves lose nothing.
  let unsaved = null;
  const losesTyping = (form) => form?.method === "post" && form.id !== "batch" && !form.hasAttribute("hx-post");
  const isUnsaved = () => Boolean(unsaved?.isConnected && one("header details.menu.end"));
  const askBeforeLeaving = (event) => {
    if (!isUnsaved() || confirm(document.body.dataset.unsaved)) { unsaved = null; return; }
    event.preventDefault();
    event.stopPropagation();
  };
  document.addEventListener("input", ({ target }) => { if (losesTyping(target.form)) unsaved = target.form; });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const isElsewhere = link?.target || link?.hasAttribute("download") || link?.getAttribute("href").startsWith("#");
    if (link && !isElsewhere && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey) askBeforeLeaving(event);
  }, true);
  document.addEventListener("submit", (event) => {
    if (event.target === unsaved) unsaved = null;
    else if (!event.target.hasAttribute("hx-post") && event.target.getAttribute("role") !== "search") askBeforeLeaving(event);
  }, true);
  window.addEventListener("beforeunload", (event) => { if (isUnsaved()) event.preventDefault(); });

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

  // A form is sent once, however often one clicks. But an answer that is a file, or that never comes, leaves the page as it is: after
  // this time it may be sent again. Files on their way to us take longer.
  const ANSWER_MS = 15_000;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "get" || one("input[data-scan]", form)) return;
    setTimeout(() => all("button", form).forEach((button) => { button.disabled = true; button.setAttribute("aria-busy", "true"); }));
    const kind = event.submitter?.formEnctype || form.enctype;
    if (kind !== "multipart/form-data") setTimeout(() => wake(form), ANSWER_MS);
  });
  const wake = (from) => all("button[aria-busy=true]", from).forEach((button) => { button.disabled = false; button.removeAttribute("aria-busy"); });
  window.addEventListener("pageshow", () => wake(document));
  document.addEventListener("htmx:finally:request", () => wake(document));

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

  // Rows are ticked one by one or all of the page at once; how many are, stands beside the buttons.
  const countTicks = () => {
    const whole = one("#batch [data-ticks]");
    if (!whole) return;
    const rows = all("input[type=checkbox][form=batch]");
    const ticked = rows.filter((row) => row.checked).length;
    whole.hidden = false;
    Object.assign(one("input", whole), { checked: ticked > 0 && ticked === rows.length, indeterminate: ticked > 0 && ticked < rows.length });
    one("#batch output").textContent = ticked || "";
  };
  document.addEventListener("change", ({ target }) => {
    if (target.closest?.("[data-ticks]")) all("input[type=checkbox][form=batch]").forEach((row) => { row.checked = target.checked; });
    if (target.matches?.("#batch [data-ticks] input, input[form=batch]")) countTicks();
  });
  document.addEventListener("DOMContentLoaded", countTicks);
  document.addEventListener("htmx:after:swap", countTicks);
  window.addEventListener("pageshow", countTicks);

  // Scanners type a code and a key: the code is taken, and the field is empty and ready for the next one at once. Codes and
  // buttons are sent one after the other, since an undo must know what came before it; without a network they wait.
  const BOUNCE_MS = 300;
  let [scanned, scannedAt, typedAt] = ["", -BOUNCE_MS, 0];
  const waiting = [];
  let [sent, isSending, isLost] = [null, false, false];
  const showWaiting = () => {
    const box = one("#waiting");
    if (!box) return;
    const isOffline = !navigator.onLine;
    box.hidden = waiting.length === 0 || (!isOffline && !isLost);
    one("[data-offline]", box).hidden = !isOffline;
    all("[data-lost]", box).forEach((part) => { part.hidden = isOffline || !isLost; });
    one("ol", box).replaceChildren(...waiting.map(({ said }) => Object.assign(document.createElement("li"), { textContent: said })));
  };
  const sendNext = () => {
    const field = one("input[data-scan]");
    if (!sent && field && navigator.onLine && waiting[0]?.action === field.form.action) {
      sent = waiting.shift();
      const [typed, button] = [field.value, document.createElement("button")];
      Object.assign(button, { hidden: true, name: sent.press ? "press" : "", value: sent.press });
      field.form.append(button);
      field.value = sent.code;
      isSending = true;
      field.form.requestSubmit(button);
      [isSending, isLost] = [false, false];
      button.remove();
      field.value = typed;
    }
    showWaiting();
  };
  document.addEventListener("submit", (event) => {
    const field = one("input[data-scan]", event.target);
    if (!field || isSending || !window.htmx) return;
    event.preventDefault();
    event.stopPropagation();
    const press = event.submitter?.name ? event.submitter.value : "";
    const code = press ? "" : field.value;
    if (!press) {
      field.value = "";
      if (code === scanned && event.timeStamp - scannedAt < BOUNCE_MS) return;
      [scanned, scannedAt] = [code, event.timeStamp];
    }
    waiting.push({ action: event.target.action, press, code, said: code || (event.submitter?.getAttribute("aria-label") ?? event.submitter?.textContent ?? "") });
    showWaiting();
    // What was lost is sent again by a person only: nobody knows whether it was counted. A form cannot be sent again before
    // this event is over.
    if (!isLost) setTimeout(sendNext);
  }, true);
  document.addEventListener("htmx:finally:request", ({ detail }) => {
    if (!sent || (one("#scan") && detail?.ctx?.sourceElement?.id !== "scan")) return;
    isLost = String(detail?.ctx?.status).startsWith("error") || detail?.ctx?.response?.status >= 500;
    if (isLost) waiting.unshift(sent);
    sent = null;
    if (isLost) showWaiting(); else setTimeout(sendNext);
  });
  window.addEventListener("online", () => { if (isLost) showWaiting(); else sendNext(); });
  window.addEventListener("offline", showWaiting);
  window.addEventListener("beforeunload", (event) => { if (waiting.length > 0) event.preventDefault(); });
  document.addEventListener("click", (event) => { if (event.target.closest?.("#waiting button")) { sendNext(); readyToScan(); } });
  document.addEventListener("input", (event) => { if (event.target.matches("input[data-scan]")) typedAt = event.timeStamp; });
  document.addEventListener("keydown", (event) => {
    // Some scanners end with Tab; nobody presses it so soon after a letter.
    const isEnd = event.key === "Tab" && event.target.matches?.("input[data-scan]") && event.target.value !== "";
    if (isEnd && event.timeStamp - typedAt < 35) { event.preventDefault(); event.target.form.requestSubmit(); }
  });
  const readyToScan = () => one("input[data-scan]")?.focus();
  document.addEventListener("htmx:after:swap", (event) => { if (event.detail?.ctx?.sourceElement?.id === "scan") readyToScan(); });

  // The first thing to read after a form came back with mistakes.
  document.addEventListener("DOMContentLoaded", () => {
    problem()?.focus();
  });
})();
