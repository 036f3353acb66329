// Names for what Django's admin leaves without one: people who hear a page find every field and column by its name, and who
// has no mouse reaches what scrolls.
const textOf = (node) => (node ? node.textContent.trim().replace(/:$/, "") : "");
const labelOf = (field) => textOf(field.closest(".form-row:not(tr)")?.querySelector("label, legend"));
const headingOf = (cell) => textOf(cell?.closest("table").querySelectorAll("thead th")[cell.cellIndex]);
const WITHOUT_LABEL = ".datetime input, .tabular td :is(input, select, textarea), .select2-selection, .select2-selection__rendered";
const SCROLLS = ".results, .inline-group, .readonly, #change-history, pre";

function nameFields() {
  for (const field of document.querySelectorAll(WITHOUT_LABEL)) {
    if (field.type !== "hidden") field.setAttribute("aria-label", labelOf(field) || headingOf(field.closest("td")));
  }
  for (const heading of document.querySelectorAll("th")) {
    if (!textOf(heading) && !heading.querySelector("input")) heading.setAttribute("role", "presentation");
  }
  for (const icon of document.querySelectorAll(".search-label-icon")) icon.setAttribute("role", "img");
}

function letScroll() {
  for (const region of document.querySelectorAll(SCROLLS)) {
    if (region.scrollWidth > region.clientWidth) region.tabIndex = 0;
    else region.removeAttribute("tabindex");
  }
}

nameFields();
new MutationObserver(nameFields).observe(document.body, { childList: true, subtree: true }); // fields that scripts make
window.addEventListener("load", letScroll);
window.addEventListener("resize", letScroll);
