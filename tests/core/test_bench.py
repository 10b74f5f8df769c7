"""Figures of the bench: by the clock and of the processor, and of a peer whether it was run beside."""

import re

import pytest

from bench import index_speed, peers


@pytest.fixture(autouse=True)
def fresh():
    peers.rscript.cache_clear()
    yield
    peers.rscript.cache_clear()


@pytest.mark.parametrize("row", peers.COINR)
def test_a_figure_of_another_day_says_so_with_its_date_and_script(row, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    said = peers.coinr(*row)
    assert "not run beside" in said and re.search(r"noted on \d{4}-\d\d-\d\d", said)
    assert peers.COINR[row] in said and f"bench/coinr.R {row[0]} {row[1]}" in said
    script = peers.SCRIPT.read_text(encoding="utf-8")
    assert f'"{row[0]}"' in script or f"coinr.R {row[0]}" in script


def test_a_peer_that_is_at_hand_is_run_beside_with_its_processor_time(tmp_path, monkeypatch):
    fake = tmp_path / "Rscript"
    fake.write_text('#!/bin/sh\ntest "$1" = -e || echo 1.5 2.25 1.1.14\n', encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda name: str(fake))
    said = peers.coinr("build", 1_000)
    assert said.startswith("COINr 1.1.14, run beside: 1,500 ms, processor 2,250 ms")


def test_every_row_has_processor_time_beside_wall_time(capsys):
    index_speed.line("something", index_speed.clocked(lambda: sum(range(1000)), 2), "limit 3 s")
    assert re.fullmatch(r" +[\d.]+ ms +[\d.]+ ms  something +limit 3 s\n", capsys.readouterr().out)
