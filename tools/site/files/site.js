// Everything here is a convenience; the pages can be read and walked through without it.
"use strict";

rememberTheme();
followTheReader();
offerTurning();

function rememberTheme() {
  const root = document.documentElement;
  const choices = document.querySelectorAll("input[name=theme]");
  for (const choice of choices) {
    choice.checked = choice.value === (root.dataset.theme ?? "auto");
    choice.addEventListener("change", () => {
      if (choice.value === "auto") delete root.dataset.theme;
      else root.dataset.theme = choice.value;
      try {
        localStorage.setItem("theme", choice.value);
      } catch {}
    });
  }
}

// Which part is being read: marked in the contents, and where the other language opens.
function followTheReader() {
  const entries = new Map();
  for (const link of document.querySelectorAll(".contents ol a")) {
    const target = document.getElementById(link.hash.slice(1));
    if (target) entries.set(target, link);
  }
  const details = document.querySelector(".contents details");
  if (!entries.size) return;
  const here = details.querySelector(".here");
  const list = details.querySelector(".listed");
  const elsewhere = document.querySelectorAll(".languages a, a.twin");
  const folded = matchMedia("(max-width: 70rem)");
  let current = null;

  const follow = () => {
    let found = null;
    for (const target of entries.keys()) {
      if (target.getBoundingClientRect().top > innerHeight / 3) break;
      found = target;
    }
    if (found === current) return;
    entries.get(current)?.removeAttribute("aria-current");
    current = found;
    const link = entries.get(current);
    link?.setAttribute("aria-current", "true");
    here.textContent = link?.textContent ?? "";
    for (const other of elsewhere) other.hash = current?.id ?? "";
    if (link && !folded.matches) {
      const middle = link.offsetTop - list.clientHeight / 2;
      list.scrollTo({ top: middle });
    }
  };
  addEventListener("scroll", () => requestAnimationFrame(follow), { passive: true });
  for (const moved of ["load", "resize", "hashchange"]) addEventListener(moved, follow);
  document.fonts?.ready.then(follow);

  // On a narrow window the contents lie over the text.
  const fold = () => folded.matches && details.removeAttribute("open");
  for (const link of details.querySelectorAll("a")) link.addEventListener("click", fold);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && folded.matches && details.open) {
      fold();
      details.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => details.contains(event.target) || fold());
}

// Figures in three dimensions are pictures until somebody wants to turn them: the script that
// does it is larger than all the rest of the site.
function offerTurning() {
  const figures = document.querySelectorAll("figure.space");
  for (const figure of figures) {
    const button = figure.querySelector("button");
    button.hidden = false;
    button.addEventListener("click", () => turn(figure, button));
    if (!figure.querySelector("img")) turn(figure, button);
  }
}

let waiting = Promise.resolve();

function turn(figure, button) {
  button.disabled = true;
  const top = document.querySelector("script[src$='site.js']").src.replace(/assets\/site\.js$/, "");
  const shown = async () => {
    if (!window.Plotly) await load(`${top}assets/plotly.min.js`);
    const stage = document.createElement("div");
    stage.className = "stage";
    window.showInSpace = ({ data, layout }) => {
      window.given = { data, layout };
    };
    await load(figure.dataset.turning);
    figure.append(stage);
    await Plotly.newPlot(stage, window.given.data, { ...window.given.layout, autosize: true }, {
      displaylogo: false,
      responsive: true,
    });
    figure.querySelector("a")?.remove();
    button.remove();
  };
  // One after the other: they share the function that their data call.
  waiting = waiting.then(shown).catch(() => {
    button.disabled = false;
  });
}

function load(source) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}
