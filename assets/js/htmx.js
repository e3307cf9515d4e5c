// htmx under a strict policy, and what a person reads when a request fails.
import htmx from "htmx.org/dist/htmx.esm.js";

const SENTENCES = {
  sendError: "网络不通，这一步没有办成。请检查网络后再试。",
  timeout: "等待时间过长，这一步没有办成。请稍后再试。",
  403: "您没有权限办理这一步。",
  404: "要找的内容不存在，或者不在您的范围内。",
  413: "文件太大，没有上传。",
  other: "系统没有办成这一步，已记入日志。请稍后再试，仍不行请联系系统管理员。",
};

/** Show one sentence at the top of the page, and have it read out. */
export function tell(sentence) {
  const place = document.getElementById("qf-messages");
  if (!place) return;
  const notice = document.createElement("div");
  notice.className = "qf-notice qf-notice-bad";
  notice.setAttribute("role", "alert");
  notice.textContent = sentence;
  place.replaceChildren(notice);
  notice.scrollIntoView({ block: "nearest" });
}

/** Read the sentence that the error page itself shows, so that both say the same. */
function sentenceOf(request) {
  const page = new DOMParser().parseFromString(request.responseText || "", "text/html");
  const said = page.querySelector("[data-sentence]");
  return said ? said.textContent.trim() : SENTENCES[request.status] || SENTENCES.other;
}

/** Set htmx up, and run `enhance` on everything it brings in. */
export function configureHtmx(enhance) {
  Object.assign(htmx.config, {
    allowEval: false,
    includeIndicatorStyles: false,
    allowScriptTags: false,
    selfRequestsOnly: true,
    historyCacheSize: 0,
    refreshOnHistoryMiss: true,
    scrollBehavior: "auto",
    timeout: 30000,
    responseHandling: [
      { code: "204", swap: false },
      { code: "[23]..", swap: true },
      { code: "422", swap: true },
      { code: "[45]..", swap: false, error: true },
    ],
  });
  document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));
  document.addEventListener("htmx:responseError", (event) => tell(sentenceOf(event.detail.xhr)));
  document.addEventListener("htmx:sendError", () => tell(SENTENCES.sendError));
  document.addEventListener("htmx:timeout", () => tell(SENTENCES.timeout));
}
