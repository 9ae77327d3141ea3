// The two texts on /new: line numbers beside them, marks at the lines of problems, and the ways from one to the other.
"use strict";

(() => {
  const LARGEST = 256 * 1024, MOST_NUMBERS = 20000;
  const form = document.getElementById("definition"), outcome = document.getElementById("outcome");
  if (!form) return;
  const editors = new Map([...form.querySelectorAll(".editor textarea")].map((area) => [area.id, {
    area, gutter: area.parentElement.querySelector(".gutter"), bad: new Set(), lines: 0, note: area.getAttribute("aria-describedby").split(" ")[0],
  }]));

  function number(editor) {
    const runs = [];
    let plain = "";
    for (let line = 1; line <= Math.min(editor.lines, MOST_NUMBERS); line += 1) {
      if (editor.bad.has(line)) {
        const mark = document.createElement("span");
        mark.className = "bad";
        mark.textContent = `▸${line}`;
        runs.push(plain, mark, "\n");
        plain = "";
      } else {
        plain += `${line}\n`;
      }
    }
    editor.gutter.replaceChildren(...runs, plain);
    follow(editor);
  }

  function follow(editor) {
    editor.gutter.scrollTop = editor.area.scrollTop;
  }

  function count(editor) {
    const lines = editor.area.value.split("\n").length;
    if (lines === editor.lines) return;
    editor.lines = lines;
    number(editor);
  }

  // Bytes count, and a character has at least as many as it has units here.
  function measure(area) {
    const large = area.value.length > LARGEST || (3 * area.value.length > LARGEST && new Blob([area.value]).size > LARGEST);
    area.setCustomValidity(large ? "A text has at most 256 KiB." : "");
    if (large) say(area.validationMessage);
  }

  function say(words) {
    const title = document.getElementById("result-title");
    if (title) title.textContent = words;
  }

  function mark() {
    for (const [id, editor] of editors) {
      const problems = document.getElementById(`${id}-problems`);
      const places = outcome.querySelectorAll(`[data-field="${id}"]`);
      editor.bad = new Set([...places].map((place) => Number(place.dataset.line)));
      if (problems) editor.area.setAttribute("aria-invalid", "true");
      else editor.area.removeAttribute("aria-invalid");
      editor.area.setAttribute("aria-describedby", problems ? `${editor.note} ${problems.id}` : editor.note);
      number(editor);
    }
  }

  // Lines and columns count from 1, columns in characters; a text field counts in units of UTF-16.
  function place(text, line, column) {
    const lines = text.split("\n").slice(0, line), last = lines.pop();
    const before = lines.reduce((sum, each) => sum + each.length + 1, 0);
    return Math.min(before + [...last].slice(0, column - 1).join("").length, text.length);
  }

  function go(link) {
    const area = editors.get(link.dataset.field).area, line = Number(link.dataset.line);
    const at = place(area.value, line, Number(link.dataset.column));
    const style = getComputedStyle(area);
    area.focus();
    area.setSelectionRange(at, at);
    area.scrollTop = (line - 1) * parseFloat(style.lineHeight) - area.clientHeight / 2;
    area.scrollLeft = 0;
  }

  for (const editor of editors.values()) {
    editor.area.addEventListener("scroll", () => follow(editor));
    editor.area.addEventListener("input", () => { count(editor); measure(editor.area); dirty(); });
    editor.area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        document.getElementById("check").click();
      }
    });
    count(editor);
  }

  // Opening another file takes the place of what was written.
  function dirty() {
    const changed = [...editors.values()].some(({ area }) => area.value.trim() && area.value !== area.defaultValue);
    const begin = document.getElementById("begin");
    if (changed) begin.dataset.confirm = "Put other texts in the place of yours?";
    else delete begin.dataset.confirm;
  }

  outcome.addEventListener("click", (event) => {
    const link = event.target.closest("[data-field]");
    if (!link) return;
    event.preventDefault();
    go(link);
  });

  document.addEventListener("htmx:after:swap", mark);
  for (const kind of ["htmx:response:error", "htmx:error"]) {
    form.addEventListener(kind, () => say(outcome.dataset.failed));
    outcome.addEventListener(kind, (event) => {
      if (event.target.matches(".samples")) event.target.textContent = "No samples: the server did not answer.";
    });
  }
  mark();
  dirty();
})();
