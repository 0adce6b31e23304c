import { useEffect } from "react";
import { t } from "@/i18n";
import { toast } from "@/ui";
import { scriptUrl } from "./trusted";

const CHECK_MS = 60 * 60 * 1000;

/** Tells the person about a new version once it is there; nothing reloads behind their back. */
function offer(registration: ServiceWorkerRegistration): void {
  const waiting = registration.waiting;
  // Without a controller this is the first visit: there is nothing to replace.
  if (waiting === null || navigator.serviceWorker.controller === null) return;
  toast(t("shell.update"), {
    sticky: true,
    action: {
      label: t("shell.updateReload"),
      run: () => {
        navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
        waiting.postMessage("activate");
      },
    },
  });
}

function watch(registration: ServiceWorkerRegistration): void {
  offer(registration);
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", () => offer(registration));
  });
}

/** Installs the service worker and offers new versions. Once on a page. */
export function useUpdatePrompt(): void {
  useEffect(() => {
    if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
    let timer: ReturnType<typeof setInterval> | undefined;
    navigator.serviceWorker
      .register(scriptUrl("/sw.js"))
      .then((registration) => {
        watch(registration);
        timer = setInterval(() => void registration.update().catch(() => undefined), CHECK_MS);
      })
      // Without it (a private window, a page without TLS) the app works, but doesn't open offline.
      .catch(() => undefined);
    return () => clearInterval(timer);
  }, []);
}
