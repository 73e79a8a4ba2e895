"""docs/ref/profile.md names every key of every table, and none that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from console.profile import proceduretables, reports, services, tables

PAGE = Path(__file__).resolve().parents[2] / "docs" / "ref" / "profile.md"
SECTIONS: dict[tuple[str, str], type[msgspec.Struct]] = {
    ("cities", "[city]"): tables.City,
    ("cities", "[bounds]"): tables.Bounds,
    ("cities", "[naming]"): tables.Naming,
    ("cities", "[[districts]]"): tables.DistrictTable,
    ("cities", "[[quarters]]"): tables.QuarterTable,
    ("cities", "[[streets]]"): tables.StreetTable,
    ("cities", "[[rivers]]"): tables.StreetTable,
    ("cities", "[[sites]]"): tables.SiteTable,
    ("cities", "[[site_series]]"): tables.SiteSeriesTable,
    ("cities", "[[spots]]"): tables.SpotsTable,
    ("cities", "[[devices]]"): tables.DeviceTable,
    ("cities", "[[neighbours]]"): tables.NeighbourTable,
    ("cities", "[[lines]]"): tables.LineTable,
    ("cities", "[[registers]]"): tables.RegisterTable,
    ("cities", "[[fleets]]"): tables.FleetTable,
    ("cities", "[[agencies]]"): tables.AgencyTable,
    ("cities", "[[contractors]]"): tables.ContractorTable,
    ("cities", "[[groups]]"): tables.GroupTable,
    ("cities", "[[desks]]"): tables.DeskTable,
    ("cities", "[[desks.charts]]"): tables.ChartTable,
    ("cities", "[[layouts]]"): tables.LayoutTable,
    ("cities", "[[map_layers]]"): tables.MapLayerTable,
    ("cities", "[[modes]]"): tables.ModeTable,
    ("cities", "[warned]"): tables.WarnedTable,
    ("systems", "file"): tables.SystemFile,
    ("systems", "[system]"): tables.System,
    ("systems", "[[purposes]]"): tables.PurposeTable,
    ("systems", "[[kinds]]"): tables.KindTable,
    ("systems", "[[kinds.points]]"): tables.PointTable,
    ("systems", "[[kinds.points.limits]]"): tables.LimitTable,
    ("systems", "[[indicators]]"): tables.IndicatorTable,
    ("systems", "[[datasets]]"): tables.DatasetTable,
    ("systems", "[[dashboards]]"): tables.DashboardTable,
    ("systems", "[[controls]]"): tables.ControlTable,
    ("systems", "[[controls.choices]]"): tables.ControlChoiceTable,
    ("systems", "[controls.range]"): tables.ControlRangeTable,
    ("systems", "[controls.text]"): tables.ControlTextTable,
    ("systems", "[controls.effect]"): tables.ControlEffectTable,
    ("incident_types", "file"): tables.IncidentTypesFile,
    ("incident_types", "[[types]]"): tables.IncidentTypeTable,
    ("incident_types", "[types.answer.COUNTRY]"): tables.CountryAnswer,
    ("open311", "[jurisdiction]"): reports.Jurisdiction,
    ("open311", "[duplicates]"): reports.Duplicates,
    ("open311", "[privacy]"): reports.Privacy,
    ("open311", "[[groups]]"): reports.ServiceGroup,
    ("open311", "[[services]]"): reports.ReportService,
    ("open311", "[[services.attributes]]"): reports.ReportAttribute,
    ("open311", "[[services.attributes.values]]"): reports.Choice,
    ("open311", "[[answers]]"): reports.ReadyAnswer,
    ("services", "[[bases]]"): services.LegalBasis,
    ("services", "[[services]]"): services.LinkedService,
    ("services", "[[services.purposes]]"): services.ServicePurpose,
    ("services", "[[partners]]"): services.ServicePartner,
    ("services", "[[refusals]]"): services.Refusal,
    ("sops", "[procedure]"): proceduretables.ProcedureTable,
    ("sops", "[[steps]]"): proceduretables.StepTable,
    ("sops", "[[steps.acts]]"): proceduretables.ActTable,
    ("sops", "[[steps.answers]]"): proceduretables.AnswerTable,
    ("sops", "facts"): proceduretables.FactTable,
}


def sections() -> dict[tuple[str, str], dict[str, str]]:
    """Key to its line, by (file, table), as the page has them."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    file = table = ""
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("## "):
            file = re.split(r"[/.]", line[3:])[0]
        elif line.startswith("### "):
            table = line[4:].strip()
            found[(file, table)] = {}
        elif (row := re.match(r"\| `([a-z_0-9]+)` \|(.+)\|", line)) is not None:
            found[(file, table)][row.group(1)] = row.group(2)
    return found


@pytest.mark.parametrize("where", SECTIONS, ids=lambda where: " ".join(where))
def test_the_reference_page_has_exactly_the_keys_of_each_table(where: tuple[str, str]) -> None:
    written = sections()[where]
    fields = {field.encode_name: field for field in msgspec.structs.fields(SECTIONS[where])}
    assert set(written) == set(fields)
    for key, said in written.items():
        if not fields[key].required and where != ("systems", "file"):
            assert "default" in said or "cameras only" in said, f"{key} may be left out; say what then"


def test_every_table_of_the_files_is_on_the_page() -> None:
    written = sections()
    tops = {field.encode_name for field in msgspec.structs.fields(tables.CityFile)}
    on_page = {table.strip("[]").split(".")[0] for file, table in written if file == "cities"}
    assert tops == on_page
    described = set(SECTIONS.values()) | {tables.CityFile}
    structs = {
        one for one in vars(tables).values()
        if isinstance(one, type) and issubclass(one, tables.Table) and one is not tables.Table
    }  # fmt: skip
    assert structs == {one for one in described if one.__module__ == tables.__name__}
