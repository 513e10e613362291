// A page whose case goes on by itself looks again every few seconds, and changes only when there is news.
// Without scripts the page reloads itself instead.
"use strict";
const EVERY = Number(document.currentScript.dataset.every) || 3000;
const main = document.getElementById("inhalt");
const news = document.createElement("p");
news.className = "kern-sr-only";
news.setAttribute("role", "status");
main.after(news);

async function look() {
  if (document.hidden) return setTimeout(look, EVERY);
  try {
    const answer = await fetch(location.href, { credentials: "same-origin", redirect: "manual", headers: { "X-Formlos-Poll": "1" } });
    if (!answer.ok) return location.reload();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("inhalt");
    if (fresh && fresh.innerHTML.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "") !== main.innerHTML.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "")) {
      main.replaceChildren(...fresh.childNodes);
      news.textContent = main.querySelector("h1").textContent;
    }
    if (!page.querySelector("script[src*='live']")) return;
  } catch {
    // no connection for the moment: what is on the screen stays, and the next look tries again
  }
  setTimeout(look, EVERY);
}
setTimeout(look, EVERY);
