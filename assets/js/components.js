// Alpine components, by name in x-data. Templates call them by plain names: the CSP build evaluates nothing else.

const readableSize = (bytes) =>
  bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;

export const components = {
  // The navigation that folds on a phone.
  navigation: () => ({
    open: false,
    toggle() {
      this.open = !this.open;
    },
    close() {
      this.open = false;
    },
    get sideClass() {
      return this.open ? "qf-side-open" : "";
    },
    get expanded() {
      return this.open ? "true" : "false";
    },
  }),

  // Says which files were picked, and refuses one that is too big before it is sent.
  filePicker: () => ({
    words: "",
    get isPicked() {
      return this.words !== "";
    },
    pick(event) {
      const input = event.target;
      const files = Array.from(input.files);
      const limit = Number(input.dataset.maxBytes || 0);
      const tooBig = limit ? files.find((file) => file.size > limit) : undefined;
      input.setCustomValidity(tooBig ? `「${tooBig.name}」超过 ${readableSize(limit)}，请压缩或拆分后再选。` : "");
      if (tooBig) input.reportValidity();
      this.words = files.map((file) => `${file.name}（${readableSize(file.size)}）`).join("、");
    },
  }),

  // Warns before a form with changes is left.
  unsavedForm: () => ({
    changed: false,
    init() {
      this.warn = (event) => {
        if (!this.changed) return;
        event.preventDefault();
        event.returnValue = "";
      };
      window.addEventListener("beforeunload", this.warn);
    },
    destroy() {
      window.removeEventListener("beforeunload", this.warn);
    },
    touch() {
      this.changed = true;
    },
    send() {
      this.changed = false;
    },
  }),

  // Picks or drops every box of a table at once.
  pickAll: () => ({
    count: 0,
    get isNone() {
      return this.count === 0;
    },
    recount() {
      this.count = this.$root.querySelectorAll("[data-pick]:checked").length;
    },
    all(event) {
      for (const box of this.$root.querySelectorAll("[data-pick]:not(:disabled)")) box.checked = event.target.checked;
      this.recount();
    },
  }),
};
