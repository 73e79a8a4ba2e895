"""Procedures of a city: seeds/sops/*.toml, read, checked, and as they are in this city's country.

Apart from the profile itself, as only the hub and the desks' detail panel need them: `load_procedures` takes
the loaded profile and the same name or path that it was loaded by.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from console.model.base import Words
from console.model.procedure import END, Procedure, Step, StepAct, StepAnswer, fact_key
from console.paths import shipped
from console.profile.problems import Problems
from console.profile.procedurechecks import check_control, check_table, check_ways
from console.profile.proceduretables import ActTable, AnswerTable, FactTable, ProcedureFile, StepTable
from console.profile.profile import Profile
from console.profile.reading import parse, read

BIGGEST_FILE = 1_000_000
MOST_FILES = 1_000
FOLDER = "sops"
MARK = re.compile(r"\{([^{}]*)\}")
MARKS = ("police", "fire", "ambulance", "city")
"""What a text may say in braces: the agency of that kind, by its short name here, and the city's name."""


@dataclass(frozen=True, slots=True)
class ProcedureBook:
    """The procedures of one city. Immutable; any thread. `digest` is of all of them."""

    procedures: Mapping[str, Procedure] = field(default_factory=dict)
    by_type: Mapping[str, Procedure] = field(default_factory=dict)
    """By incident type; every type of the city has one, or the city has none at all."""
    digest: str = ""


def load_procedures(city: str | Path, profile: Profile) -> ProcedureBook:
    """The procedures beside a city's files (`../sops`), as they are in its country.

    A city without that folder has none. Raises ProfileError with every problem, each naming file, table and
    key. Any thread.
    """
    seeds = city.parent.parent if isinstance(city, Path) else shipped("seeds")
    problems = Problems()
    files = sorted((seeds / FOLDER).glob("*.toml"))
    if len(files) > MOST_FILES:
        problems.say(FOLDER, "", "", f"at most {MOST_FILES} files", str(len(files)))
        problems.raise_any()
    found: dict[str, Procedure] = {}
    by_type: dict[str, Procedure] = {}
    for path in files:
        procedure = _load(path, profile, problems)
        if procedure is None:
            continue
        found[procedure.id] = procedure
        for one in procedure.incident_types:
            if one in by_type:
                shown = f"{FOLDER}/{path.name}"
                wanted = f"a type that {FOLDER}/{by_type[one].id}.toml does not have"
                problems.add(shown, "procedure", "incident_types", wanted, one)
            by_type.setdefault(one, procedure)
    if files and not problems.found:
        for one in profile.incident_types:
            if one not in by_type:
                problems.say(FOLDER, "", "", f"a procedure for the incident type {one!r}", "none")
    problems.raise_any()
    told = "\n".join(f"{one.id} {one.digest}" for one in found.values())
    return ProcedureBook(found, by_type, hashlib.sha256(told.encode()).hexdigest())


def _load(path: Path, profile: Profile, problems: Problems) -> Procedure | None:
    """The file's procedure; None where it is of another country or anything in it is wrong."""
    shown = f"{FOLDER}/{path.name}"
    try:
        if path.stat().st_size > BIGGEST_FILE:
            problems.say(shown, "", "", f"a file of at most {BIGGEST_FILE} bytes", "a larger one")
            return None
        data = path.read_bytes()
    except OSError as error:
        problems.say(shown, "", "", "a file that can be read", error.strerror or type(error).__name__)
        return None
    before = len(problems.found)
    tree = parse(data, shown, problems)
    file = read(ProcedureFile, tree, shown, problems) if tree is not None else None
    if file is None:
        return None
    check_table(file, path.stem, profile, shown, problems)
    if len(problems.found) > before:
        return None
    if file.procedure.countries and profile.country not in file.procedure.countries:
        return None
    procedure = _Resolving(file, profile, shown, problems).procedure()
    if procedure is not None:
        check_ways(procedure, shown, problems)
    return procedure if len(problems.found) == before else None


