// SPDX-License-Identifier: Apache-2.0
// Names that begin as was typed, under every search box that says where to ask for them.
"use strict";

for (const box of document.querySelectorAll("input[data-suggest]")) {
  const names = document.createElement("datalist");
  names.id = `${box.id}-names`;
  box.after(names);
  box.setAttribute("list", names.id);
  let asked = "";
  let waiting;

  const show = async () => {
    const q = box.value.trim();
    if (!q || q === asked) return;
    asked = q;
    const address = `${box.dataset.suggest}?${new URLSearchParams({ q, lang: document.documentElement.lang })}`;
    try {
      const answer = await fetch(address);
      if (!answer.ok || asked !== q) return;
      const { items } = await answer.json();
      names.replaceChildren(...items.map((item) => new Option("", item.snippet)));
    } catch {
      names.replaceChildren(); // the box works without
    }
  };

  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 120);
  });
}
