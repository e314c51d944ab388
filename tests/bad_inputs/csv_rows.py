"""Rows C01 to C57: CSV and spreadsheets."""

import io
import zipfile

from tests.bad_inputs.making import ANN, BOB, CAT, HEADER, PERSON, declared, numbers

WITH_PRACTICE = "nhs_number,family_name,birth_date,sex,practice_code,registered_on"


def c01(make):
    yield [make.file(b"")], {}


def c02(make):
    yield make.people()


def c03(make):
    yield [make.file(f"{HEADER}\n{ANN}{PERSON}\n{BOB},Bel")], {}


def c04(make):
    yield make.people(f"#openprotect rows=3\n{HEADER}", ANN + PERSON, header="#openprotect rows=3")


def c05(make):
    rows = [f"{ANN},195967001,snomed,2019-02-01,{at}" for at in range(65_536)]
    yield make.events(*rows, header="nhs_number,code,system,date,event_id")


def c06(make):
    yield make.people(HEADER, ANN + PERSON, BOB + PERSON, header="#openprotect rows=1")


def c07(make):
    yield [make.file(b"\xef\xbb\xbf" + f"{HEADER}\n{ANN}{PERSON}\n".encode())], {}


def c08(make):
    yield [make.file(f"{HEADER}\n{ANN}{PERSON}\n".encode("utf-16"))], {}
    yield [make.file(f"{HEADER}\n{ANN}{PERSON}\n".encode("utf-16-le"))], {}


def c09(make):
    row = f"{HEADER}\n{ANN},O\u2019Brien,1950-04-03,female,D82001\n".encode("cp1252")
    yield [make.file(row)], {}


def c10(make):
    rows = [f"{ANN},195967001,snomed,2019-02-01" for _ in range(9_997)]
    paths, _ = make.events(*rows)
    paths[1].write_bytes(paths[1].read_bytes() + f"{ANN},1959\xff7001,snomed,x\n".encode("latin-1"))
    yield paths, {}


def c11(make):
    yield make.people(ANN + PERSON.replace("Ames", "Am\x00es"), BOB + PERSON)


def c12(make):
    yield make.people(ANN + PERSON.replace("Ames", "A" * 131_073), BOB + PERSON)


def c13(make):
    rows = [f"{number}{PERSON}" for number in numbers(200)]
    yield make.people(f'{CAT},"Ames,1950-04-03,female,D82001', *rows)
    yield make.people(HEADER, f'{CAT},"Ames,x', BOB + PERSON, header="#openprotect rows=2")


def c14(make):
    yield make.people(
        f'{ANN},Am"es,1950-04-03,female,D82001', f'{BOB},"A""m\nes",1950-04-03,f,D82001'
    )


def c15(make):
    for separator in (";", "\t"):
        yield make.people(
            (ANN + PERSON).replace(",", separator), header=HEADER.replace(",", separator)
        )


def c16(make):
    yield make.people(ANN + PERSON, end="\r")
    yield [make.file(f"{HEADER}\r\n{ANN}{PERSON}\r{BOB},Bell,1951-04-03,male,D82001\n")], {}


def c17(make):
    yield make.people(
        f"female,D82001,{ANN},1950-04-03,Ames",
        header="sex,practice_code,nhs_number,birth_date,family_name",
    )


def c18(make):
    yield make.people(f"{ANN}{PERSON},1950-04-03", header=f"{HEADER},birth_date")


def c19(make):
    yield make.people(f"{ANN},Ames,female,D82001", header=HEADER.replace(",birth_date", ""))


def c19_extra(make):
    yield make.field("shoe_size", "42")


def c20(make):
    rows = [f"{number}{PERSON}" for number in numbers(40)]
    rows[::2] = [",".join(["", *row.split(",")[:-1]]) for row in rows[::2]]
    rows[::2] = [f"Ames,{number},female,1950-04-03,D82001" for number in numbers(20)]
    yield make.people(*rows)


def c21(make):
    yield make.people(
        f"{ANN[:3]} {ANN[3:6]} {ANN[6:]}{PERSON}", f"{BOB[:3]}-{BOB[3:]},B,1951-01-01,m,A1B"
    )


def c22(make):
    yield make.people(f"4.50557E+09{PERSON}", BOB + PERSON)


def c22_many(make):
    yield make.people(*[f"4.50557E+09{PERSON}"] * 11)


def c23(make):
    yield make.people(ANN[1:] + PERSON)


def c24(make):
    yield make.people("1234567890" + PERSON)


def c25(make):
    yield make.people(*[str(digit) * 10 + PERSON for digit in (0, 1, 5, 9)])


def c26(make):
    yield make.people("".join(chr(0x660 + int(digit)) for digit in ANN) + PERSON)


def c27(make):
    yield make.people("9990000018" + PERSON, synthetic=False)


def c27_demo(make):
    yield make.people("9990000018" + PERSON, synthetic=True)


def c28(make):
    yield make.people(ANN + PERSON, ANN + PERSON)


def c29(make):
    yield make.people(ANN + PERSON, ANN + PERSON.replace("1950", "1951"))


def c30(make):
    yield make.people(
        f"{ANN}{PERSON},2020-01-01",
        f"{ANN}{PERSON.replace('D82001', 'D82002')},2021-01-01",
        header=WITH_PRACTICE,
    )


def c30_equal(make):
    yield make.people(
        f"{ANN}{PERSON},2020-01-01",
        f"{ANN}{PERSON.replace('D82001', 'D82002')},2020-01-01",
        header=WITH_PRACTICE,
    )


def c31(make):
    make.take_in(*make.people(ANN + PERSON)[0])
    yield make.people(BOB + PERSON)


def c32(make):
    yield make.people(ANN + PERSON.replace("1950-04-03", "03/04/1950"))


