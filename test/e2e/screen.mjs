// Drives the real workbench as a person does: squiggle, hover, lightbulb, fix, undo. Each screenshot goes to out/screen, with
// --images those that README shows to images/.
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { packExtension } from '../../scripts/package.mjs';
import { setup, setupOfflineHosts } from '../../scripts/setup.mjs';
import { skip, total } from '../../scripts/tools/counts.mjs';
import { inRoot } from '../../scripts/tools/paths.mjs';
import { main } from '../../scripts/tools/process.mjs';
import { installHost } from './host/install.mjs';
import { startWorkbench } from './host/workbench.mjs';
import { scratchWorkspace } from './workspace.mjs';

/** Only what matters is in the picture. */
const settings = {
  'breadcrumbs.enabled': false,
  'editor.fontSize': 14,
  'editor.hover.delay': 100,
  'editor.minimap.enabled': false,
  'window.commandCenter': false,
  'workbench.activityBar.location': 'hidden',
  'workbench.layoutControl.enabled': false,
};

const shown = ['squiggle', 'hover', 'quickfix', 'fixed'];
const copyLine = 7;
const argLine = 3;
const seconds = 20_000;

/** What a person sees and does, in order: name, and what must come true. */
function steps(page, shot) {
  const editor = page.locator('.editor-instance .monaco-editor').first();
  const line = (text) => editor.locator('.view-line', { hasText: text }).first();
  /** The second stage copies the manifests in any case. */
  const fixed = editor.locator('.view-line', { hasText: 'COPY package.json package-lock.json' }).nth(1);
  const warnings = editor.locator('.squiggly-warning');
  const hover = (text) => page.locator('.monaco-hover:visible', { hasText: text }).first();
  const menu = page.locator('.action-widget:visible');
  const status = page.locator('#status\\.languageStatus[aria-label*="findings"][aria-label*="16 files"]').first();
  const present = (locator, timeout = seconds) => locator.waitFor({ timeout });
  /** The middle of some text in a line: a word in it is hovered, or clicked. */
  const at = async (text, word) => {
    const box = await line(text).locator('span span', { hasText: word }).first().boundingBox();
    return [box.x + Math.min(8, box.width / 2), box.y + box.height / 2];
  };
  const away = async () => {
    await page.keyboard.press('Escape');
    await page.mouse.move(800, 500);
    await page.locator('.monaco-hover:visible').first().waitFor({ state: 'hidden' });
  };
  /** Goes to a place in the editor as the keyboard does, so that nothing depends on where it is drawn. */
  const goTo = async (number, column) => {
    await page.keyboard.press('Control+g');
    await present(page.locator('.quick-input-widget:visible'));
    await page.keyboard.type(`${number}:${column}`);
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-widget').first().waitFor({ state: 'hidden' });
  };
  /** Runs a command by its title in the palette. */
  const command = async (title) => {
    await page.keyboard.press('F1');
    await present(page.locator('.quick-input-widget:visible'));
    await page.keyboard.type(title);
    await present(page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title.split(': ').at(-1) }));
    await page.keyboard.press('Enter');
  };
  const warningsAre = (count) =>
    page.waitForFunction((n) => document.querySelectorAll('.squiggly-warning').length === n, count, {
      timeout: seconds,
    });

  return [
    [
      'the file is shown',
      async () => {
        await present(line('COPY . .'), 60_000);
        await line('COPY . .').click();
        await page.keyboard.press('Control+b'); // the side bar is not what the pictures are about
      },
    ],
    [
      'three causes are underlined, and the build context has been read',
      async () => {
        await present(warnings.nth(2), 60_000);
        await present(status, 60_000); // a hover stays as it was when it opened
      },
    ],
    [
      'pointing at the COPY says what is wrong, with the number of files',
      async () => {
        await page.mouse.move(...(await at('COPY . .', '.')));
        await present(hover('16 files'));
        await present(hover('Quick Fix'));
        await hover('Loading...').waitFor({ state: 'hidden' });
        await shot('squiggle');
        await away();
      },
    ],
    [
      'pointing at a step explains its cache key',
      async () => {
        await page.mouse.move(...(await at('RUN npm run build', 'RUN')));
        await present(hover('Its cache key depends on'));
        await shot('hover');
        await away();
      },
    ],
    [
      'the lightbulb offers the fix',
      async () => {
        await goTo(copyLine, 6);
        await page.keyboard.press('Control+.');
        await present(menu.getByText('Copy package.json and package-lock.json first'));
        await shot('quickfix');
      },
    ],
    [
      'the fix mends the file, and its squiggle goes',
      async () => {
        await page.keyboard.press('Enter');
        await present(fixed);
        await warningsAre(2);
        await shot('fixed');
      },
    ],
    [
      'undo brings both back',
      async () => {
        await page.keyboard.press('Control+z');
        await fixed.waitFor({ state: 'detached' });
        await warningsAre(3);
      },
    ],
    [
      'what rebuilds if an argument changes is marked, until Escape is pressed',
      async () => {
        const marks = editor.locator('.view-overlays [class*="ced-"]');
        await goTo(argLine, 6);
        await command('What Rebuilds If This Argument Changes?');
        await present(page.locator('.quick-input-list .monaco-list-row', { hasText: 'runs again' }).first());
        await page.keyboard.press('Enter');
        await present(marks.nth(1));
        await shot('rebuilds');
        await page.keyboard.press('Escape');
        await marks.first().waitFor({ state: 'detached' });
      },
    ],
    [
      'the Problems view lists the findings',
      async () => {
        await command('Problems: Focus on Problems View');
        await present(page.locator('.markers-panel .monaco-list-row', { hasText: 'early-arg' }).first());
        await shot('problems');
      },
    ],
    [
      'the status item has the number of findings and the build context',
      async () => {
        await present(status);
      },
    ],
    [
      "the rule's name in the Problems view leads to its page, not to the page's source",
      async () => {
        await page
          .locator('.markers-panel a', { hasText: 'early-arg' })
          .first()
          .click({ modifiers: ['Alt'] });
        await present(page.locator('.tab.active', { hasText: 'early-arg' }));
        await present(page.locator('.webview.ready').first());
      },
    ],
  ];
}

