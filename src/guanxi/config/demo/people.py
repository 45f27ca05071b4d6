"""The demo company's customers: who they are, made up anew but always the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from guanxi.config.demo import vocabulary as words
from guanxi.customers.actions.identities import IdentityRef
from guanxi.kit.names import split_name

COUNT = 5_000
TWINS = 45
SHOP = "cloudtop"


@dataclass(slots=True)
class Person:
    """One customer to be, before the database knows them."""

    number: int
    name: str
    gender: str
    kind: str
    city: str
    region: str
    country: str
    address: str
    birth_date: date | None
    company_name: str
    tea: str
    who: list[IdentityRef] = field(default_factory=list)
    warmth: float = 0.5
    customer_id: int = 0


def people(seed: int) -> list[Person]:
    """COUNT customers, the last few of them second records of earlier ones, as every real base has."""
    chance = Random(seed)
    made = [_person(number, chance) for number in range(1, COUNT - TWINS + 1)]
    made[41].name = "张三丰"
    originals = chance.sample([person for person in made if person.kind == "person"], TWINS)
    made += [_twin(original, COUNT - TWINS + 1 + place, chance) for place, original in enumerate(originals)]
    return made


def _person(number: int, chance: Random) -> Person:
    city, region, country, _share, streets = chance.choices(words.CITIES, [place[3] for place in words.CITIES])[0]
    is_company = number % 25 == 0
    gender = chance.choice(["female", "female", "male"])
    is_foreign = city in words.FOREIGN_CITIES or chance.random() < 0.04
    company = chance.choice(words.COMPANIES)
    if is_company:
        name, gender = company[1] if is_foreign else f"{city}{company[0]}", ""
    else:
        name = _english_name(gender, chance) if is_foreign else _chinese_name(gender, chance)
    street = chance.choice(streets)
    door = chance.randint(1, 900)
    person = Person(
        number=number,
        name=name,
        gender=gender,
        kind="company" if is_company else "person",
        city=city,
        region=region,
        country=country,
        address=f"{door} {street}" if city in words.FOREIGN_CITIES else f"{street}{door}号",
        birth_date=None if is_company or chance.random() < 0.35 else _birth_date(chance),
        company_name=company[0] if not is_company and chance.random() < 0.12 else "",
        tea=chance.choice(words.TEAS),
        warmth=chance.betavariate(1.6, 3.2),
    )
    person.who = _identities(person, chance)
    return person


def _chinese_name(gender: str, chance: Random) -> str:
    surname = chance.choices(list(words.SURNAMES), list(words.SURNAMES.values()))[0]
    return surname + chance.choice(words.FEMALE_GIVEN if gender == "female" else words.MALE_GIVEN)


def _english_name(gender: str, chance: Random) -> str:
    return f"{chance.choice(words.ENGLISH_FIRST[gender])} {chance.choice(words.ENGLISH_LAST)}"


def _birth_date(chance: Random) -> date:
    return date(chance.randint(1955, 2006), chance.randint(1, 12), chance.randint(1, 28))


def _identities(person: Person, chance: Random) -> list[IdentityRef]:
    """A phone for most, an e-mail for many, WeChat for people in China, a member number in the shop for all."""
    known = [IdentityRef("external", f"M{person.number:06d}", SHOP)]
    if chance.random() < 0.86:
        known.append(IdentityRef("phone", _phone(person)))
    if chance.random() < 0.48:
        known.append(IdentityRef("email", _email(person, chance)))
    if person.country == "CN" and chance.random() < 0.62:
        known.append(IdentityRef("unionid", f"oU{chance.getrandbits(80):020x}"))
    return known


def _phone(person: Person) -> str:
    """A number that looks right and is nobody's: mobile ranges with the demo's own running digits."""
    if person.country == "SG":
        return f"+658{person.number:07d}"
    if person.country == "GB":
        return f"+447700{900_000 + person.number % 1000:06d}"[:9] + f"{person.number:04d}"
    if person.country == "US":
        return f"+1212555{person.number % 10_000:04d}"
    prefix = ("138", "139", "150", "186", "177", "188")[person.number % 6]
    return f"+86{prefix}{person.number * 7919 % 100_000_000:08d}"


def _email(person: Person, chance: Random) -> str:
    family, given = split_name(person.name)
    latin = "".join(
        letter for letter in f"{given}.{family}".lower() if letter.isascii() and (letter.isalnum() or letter == ".")
    )
    local = latin.strip(".") if len(latin) > 4 else f"cha{person.number}"
    return f"{local}{person.number}@{chance.choice(['example.com', 'example.net', 'example.org'])}"


def _twin(original: Person, number: int, chance: Random) -> Person:
    """A second record of somebody: another phone, the same birthday and street, the name perhaps written otherwise."""
    name = original.name
    if name.isascii() and " " in name and chance.random() < 0.5:
        first, last = name.split(" ", 1)
        name = f"{last} {first}"
    twin = Person(
        number=number,
        name=name,
        gender=original.gender,
        kind=original.kind,
        city=original.city,
        region=original.region,
        country=original.country,
        address=original.address,
        birth_date=original.birth_date or _birth_date(chance),
        company_name=original.company_name,
        tea=original.tea,
        warmth=original.warmth * 0.5,
    )
    original.birth_date = twin.birth_date
    twin.who = [IdentityRef("external", f"W{number:06d}", "webshop"), IdentityRef("phone", _phone(twin))]
    return twin
