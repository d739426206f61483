// Before the first paint: the theme that was chosen, so that nothing flashes.
const chosen = localStorage.getItem("understudy.theme");
if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
