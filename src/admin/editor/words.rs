//! Words for the closed lists that the editors show.

use crate::content::kinds::{
    requirement::{Category, Nation, Necessity, RouteKind, Rule},
    role_page::{CodeScheme, Period, TitleArticle},
    section::{Display, FactName, SkillKind, Tone},
};

pub fn skill_kind(kind: SkillKind) -> &'static str {
    match kind {
        SkillKind::Essential => "Essential",
        SkillKind::Desirable => "Desirable",
        SkillKind::Personal => "Personal",
        SkillKind::Digital => "Digital",
        SkillKind::Knowledge => "Knowledge",
    }
}

pub fn title_article(article: TitleArticle) -> &'static str {
    match article {
        TitleArticle::A => "a (a porter)",
        TitleArticle::An => "an (an ambulance technician)",
        TitleArticle::None => "none (paramedic science)",
        TitleArticle::AsDefined => "as it is written",
    }
}

pub fn display(display: Display) -> &'static str {
    match display {
        Display::Plain => "As it is",
        Display::Accordion => "Folded, to be opened",
    }
}

pub fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Information => "Information",
        Tone::Tip => "Tip",
        Tone::Warning => "Warning",
    }
}

pub fn fact(fact: FactName) -> &'static str {
    match fact {
        FactName::OccupationCodes => "Occupation codes",
        FactName::Pay => "Pay",
        FactName::Hours => "Hours",
        FactName::Tasks => "Tasks",
        FactName::Skills => "Skills",
        FactName::Registrations => "Registrations",
        FactName::WorkLocations => "Where people work",
        FactName::WorkEnvironments => "What the work is like",
        FactName::Uniform => "Uniform",
        FactName::Standards => "Apprenticeship standards",
        FactName::CareerPath => "Career path",
    }
}

pub fn block_kind(kind: &str) -> &'static str {
    match kind {
        "text" => "Text",
        "image" => "Image",
        "callout" => "Callout",
        "details" => "Details",
        "roles" => "Roles",
        "requirements" => "Requirements",
        "links" => "Links",
        "quote" => "Quote",
        "facts" => "Facts",
        _ => "Block",
    }
}

/// Every kind of block, with what it is for.
pub const BLOCK_KINDS: [(&str, &str); 9] = [
    ("text", "Paragraphs, lists, headings, tables"),
    ("image", "A picture with its alternative text"),
    ("callout", "Something to notice"),
    ("details", "A line that opens to more"),
    ("roles", "Short portraits of several roles"),
    ("requirements", "A shared requirement section"),
    ("links", "A list of links"),
    ("quote", "What somebody says"),
    ("facts", "Facts of the page, shown in place"),
];

pub fn route_kind(kind: RouteKind) -> &'static str {
    match kind {
        RouteKind::University => "University",
        RouteKind::College => "College",
        RouteKind::Apprenticeship => "Apprenticeship",
        RouteKind::GraduateScheme => "Graduate scheme",
        RouteKind::Work => "Work",
        RouteKind::Volunteering => "Volunteering",
        RouteKind::Direct => "Direct application",
        RouteKind::Other => "Another way",
    }
}

pub fn rule(rule: Rule) -> &'static str {
    match rule {
        Rule::AllOf => "all of these",
        Rule::OneOf => "one of these",
        Rule::AtLeast => "at least a number of these",
    }
}

pub fn category(category: Category) -> &'static str {
    match category {
        Category::Qualification => "Qualification",
        Category::Experience => "Experience",
        Category::Licence => "Licence",
        Category::BackgroundCheck => "Background check",
        Category::Registration => "Registration",
        Category::Health => "Health",
        Category::Age => "Age",
        Category::Nationality => "Nationality",
        Category::Residence => "Residence",
        Category::Transport => "Transport",
        Category::Insurance => "Insurance",
        Category::References => "References",
        Category::Audition => "Audition",
        Category::Skill => "Skill",
        Category::Other => "Other",
    }
}

pub fn necessity(necessity: Necessity) -> &'static str {
    match necessity {
        Necessity::Required => "Required",
        Necessity::Usually => "Usually required",
        Necessity::Sometimes => "Sometimes required",
        Necessity::Helpful => "Helpful",
        Necessity::None => "Not required",
    }
}

pub fn nation(nation: Nation) -> &'static str {
    match nation {
        Nation::England => "England",
        Nation::Scotland => "Scotland",
        Nation::Wales => "Wales",
        Nation::NorthernIreland => "Northern Ireland",
    }
}

pub fn period(period: Period) -> &'static str {
    match period {
        Period::Hour => "an hour",
        Period::Day => "a day",
        Period::Week => "a week",
        Period::Month => "a month",
        Period::Year => "a year",
    }
}

pub fn code_scheme(scheme: CodeScheme) -> &'static str {
    match scheme {
        CodeScheme::UkSoc => "UK SOC",
        CodeScheme::OnetSoc => "O*NET-SOC",
        CodeScheme::Isco => "ISCO",
        CodeScheme::Esco => "ESCO",
    }
}
