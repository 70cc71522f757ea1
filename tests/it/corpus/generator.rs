//! Texts that people could have written, with personal data of every kind in every position and spacing, and texts that
//! look like it and are none. Made from the public descriptions of each kind of number, with check digits of their own; it
//! knows nothing of the rules that look for them. The same seed makes the same texts.

/// A source of chance that is the same everywhere (Steele and others, SplitMix64).
pub struct Draw(u64);

impl Draw {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    pub fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::try_from(self.below(u64::try_from(of.len()).unwrap())).unwrap()]
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap())).collect()
    }

    fn number(&mut self, from: u64, until: u64) -> u64 {
        from + self.below(until - from)
    }

    fn letter(&mut self, of: &str) -> char {
        let place = usize::try_from(self.below(u64::try_from(of.len()).unwrap())).unwrap();
        of.chars().nth(place).unwrap()
    }
}

/// Something personal in a sentence.
pub struct Sample {
    pub kind: &'static str,
    /// The sentence.
    pub text: String,
    /// What must not be found afterwards, as it was written.
    pub raw: String,
}

const FIRST: &[&str] = &["jane", "ana", "tom", "priya", "o.brien", "lee_r", "mary-ann", "j.k.smith", "chidi99", "zoe"];
const LAST: &[&str] = &["doe", "quill", "okafor", "singh", "evans", "macleod", "novak", "hughes"];
const DOMAINS: &[&str] =
    &["example.com", "mail.example.org", "example.co.uk", "school.example.sch.uk", "example.museum", "my-example.net"];
const BEGINNINGS: &[&str] = &[
    "Please write to me, ",
    "My details: ",
    "The page is out of date. ",
    "",
    "I can't open the form; ",
    "Hello,\n",
    "Contact ",
    "(",
    "\"",
    "As I said before: ",
    "reach me - ",
    "On line 3 it says band 5. ",
    "See below\n\n",
];
const ENDS: &[&str] = &[
    "",
    ".",
    " thanks",
    ", and the link is broken",
    ")",
    "\"",
    "!",
    "\nRegards",
    " (urgent)",
    "; please mend it",
    " or ask at reception?",
];

/// Kinds of personal data.
const KINDS: u64 = 24;

/// The sample with this number.
pub fn sample(draw: &mut Draw, number: u64) -> Sample {
    let (kind, before, value) = value(draw, number % KINDS);
    let raw = written(draw, kind, &value);
    let (begin, end) = (draw.one(BEGINNINGS), draw.one(ENDS));
    Sample { kind, text: format!("{begin}{before}{raw}{end}"), raw }
}

/// A value as it is usually written, with the words that such a number needs around it.
fn value(draw: &mut Draw, kind: u64) -> (&'static str, &'static str, String) {
    match kind {
        0 | 1 => ("email", "", email(draw)),
        2 | 3 => ("uk phone", "", british_phone(draw)),
        4 => ("foreign phone", "", foreign_phone(draw)),
        5 => ("nhs", "", {
            let digits = with_check(draw, draw_nhs);
            spaced(draw, &digits, &[3, 3, 4], &[" ", "-", ""])
        }),
        6 => ("chi", draw.one(&["CHI ", "my CHI number is "]), {
            let digits = with_check(draw, draw_chi);
            spaced(draw, &digits, &[6, 4], &[" ", ""])
        }),
        7 => ("h&c", "", {
            let digits = with_check(draw, draw_hc);
            spaced(draw, &digits, &[3, 3, 4], &[" ", "-"])
        }),
        8 | 9 => ("ni", "", insurance(draw)),
        10 => ("tax", draw.one(&["HMRC gave me ", "temporary reference "]), {
            format!(
                "{} {}{} {} {}",
                draw.digits(2),
                draw.letter("ABCDEFGH"),
                draw.below(10),
                draw.digits(2),
                draw.digits(2)
            )
        }),
        11 => ("postcode", "", postcode(draw)),
        12 => ("card", "", card(draw)),
        13 => (
            "bank",
            "",
            format!("{}-{}-{} {}", draw.number(10, 99), draw.number(10, 99), draw.number(10, 99), draw.digits(8)),
        ),
        14 => ("account", draw.one(&["account number ", "account no. ", "acc no "]), draw.digits(8)),
        15 => ("birth", draw.one(&["born ", "DOB: ", "date of birth ", "my birthday is "]), date(draw)),
        16 => (
            "nmc",
            draw.one(&["", "NMC PIN "]),
            format!("{}{}{}{}", draw.digits(2), draw.letter("ABCEFGHI"), draw.digits(4), draw.letter("CEOWS")),
        ),
        17 => (
            "hcpc",
            draw.one(&["", "registered as "]),
            format!("{}{}", draw.one(&["PH", "OT", "PA", "RA"]), draw.number(10_000, 999_999)),
        ),
        18 => (
            "register",
            draw.one(&["GMC number ", "my GMC no is ", "GMC: "]),
            draw.number(1_000_000, 7_999_999).to_string(),
        ),
        19 => ("ucas", draw.one(&["UCAS ID ", "my UCAS number is "]), {
            let digits = format!("{}{}", draw.number(1, 9), draw.digits(9));
            spaced(draw, &digits, &[3, 3, 4], &["-", "", " "])
        }),
        20 => (
            "passport",
            draw.one(&["passport number ", "passport no: "]),
            format!("{}{}", draw.number(1, 9), draw.digits(8)),
        ),
        21 => ("address", "", internet_address(draw)),
        22 => ("secret", "", {
            let name = draw.one(&["token", "reset_password_token", "unlock_token", "access_token"]);
            format!("https://example.org/a?x=1&{name}={}{}k", draw.digits(6), draw.one(&["aBcD", "zzq", "Qx"]))
        }),
        _ => (
            "reference",
            "",
            match draw.below(2) {
                0 => format!("GWF{}", draw.digits(9)),
                _ => format!("GB{}", draw.digits(12)),
            },
        ),
    }
}

