//! The invented people who buy in the simulated Amazon, and where they live.
//!
//! It must never contain the data of a real person: names are common ones put together by chance, e-mail addresses
//! end in a domain that Amazon uses for anonymised mail, and telephone numbers are reserved for fiction where the country
//! has such numbers.

use super::market::Market;
use super::order::{Address, Buyer};
use super::rng::Rng;

type Words = &'static [&'static str];

/// What people and places are called in one country.
struct Country {
    first: Words,
    last: Words,
    streets: Words,
    /// City, region and postal code.
    cities: &'static [(&'static str, &'static str, &'static str)],
    phone: &'static str,
    number_first: bool,
    vat_prefix: &'static str,
    vat_digits: usize,
}

const FR: Country = Country {
    first: &[
        "Camille",
        "Zoé",
        "François",
        "Chloé",
        "Élodie",
        "Jérôme",
        "Inès",
        "Loïc",
        "Maëlys",
        "Thibault",
        "Noémie",
        "Hugo",
    ],
    last: &["Martin", "Lefèvre", "Dubois", "Béranger", "Moreau", "Nguyen", "Garçon", "Le Goff", "D’Hérouville", "Roux"],
    streets: &["rue des Lilas", "avenue Jean-Jaurès", "boulevard Voltaire", "impasse du Moulin", "place de l’Église"],
    cities: &[
        ("Lyon", "", "69003"),
        ("Paris", "", "75011"),
        ("Saint-Étienne", "", "42000"),
        ("Nantes", "", "44000"),
        ("Ajaccio", "", "20000"),
        ("Saint-Denis", "La Réunion", "97400"),
    ],
    phone: "+33 1 99 00 12 34",
    number_first: true,
    vat_prefix: "FR",
    vat_digits: 11,
};
const DE: Country = Country {
    first: &["Jürgen", "Anke", "Lukas", "Sören", "Käthe", "Mia", "Emil", "Hannelore", "Björn", "Leonie"],
    last: &["Müller", "Schäfer", "Groß", "Weiß", "Schmidt", "Öztürk", "Köhler", "von der Heide", "Fischer"],
    streets: &["Hauptstraße", "Goethestraße", "Am Bächle", "Lindenallee", "Königsweg"],
    cities: &[("Köln", "", "50667"), ("München", "", "80331"), ("Görlitz", "", "02826"), ("Berlin", "", "10115")],
    phone: "+49 30 23125 123",
    number_first: false,
    vat_prefix: "DE",
    vat_digits: 9,
};
const IT: Country = Country {
    first: &["Giulia", "Niccolò", "Chiara", "Matteo", "Noè", "Lucia", "Andrea", "Salvatore"],
    last: &["Rossi", "Esposito", "D’Angelo", "Conti", "Nicolò", "Ferrari", "Greco"],
    streets: &["Via Garibaldi", "Corso Umberto I", "Via dell’Università", "Piazza Libertà"],
    cities: &[("Milano", "MI", "20121"), ("Forlì", "FC", "47121"), ("Napoli", "NA", "80133"), ("Roma", "RM", "00184")],
    phone: "+39 06 5555 0123",
    number_first: false,
    vat_prefix: "IT",
    vat_digits: 11,
};
const GB: Country = Country {
    first: &["Oliver", "Siân", "Amelia", "Hamish", "Zadie", "Callum", "Priya", "Niamh"],
    last: &["Smith", "O’Brien", "Patel", "MacLeod", "Featherstonehaugh", "Jones", "Okafor"],
    streets: &["High Street", "Station Road", "Victoria Terrace", "Mill Lane"],
    cities: &[
        ("London", "", "E1 6AN"),
        ("Edinburgh", "", "EH1 1YZ"),
        ("Belfast", "County Antrim", "BT1 5GS"),
        ("Leeds", "West Yorkshire", "LS1 4DY"),
    ],
    phone: "+44 20 7946 0123",
    number_first: true,
    vat_prefix: "GB",
    vat_digits: 9,
};
const SE: Country = Country {
    first: &["Åsa", "Björn", "Elin", "Örjan", "Maja", "Göran"],
    last: &["Lindström", "Åkesson", "Öberg", "Nilsson", "Sjögren"],
    streets: &["Storgatan", "Ängsvägen", "Östra Hamngatan", "Kungsgatan"],
    cities: &[("Göteborg", "", "411 10"), ("Malmö", "", "211 22"), ("Umeå", "", "903 26")],
    phone: "+46 8 465 004 12",
    number_first: false,
    vat_prefix: "SE",
    vat_digits: 12,
};
const US: Country = Country {
    first: &["Jessica", "Michael", "José", "Ashley", "Tyrone", "Megan", "Wei", "Zoë"],
    last: &["Johnson", "Nuñez", "Williams", "O'Connor", "Garcia-Lopez", "Chen", "Brown"],
    streets: &["Maple Ave", "Oak St Apt 4B", "5th Ave", "Sunset Blvd"],
    cities: &[
        ("Portland", "OR", "97205"),
        ("Austin", "TX", "78701"),
        ("New York", "NY", "10001"),
        ("Boston", "MA", "02108"),
    ],
    phone: "+1 503-555-0142",
    number_first: true,
    vat_prefix: "US",
    vat_digits: 9,
};
const JP: Country = Country {
    first: &["さくら", "太郎", "陽菜", "健一", "結衣", "蓮"],
    last: &["佐藤", "鈴木", "髙橋", "渡邉", "田中"],
    streets: &["丸の内一丁目", "栄二丁目", "梅田三丁目", "天神一丁目"],
    cities: &[
        ("千代田区", "東京都", "100-0005"),
        ("名古屋市中区", "愛知県", "460-0008"),
        ("大阪市北区", "大阪府", "530-0001"),
    ],
    phone: "+81 3-5550-0123",
    number_first: false,
    vat_prefix: "T",
    vat_digits: 13,
};
const BR: Country = Country {
    first: &["João", "Conceição", "Luíza", "Antônio", "Flávia"],
    last: &["da Silva", "Gonçalves", "Araújo", "dos Santos"],
    streets: &["Rua das Flores", "Avenida São João", "Travessa da Graça"],
    cities: &[("São Paulo", "SP", "01035-000"), ("Belém", "PA", "66010-000"), ("Curitiba", "PR", "80010-010")],
    phone: "+55 11 5555-0123",
    number_first: false,
    vat_prefix: "",
    vat_digits: 14,
};
const ELSEWHERE: Country = Country {
    first: &["Alex", "Sam", "Maria", "Noor", "Jan", "Amara"],
    last: &["de Vries", "Kowalska", "Haddad", "Murphy", "Botha", "Rao"],
    streets: &["Market Street", "Station Square", "Church Road"],
    cities: &[("Capital City", "", "10000"), ("Port Town", "", "20001"), ("Hillside", "", "30002")],
    phone: "+00 555 0123",
    number_first: true,
    vat_prefix: "XX",
    vat_digits: 9,
};

