// Enhancements only: every page works without this file.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// Choosing rows: the box in the head, the count, and the buttons that need a choice.
function showSelection(list) {
  const all = $('[data-all]', list);
  if (!all) return;
  const boxes = $$('td.ck input', list), chosen = boxes.filter(box => box.checked).length;
  all.checked = chosen > 0 && chosen === boxes.length;
  all.indeterminate = chosen > 0 && chosen < boxes.length;
  list.classList.toggle('has-selection', chosen > 0);
  const scope = $('.scope input', list);
  if (scope && chosen === 0) scope.checked = false;
  const count = $('[data-selected]', list);
  if (count) count.textContent = chosen && !scope?.checked ? count.dataset.selected.replace('0', chosen) : '';
  for (const button of $$('[data-needs-selection]', list)) button.disabled = chosen === 0;
}

document.addEventListener('change', event => {
  const box = event.target, list = box.closest('.list');
  if (list && box.matches('[data-all]')) for (const one of $$('td.ck input', list)) one.checked = box.checked;
  if (list && box.matches('.ck input, .scope input')) showSelection(list);
  if (box.matches('[data-autosubmit]')) box.form.requestSubmit();
});

// Confirmations: the page that asks is shown in a dialog. If the answer asks nothing, go where it leads.
const dialog = $('#dialog');

async function ask(request, otherwise) {
  try {
    const answer = await fetch(request);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const question = answer.ok && $('[data-confirm]', page);
    if (!question) return otherwise();
    dialog.replaceChildren(document.adoptNode(question));
    if (!dialog.open) dialog.showModal();
  } catch {
    otherwise();
  }
}

document.addEventListener('click', event => {
  const link = event.target.closest('a[data-dialog]');
  if (link && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
    event.preventDefault();
    ask(link.href, () => location.assign(link.href));
  }
  if (event.target.closest('[data-dialog-close]') && dialog?.open) {
    event.preventDefault();
    dialog.close();
  }
  const copy = event.target.closest('[data-copy]');
  if (copy) navigator.clipboard.writeText(copy.dataset.copy).then(() => say(copy.dataset.copied));
});

document.addEventListener('submit', event => {
  const form = event.target, button = event.submitter;
  if (!button?.matches('[data-dialog]')) return;
  event.preventDefault();
  const url = new URL(button.getAttribute('formaction') || form.action, location);
  url.search = new URLSearchParams(new FormData(form, button));
  ask(url, () => {
    button.removeAttribute('data-dialog');
    form.requestSubmit(button);
  });
});

// A form is sent once: a second press while it is on its way does nothing.
document.addEventListener('submit', event => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post' || event.submitter?.matches('[data-download]')) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = 'yes';
  setTimeout(() => delete form.dataset.sent, 5000);
});
addEventListener('pageshow', () => { for (const form of $$('form[data-sent]')) delete form.dataset.sent; });

// The voice says progress at most every five seconds.
let spoken = 0;
function say(text) { $('#voice').textContent = text; }
function announce(root) {
  const text = $('[data-announce]', root)?.textContent.replace(/\s+/g, ' ').trim();
  if (!text || Date.now() - spoken < 5000) return;
  spoken = Date.now();
  say(text);
}

// Pages that keep themselves up to date say so when no answer comes, and go on asking.
const lost = state => { $('#lost').hidden = !state; };
for (const name of ['htmx:sendError', 'htmx:timeout']) document.addEventListener(name, () => lost(true));
document.addEventListener('htmx:beforeOnLoad', event => lost(event.detail.xhr.status >= 502));

// Updates in place: an answer without the part that is to be replaced (signed out, refused) is shown whole.
document.addEventListener('htmx:beforeSwap', event => {
  const { target, serverResponse, pathInfo, xhr } = event.detail;
  const id = target.getAttribute('id'); // of a form, target.id is its field of that name
  if (xhr.status >= 502) { // of something before the server that does not reach it
    event.detail.shouldSwap = false;
  } else if (id && !serverResponse.includes(`id="${id}"`)) {
    event.detail.shouldSwap = false;
    location.assign(pathInfo.requestPath);
  }
});

// The focus follows details as they open, and goes back to the row when they close.
let leads = null;
document.addEventListener('htmx:beforeRequest', event => {
  const link = event.detail.elt;
  leads = link.dataset.opens ? { into: link.dataset.opens } : link.dataset.close ? { back: link.dataset.close } : null;
});
document.addEventListener('htmx:afterSettle', event => {
  for (const list of $$('.list')) showSelection(list);
  showTab(document);
  announce(event.target.parentNode ?? document);
  if (!leads) return;
  for (const row of $$('tr[aria-current]')) row.removeAttribute('aria-current');
  const title = leads.into && $(`#${CSS.escape(leads.into)} [data-autofocus]`);
  if (title) {
    title.focus();
    const close = $('[data-close]', title.parentNode);
    document.getElementById(close?.dataset.close)?.closest('tr')?.setAttribute('aria-current', 'true');
  }
  if (leads.back) document.getElementById(leads.back)?.focus();
  leads = null;
});
document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && !dialog?.open && !$(':popover-open')) $('.panel [data-close]')?.click();
});

// Single keys, unless somebody writes or has turned them off.
const keys = $('#keys');

const targets = { '/': 'main .search input', p: 'main a[rel=prev]', n: 'main a[rel=next]' };

function showKeys() {
  for (const row of $$('[data-key]', keys)) row.hidden = row.dataset.key in targets && !$(targets[row.dataset.key]);
  $('[data-keys-on]', keys).checked = localStorage.keys !== 'off';
  if (!keys.open) keys.showModal();
}

function pressed(key) {
  const there = key in targets ? $(targets[key]) : null;
  if (key === '/') there?.select();
  else there?.click();
  if (key === '?') showKeys();
  return there || key === '?';
}

if (keys) {
  document.addEventListener('click', event => { if (event.target.closest('[data-keys]')) showKeys(); });
  $('[data-keys-on]', keys).addEventListener('change', event => { localStorage.keys = event.target.checked ? 'on' : 'off'; });
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || localStorage.keys === 'off' || $('dialog[open]') || $(':popover-open')) return;
    if (event.isComposing || event.target.closest?.('input, select, textarea, [contenteditable]')) return;
    if (pressed(event.key)) event.preventDefault();
  });
}

// What an order costs is shown for what its form said before: it goes when that changes.
document.addEventListener('input', event => {
  const form = event.target.form;
  const quote = form?.dataset.quotes && $(`#${form.dataset.quotes}`);
  if (!quote) return;
  quote.remove();
  $('button[type=submit]', form).classList.replace('outline', 'filled');
});

// A row of tabs that is wider than the window begins where the present one is.
function showTab(root) {
  for (const tab of $$('.tabs [aria-current]', root)) {
    const row = tab.closest('.tabs');
    row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
  }
}

showTab(document);
for (const list of $$('.list')) showSelection(list);
$('[role=alert][data-autofocus]')?.focus();
