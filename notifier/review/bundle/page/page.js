"use strict";
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  root.classList.add("js");

  // Looking for wordings.
  const fields = ["find", "by-state", "by-language", "by-types", "by-nobody"].map(byId);
  const [find, state, language, types, nobody] = fields;
  const wordings = [...document.querySelectorAll(".wording")];
  const texts = new Map();

  function textOf(w) {
    if (!texts.has(w)) texts.set(w, w.textContent.toLowerCase());
    return texts.get(w);
  }

  function fits(w, terms) {
    const d = w.dataset;
    return (nobody.checked || !w.classList.contains("nobody"))
      && (!state.value || d.states.split(" ").includes(state.value))
      && (!language.value || d.language === language.value)
      && (!types.value || d.types === types.value)
      && terms.every((t) => textOf(w).includes(t));
  }

  function filter() {
    const terms = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const w of wordings) {
      const ok = fits(w, terms);
      w.classList.toggle("off", !ok);
      if (ok) shown++;
    }
    byId("found").textContent = `${shown} of ${wordings.length} shown`;
  }

  function reset() {
    for (const f of fields) f.type === "checkbox" ? f.checked = true : f.value = "";
    filter();
  }

  for (const f of fields) f.addEventListener("input", filter);
  byId("reset").addEventListener("click", () => { reset(); nobody.checked = false; filter(); find.focus(); });
  filter();

  // A link into something closed opens it.
  function open(hash) {
    const at = hash.length > 1 && byId(decodeURIComponent(hash.slice(1)));
    if (!at) return null;
    if (at.closest(".wording.off")) reset();
    for (let d = at.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
    return at;
  }

  document.addEventListener("click", (e) => {
    const a = e.target.closest('a[href^="#"]');
    if (a) open(a.hash);
  });
  function arrive() {
    const at = open(location.hash);
    if (at) at.scrollIntoView();
  }
  addEventListener("hashchange", arrive);
  arrive();

  // Where each sentence comes from.
  for (const b of document.querySelectorAll(".sourcesbutton")) {
    b.addEventListener("click", () => b.setAttribute("aria-pressed", root.classList.toggle("sources")));
  }

  // Copying works from a file as well: what is to be copied is selected first.
  function copy(id) {
    const range = document.createRange();
    range.selectNodeContents(byId(id));
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    try { return document.execCommand("copy"); } catch { return false; }
  }
  for (const b of document.querySelectorAll("button[data-copy]")) {
    b.addEventListener("click", () => {
      b.nextElementSibling.textContent = copy(b.dataset.copy) ? "Copied" : "Selected: press Ctrl+C or ⌘C to copy";
    });
  }

  // Everything is open on paper, also where the style cannot do that.
  if (!CSS.supports("selector(::details-content)")) {
    let closed = [];
    addEventListener("beforeprint", () => {
      closed = [...document.querySelectorAll("details:not([open])")];
      for (const d of closed) d.open = true;
    });
    addEventListener("afterprint", () => { for (const d of closed) d.open = false; });
  }
})();