class _Resolving:
    """One file, made into what it is in one city."""

    def __init__(self, file: ProcedureFile, profile: Profile, shown: str, problems: Problems) -> None:
        self._file, self._profile, self._shown, self._problems = file, profile, shown, problems
        self._rows = {step.id: row for row, step in enumerate(file.steps)}
        by_kind: dict[str, str] = {}
        for agency in profile.agencies.values():
            by_kind.setdefault(agency.kind, agency.id)
        if "fire" in by_kind:
            by_kind.setdefault("ambulance", by_kind["fire"])  # 119 is both
        self._agencies = by_kind
        self._marks = {kind: profile.agencies[one].short for kind, one in by_kind.items()}
        self._marks["city"] = profile.name
        self._where = ""

    def procedure(self) -> Procedure | None:
        told = self._file.procedure
        steps: dict[str, Step] = {}
        for row, step in enumerate(self._file.steps):
            if self._here(step):
                self._where = f"steps[{row}] ({step.id})"
                steps[step.id] = self._step(row, step)
        first = self._way(self._file.steps[0].id if self._file.steps else END)
        if not steps or first == END:
            self._say("steps", "", f"at least one step in {self._profile.country}", "none")
            return None
        bare = Procedure(
            id=told.id, version=told.version, name=told.name, source=told.source,
            incident_types=told.incident_types, first=first, steps=steps,
        )  # fmt: skip
        return msgspec.structs.replace(bare, digest=hashlib.sha256(msgspec.json.encode(bare)).hexdigest())

    def _say(self, table: str, key: str, wanted: str, found: str) -> None:
        self._problems.say(self._shown, table, key, wanted, found)

    def _here(self, step: StepTable) -> bool:
        return not step.countries or self._profile.country in step.countries

    def _after(self, row: int) -> str:
        return self._file.steps[row + 1].id if row + 1 < len(self._file.steps) else END

    def _way(self, step_id: str) -> str:
        """Where a way leads here: steps of other countries are gone through."""
        passed: set[str] = set()
        while step_id != END and not self._here(self._file.steps[self._rows[step_id]]):
            if step_id in passed:
                self._say(self._where, "next", "a way out of the steps of other countries", step_id)
                return END
            passed.add(step_id)
            row = self._rows[step_id]
            step_id = self._file.steps[row].next or self._after(row)
        return step_id

    def _step(self, row: int, told: StepTable) -> Step:
        following = self._after(row)
        if told.answers:
            onward = self._way(told.next) if told.next else ""
        else:
            onward = self._way(told.next or following)
        acts = tuple(made for number, one in enumerate(told.acts) if (made := self._act(number, one)))
        answers = tuple(self._answer(number, one, following) for number, one in enumerate(told.answers))
        return Step(
            id=told.id, kind=told.kind, text=self._words(told.text, "text"), next=onward,
            why=self._words(told.why, "why") if told.why is not None else None,
            beside=told.beside, comment="must" if told.kind == "remark" else told.comment,
            may_skip=told.may_skip, due_s=told.due_s, escalate_s=told.escalate_s, acts=acts,
            done_by=self._facts(told.done_by, "done_by", told.acts),
            all_facts=told.all_facts, answers=answers, work=told.work,
        )  # fmt: skip

    def _answer(self, number: int, told: AnswerTable, following: str) -> StepAnswer:
        key = f"answers[{number}]"
        return StepAnswer(
            id=told.id, name=self._words(told.name, f"{key}.name"), next=self._way(told.next or following),
            comment=told.comment, by=self._facts(told.by, f"{key}.by", ()), after_s=told.after_s,
        )  # fmt: skip

    def _words(self, words: Words, key: str) -> Words:
        for text in (words.en, words.ko):
            for mark in MARK.findall(text):
                if mark not in self._marks:
                    wanted = "only the marks " + ", ".join(f"{{{one}}}" for one in MARKS)
                    self._problems.add(self._shown, self._where, key, wanted, mark)

        def filled(text: str, language: str) -> str:
            return MARK.sub(
                lambda one: self._marks[one[1]].in_language(language) if one[1] in self._marks else one[0],
                text,
            )

        return Words(en=filled(words.en, "en"), ko=filled(words.ko, "ko"))

    def _act(self, number: int, told: ActTable) -> StepAct | None:
        if told.control and told.optional and told.control not in self._profile.controls:
            return None
        key = f"acts[{number}]"
        if told.control:
            check_control(
                self._profile, told.control, told.value, self._shown, self._where, key, self._problems
            )
        agency = self._agency(told.agency, key)
        number_ = told.number
        if told.act == "phone" and agency and not number_:
            number_ = self._profile.agencies[agency].number
        return StepAct(
            act=told.act, agency=agency, control=told.control, value=told.value, within_m=told.within_m,
            who=self._words(told.who, f"{key}.who") if told.who is not None else None, number=number_,
        )  # fmt: skip

    def _agency(self, kind: str, key: str) -> str:
        if kind and kind not in self._agencies:
            wanted = "a kind of agency of the city"
            self._problems.add(self._shown, self._where, f"{key}.agency", wanted, kind)
        return self._agencies.get(kind, "")

    def _facts(self, told: tuple[FactTable, ...], key: str, acts: tuple[ActTable, ...]) -> tuple[str, ...]:
        missing = {
            one.control for one in acts if one.optional and one.control not in self._profile.controls
        }
        facts = []
        for number, one in enumerate(told):
            where = f"{key}[{number}]"
            if one.control in missing and one.control:
                continue
            if one.control:
                check_control(
                    self._profile, one.control, one.value, self._shown, self._where, where, self._problems
                )
            facts.append(fact_key(one.fact, one.control or self._agency(one.agency, where), one.value))
        return tuple(facts)
