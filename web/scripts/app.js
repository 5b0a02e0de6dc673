// Everything works without this file; it adds what the design system adds where scripts run.
import { initAll } from "./nhsuk-frontend.js";

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
initAll();
