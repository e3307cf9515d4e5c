// What every page carries. Pages work without it; it saves a reload, a lost form, a wrong click.
import Alpine from "@alpinejs/csp";
import { configureHtmx } from "./htmx.js";
import { askFirst } from "./confirm.js";
import { components } from "./components.js";
import { enhance } from "./enhance.js";
import { walkSheets } from "./grid.js";

document.documentElement.classList.add("qf-js");
configureHtmx(enhance);
askFirst();
walkSheets();
for (const [name, make] of Object.entries(components)) Alpine.data(name, make);
Alpine.start();
