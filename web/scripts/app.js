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