fn email(draw: &mut Draw) -> String {
    let (first, last, domain) = (draw.one(FIRST), draw.one(LAST), draw.one(DOMAINS));
    let local = match draw.below(4) {
        0 => first.to_owned(),
        1 => format!("{first}.{last}"),
        2 => format!("{last}+jobs{}", draw.below(99)),
        _ => format!("{first}{}", draw.number(1960, 2010)),
    };
    match draw.below(8) {
        0 => format!("{local}%40{domain}"),
        1 => format!("{local} [at] {domain}"),
        2 => format!("{local}(at){domain}"),
        3 => format!("{local} @ {domain}"),
        4 => format!("{local}@{domain}").to_uppercase(),
        5 => format!("{local}@{}", domain.replace('.', " dot ")),
        6 => format!("{local}@{}{domain}", draw.one(&["", "\n"])),
        _ => format!("{local}@{domain}"),
    }
}

/// From the ranges that Ofcom keeps free for drama.
fn british_phone(draw: &mut Draw) -> String {
    let last = format!("{:03}", draw.below(1_000));
    let gap = draw.one(&[" ", "", "-", ".", "\u{a0}", " "]);
    match draw.below(7) {
        0 => format!("07700{gap}900{last}"),
        1 => format!("07700{gap}900{gap}{last}"),
        2 => format!("+44{gap}7700{gap}900{last}"),
        3 => format!("+44 (0)7700 900{last}"),
        4 => format!("0044{gap}7700{gap}900{last}"),
        5 => format!("(01632) 960{gap}{last}"),
        _ => format!("020{gap}7946{gap}0{last}"),
    }
}

fn foreign_phone(draw: &mut Draw) -> String {
    match draw.below(4) {
        0 => format!(
            "+33 1 {} {} {} {}",
            draw.number(20, 99),
            draw.number(10, 99),
            draw.number(10, 99),
            draw.number(10, 99)
        ),
        1 => format!("+353 1 {} {}", draw.number(200, 999), draw.number(1_000, 9_999)),
        2 => format!("+1 (212) 555-01{:02}", draw.below(100)),
        _ => format!("0049 30 {}", draw.number(1_000_000, 9_999_999)),
    }
}

fn draw_nhs(draw: &mut Draw) -> String {
    format!("{}{}", draw.one(&["4", "5", "6", "7", "9"]), draw.digits(8))
}

fn draw_chi(draw: &mut Draw) -> String {
    format!("{:02}{:02}{}{}", draw.number(1, 29), draw.number(1, 13), draw.digits(2), draw.digits(3))
}

