/* Each opening of a form is a new report: without this a page that the browser kept would send the old id. */
"use strict";
window.addEventListener("pageshow", function () {
  if (!window.crypto || !window.crypto.randomUUID) { return; }
  document.querySelectorAll("input[data-uuid]").forEach(function (input) {
    if (!input.closest("form").querySelector("[aria-invalid]")) { input.value = window.crypto.randomUUID(); }
  });
});
