// Buckets, the objects of one of them, and the first bytes of an object.

import {at, button, el, empty, show, size, table} from './dom.js';
import {call, query, words} from './api.js';

let chosen = null;
let opened = null;

const columns = [['Key', 'name'], ['Size', 'number'], ['Modified', 'number spare']];

// Shows the buckets and the objects of the chosen one; returns the buckets.
export async function refresh(again) {
  const {buckets} = await call('objects');
  if (!buckets.some(bucket => bucket.name === chosen)) { chosen = buckets[0]?.name ?? null; opened = null; }
  show('buckets', [buckets, chosen], () => buckets.map(bucket =>
    button(bucket.name, bucket.name, () => { chosen = bucket.name; opened = null; again(); },
      {'aria-pressed': bucket.name === chosen})));
  if (!chosen) {
    show('objects', null, () => empty('No bucket yet. ', el('code', {}, 'aws s3 mb s3://data'), ' makes one.'));
  } else {
    const page = await call('objects' + query({bucket: chosen}));
    show('objects', [page, opened], () => objectTable(page, again));
  }
  await showPreview(again);
  return buckets;
}

function objectTable(page, again) {
  if (!page.objects.length) {
    return empty('No object. ', el('code', {}, `aws s3 cp FILE s3://${page.bucket}/`), ' puts one.');
  }
  const rows = page.objects.map(object => [
    button(object.key, 'object ' + object.key, () => { opened = opened === object.key ? null : object.key; again(); },
      {className: 'link mono', 'aria-pressed': object.key === opened}),
    size(object.size_bytes), object.modified_at.slice(0, 19).replace('T', ' '),
  ]);
  return [table(columns, rows), page.is_truncated ? empty('and more; GET /_lab/objects?bucket=… has them') : '']
    .filter(Boolean);
}

async function showPreview(again) {
  if (opened === null) return show('preview', null, () => []);
  let preview;
  try {
    preview = await call('objects/preview' + query({bucket: chosen, key: opened}));
  } catch (error) {
    preview = {error: words(error)};
  }
  const key = opened;
  show('preview', [chosen, key, preview], () => previewOf(preview, key, again));
}

function previewOf(preview, key, again) {
  const close = button('Close', 'close', () => { opened = null; again(); });
  if (preview.error) return el('div', {className: 'bar'}, el('span', {className: 'bad'}, preview.error), close);
  const facts = [preview.content_type, preview.etag, preview.checksum].filter(Boolean).join('  ');
  const end = preview.is_truncated ? `the first ${size(preview.preview_bytes)} of ${size(preview.size_bytes)}` : '';
  const content = preview.text !== undefined ? el('pre', {}, preview.text || '(empty)')
    : el('pre', {}, 'not text; base64: ' + preview.base64);
  return [
    el('div', {className: 'bar'}, el('strong', {className: 'mono'}, key), close),
    el('div', {className: 'soft mono'}, facts), content, el('div', {className: 'soft'}, end),
  ];
}