fn draw_hc(draw: &mut Draw) -> String {
    format!("3{}{}", draw.number(2, 10), draw.digits(7))
}

/// Nine digits and their check digit by the modulus 11 of the NHS Data Dictionary; drawn again where there is none.
fn with_check(draw: &mut Draw, nine: fn(&mut Draw) -> String) -> String {
    loop {
        let digits = nine(draw);
        let sum: u32 = digits.bytes().zip((2..=10).rev()).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
        match 11 - sum % 11 {
            10 => {}
            11 => return format!("{digits}0"),
            check => return format!("{digits}{check}"),
        }
    }
}

/// Digits in groups with one of these gaps.
fn spaced(draw: &mut Draw, digits: &str, groups: &[usize], gaps: &[&str]) -> String {
    let gap = draw.one(gaps);
    let mut parts = Vec::new();
    let mut rest = digits;
    for length in groups {
        let (part, after) = rest.split_at(*length);
        parts.push(part);
        rest = after;
    }
    parts.join(gap)
}

/// By HMRC's manual NIM39110.
fn insurance(draw: &mut Draw) -> String {
    let prefix = loop {
        let prefix = format!("{}{}", draw.letter("ABCEGHJKLMNOPRSTWXYZ"), draw.letter("ABCEGHJKLMNPRSTWXYZ"));
        if !["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"].contains(&prefix.as_str()) {
            break prefix;
        }
    };
    let suffix = draw.letter("ABCD");
    let gap = draw.one(&["", " ", "-"]);
    let (one, two, three) = (draw.digits(2), draw.digits(2), draw.digits(2));
    let number = format!("{prefix}{gap}{one}{gap}{two}{gap}{three}{gap}{suffix}");
    // In small letters "on 12 34 56 a" is also the beginning of a sentence.
    if draw.below(3) == 0 && gap.is_empty() { number.to_lowercase() } else { number }
}

/// By the shapes and letters of BS 7666.
fn postcode(draw: &mut Draw) -> String {
    let outward = match draw.below(4) {
        0 => format!("{}{}", draw.one(&["L", "B", "M", "S"]), draw.number(1, 60)),
        1 => format!("{}{}", draw.one(&["LS", "CF", "EH", "BT", "NE"]), draw.number(1, 20)),
        2 => format!("{}{}", draw.one(&["SW1", "EC2", "WC1"]), draw.letter("AEHMNPRVWXY")),
        _ => format!("W1{}", draw.letter("ABCDEFGHJKPSTUW")),
    };
    let inward =
        format!("{}{}{}", draw.below(10), draw.letter("ABDEFGHJLNPQRSTUWXYZ"), draw.letter("ABDEFGHJLNPQRSTUWXYZ"));
    format!("{outward}{}{inward}", draw.one(&[" ", " ", ""]))
}

/// With the check digit of ISO/IEC 7812-1.
fn card(draw: &mut Draw) -> String {
    let (prefix, length, groups): (_, usize, &[usize]) = if draw.below(4) == 0 {
        ("37", 15, &[4, 6, 5])
    } else {
        (draw.one(&["4", "51", "54", "6011"]), 16, &[4, 4, 4, 4])
    };
    let mut digits = format!("{prefix}{}", draw.digits(length - 1 - prefix.len()));
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(digit - b'0')) {
            (0, digit) if digit > 4 => digit * 2 - 9,
            (0, digit) => digit * 2,
            (_, digit) => digit,
        })
        .sum();
    digits.push(char::from(b'0' + u8::try_from((10 - sum % 10) % 10).unwrap()));
    spaced(draw, &digits, groups, &[" ", "-", ""])
}

fn date(draw: &mut Draw) -> String {
    let (day, month, year) = (draw.number(1, 29), draw.number(1, 13), draw.number(1940, 2010));
    let name = draw
        .one(&["January", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "October", "Nov", "December"]);
    match draw.below(5) {
        0 => format!("{day:02}/{month:02}/{year}"),
        1 => format!("{day}-{month}-{year}"),
        2 => format!("{day} {name} {year}"),
        3 => format!("{day}th of {name} {year}"),
        _ => format!("{day}.{month}.{:02}", year % 100),
    }
}

fn internet_address(draw: &mut Draw) -> String {
    match draw.below(3) {
        0 => format!("2001:db8:{:x}::{:x}", draw.number(0x1000, 0xffff), draw.number(0x1000, 0xffff)),
        _ => format!("{}.{}.{}.{}", draw.number(11, 223), draw.below(256), draw.below(256), draw.number(1, 255)),
    }
}

