export interface ViewOptions {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  readonly reducedMotion?: boolean;
}

/** Sends a command of the DevTools protocol to a tab, and gives its result. */
export type Send = (method: string, params: Record<string, unknown>) => Promise<Record<string, unknown>>;

/** A tab, with everything that it asked for and complained about. */
export class Page {
  /** URLs of every request that the page made, documents and media included, `data:` left out. */
  readonly requests: string[] = [];
  /** Errors and warnings of the console, and exceptions that nobody caught. */
  readonly complaints: string[] = [];
  readonly #send: Send;
  readonly #listeners = new Map<string, (params: Record<string, unknown>) => void>();

  constructor(send: Send) {
    this.#send = send;
  }

  async prepare({
    width = 1280,
    height = 900,
    dark = false,
    reducedMotion = false,
  }: ViewOptions): Promise<void> {
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await this.send(`${domain}.enable`);
    await this.send('Emulation.setDeviceMetricsOverride', {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: false,
    });
    await this.send('Emulation.setEmulatedMedia', {
      features: [
        { name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' },
        { name: 'prefers-reduced-motion', value: reducedMotion ? 'reduce' : 'no-preference' },
      ],
    });
    await this.send('Emulation.setTimezoneOverride', { timezoneId: 'UTC' });
    // Without it a tab in the background has no focus to show.
    await this.send('Emulation.setFocusEmulationEnabled', { enabled: true });
  }

  async send(method: string, params: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    return this.#send(method, params);
  }

  /** Opens a URL, and waits until it has loaded. */
  async open(url: string): Promise<void> {
    const loaded = this.#next('Page.loadEventFired');
    const { errorText } = await this.send('Page.navigate', { url });
    if (errorText !== undefined) throw new Error(`${url}: ${String(errorText)}`);
    await loaded;
  }

  /** The value of an expression in the page; a promise is waited for. */
  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
      userGesture: true,
    });
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { readonly value?: unknown }).value;
  }

  /** Waits until an expression is true in the page; the page looks after each frame that it draws. */
  async until(expression: string, timeoutMs = 60_000): Promise<void> {
    const met = await this.evaluate(`new Promise((resolve) => {
      const last = performance.now() + ${timeoutMs};
      const look = () => {
        if (${expression}) resolve(true);
        else if (performance.now() > last) resolve(false);
        else setTimeout(look, 20);
      };
      look();
    })`);
    if (met !== true) throw new Error(`not true within ${timeoutMs} ms: ${expression}`);
  }

  async hover(selector: string): Promise<void> {
    const { x, y } = await this.#centre(selector);
    await this.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x, y });
  }

  async click(selector: string): Promise<void> {
    const { x, y } = await this.#centre(selector);
    await this.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x, y });
    for (const type of ['mousePressed', 'mouseReleased']) {
      await this.send('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount: 1 });
    }
  }

  /** Presses a key by its name: `Tab`, `Enter`, `ArrowLeft`, `/`. */
  async press(key: string, options: { readonly shift?: boolean } = {}): Promise<void> {
    const text = key === 'Enter' ? '\r' : key.length === 1 ? key : undefined;
    const codes: Record<string, number> = {
      Tab: 9,
      Enter: 13,
      Escape: 27,
      ' ': 32,
      ArrowLeft: 37,
      ArrowUp: 38,
      ArrowRight: 39,
      ArrowDown: 40,
    };
    const event = {
      key,
      code: key === ' ' ? 'Space' : key,
      windowsVirtualKeyCode: codes[key] ?? key.charCodeAt(0),
      modifiers: options.shift === true ? 8 : 0,
    };
    const down = text === undefined ? { type: 'rawKeyDown' } : { type: 'keyDown', text };
    await this.send('Input.dispatchKeyEvent', { ...event, ...down });
    await this.send('Input.dispatchKeyEvent', { ...event, type: 'keyUp' });
  }

  /** Pastes what is on the clipboard, as Ctrl-V does. */
  async paste(): Promise<void> {
    const event = { key: 'v', code: 'KeyV', windowsVirtualKeyCode: 86, modifiers: 2, commands: ['paste'] };
    await this.send('Input.dispatchKeyEvent', { ...event, type: 'rawKeyDown' });
    await this.send('Input.dispatchKeyEvent', { ...event, type: 'keyUp' });
  }

  async type(text: string): Promise<void> {
    await this.send('Input.insertText', { text });
  }

  /** A picture of what is in the window, as PNG. */
  async screenshot(): Promise<Buffer> {
    const { data } = await this.send('Page.captureScreenshot', { format: 'png' });
    return Buffer.from(String(data), 'base64');
  }

  /** The page on A4, as PDF. */
  async pdf(): Promise<Buffer> {
    const { data } = await this.send('Page.printToPDF', {
      printBackground: true,
      paperWidth: 8.27,
      paperHeight: 11.69,
      preferCSSPageSize: true,
    });
    return Buffer.from(String(data), 'base64');
  }

  receive(method: string, params: Record<string, unknown>): void {
    if (method === 'Network.requestWillBeSent') {
      const { url } = params['request'] as { readonly url: string };
      if (!url.startsWith('data:')) this.requests.push(url);
    } else if (method === 'Log.entryAdded') {
      const { level, text } = params['entry'] as { readonly level: string; readonly text: string };
      if (level === 'error' || level === 'warning') this.complaints.push(text);
    } else if (method === 'Runtime.exceptionThrown') {
      this.complaints.push(JSON.stringify(params['exceptionDetails']));
    } else if (method === 'Runtime.consoleAPICalled' && params['type'] !== 'log') {
      this.complaints.push(JSON.stringify(params['args']));
    }
    this.#listeners.get(method)?.(params);
  }

  async #centre(selector: string): Promise<{ readonly x: number; readonly y: number }> {
    const place = await this.evaluate(`(() => {
      const found = document.querySelector(${JSON.stringify(selector)});
      if (found === null) return null;
      found.scrollIntoView({ block: 'center', behavior: 'instant' });
      const { left, top, width, height } = found.getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2 };
    })()`);
    if (place === null) throw new Error(`the page has no ${selector}`);
    return place as { readonly x: number; readonly y: number };
  }

  #next(event: string): Promise<Record<string, unknown>> {
    return new Promise((resolve) => {
      this.#listeners.set(event, (params) => {
        this.#listeners.delete(event);
        resolve(params);
      });
    });
  }
}
