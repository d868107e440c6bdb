/** Apart, so that a test can see it. */
export function reloadPage() {
  window.location.reload()
}
