/* Small comforts for the desk. Every page works without this file. */
(() => {
  "use strict";

  const byId = (id) => document.getElementById(id);

  /* After a page with refusals has loaded, the reader starts at the list of them. */
  const focusFirst = () => {
    const wanted = document.querySelector("[data-focus]");
    if (wanted) wanted.focus();
  };

  /* A form that was refused after a step-up is shown by the step-up's address: say where the form stands. */
  const refused = document.querySelector("[data-stands-at]");
  if (refused && refused.dataset.standsAt && refused.dataset.sentTo !== location.pathname) {
    history.replaceState(null, "", refused.dataset.standsAt);
  }

  /* A scanner types the VIN and presses Enter: go on to the next field instead of sending the form. */
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || !(field instanceof HTMLInputElement) || !field.form) return;
    if (!field.form.hasAttribute("data-enter-moves-on") || field.type === "submit") return;
    event.preventDefault();
    field.dispatchEvent(new Event("change", { bubbles: true }));
    const look = field.dataset.enterPresses && byId(field.dataset.enterPresses);
    if (look) { look.click(); return; }
    const stops = [...field.form.elements].filter(
      (el) => !el.disabled && el.tabIndex >= 0 && el.type !== "hidden" && el.offsetParent !== null);
    const next = stops[stops.indexOf(field) + 1];
    if (next) next.focus();
  });

  /* VINs and other numbers are capitals without blanks, however they were typed. */
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field instanceof HTMLInputElement && field.hasAttribute("data-capitals")) {
      field.value = field.value.normalize("NFKC").toUpperCase().replace(/\s+/g, "");
    }
  }, true);

  /* A link to a field inside something folded opens it and puts the cursor there. */
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest('a[href^="#"]');
    const target = link && byId(link.getAttribute("href").slice(1));
    if (!target) return;
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    const field = target.matches("input,select,textarea,button") ? target : target.querySelector("input,select,textarea");
    if (field) { event.preventDefault(); field.focus(); field.scrollIntoView({ block: "center" }); }
  });

  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-print]")) window.print();
  });

  /* A file that is too large is said to be so before it is sent. */
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || !field.dataset.mostBytes) return;
    const most = Number(field.dataset.mostBytes);
    const large = [...field.files].some((file) => file.size > most);
    field.setCustomValidity(large ? `The file is larger than ${Math.floor(most / 1048576)} MiB. Send it by program.` : "");
    if (large) field.reportValidity();
  });

  /* A deal is sent once, however often the button is pressed. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.hasAttribute("data-once")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    const button = event.submitter;
    if (button) button.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-once]").forEach((form) => { delete form.dataset.sent; });
  });

  /* An open group of the menu closes with Escape, and when the reader goes elsewhere. */
  const openGroups = () => document.querySelectorAll(".vn-nav details[open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openGroups().forEach((group) => {
      if (group.contains(document.activeElement)) group.querySelector("summary").focus();
      group.open = false;
    });
  });
  ["click", "focusin"].forEach((kind) => document.addEventListener(kind, (event) => {
    openGroups().forEach((group) => { if (!group.contains(event.target)) group.open = false; });
  }));

  /* A button that answered by going away (fill from the VIN) leaves the cursor in the first empty field after
     it; an answer below the fold or under the bar of buttons comes into sight. */
  document.addEventListener("htmx:after:swap", (event) => {
    const aimed = event.detail.ctx && event.detail.ctx.target;
    const part = typeof aimed === "string" ? document.querySelector(aimed) : aimed;
    if (!(part instanceof Element) || part.id === "panel" || !part.matches("#decoded, [data-answer]")) return;
    if (document.activeElement === document.body) {
      const fields = [...part.closest("form").elements].filter(
        (el) => el.matches("input:not([type=hidden]):not([type=checkbox])") && !el.value && el.offsetParent !== null &&
          part.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING);
      if (fields.length) fields[0].focus();
    }
    part.scrollIntoView({ block: "nearest" });
  });

  /* Back from signing in again in another tab: ask for the quote, which takes the notice away. */
  document.addEventListener("visibilitychange", () => {
    const notice = byId("signed-out");
    if (document.visibilityState === "visible" && notice && notice.firstElementChild) {
      document.body.dispatchEvent(new Event("deal-changed"));
    }
  });

  document.addEventListener("DOMContentLoaded", focusFirst);
})();
