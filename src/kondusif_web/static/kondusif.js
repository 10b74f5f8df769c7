/* Small enhancements; every page works without them.
   1. A form cannot be sent twice by an impatient thumb.
   2. <main data-segar="60">: the page renews itself, or turns to [data-berikut]; when it cannot, it says so and stays (never blank). */
"use strict";

document.addEventListener("submit", function (event) {
  var form = event.target;
  if (form.hasAttribute("data-berkas")) { return; }  // gives a file and stays: it may be asked again
  if (form.dataset.terkirim) { event.preventDefault(); return; }
  form.dataset.terkirim = "1";
  form.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", function () {
  document.querySelectorAll("form[data-terkirim]").forEach(function (form) {
    delete form.dataset.terkirim;
    form.removeAttribute("aria-busy");
  });
});

(function () {
  var isi = document.querySelector("main[data-segar]");
  if (!isi) { return; }
  var detik = Math.max(10, Number(isi.dataset.segar) || 60);
  var gagalSejak = null;

  function sibuk() {
    var fokus = document.activeElement;
    return document.hidden || (fokus && fokus.closest("form, details[open]") && isi.contains(fokus));
  }
  function basi() {
    gagalSejak = gagalSejak || Date.now();
    var menit = Math.max(1, Math.round((Date.now() - gagalSejak) / 60000));
    var cip = document.querySelector("[data-per]");
    if (cip) { cip.classList.add("basi"); }
    var kabar = document.getElementById("basi-kabar");
    if (!kabar) {
      kabar = document.createElement("p");
      kabar.id = "basi-kabar";
      kabar.className = "basi-kabar";
      kabar.setAttribute("role", "status");
      isi.before(kabar);
    }
    kabar.textContent = isi.dataset.putus.replace("{menit}", String(menit));
  }
  function segarkan() {
    if (sibuk()) { return; }
    var berikut = isi.querySelector("[data-berikut]");  // a wall turns to its next page
    fetch(berikut ? berikut.dataset.berikut : window.location.href, { credentials: "same-origin", cache: "no-store" }).then(function (jawab) {
      if (jawab.redirected) { window.location.reload(); }  // signed out: show the sign-in, not an old board
      if (!jawab.ok || jawab.redirected) { throw new Error(String(jawab.status)); }
      return jawab.text();
    }).then(function (teks) {
      var baru = new DOMParser().parseFromString(teks, "text/html");
      ["main", "[data-per]", "nav.tahap", ".operasi"].forEach(function (apa) {
        var lama = document.querySelector(apa), ganti = baru.querySelector(apa);
        if (lama && ganti) { lama.innerHTML = ganti.innerHTML; lama.className = ganti.className; }
      });
      gagalSejak = null;
      var kabar = document.getElementById("basi-kabar");
      if (kabar) { kabar.remove(); }
    }).catch(basi);
  }
  window.setInterval(segarkan, detik * 1000);
})();

/* Tombol Cetak: tampak hanya bila peramban dapat mencetak. */
document.querySelectorAll("[data-cetak]").forEach(function (tombol) {
  tombol.hidden = false;
  tombol.addEventListener("click", function () { window.print(); });
});