/// The value as somebody might have typed or pasted it.
fn written(draw: &mut Draw, kind: &str, value: &str) -> String {
    match draw.below(8) {
        // A keyboard for Chinese or Japanese types wide characters.
        0 if kind != "secret" => value.chars().map(wide).collect(),
        1 => with_unseen(draw, value, "\u{200b}"),
        2 => with_unseen(draw, value, "\u{ad}"),
        3 => with_unseen(draw, value, "\u{feff}"),
        4 if value.contains(' ') && kind != "email" => value.replacen(' ', "\n", 1),
        5 if value.contains(' ') && kind != "email" => value.replace(' ', "\u{2009}"),
        6 if value.contains('-') => value.replace('-', "\u{2011}"),
        _ => value.to_owned(),
    }
}

fn wide(character: char) -> char {
    match u32::from(character) {
        code @ 0x21..=0x7e => char::from_u32(code + 0xfee0).unwrap(),
        0x20 => '\u{3000}',
        _ => character,
    }
}

/// Something that nobody sees, somewhere within.
fn with_unseen(draw: &mut Draw, value: &str, unseen: &str) -> String {
    let places: Vec<usize> = value.char_indices().map(|(place, _)| place).skip(1).collect();
    let place = places[usize::try_from(draw.below(u64::try_from(places.len()).unwrap())).unwrap()];
    format!("{}{unseen}{}", &value[..place], &value[place..])
}

/// A text in which nothing is personal, though it looks like it.
pub fn harmless(draw: &mut Draw, number: u64) -> String {
    match number % 15 {
        0 => format!(
            "The course code is {}{}.",
            draw.one(&["BSc-", "UCAS course B", "C", "QAN 601/"]),
            draw.number(100, 999)
        ),
        1 => format!(
            "Since {} nothing has changed, not even in {}-{}.",
            draw.number(1990, 2026),
            draw.number(2001, 2010),
            draw.number(2011, 2020)
        ),
        2 => format!(
            "It says £{},{:03} to £{},{:03} a year.",
            draw.number(18, 30),
            draw.below(1_000),
            draw.number(31, 60),
            draw.below(1_000)
        ),
        3 => format!("The standard ST{:04} is at level {}.", draw.below(1_500), draw.number(2, 7)),
        4 => format!(
            "Open from {:02}:{:02} to {:02}:{:02} on weekdays.",
            draw.number(6, 10),
            draw.number(0, 60),
            draw.number(16, 22),
            draw.number(0, 60)
        ),
        5 => format!(
            "The link https://example.org/jobs/{}/{} leads nowhere.",
            draw.number(100, 999_999),
            draw.one(&["nurse", "cook", "porter"])
        ),
        6 => format!("SOC {} and SOC {} are swapped.", draw.number(1_111, 9_999), draw.number(1_111, 9_999)),
        7 => format!("You need {} GCSEs at grades {} to {} (A* to C).", draw.number(2, 8), 9, 4),
        8 => format!("People work {}.5 hours a week, {} weeks a year.", draw.number(30, 40), draw.number(40, 52)),
        9 => format!(
            "About {},{:03} people started in {}/{}.",
            draw.number(1, 99),
            draw.below(1_000),
            draw.number(2015, 2024),
            draw.number(16, 25)
        ),
        10 => format!(
            "In version {}.{}.{} of the browser it is cut off.",
            draw.number(1, 130),
            draw.below(20),
            draw.below(9)
        ),
        11 => format!(
            "Band {} starts at point {} and ends at {}.",
            draw.number(2, 9),
            draw.number(1, 20),
            draw.number(21, 50)
        ),
        12 => format!("Last updated on {} March {}, it says.", draw.number(1, 28), draw.number(2015, 2026)),
        13 => format!(
            "Unit {} of the diploma has {} credits and {} guided hours.",
            draw.number(1, 40),
            draw.number(2, 20),
            draw.number(20, 300)
        ),
        _ => format!(
            "{}% of {} pages have this, see section {}.{}.",
            draw.number(1, 99),
            draw.number(100, 9_999),
            draw.number(1, 12),
            draw.number(1, 12)
        ),
    }
}
