"""Two firms in the form of the published files."""

from pathlib import Path

FIRMS = ["企业代号 企业名称 信誉评级 是否违约", "E1 ***电器 销售公司 A 否", "E2 ***技术公司 D 是"]
HEADER = "企业代号,发票号码,开票日期,销方单位代号,金额,税额,价税合计,发票状态 "
INVOICES = {
    "E1": [
        "E1,1,2017-1-6,A1,100.10,17,117.10,有效发票 ",
        "E1,2,2017-4-30,A1,200.00,34,234,有效发票 ",
        "E1,3,2017-5-2,A1,-50.05,-8,-58.05,有效发票 ",
        "E1,4,2017-6-30,A1,999.00,1,1000,作废发票 ",
        "E1,5,2017-10-1,A1,-7.01,-1,-8.01,有效发票 ",
        "E1,6,2018-2-14,A1,5.00,1,6,有效发票 ",
    ],
    "E2": ["E2,7,2017-9-30,A1,1.00,0,1,有效发票 "],
}


def write_files(folder: Path) -> Path:
    """The firms as files of the published form."""
    (folder / "invoices_in").mkdir(parents=True)
    (folder / "企业信息.csv").write_text("\n".join(FIRMS) + "\n", encoding="utf-8")
    for firm, lines in INVOICES.items():
        text = "\n".join([HEADER, *lines]) + "\n"
        (folder / "invoices_in" / f"企业代号={firm}.csv").write_text(text, encoding="utf-8-sig")
    return folder
