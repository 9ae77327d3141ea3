// Before anything is drawn: the theme that was chosen here before, if one was.
"use strict";
try {
  const chosen = localStorage.getItem("archsearch-theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch (error) {
  // Storage may be closed to us; the system's theme it is then.
}
