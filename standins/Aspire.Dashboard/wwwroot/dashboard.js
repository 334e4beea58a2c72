// What pages cannot do without script of their own. The policy of the pages forbids it inline.
window.dashboard = {
  focus: id => document.getElementById(id)?.focus(),

  open: dialog => {
    if (dialog && !dialog.open) {
      dialog.showModal();
    }
  },

  scrollToRow: (id, top) => {
    const box = document.getElementById(id);
    if (box && (top < box.scrollTop || top > box.scrollTop + box.clientHeight - 96)) {
      box.scrollTop = Math.max(0, top - box.clientHeight / 3);
    }
  },

  // Stays at the end while the reader is at the end.
  follow: box => {
    if (!box) {
      return;
    }
    let isAtEnd = true;
    box.addEventListener('scroll', () => { isAtEnd = box.scrollTop + box.clientHeight >= box.scrollHeight - 40; });
    const toEnd = () => { if (isAtEnd) { box.scrollTop = box.scrollHeight; } };
    new MutationObserver(toEnd).observe(box, { childList: true, subtree: true, attributes: true, attributeFilter: ['style'] });
    toEnd();
  },
};
