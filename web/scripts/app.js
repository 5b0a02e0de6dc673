// Everything works without this file; it adds what the design system adds where scripts run.
import { initAll } from "./nhsuk-frontend.js";

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
initAll();

// A page that shows work going on keeps its progress up to date without moving the reader's place, and loads
// anew when the work is done (or when the answer is another page, such as the one for signing in).
const seconds = Number(document.body.dataset.refreshSeconds);
const progress = document.querySelector(".app-progress");
if (seconds > 0 && progress) {
  const ask = async () => {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok) {
      throw new Error(answer.statusText);
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const present = page.querySelector(".app-progress");
    if (!present) {
      location.reload();
      return;
    }
    progress.replaceChildren(...present.childNodes);
    setTimeout(askAndGoOn, seconds * 1000);
  };
  // A lost connection or a restart is no reason to stop: the next answer may come.
  const askAndGoOn = () => ask().catch(() => setTimeout(askAndGoOn, seconds * 1000));
  setTimeout(askAndGoOn, seconds * 1000);
}

// Who is signed in is warned two minutes before nothing sent for a while ends their sign-in, and can go on by a press. The
// service counts to the minute, so the warning comes one minute early. What other windows send counts too.
const idle = document.getElementById("app-idle");
if (idle) {
  const minute = 60 * 1000;
  const most = Number(idle.dataset.minutes) * minute;
  const loaded = Date.now();
  const told = "app-last-sent";
  const sent = () => {
    try {
      localStorage.setItem(told, String(Date.now()));
    } catch {
      // Storage may be turned off: then this window counts by itself.
    }
  };
  const lastSent = () => {
    try {
      return Math.max(Number(localStorage.getItem(told)), loaded);
    } catch {
      return loaded;
    }
  };
  const show = (when) => {
    idle.hidden = when === "";
    for (const part of idle.querySelectorAll("[data-when]")) {
      part.hidden = part.dataset.when !== when;
    }
  };
  const look = () => {
    const away = Date.now() - lastSent();
    const shown = away >= most ? "over" : away >= most - 3 * minute ? "soon" : "";
    if (idle.dataset.shown !== shown) {
      idle.dataset.shown = shown;
      show(shown);
    }
  };
  idle.querySelector("button").addEventListener("click", async () => {
    const answer = await fetch("/your-sign-in", { headers: { accept: "text/html" }, redirect: "manual" });
    if (answer.ok) {
      sent();
    }
    look();
  });
  sent();
  setInterval(look, 5000);
}