def c33(make):
    said = declared(dates="dd/mm/yyyy")
    for day in ("31/02/1950", "00/00/0000"):
        yield make.people(ANN + PERSON.replace("1950-04-03", day), declared=said)


def c33_filler(make):
    yield make.people(ANN + PERSON.replace("1950-04-03", "1900-01-01"), BOB + PERSON)


def c34(make):
    yield make.people(ANN + PERSON.replace("1950-04-03", "2031-01-01"))


def c34_old(make):
    yield make.people(ANN + PERSON.replace("1950-04-03", "1905-11-19"))


def c35(make):
    yield make.people(ANN + PERSON.replace("1950-04-03", "03/04/50"))


def c36(make):
    yield make.people(ANN + PERSON.replace("1950-04-03", "18354"))


def c37(make):
    yield make.field("deceased_on", "1949-01-01")
    yield make.people(f"{ANN}{PERSON},no,2020-01-01", header=f"{HEADER},deceased,deceased_on")


def c37_known(make):
    make.take_in(*make.people(ANN + PERSON)[0])
    yield make.people(f"{ANN}{PERSON},no,2020-01-01", header=f"{HEADER},deceased,deceased_on")


def c38(make):
    for number in ("+44 7700 900123", "00447700900123", "+44 (0)7700 900123", "07700 900123"):
        yield make.field("mobile", number)


def c38_landline(make):
    yield make.field("mobile", "01632 960123")


def c38_short(make):
    for number in ("60006", "999", "0909 123 4567", "07700 90012x"):
        yield make.field("mobile", number)


def c39(make):
    rows = [
        f"{number},N{at},1950-04-03,f,D82001,01632960123" for at, number in enumerate(numbers(40))
    ]
    yield make.people(*rows, header=f"{HEADER},phone")


def c39_many(make):
    rows = [
        f"{number},N{at},1950-04-03,f,D82001,01632960123" for at, number in enumerate(numbers(501))
    ]
    yield make.people(*rows, header=f"{HEADER},phone")


def c40(make):
    yield make.field("email", '"a@b.uk\nBcc: c@d.uk"')
    yield make.field("email", "Ann <a@b.uk>")


def c41(make):
    names = ('"=HYPERLINK(""x"")"', "+cmd", "@SUM", "-2+3", '"\tx"')
    yield make.people(
        *[
            f"{number},{name},1950-04-0{at},f,D82001"
            for at, (number, name) in enumerate(zip(numbers(5), names, strict=True), 1)
        ]
    )


def c42(make):
    names = ("<script>", "{{7*7}}", "%s", "${x}")
    yield make.people(
        *[
            f"{number},{name},1950-04-03,f,D82001"
            for number, name in zip(numbers(4), names, strict=True)
        ]
    )


def c43(make):
    names = ("X", "L" * 80, "Null", "N/A", "Test")
    yield make.people(
        *[
            f"{number},{name},1950-04-03,f,D82001"
            for number, name in zip(numbers(5), names, strict=True)
        ]
    )


def c44(make):
    yield make.people(ANN + PERSON.replace("Ames", "Rene\u0301\u200b \u202eA"))


def c45(make):
    yield make.field("address", "\U0001f3e0 \U00020000 Lane")


def c46(make):
    make.take_in(*make.people(ANN + PERSON)[0], declared=declared(extract_on="2026-11-01"))
    yield make.people(ANN + PERSON, BOB + PERSON, declared=declared(extract_on="2025-11-01"))


def c47(make):
    make.take_in(*make.people(ANN + PERSON)[0])
    yield make.people(ANN + PERSON)


def c48(make):
    rows = [f"{number},N{at},1950-04-03,f,D82001" for at, number in enumerate(numbers(30))]
    make.take_in(*make.people(*rows)[0])
    yield make.people(*rows[:20], declared=declared(whole=True))


def c49(make):
    here = [f"{number},N{at},1950-04-03,f,D82001" for at, number in enumerate(numbers(30))]
    there = f"{numbers(31)[30]},Away,1950-04-03,f,D82002"
    make.take_in(*make.people(*here, there)[0])
    yield make.people(*here, declared=declared(whole=True))


def c50(make):
    make.take_in(*make.field("restricted", "yes")[0])
    yield make.people(ANN + PERSON)


def c51(make):
    make.take_in(*make.field("opted_out", "yes")[0])
    yield make.field("opted_out", "")


def c52(make):
    yield make.events(f"{ANN},195967002,snomed,2019-02-01", f"{ANN},C10..,emis,2019-02-01")


def c53(make):
    header = "nhs_number,code,system,date,value,unit"
    yield make.events(f"{ANN},18491006,snomed,2019-02-01,-5,L/min", header=header)
    yield make.events(f"{ANN},27113001,snomed,2019-02-01,700,kg", header=header)
    yield make.events(f"{ANN},386725007,snomed,2019-02-01,98.6,Cel", header=header)


def c54(make):
    path = make.file(HEADER)
    with path.open("r+b") as file:
        file.truncate((1 << 31) + 1)
    yield [path], {}


def c54_wide(make):
    yield make.people(ANN + PERSON, header=",".join(f"c{at}" for at in range(1_000_000)))


def _workbook(*names):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as book:
        for name in names:
            book.writestr(name, "<xml/>")
    return whole.getvalue()


def c55(make):
    book = _workbook("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin")
    yield [make.file(book, "people.xlsx")], {}
    yield [make.file(book)], {}


def c56(make):
    yield [make.file(_workbook("xl/sharedStrings.xml"), "people.xlsx")], {}


def c57(make):
    yield [make.file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)], {}
    yield [make.file(b"%PDF-1.7\n")], {}
    yield [make.file(_workbook("mimetype", "content.xml"))], {}
