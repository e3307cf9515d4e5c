// Asks before an act that cannot be taken back. The server has a confirmation page for those without scripts.
//   <button data-confirm="句子" data-confirm-title="标题" data-confirm-action="按钮">
// hx-confirm goes through the same dialog.

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/** Ask in a dialog, and call `go` when the answer is yes. */
function ask({ title, sentence, action }, go) {
  const dialog = element("dialog", "qf-dialog");
  const heading = element("h2", "", title);
  heading.id = "qf-dialog-title";
  dialog.setAttribute("aria-labelledby", heading.id);
  const buttons = element("div", "qf-dialog-actions");
  const no = element("button", "btn", "取消");
  const yes = element("button", "btn btn-primary", action);
  no.type = yes.type = "button";
  buttons.append(no, yes);
  dialog.append(heading, element("p", "", sentence), buttons);
  no.addEventListener("click", () => dialog.close());
  yes.addEventListener("click", () => {
    dialog.close();
    go();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  if (dialog.showModal) dialog.showModal();
  else if (window.confirm(sentence)) yes.click();
  else dialog.remove();
}

const wordsOf = (source, sentence) => ({
  title: source.dataset.confirmTitle || "请确认",
  sentence,
  action: source.dataset.confirmAction || source.textContent.trim() || "确认",
});

/** Listen for submits of buttons that ask first, and for htmx's own question. */
export function askFirst() {
  const agreed = new WeakSet();
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-confirm]");
    if (!button || agreed.has(button) || button.disabled) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(wordsOf(button, button.dataset.confirm), () => {
      agreed.add(button);
      button.click();
      agreed.delete(button);
    });
  }, true);
  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(wordsOf(event.detail.elt, event.detail.question), () => event.detail.issueRequest(true));
  });
}
