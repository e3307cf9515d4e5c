// Small improvements of plain HTML, on the whole page and on every part that htmx brings in.
import TomSelect from "tom-select/dist/js/tom-select.base.min.js";

function searchableSelect(select) {
  if (select.tomselect) return;
  const label = select.labels[0];  // read first: the label is handed over to the new field
  const made = new TomSelect(select, {
    allowEmptyOption: true,
    maxOptions: 300,
    plugins: [],
    render: {
      no_results: () => '<div class="no-results">没有符合的选项</div>',
    },
  });
  if (!label) return;
  const words = label.textContent.replace("*", "").trim();
  select.setAttribute("aria-label", words);
  made.control_input.setAttribute("aria-label", words);
}

function sendOnChange(field) {
  field.addEventListener("change", () => {
    if (field.form.requestSubmit) field.form.requestSubmit();
    else field.form.submit();
  });
}

// On a narrow screen the step that is due is brought into sight.
function showStep(steps) {
  const now = steps.querySelector('[aria-current="step"]');
  if (now) steps.scrollLeft = now.offsetLeft - (steps.clientWidth - now.clientWidth) / 2;
}

const IMPROVEMENTS = [
  [".qf-steps", showStep],
  ["select[data-search]", searchableSelect],
  ["[data-send-on-change]", sendOnChange],
];

/** Improve what lies in this part of the page. */
export function enhance(part) {
  for (const [selector, improve] of IMPROVEMENTS) {
    if (part.matches && part.matches(selector)) improve(part);
    for (const found of part.querySelectorAll(selector)) improve(found);
  }
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll(".qf-menu[open]")) if (menu !== except) menu.removeAttribute("open");
}
document.addEventListener("click", (event) => closeMenus(event.target.closest(".qf-menu")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest && event.target.closest(".qf-menu[open]");
  closeMenus(null);
  if (menu) menu.querySelector("summary").focus();
});
// A button sends its form once: a second click while the first is on its way is dropped, the field values stay.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-repeat")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  window.setTimeout(() => delete form.dataset.sent, 5000);
});
// On paper every fold is open.
window.addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details.qf-fold, details.qf-chart-fold")) fold.open = true;
});
