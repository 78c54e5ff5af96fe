// What scripts add to pages that work without them: live pictures, and forms that answer while they are changed.
// No number is computed here: every change asks the server for the page of the new address.
"use strict";
(() => {
  const files = document.currentScript.dataset;

  // --- Live pictures: each replaces its SVG when it comes into view; paper keeps the SVG.
  let vega;
  const loaded = (src) => new Promise((done, failed) => {
    const script = document.createElement("script");
    Object.assign(script, { src, onload: done, onerror: failed });
    document.head.append(script);
  });
  const vegaReady = () => vega ??= [files.vega, files.vegaLite, files.vegaEmbed]
    .reduce((before, src) => before.then(() => loaded(src)), Promise.resolve());

  async function enliven(box) {
    const still = box.querySelector("svg, img");
    // Where there is no room for it, the SVG shrinks, and a finger that scrolls the page moves no picture.
    try {
      if (box.clientWidth < (still.viewBox?.baseVal.width ?? still.naturalWidth)) return;
      const [answer] = await Promise.all([fetch(box.dataset.live), vegaReady()]);
      if (!answer.ok || !answer.headers.get("content-type").includes("json")) return;
      const stage = document.createElement("div");
      stage.className = "stage";
      box.append(stage);
      await vegaEmbed(stage, await answer.json(), {
        actions: false, ast: true, renderer: "canvas", defaultStyle: false,
        tooltip: { disableDefaultStyle: true }, logLevel: 0,
      });
      const canvas = stage.querySelector("canvas");
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", still.getAttribute("aria-label") ?? still.alt);
      box.classList.add("live");
    } catch { /* the SVG stays */ } finally { box.dataset.seen = "done"; }
  }
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      target.dataset.seen = "drawing";
      enliven(target);
    }
  }, { rootMargin: "200px" });

  // --- Levers: sliders write the lines of the address; without scripts the server does so.
  function writeLevers(form) {
    const lines = [...form.querySelectorAll("[data-lever]")].filter((row) => row.querySelector("[data-on]").checked);
    const written = lines.map((row) => {
      const value = (part) => row.querySelector(`[data-part=${part}]`)?.value.trim() ?? "";
      return row.dataset.lever + (value("actor") && `:${value("actor")}`) + `=${value("size")}@${daysTo(form, value("day"))}`;
    });
    form.querySelector("[data-lines]").replaceChildren(...written.map((value) =>
      Object.assign(document.createElement("input"), { type: "hidden", name: "lever", value })));
  }
  const daysTo = (form, day) => Math.round((Date.parse(day) - Date.parse(form.dataset.asOf)) / 864e5);

  function prepareLevers(form) {
    // The plain fields would come into the address beside the lines that stand for them.
    for (const field of form.querySelectorAll("[data-part], [data-on], [data-also]")) field.removeAttribute("name");
    writeLevers(form);
    form.addEventListener("input", (event) => {
      const row = event.target.closest("[data-lever]");
      if (!row) return;
      const on = row.querySelector("[data-on]");
      if (event.target !== on) on.checked = true; // who moves a slider pulls the lever
      const [slider, size] = ["[data-slider]", "[data-part=size]"].map((which) => row.querySelector(which));
      if (event.target === slider) size.value = slider.value;
      if (event.target === size) slider.value = size.value;
      writeLevers(form);
    }, true); // before htmx reads the form
  }

  function prepare(root) {
    for (const box of root.querySelectorAll("[data-live]:not([data-seen])")) {
      box.dataset.seen = "";
      seen.observe(box);
    }
    for (const form of root.querySelectorAll("form[data-levers]:not([data-seen])")) {
      form.dataset.seen = "";
      prepareLevers(form);
    }
  }
  prepare(document);
  document.querySelector(".top [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
  document.addEventListener("htmx:after:swap", () => prepare(document));
  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => { // what is left empty is not asked for
    const body = ctx.request.body;
    for (const [name, value] of [...body]) if (value === "") body.delete(name);
  });
})();