async function walk(page, out) {
  const shot = async (name) => {
    await page.waitForTimeout(400); // what fades in has faded in
    await page.screenshot({ path: path.join(out, `${name}.png`) });
  };
  let passed = 0;
  for (const [name, step] of steps(page, shot)) {
    try {
      await step();
    } catch (error) {
      await shot('failed');
      console.log(`  ✘ ${name}\n${error.message}\n    see ${path.join(out, 'failed.png')}`);
      return { passed, failed: 1 };
    }
    console.log(`  ✔ ${name}`);
    passed++;
  }
  return { passed, failed: 0 };
}

await main(async () => {
  await setup();
  const problem = await setupOfflineHosts(['newest']);
  if (problem) return skip('the screen test', problem);
  const out = inRoot('out/screen');
  mkdirSync(out, { recursive: true });
  const extensions = [await packExtension(inRoot('out/screen/extension.vsix'))];
  const scratch = scratchWorkspace();
  const viewport = { width: 860, height: 520 };
  const workbench = await startWorkbench(await installHost('newest'), { extensions, settings, viewport });
  try {
    await workbench.open({ folder: scratch.folder, files: [path.join(scratch.folder, 'Dockerfile')] });
    const result = await walk(workbench.page, out);
    if (process.argv.includes('--images') && result.failed === 0) {
      for (const name of shown) cpSync(path.join(out, `${name}.png`), inRoot('images', `${name}.png`));
    }
    total([result]);
  } finally {
    await workbench.stop();
    scratch.remove();
  }
});
