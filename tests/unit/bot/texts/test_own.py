"""A vendor may say it in words of its own: the same keys, the same values, in the reader's language."""

from pathlib import Path
from shutil import copytree

import pytest

from bot.steps.say import Listener, say
from bot.texts.catalogue import LANGUAGES, catalogue
from bot.texts.own import text_faults, worded
from bot.vocabulary.decisions import Decision, Outcome
from config.settings import SAMPLE_PROGRAM
from crm.records import Channel
from knowledge.errors import ProgramError
from knowledge.loading import load_program, load_programs

_SAID = Decision((), (Outcome("trouble.colleague", {"reference": "M-1"}),), "said")


def _faults(language: str, **texts: str) -> list[str]:
    return list(text_faults(language, {key.replace("__", "."): text for key, text in texts.items()}))


def _answer(language: str, own: dict[str, dict[str, str]]) -> str:
    reply = say((_SAID,), Listener(language, Channel.EMAIL, "", "Lumora", texts=worded(own)))
    assert reply is not None
    return reply.text


def test_every_text_of_the_product_could_be_the_vendors_own() -> None:
    for language in LANGUAGES:
        assert list(text_faults(language, catalogue().texts[language])) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Someone will write.", "trouble.colleague: it lacks {reference}"),
        ("See {referenze}.", "trouble.colleague: write {reference} in place of {referenze}"),
        ("{reference}: {name:list}", "there is no value for {name:list}; the text may use {reference}"),
        ("{reference:date}", "trouble.colleague: write {reference} in place of {reference:date}"),
        ("{reference", "trouble.colleague: a brace stands alone"),
        ("  ", "trouble.colleague: it may not be empty"),
    ],
)
def test_a_text_with_other_values_is_told(text: str, told: str) -> None:
    (fault,) = _faults("en", trouble__colleague=text)
    assert told in fault


def test_unknown_keys_and_languages_are_told_with_what_was_meant() -> None:
    assert _faults("de", trouble__colleage="x") == [
        "trouble.colleage: there is no such text; did you mean 'trouble.colleague'?"
    ]
    assert _faults("it", x="y") == [": there are no answers in 'it'; use one of en, de, fr, nl, es"]


def test_a_text_in_another_language_than_its_file_is_told() -> None:
    german = catalogue().template("de", "trouble.colleague")
    assert _faults("fr", trouble__colleague=german) == [
        "trouble.colleague: this is the text in 'de'; it belongs into texts/de.toml"
    ]
    assert _faults("de", trouble__colleague=german) == []


def test_answers_are_in_the_vendors_words_and_only_in_that_language() -> None:
    own = {"de": {"trouble.colleague": "Frau Haddad meldet sich ({reference})."}}
    assert "Frau Haddad meldet sich (M-1)." in _answer("de", own)
    assert _answer("en", own) == _answer("en", {})
    assert worded(own).keys() == catalogue().keys()
    assert worded({}) is catalogue()


def test_texts_of_a_program_folder_are_read_from_a_file_or_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "program"
    copytree(SAMPLE_PROGRAM, folder)
    (folder / "texts/fr").mkdir(parents=True)
    (folder / "texts/de.toml").write_text('[trouble]\ncolleague = "Bald mehr, {reference}."\n')
    (folder / "texts/fr/all.toml").write_text('"trouble.colleague" = "Bientôt : {reference}."\n')
    own = load_programs(folder, text_faults).versions[0].texts
    assert own == {
        "de": {"trouble.colleague": "Bald mehr, {reference}."},
        "fr": {"trouble.colleague": "Bientôt : {reference}."},
    }


def test_faults_of_texts_are_told_with_file_and_line_beside_all_others(tmp_path: Path) -> None:
    folder = tmp_path / "program"
    copytree(SAMPLE_PROGRAM, folder)
    (folder / "texts/nl").mkdir(parents=True)
    (folder / "texts/en.toml").write_text('# ours\n[trouble]\ncolleague = "{who}"\ncolleage = "x"\nunreadable = 5\n')
    (folder / "texts/it.toml").write_text('x = "y"\n')
    (folder / "texts/nl/a.toml").write_text('[trouble]\ncolleague = "Straks {reference}"\n')
    (folder / "texts/nl/b.toml").write_text('trouble.colleague = "Zo {reference}"\n')
    (folder / "program.toml").write_text((folder / "program.toml").read_text().replace("EUR 24", "24", 1))
    with pytest.raises(ProgramError) as caught:
        load_programs(folder, text_faults)
    faults = caught.value.faults
    assert len(faults) == 6, faults
    for start in (
        "program.toml:",
        "texts/en.toml:3: trouble.colleague: write {reference} in place of {who}",
        "texts/en.toml:4: trouble.colleage: there is no such text",
        "texts/en.toml:5: trouble.unreadable: write a text in quotation marks",
        "texts/it.toml: there are no answers in 'it'",
        "texts/nl/b.toml:1: trouble.colleague: the text stands in another file",
    ):
        assert any(fault.startswith(start) for fault in faults), (start, faults)


def test_a_program_that_is_read_without_the_products_texts_takes_any(tmp_path: Path) -> None:
    folder = tmp_path / "program"
    copytree(SAMPLE_PROGRAM, folder)
    (folder / "texts").mkdir()
    (folder / "texts/en.toml").write_text('anything = "goes"\n')
    assert load_program(folder).texts["en"] == {"anything": "goes"}
