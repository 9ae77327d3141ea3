// What pages do by themselves: the theme, following a study, confirming what cannot be undone, files into text fields.
"use strict";

(() => {
  const root = document.documentElement;

  function currentTheme() {
    return root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  }

  function prepareTheme() {
    const button = document.getElementById("theme");
    if (!button) return;
    const name = () => { button.textContent = currentTheme() === "dark" ? "Light" : "Dark"; };
    button.hidden = false;
    name();
    button.addEventListener("click", () => {
      root.dataset.theme = currentTheme() === "dark" ? "light" : "dark";
      try { localStorage.setItem("archsearch-theme", root.dataset.theme); } catch (error) { /* not kept then */ }
      name();
      document.dispatchEvent(new CustomEvent("archsearch:theme"));
    });
  }

  // <body data-follow="ADDRESS">: each server-sent event becomes the event `study-changed` at the body, which parts of
  // the page have as hx-trigger; at most one a second. The browser connects again by itself. The first event says how
  // things are: where the page says the same (data-seen), nothing has changed since it was made.
  function follow(address) {
    const source = new EventSource(address);
    let waiting = null, last = -Infinity;
    const tell = () => {
      waiting = null;
      last = performance.now();
      document.body.dispatchEvent(new CustomEvent("study-changed"));
    };
    const changed = () => {
      if (waiting === null) waiting = setTimeout(tell, Math.max(0, last + 1000 - performance.now()));
    };
    let first = true;
    const hear = (event) => {
      if (!first || seen(JSON.parse(event.data)) !== document.body.dataset.seen) changed();
      first = false;
    };
    source.addEventListener("progress", hear);
    source.addEventListener("end", (event) => { hear(event); source.close(); });
    addEventListener("pagehide", () => source.close());
  }

  function seen(progress) {
    return [progress.state, progress.trials, ...progress.phases.map((phase) => phase.done)].join(" ");
  }

  // <form data-confirm="QUESTION">: asks before it is sent.
  document.addEventListener("submit", (event) => {
    const question = event.target.dataset.confirm;
    if (question && !confirm(question)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);

  // <input type="file" data-into="ID">, and files dropped on a text field: their text is put in.
  function put(file, field) {
    if (!file || !field) return;
    file.text().then((text) => {
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
  }
  document.addEventListener("change", (event) => {
    const into = event.target.dataset && event.target.dataset.into;
    if (into) put(event.target.files[0], document.getElementById(into));
  });
  document.addEventListener("drop", (event) => {
    if (event.target.matches && event.target.matches("textarea") && event.dataTransfer.files.length) {
      event.preventDefault();
      put(event.dataTransfer.files[0], event.target);
    }
  });

  // <p data-announce>: read out by screen readers when it changes, but not again and again.
  const PAUSE = 20000;
  let heard = null, due = 0;
  function announce() {
    const source = document.querySelector("[data-announce]"), announcer = document.getElementById("announcer");
    if (!source || !announcer || source.textContent === heard) return;
    const now = performance.now();
    if (heard !== null && now < due) return;
    if (heard !== null) announcer.textContent = source.textContent;
    heard = source.textContent;
    due = now + PAUSE;
  }
  document.addEventListener("htmx:after:swap", announce);

  announce();
  prepareTheme();
  if (document.body.dataset.follow) follow(document.body.dataset.follow);
})();
