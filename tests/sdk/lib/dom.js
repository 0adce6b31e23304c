// A document for React, and nothing else of a browser: what the SDKs use of Node stays as it is.
import { Window } from 'happy-dom';

const window = new Window({ url: 'http://localhost/' });
Object.assign(globalThis, { window, document: window.document });
globalThis.navigator ??= window.navigator;

const { createElement } = await import('react');
const { createRoot } = await import('react-dom/client');

/** Renders a component until the test ends; `render` gives it other props, `unmount` ends it before. */
export function mount(t, component, props = {}) {
  const place = document.body.appendChild(document.createElement('div'));
  const root = createRoot(place);
  let mounted = true;
  const unmount = () => {
    if (mounted) root.unmount();
    mounted = false;
    place.remove();
  };
  t.after(unmount);
  const render = (next) => root.render(createElement(component, next));
  render(props);
  return { place, render, unmount };
}

export { createElement };
