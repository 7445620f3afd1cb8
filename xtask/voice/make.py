#!/usr/bin/env python3
"""Makes the recorded words that the corridor board speaks, and its chime.

    python3 xtask/voice/make.py [LANGUAGE …]        all languages and the chime, unless some are named

Needs these Debian packages, and installs nothing itself:

    apt-get install --no-install-recommends python3 espeak-ng flite sox lame

One file per language, LANGUAGE.toml beside this one, says which words there are and who speaks them; another language
is another file. The clips go to crates/server/assets/voice/LANGUAGE/NAME.mp3: mono, 22.05 kHz, 32 kbit/s, no tags. They
are committed, so that neither a build nor a hospital needs a synthesiser. The same packages make the same clips.

Every clip is made equally loud (see `loudness`) and trimmed to the word, with about 50 ms of silence before and 20 to
50 ms after it, the same in every browser: so the board lays one behind the other and needs to know nothing about them.

Why these two: flite and its voices may be used and passed on freely, with their notice. espeak-ng is GPL-3+; it computes
its vowels, and mixes in short noises for some consonants. festvox-hi-nsk joins recordings that are GPL-2+ throughout,
and, as packaged, says the silent "a" at the end of Hindi words.
"""

import array
import math
import subprocess
import sys
import tempfile
import tomllib
import wave
from pathlib import Path

HERE = Path(__file__).resolve().parent
CLIPS = HERE.parents[1] / "crates/server/assets/voice"

RATE_HZ = 22_050
BITRATE_KBPS = 32
EDGE_SECONDS = 0.02  # after the word; before it, the encoder itself leaves 50 ms
LOUDNESS_DB = -19.0  # of full scale; leaves the peaks of speech some room
PEAK_DB = -1.5  # what the encoder adds to a peak stays below full scale
FRAME_SECONDS = 0.02


def run(*command, text=None):
    subprocess.run([str(part) for part in command], check=True, input=text, encoding="utf-8", stdout=subprocess.DEVNULL)


def espeak_ng(language, words, wav):
    speed = language["words_per_minute"]
    run("espeak-ng", "-v", language["voice"], "-s", speed, "-w", wav, "--stdin", text=words)


def flite(language, words, wav):
    run("flite", "-voice", language["voice"], "--setf", f"duration_stretch={language['stretch']}", "-t", words, "-o", wav)


SYNTHESISERS = {"espeak-ng": espeak_ng, "flite": flite}


def clips_of(language):
    """Pairs of a clip's name and what is said in it."""
    yield from language["words"].items()
    letters = language["letters"]["from_a"].split()
    numbers = language["numbers"]["from_0"].split()
    assert len(letters) == 26 and len(numbers) == 100, "a language has 26 letters and the numbers 0 to 99"
    assert len(set(numbers)) == 100, "two numbers sound the same"
    for index, word in enumerate(letters):
        yield chr(ord("a") + index), word
    for number, word in enumerate(numbers):
        yield str(number), word.replace("-", " ")


def samples_of(wav):
    with wave.open(str(wav)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, RATE_HZ)
        return array.array("h", sound.readframes(sound.getnframes()))


def decibels(power):
    return 10 * math.log10(max(power, 1e-12))


def loudness(samples):
    """Mean power of the frames that carry the word, in dB of full scale: pauses and faint endings (more than 20 dB
    below the strongest frame) are left out, else a word with a long ending would come out louder than a short one."""
    size = int(FRAME_SECONDS * RATE_HZ)
    frames = [samples[at : at + size] for at in range(0, max(len(samples) - size, 1), size)]
    powers = [sum((s / 32768) ** 2 for s in frame) / len(frame) for frame in frames]
    heard = [power for power in powers if power >= max(powers) / 100]
    return decibels(sum(heard) / len(heard))


def polish(raw, mp3, work):
    """Trims, weighs and encodes one clip."""
    trimmed, weighed, final = work / "trimmed.wav", work / "weighed.wav", work / "final.wav"
    # Silence is cut at both ends: from the front, and, turned round, from the back.
    cut = ["silence", "1", "0.01", "0.4%"]
    to_rate = ["-D", raw, "-b", "16", "-c", "1", trimmed, "gain", "-6", "rate", "-v", str(RATE_HZ), "highpass", "70"]
    run("sox", *to_rate, "gain", "-n", "-6", *cut, "reverse", *cut, "reverse")
    # The ear's weighting, roughly that of ITU-R BS.1770: less of the lows, more of the highs.
    run("sox", "-D", trimmed, weighed, "gain", "-6", "highpass", "60", "treble", "+4", "1500")
    gain = LOUDNESS_DB - (loudness(samples_of(weighed)) + 6)
    peak = decibels(max(abs(s) for s in samples_of(trimmed)) ** 2 / 32768**2) + gain
    # A few words have sharper peaks than the rest: those peaks, and nothing else, are rounded off.
    limit = ["compand", "0.001,0.05", f"6:-90,-90,-8,-8,0,{PEAK_DB - 3}", "0", "-90", "0.001"] if peak > PEAK_DB else []
    fade = ["fade", "t", "0.004", "-0", "0.012"]
    pad = ["pad", "0", str(EDGE_SECONDS)]
    run("sox", "-D", trimmed, final, "gain", f"{gain:.2f}", *limit, *fade, *pad)
    encode(final, mp3)


def encode(wav, mp3):
    run("lame", "--quiet", "-m", "m", "-b", BITRATE_KBPS, "--cbr", "-q", "0", wav, mp3)


def speak(name, work):
    language = tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))
    synthesise = SYNTHESISERS[language["synthesiser"]]
    respelled = language.get("respelled", {})
    folder = CLIPS / name
    folder.mkdir(parents=True, exist_ok=True)
    for clip, words in clips_of(language):
        raw = work / "raw.wav"
        synthesise(language, respelled.get(words, words), raw)
        polish(raw, folder / f"{clip}.mp3", work)


def chime(work):
    """Two soft strokes a major third apart, high then low, each a tone with a faint octave that dies away."""
    strokes = []
    for index, hertz in enumerate((880.0, 698.46)):
        stroke = work / f"stroke{index}.wav"
        tone = ["synth", "0.55", "sine", hertz, "synth", "0.55", "sine", "mix", hertz * 2]
        shape = ["fade", "l", "0.008", "0.55", "0.5", "gain", "-n", "-9", "pad", index * 0.28]
        run("sox", "-D", "-n", "-r", RATE_HZ, "-b", "16", "-c", "1", stroke, *tone, *shape)
        strokes.append(stroke)
    both = work / "chime.wav"
    run("sox", "-D", "-m", *strokes, both, "gain", "-n", "-8")
    encode(both, CLIPS / "chime.mp3")


def main():
    names = sys.argv[1:]
    CLIPS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        if not names:
            chime(work)
        for name in names or sorted(path.stem for path in HERE.glob("*.toml")):
            speak(name, work)


if __name__ == "__main__":
    main()
