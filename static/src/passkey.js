// Passkeys: the device is asked to make one, or to confirm what a form says. Without this file, and
// in browsers that know none, one types password and code.

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const known = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

// What a person is told instead of the browser's own words.
function reason(error) {
  if (error.name === "NotAllowedError") {
    return "没有完成。请再按一次，并在设备上用指纹、面容或锁屏密码确认。";
  }
  if (error.name === "InvalidStateError") {
    return "这台设备已经添加过，不用再加。";
  }
  if (error.name === "SecurityError") {
    return "这个地址不能使用通行密钥，请从门户的正式地址打开。";
  }
  return error.told ? error.message : "没有完成，请检查网络后再按一次。";
}

// The server is told all that the form carries, without what proves who sends it.
async function ask(block, form) {
  const body = new FormData(form);
  for (const name of ["password", "code", "proven", "passkey"]) {
    body.delete(name);
  }
  body.set("passkey_page", window.location.pathname);
  const answer = await fetch(block.dataset.passkey, { method: "POST", body });
  if (answer.redirected) {
    throw Object.assign(new Error("您的登录已经结束，请刷新页面重新登录。"), { told: true });
  }
  const said = await answer.json();
  if (!answer.ok) {
    throw Object.assign(new Error(said.words), { told: true });
  }
  return said;
}

async function make(options) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: known(options.excludeCredentials),
    },
  });
  return {
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    transports: made.response.getTransports?.() ?? [],
    response: {
      clientDataJSON: text(made.response.clientDataJSON),
      attestationObject: text(made.response.attestationObject),
    },
  };
}

async function use(options) {
  const used = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: known(options.allowCredentials),
    },
  });
  return {
    id: used.id,
    rawId: text(used.rawId),
    type: used.type,
    response: {
      clientDataJSON: text(used.response.clientDataJSON),
      authenticatorData: text(used.response.authenticatorData),
      signature: text(used.response.signature),
    },
  };
}

async function answer(block, button) {
  const form = block.closest("form");
  const said = block.querySelector("[data-passkey-said]");
  button.disabled = true;
  said.textContent = "请在设备上确认……";
  try {
    const options = await ask(block, form);
    const signed = "makes" in block.dataset ? await make(options) : await use(options);
    form.elements.namedItem("passkey").value = JSON.stringify(signed);
    said.textContent = "已确认，正在提交……";
    form.requestSubmit();
  } catch (error) {
    said.textContent = reason(error);
    button.disabled = false;
  }
}

function begin(block) {
  const button = block.querySelector("button");
  button.addEventListener("click", () => answer(block, button));
  block.hidden = false;
  // Folded where nothing went wrong: the other way is there for who wants it.
  const other = block.closest("form").querySelector("[data-without-passkey]");
  if (other && !document.querySelector(".error-summary")) {
    other.open = false;
  }
}

if (window.PublicKeyCredential) {
  document.querySelectorAll("[data-passkey]").forEach(begin);
}
