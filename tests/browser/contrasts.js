// [contrast, words] of every word that is hard to read against what is behind it: below 4.5, as WCAG 2.2 counts it.
const SHARES = [0.2126, 0.7152, 0.0722];
const channel = (each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
const light = (rgb) => SHARES.reduce((sum, share, place) => sum + share * channel(rgb[place] / 255), 0);
const colour = (text) => text.match(/[\d.]+/g).map(Number);

function behind(node) {
  for (let each = node; each; each = each.parentElement) {
    const found = colour(getComputedStyle(each).backgroundColor);
    if (found.length === 3 || found[3] > 0) return found;
  }
  return [255, 255, 255];
}

function contrast(node) {
  const [high, low] = [light(colour(getComputedStyle(node).color)), light(behind(node))].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

const hasWords = (node) => [...node.childNodes].some((each) => each.nodeType === Node.TEXT_NODE && each.data.trim());
const shown = [...document.querySelectorAll("body *")].filter((node) => node.offsetParent && hasWords(node));
return shown.map((node) => [contrast(node), node.innerText]).filter(([found]) => found < 4.5);
