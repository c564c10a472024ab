const KEY = "mantine-color-scheme-value"; // where Mantine remembers what was chosen

/** Give the page the remembered colours before it is drawn; without any it follows the system. */
export function applyColorScheme(): void {
  const chosen = localStorage.getItem(KEY);
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.mantineColorScheme = chosen;
}
