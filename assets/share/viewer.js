"use strict";
// Opens a granted stream with fetch, so that a refusal can be said in words, and feeds it to the video element.
(function () {
  const told = JSON.parse(document.getElementById("told").textContent);
  const video = document.getElementById("picture");
  const state = document.getElementById("state");
  const clock = document.getElementById("clock");
  const moves = document.getElementById("moves");
  const Media = window.ManagedMediaSource || window.MediaSource;
  const ahead = told.now_ns / 1e6 - Date.now();
  const KEPT_S = 30;
  const STALLED_MS = 3000;
  const PASSING = ["no_pictures", "not_logged", "too_many_views", "too_many_guesses"];
  let chosen = null, stop = null, fromMs = 0, over = false, cameMs = 0;

  function say(words, kind) { state.textContent = words; state.dataset.kind = kind || ""; }
  function path(form, camera) { return told.path + "/" + form + "/" + encodeURIComponent(camera) + ".mp4"; }

  function end(words) {
    over = true;
    cameMs = 0;
    if (stop) stop.abort();
    blank();
    say(words, "ended");
  }

  function blank() {
    video.removeAttribute("src");
    video.load();
  }

  function tick() {
    const leftS = Math.floor(told.until_ns / 1e9 - (Date.now() + ahead) / 1000);
    if (leftS <= 0 && !over) end(told.words.over);
    const h = Math.floor(leftS / 3600), m = Math.floor(leftS / 60) % 60, s = leftS % 60;
    // Said once: a screen reader would read it again with every change.
    const stalled = cameMs && chosen.form === "live" && Date.now() - cameMs > STALLED_MS;
    if (stalled && state.dataset.kind !== "ended") say(told.words.stalled, "ended");
    clock.textContent = leftS > 0 && !over
      ? told.words.left + " " + h + ":" + String(m).padStart(2, "0") + ":" + String(s).padStart(2, "0") : "";
  }

  // The last picture that was there when a stream broke must not be taken for what is now.
  async function open(form, camera, atMs) {
    if (over) return;
    if (stop) stop.abort();
    const mine = stop = new AbortController();
    chosen = { form: form, camera: camera };
    fromMs = atMs;
    cameMs = 0;
    blank();
    moves.hidden = form !== "recorded";
    document.querySelectorAll("button[data-form]").forEach(function (one) {
      one.setAttribute("aria-pressed", String(one.dataset.form === form && one.dataset.camera === camera));
    });
    say(told.words.joining);
    let url = path(form, camera) + "?lang=" + told.language;
    if (form === "recorded") url += "&from_ns=" + BigInt(Math.round(atMs)) * 1000000n;
    try {
      const answer = await fetch(url, { signal: mine.signal, cache: "no-store" });
      if (!answer.ok) {
        const refused = await answer.json().catch(function () { return {}; });
        if ([403, 410].includes(answer.status)) return end(refused.said || told.words.over);
        say(refused.said || told.words.away, "ended");
        if (PASSING.includes(refused.why)) again(mine, form, camera);
        return;
      }
      await show(answer, mine);
      if (form === "recorded" && !mine.signal.aborted) return say(told.words.finished);
    } catch (error) {
      if (mine.signal.aborted) return;
    }
    if (mine.signal.aborted) return;
    fromMs += 1000 * (video.currentTime || 0);
    cameMs = 0;
    blank();
    say(told.words.again, "ended");
    again(mine, form, camera);
  }

  function again(mine, form, camera) {
    setTimeout(function () {
      if (!mine.signal.aborted) open(form, camera, fromMs);
    }, 1500);
  }

  async function show(answer, mine) {
    const type = answer.headers.get("Content-Type") || "video/mp4";
    if (!Media || !Media.isTypeSupported(type)) {
      mine.abort();
      return say(told.words.cannot_show + " " + told.words.player, "ended");
    }
    const media = new Media();
    video.disableRemotePlayback = true;
    const address = URL.createObjectURL(media);
    video.src = address;
    await once(media, "sourceopen");
    URL.revokeObjectURL(address);
    const buffer = media.addSourceBuffer(type);
    const reader = answer.body.getReader();
    let begun = false;
    for (;;) {
      const part = await reader.read();
      if (part.done) break;
      if (begun && state.dataset.kind === "ended") say(told.words[chosen.form]);
      cameMs = Date.now();
      buffer.appendBuffer(part.value);
      await once(buffer, "updateend");
      const ranges = buffer.buffered;
      if (!ranges.length) continue;
      const last = ranges.end(ranges.length - 1), first = ranges.start(0);
      if (!begun) {
        begun = true;
        video.currentTime = chosen.form === "live" ? Math.max(first, last - 1) : first;
        video.play().catch(function () {});
        say(chosen.form === "live" ? told.words.live : told.words.recorded);
      }
      if (chosen.form === "live" && last - video.currentTime > 4) video.currentTime = last - 1;
      if (video.currentTime - first > 2 * KEPT_S) {
        buffer.remove(first, video.currentTime - KEPT_S);
        await once(buffer, "updateend");
      }
    }
    if (media.readyState === "open") media.endOfStream();
  }

  function once(target, name) {
    return new Promise(function (done) { target.addEventListener(name, done, { once: true }); });
  }

  // In the viewer's own time: he may sit in another zone than the room.
  document.getElementById("ends").textContent =
    new Date(told.until_ns / 1e6).toLocaleString(told.language, { dateStyle: "medium", timeStyle: "long" });

  const stretch = told.recorded;
  // Numbers of this size are exact to a thousandth of a millisecond only: the next whole one is inside.
  const least = stretch ? Math.floor(stretch.from_ns / 1e6) + 1 : 0;
  const most = stretch ? Math.floor(stretch.to_ns / 1e6) - 1000 : 0;
  document.querySelectorAll("button[data-form]").forEach(function (one) {
    one.addEventListener("click", function () {
      open(one.dataset.form, one.dataset.camera, least);
    });
  });
  document.querySelectorAll("button[data-move]").forEach(function (one) {
    one.addEventListener("click", function () {
      const wanted = fromMs + 1000 * video.currentTime + 1000 * Number(one.dataset.move);
      open("recorded", chosen.camera, Math.min(most, Math.max(least, wanted)));
    });
  });
  setInterval(tick, 500);
  tick();
  const first = document.querySelector("button[data-form]");
  if (first) first.click();
})();
