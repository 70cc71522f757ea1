//! The files of the demo, as they stand in the program: documents in the shape in which programs write them, pictures, and
//! the story. It knows nothing of what is in them.

use crate::content::Kind;

pub(super) const STORY: &str = include_str!("story.json");

/// What visitors said of two pages in the last months, and what became of it.
pub(super) const DESK: &str = include_str!("desk.json");

macro_rules! documents {
    ($folder:literal: $($name:literal,)*) => {
        &[$(($name, include_str!(concat!("content/", $folder, "/", $name, ".json")))),*]
    };
}

macro_rules! images {
    ($($name:literal,)*) => {
        &[$(($name, include_bytes!(concat!("../../admin-assets/demo/", $name, ".webp")))),*]
    };
}

const ROLE_PAGES: &[(&str, &str)] = documents!("role-pages":
    "ambulance-cadet",
    "ambulance-service",
    "biomedical-scientist",
    "cardiac-physiologist",
    "community-first-responder",
    "data-analyst",
    "digital-skills-trainer",
    "drone-courier",
    "emergency-call-handler",
    "emergency-care-assistant",
    "emergency-planning-officer",
    "healthcare-science",
    "healthcare-science-assistant",
    "information-and-communication-technology",
    "information-security-analyst",
    "it-support-assistant",
    "medical-equipment-technician",
    "network-engineer",
    "paramedic",
    "patient-transport-assistant",
    "phlebotomist",
    "radio-systems-engineer",
    "service-desk-operator",
    "software-developer",
    "sterile-services-technician",
);

const REQUIREMENT_SECTIONS: &[(&str, &str)] = documents!("requirement-sections":
    "background-checks",
    "emergency-driving",
    "english-and-maths",
    "entry-requirements-ambulance-support",
    "entry-requirements-healthcare-science",
    "entry-requirements-ict",
    "entry-requirements-paramedic",
    "entry-requirements-radio-systems",
    "entry-requirements-science-support",
    "health-check",
    "right-to-work",
    "values-and-behaviours",
);

const IMAGES: &[(&str, &[u8])] = images!(
    "ambulance-bay",
    "ambulance-road",
    "control-room",
    "headset-desk",
    "laboratory-bench",
    "network-cupboard",
    "sterile-services",
    "training-room",
    "two-screens",
    "ward-corridor",
    "workshop",
    "workshop-bench",
);

/// The file of a document, by the name of the file; that is the slug which the document begins with.
pub(super) fn document(name: &str) -> Option<(Kind, &'static str)> {
    let find = |files: &[(&str, &'static str)]| files.iter().find(|(file, _)| *file == name).map(|(_, text)| *text);
    let page = find(ROLE_PAGES).map(|text| (Kind::RolePage, text));
    page.or_else(|| find(REQUIREMENT_SECTIONS).map(|text| (Kind::RequirementSection, text)))
}

/// A picture by its name.
pub(super) fn image(name: &str) -> Option<&'static [u8]> {
    IMAGES.iter().find(|(file, _)| *file == name).map(|(_, bytes)| *bytes)
}