/// Names that break programs which think in Latin letters, one of them with an emoji.
const DIFFICULT_NAMES: Words =
    &["王小明", "محمد عبد الله", "Zoë 🌻 Fernández-Ångström", "Ελένη Παπαδοπούλου", "Łukasz Żółć", "דוד לוי"];

const COMPANIES: Words = &[
    "Atelier Béton & Fils SARL",
    "Nordlicht Büro GmbH",
    "Studio Caffè S.r.l.",
    "Brightwell & Co Ltd",
    "Kafferosteriet AB",
];

fn country_of(market: &Market) -> &'static Country {
    match market.country {
        "FR" => &FR,
        "DE" => &DE,
        "IT" => &IT,
        "GB" => &GB,
        "SE" => &SE,
        "US" => &US,
        "JP" => &JP,
        "BR" => &BR,
        _ => &ELSEWHERE,
    }
}

/// The buyer number `number` of a marketplace and the address number `home` of that person.
///
/// The same numbers always give the same person: this is how buyers come back.
pub(crate) fn person(seed: u64, market: &'static Market, number: u64, home: u64) -> (Buyer, Address) {
    let country = country_of(market);
    let salt: u64 = market.id.bytes().map(u64::from).fold(0, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte));
    let mut who = Rng::for_item(seed ^ salt, number);
    let (first, last) = (who.pick(country.first), who.pick(country.last));
    let name = if market.country == "JP" { format!("{last} {first}") } else { format!("{first} {last}") };
    let email = format!("{}@marketplace.{}", who.token(14).to_lowercase(), market.name.to_lowercase());
    let mut place = Rng::for_item(seed ^ salt ^ 0xADD4, number.wrapping_mul(8).wrapping_add(home));
    let (city, state, postal_code) = place.pick(country.cities);
    let street = place.pick(country.streets);
    let house = place.between(1, 180);
    let line = if country.number_first { format!("{house} {street}") } else { format!("{street} {house}") };
    let mut lines = vec![line];
    if place.percent(20) {
        lines.push(format!("Bât. C, {}", place.between(1, 9)));
    }
    let address = Address {
        name: name.clone(),
        company: String::new(),
        lines,
        city: city.to_owned(),
        state: state.to_owned(),
        postal_code: postal_code.to_owned(),
        country: market.country,
        phone: country.phone.to_owned(),
        kind: "RESIDENTIAL",
    };
    (Buyer { name, email, ..Buyer::default() }, address)
}

/// Turns a person into the purchasing department of a company.
pub(crate) fn make_business(rng: &mut Rng, market: &Market, buyer: &mut Buyer, address: &mut Address) {
    let country = country_of(market);
    let company = rng.pick(COMPANIES);
    company.clone_into(&mut buyer.company);
    company.clone_into(&mut address.company);
    buyer.purchase_order = format!("PO-{}", rng.digits(6));
    buyer.vat_number = format!("{}{}", country.vat_prefix, rng.digits(country.vat_digits));
    address.kind = "COMMERCIAL";
}

/// Lets a person live in a country without a marketplace, outside the European Union.
pub(crate) fn move_abroad(address: &mut Address) {
    "Genève".clone_into(&mut address.city);
    address.state.clear();
    "1201".clone_into(&mut address.postal_code);
    address.phone.clear();
    address.country = "CH";
}

/// One of the names that need more than Latin letters; every one of them comes up in turn.
pub(crate) fn difficult_name(turn: u64) -> &'static str {
    let count = u64::try_from(DIFFICULT_NAMES.len()).unwrap_or(1).max(1);
    let at = usize::try_from(turn % count).unwrap_or(0);
    DIFFICULT_NAMES.get(at).copied().unwrap_or_default()
}
