// A picture that opens large over the page; without this file the link leads to the picture.
import { button, element } from "./elements.js";

function open(link) {
  const dialog = element("dialog", "enlarged");
  const picture = element("img", "enlarged__picture");
  const name = link.getAttribute("aria-label");
  picture.src = link.href;
  picture.alt = name;
  dialog.setAttribute("aria-label", name);
  dialog.append(button("关闭", "btn btn-outline-secondary", () => dialog.close()), picture);
  // Anywhere beside the picture closes it, as Esc does.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

export function enlargeByClick() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-enlarge]");
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (link && isPlain) {
      event.preventDefault();
      open(link);
    }
  });
}
