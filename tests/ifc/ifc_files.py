"""A few projects in the form of IFC's published list."""

import csv
from pathlib import Path

from nightdesk_lab.ifc.loader import COLUMNS

_A, _INFRA, _MINING = "A - Significant", "Infrastructure", "Metals and Mining"
NAME = "ifc_investment_services_projects.csv"
#: number, name, company, WB country, industry, category, department, approved, invested, millions
ROWS = [
    ("101", "Wind One", "Alpha Power", "VN", _INFRA, _A, "Infra &amp; Nature", "03/31/2020", "", "150.05"),
    ("102", " Wind Two ", "ALPHA POWER ", "VN", _INFRA, "B - Limited", "Infra & Nature", "", "01/02/2021", "1.00"),
    ("99", "Old Wind", "Alpha power", "", _INFRA, "C - No Impact", "Asia", "12/31/2001", "01/02/2003", ""),
    ("103", "Bank", "Beta", "KE", "Financial Markets", "FI-2 - Limited", "Asia", "02/29/2016", "03/01/2016", "7.5"),
    ("104", "Nobody", "", "TD", "other", "Other", "Asia", "02/29/2016", "", "0.01"),
    ("200", "Twice", "Gamma", "GN", _MINING, _A, "Asia", "12/14/2017", "05/23/2019", "150.00"),
    ("200", "Twice Again", "Gamma", "GN", _MINING, _A, "Asia", "12/14/2017", "", "150.00"),
]  # fmt: skip


def write_file(folder: Path) -> Path:
    """The rows as a file of the published form."""
    folder.mkdir(parents=True)
    with (folder / NAME).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for number, name, company, country, industry, category, department, approved, invested, millions in ROWS:
            writer.writerow(
                {
                    "Date Disclosed": "01/15/2015",
                    "Project Name": name,
                    "Project Number": number,
                    "Company Name": company,
                    "WB Country Code": country,
                    "Industry": industry,
                    "Environmental Category": category,
                    "Department": department,
                    "IFC Approval Date": approved,
                    "IFC Invested Date": invested,
                    "Total IFC investment as approved by Board(Million - USD)": millions,
                    "As of Date": "12/04/2025",
                }
            )
    return folder
