// What pages do better with a script; every one of them works without it.
"use strict";

// The theme changes at once; the form keeps it for the next page.
for (const form of document.querySelectorAll("[data-theme-form]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const theme = event.submitter.value;
    document.documentElement.dataset.theme = theme;
    for (const button of document.querySelectorAll("[data-theme-form] button")) {
      button.setAttribute("aria-pressed", String(button.value === theme));
    }
    const fields = new URLSearchParams({ theme, back: "/" });
    fetch("/preferences", { method: "POST", body: fields, redirect: "manual" });
  });
}

// Moments are shown in the reader's own zone when pointed at.
for (const time of document.querySelectorAll("time[datetime]")) {
  const moment = new Date(time.dateTime);
  if (!Number.isNaN(moment.valueOf())) {
    time.title = moment.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  }
}

// A choice in a filter takes effect at once; its button stays for those who prefer it.
for (const form of document.querySelectorAll("form[data-at-once]")) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select")) form.requestSubmit();
  });
  // Empty filters need not stand in the address.
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
  });
}

// The menu closes with Escape, and when something else is touched.
for (const menu of document.querySelectorAll("details.me")) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
}

// A canned text goes to where one writes, without loading the page anew.
for (const choice of document.querySelectorAll("select[data-insert]")) {
  choice.addEventListener("change", () => {
    const text = choice.selectedOptions[0]?.dataset.text;
    const box = document.getElementById(choice.dataset.insert);
    if (!text) return;
    const before = box.value.slice(0, box.selectionStart).trimEnd();
    const after = box.value.slice(box.selectionEnd).trimStart();
    box.value = [before, text, after].filter(Boolean).join("\n\n");
    choice.value = "";
    box.focus();
  });
}

// An open page notices when somebody else changes what it shows: for half an hour, while it is looked at.
for (const notice of document.querySelectorAll("[data-changes]")) {
  let looks = 90;
  const look = async () => {
    if (document.hidden) return;
    looks -= 1;
    if (looks < 0) return clearInterval(timer);
    try {
      const answer = await fetch(notice.dataset.changes, { redirect: "error" });
      const { changes } = await answer.json();
      if (String(changes) !== notice.dataset.seen) {
        notice.hidden = false;
        clearInterval(timer);
      }
    } catch {
      // Offline for a moment, or signed out: the next page says so.
    }
  };
  const timer = setInterval(look, 20000);
}
