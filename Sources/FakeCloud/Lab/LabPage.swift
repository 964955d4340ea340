/// The page at `/_lab/ui`: one file without anything from elsewhere.
enum LabPage {
    static let html = #"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>Lab: fake S3 and SQS</title><link rel="icon" href="data:,">
        <style>
        :root { --paper:#f7f7f4; --card:#fff; --ink:#1d2329; --soft:#5d6873; --line:#dfe2e0; --accent:#0a6b78; --bad:#b3261e;
          --warn:#8a5a00; --good:#1d6e3c; color-scheme:light dark }
        @media (prefers-color-scheme:dark) { :root { --paper:#14181c; --card:#1d2329; --ink:#e7eaec; --soft:#9aa6b1;
          --line:#333c45; --accent:#5cc4d3; --bad:#ff8a80; --warn:#f0b94d; --good:#7bd39a } }
        * { box-sizing:border-box }
        body { margin:0; background:var(--paper); color:var(--ink); font:15px/1.45 system-ui,sans-serif }
        header { display:flex; flex-wrap:wrap; gap:.5rem 1rem; align-items:center; padding:.8rem 1.2rem;
          background:var(--card); border-bottom:1px solid var(--line); position:sticky; top:0 }
        h1 { font-size:1.05rem; margin:0 auto 0 0 } h2 { font-size:.95rem; margin:0 0 .6rem }
        main { display:grid; gap:1rem; padding:1rem 1.2rem; grid-template-columns:repeat(12,1fr); max-width:1500px; margin:auto }
        section { background:var(--card); border:1px solid var(--line); border-radius:8px; padding:.9rem 1rem; min-width:0;
          overflow-x:auto }
        .w7 { grid-column:span 7 } .w5 { grid-column:span 5 } .w12 { grid-column:span 12 }
        @media (max-width:900px) { .w7,.w5 { grid-column:span 12 } }
        table { border-collapse:collapse; width:100%; font-variant-numeric:tabular-nums }
        th { text-align:left; color:var(--soft); font-weight:500; font-size:.82rem }
        th,td { padding:.28rem .6rem .28rem 0; border-bottom:1px solid var(--line); vertical-align:top }
        td.n,th.n { text-align:right } tr:last-child td { border-bottom:0 }
        code,.mono { font:13px/1.4 ui-monospace,monospace } .soft { color:var(--soft) } .bad { color:var(--bad) }
        .good { color:var(--good) } .warn { color:var(--warn) }
        button { font:inherit; font-size:.88rem; padding:.22rem .6rem; border:1px solid var(--line); border-radius:6px;
          background:var(--paper); color:var(--ink); cursor:pointer } button:hover,button:focus { border-color:var(--accent) }
        button.link { border:0; background:none; color:var(--accent); padding:0; text-align:left; font-size:inherit }
        button[aria-pressed=true] { background:var(--accent); color:var(--card); border-color:var(--accent) }
        pre { margin:.2rem 0 0; white-space:pre-wrap; overflow-wrap:anywhere; max-height:14rem; overflow:auto }
        #now { font-size:1.05rem } .tag { border:1px solid var(--line); border-radius:1rem; padding:0 .5rem; font-size:.78rem }
        #log { max-height:24rem; overflow:auto } #note { color:var(--bad) } .bars { display:flex; gap:.4rem; flex-wrap:wrap }
        </style></head><body>
        <header><h1>Lab <span class="soft">fake S3 and SQS</span></h1><span id="note" role="status"></span>
        <span><span class="mono" id="now">…</span> <span class="tag" id="mode"></span></span>
        <span class="bars" id="moves" aria-label="Move the clock"></span></header>
        <main>
        <section class="w7"><h2>Queues</h2><div id="queues"></div></section>
        <section class="w5"><h2>Faults</h2><div id="faults"></div></section>
        <section class="w7"><h2 id="messages-title">Messages</h2><div id="messages" class="soft">Choose a queue.</div></section>
        <section class="w5"><h2>Objects</h2><div id="objects"></div></section>
        <section class="w12"><h2>Requests</h2><div id="log"></div></section>
        </main>
        <script>
        const $ = id => document.getElementById(id); let queue = null, bucket = null, since = null, rows = [];
        function el(name, props, ...children) { const e = Object.assign(document.createElement(name), props || {});
          for (const c of children) e.append(c); return e }
        async function call(path, method, body) {
          const r = await fetch('/_lab/' + path, {method: method || 'GET', body: body && JSON.stringify(body)});
          const json = await r.json(); if (!r.ok) throw new Error(json.error); return json }
        async function act(path, method, body) {
          try { await call(path, method, body); $('note').textContent = '' } catch (e) { $('note').textContent = e.message }
          await refresh() }
        function age(s) { if (s == null) return ''; if (s < 0) s = 0;
          return s < 120 ? s.toFixed(0) + ' s' : s < 7200 ? (s / 60).toFixed(0) + ' min' : s < 172800 ? (s / 3600).toFixed(1) + ' h'
            : (s / 86400).toFixed(1) + ' d' }
        function size(n) { return n < 1000 ? n + ' B' : n < 1e6 ? (n / 1e3).toFixed(1) + ' kB' : (n / 1e6).toFixed(1) + ' MB' }
        function table(heads, lines, empty) {
          if (!lines.length) return el('div', {className: 'soft', textContent: empty});
          const t = el('table'), h = el('tr');
          for (const [text, cls] of heads) h.append(el('th', {textContent: text, className: cls || ''}));
          t.append(el('thead', {}, h)); const b = el('tbody');
          for (const line of lines) { const r = el('tr');
            line.forEach((c, i) => r.append(el('td', {className: heads[i][1] || ''}, c instanceof Node ? c : String(c ?? ''))));
            b.append(r) }
          t.append(b); return t }
        function link(text, run, on) { const b = el('button', {className: 'link', textContent: text, onclick: run});
          if (on) b.style.fontWeight = '700'; return b }
        function put(id, node) { $(id).replaceChildren(node) }
        for (const by of ['1s', '30s', '1m', '15m', '1h', '1d', '14d'])
          $('moves').append(el('button', {textContent: '+' + by, onclick: () => act('clock/advance', 'POST', {by})}));
        const freeze = el('button', {textContent: 'freeze', onclick: () =>
          act('clock', 'PUT', {mode: freeze.textContent == 'freeze' ? 'frozen' : 'real'})});
        $('moves').append(freeze, el('button', {textContent: 'reset', title: 'Queues, objects, clock, faults: back to the start',
          onclick: () => confirm('Reset everything to the start?') && act('reset', 'POST')}));
        async function refresh() {
          try {
            const c = await call('clock'); $('now').textContent = c.now.replace('T', ' ').replace(/\.\d+Z/, 'Z');
            $('mode').textContent = c.mode == 'real' ? 'real time' : c.mode == 'frozen' ? 'frozen'
              : (c.ahead_seconds < 0 ? '−' : '+') + age(Math.abs(c.ahead_seconds));
            freeze.textContent = c.mode == 'frozen' ? 'real time' : 'freeze';
            const q = (await call('queues')).queues;
            put('queues', table([['Queue'], ['visible', 'n'], ['in flight', 'n'], ['delayed', 'n'], ['oldest', 'n'], ['dead letters']],
              q.map(x => [link(x.name, () => { queue = x.name; refresh() }, x.name == queue), x.visible, x.in_flight, x.delayed,
                age(x.oldest_age_seconds), x.dead_letter_queue ? '→ ' + x.dead_letter_queue + ' after ' + x.max_receives
                : x.dead_letters_of ? 'of ' + x.dead_letters_of.join(', ') : '']), 'No queue yet.'));
            if (queue && !q.some(x => x.name == queue)) queue = null;
            $('messages-title').textContent = queue ? 'Messages in ' + queue : 'Messages';
            if (queue) { const m = await call('queues/' + encodeURIComponent(queue) + '/messages');
              put('messages', table([['state'], ['received', 'n'], ['age', 'n'], ['body']], m.messages.map(x => [
                el('span', {textContent: x.state, className: x.state == 'visible' ? 'good' : 'warn'}), x.receive_count,
                age(x.age_seconds), el('pre', {className: 'mono', textContent: x.body.slice(0, 2000), title: x.message_id})]),
                'No message.'));
              if (m.count > m.messages.length) $('messages').append(el('div', {className: 'soft',
                textContent: 'and ' + (m.count - m.messages.length) + ' more'}));
            } else put('messages', el('span', {className: 'soft', textContent: 'Choose a queue.'}));
            const f = (await call('faults')).faults;
            put('faults', table([['Fault'], ['matched', 'n'], ['hit', 'n'], ['']], f.map(x => [el('div', {}, x.name,
              el('div', {className: 'soft mono', textContent: x.match.operation + ' on ' + x.match.resource
                + (x.match.nth ? ' #' + x.match.nth : '') + ': ' + JSON.stringify(x.action)})), x.matched, x.fired,
              el('button', {textContent: 'disarm', onclick: () => act('faults/' + x.id, 'DELETE')})]),
              'No fault is armed. POST /_lab/faults arms one.'));
            const b = (await call('objects')).buckets; if (bucket && !b.some(x => x.name == bucket)) bucket = null;
            if (bucket == null && b.length) bucket = b[0].name;
            const bar = el('div', {className: 'bars'}); for (const x of b) { const k = el('button', {textContent: x.name,
              onclick: () => { bucket = x.name; refresh() }}); k.setAttribute('aria-pressed', x.name == bucket); bar.append(k) }
            const list = bucket ? await call('objects?bucket=' + encodeURIComponent(bucket)) : {objects: []};
            put('objects', el('div', {}, bar, table([['Key'], ['size', 'n'], ['modified']], list.objects.map(x => [
              el('code', {textContent: x.key}), size(x.size_bytes), x.modified_at.slice(0, 19).replace('T', ' ')]),
              b.length ? 'No object.' : 'No bucket yet.'), list.is_truncated ? 'and more' : ''));
            const j = await call('journal' + (since == null ? '' : '?since=' + since)); since = j.last;
            rows = j.entries.reverse().concat(rows).slice(0, 200);
            put('log', table([['#', 'n'], ['time'], ['operation'], ['resource'], ['status', 'n'], ['error'], ['in', 'n'], ['out', 'n'],
              ['ms', 'n'], ['fault']], rows.map(x => [x.number, x.time.slice(11, 23), x.service + '.' + x.operation, x.resource,
              el('span', {textContent: x.status || 'cut', className: x.status && x.status < 400 ? 'good' : 'bad'}), x.error,
              size(x.request_bytes), size(x.response_bytes), x.duration_ms.toFixed(1), (x.faults || []).join(', ')]), 'No request yet.'));
            if ($('note').textContent == 'server is gone') $('note').textContent = '';
          } catch (e) { $('note').textContent = e instanceof TypeError ? 'server is gone' : e.message } }
        refresh(); setInterval(() => document.hidden || refresh(), 1500);
        </script></body></html>
        """#
}
