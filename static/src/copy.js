// A button beside each field that copies it; without this file one selects and copies by hand.

async function copy(button) {
  const value = button.parentElement.querySelector("[data-value]");
  const said = document.querySelector("[data-copied]");
  try {
    await navigator.clipboard.writeText(value.textContent.trim());
    said.textContent = `已复制${button.dataset.label}`;
    button.firstChild.textContent = "已复制";
    setTimeout(() => {
      button.firstChild.textContent = "复制";
    }, 2000);
  } catch {
    // The browser does not let us: mark the text, so that Ctrl+C takes it.
    window.getSelection().selectAllChildren(value);
    said.textContent = `请按Ctrl+C复制${button.dataset.label}`;
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
