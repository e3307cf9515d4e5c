// Enter and the arrow keys move up and down a column of a sheet that is filled in row by row.
const STEPS = { Enter: 1, ArrowDown: 1, ArrowUp: -1 };

/** Move within the sheet's column; Enter never sends the form, the buttons do. */
export function walkSheets() {
  document.addEventListener("keydown", (event) => {
    const box = event.target.closest && event.target.closest("[data-grid] input[data-column]");
    const step = STEPS[event.key];
    if (!box || !step || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const column = Array.from(box.form.querySelectorAll(`input[data-column="${CSS.escape(box.dataset.column)}"]`));
    const next = column[column.indexOf(box) + (event.shiftKey && step === 1 ? -1 : step)];
    if (!next) return;
    next.focus();
    next.select();
  });
}
