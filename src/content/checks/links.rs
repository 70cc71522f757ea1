//! Links and references: each leads somewhere, and to the right kind of thing.

use super::{
    super::{
        kinds::{Content, Kind, Part, section::LinkTarget},
        markdown::Target,
        references::{self, ReferenceRole},
    },
    Findings, Surroundings,
};

pub fn check(content: &Content, surroundings: &Surroundings, findings: &mut Findings) {
    content.walk(&mut |pointer, part| {
        if let Part::Link(link) = part {
            if link.text.is_empty() {
                findings.must_fix("link-text-missing", format!("{pointer}/text"), "Say where the link leads.");
            }
            if let LinkTarget::Address { url } = &link.target {
                check_address(url, &format!("{pointer}/url"), findings);
            }
        }
        if let Part::RichText(markdown) = part
            && !markdown.is_empty()
        {
            for target in markdown.document().targets() {
                if let Target::Address(url) = target {
                    check_address(url, pointer, findings);
                }
            }
        }
    });
    let mut not_live = 0_usize;
    let mut related = 0_usize;
    for reference in references::of(content) {
        if reference.role == ReferenceRole::Image {
            continue;
        }
        let expected = match reference.role {
            ReferenceRole::Embed | ReferenceRole::Tree => Some(Kind::RequirementSection),
            ReferenceRole::Related | ReferenceRole::OwnPage => Some(Kind::RolePage),
            _ => None,
        };
        match (surroundings.documents.get(&reference.target), expected) {
            (None, _) => {
                let message = format!("The document {} is not there, or is in the trash.", reference.target);
                findings.must_fix("reference-missing", &reference.pointer, message);
            }
            (Some(kind), Some(expected)) if *kind != expected => {
                let message = format!("A {} was expected here, not a {}.", expected.words(), kind.words());
                findings.must_fix("reference-kind", &reference.pointer, message);
            }
            _ => {}
        }
        if reference.role == ReferenceRole::Related {
            related += 1;
            not_live += usize::from(!surroundings.live.contains(&reference.target));
        }
    }
    if not_live > 0 {
        let message = format!("{not_live} of {related} related roles are not live; readers don't see them.");
        findings.advice("related-not-live", "/related_roles", message);
    }
}

fn check_address(url: &str, pointer: &str, findings: &mut Findings) {
    if url.is_empty() {
        findings.must_fix("link-address-missing", pointer, "The link leads nowhere; give it an address.");
    } else if !is_address(url) {
        let message = "An address begins with https://, http://, mailto:, tel:, or one / for a page of the site.";
        findings.must_fix("link-address-unsupported", pointer, message);
    } else if url::Url::parse(url).is_ok_and(|url| !url.username().is_empty() || url.password().is_some()) {
        findings.must_fix("link-credentials", pointer, "The address holds a user name or a password.");
    } else if url.starts_with("http://") {
        findings.advice("link-insecure", pointer, "Use https:// if the site has it.");
    }
}

/// http(s) with a host, mailto, tel, or a path of the site that begins with exactly one slash.
fn is_address(url: &str) -> bool {
    if url.starts_with('/') {
        return !url.starts_with("//") && !url.contains('\\') && !url.contains(char::is_whitespace);
    }
    match url::Url::parse(url) {
        Ok(parsed) => match parsed.scheme() {
            "http" | "https" => parsed.host_str().is_some_and(|host| !host.is_empty()),
            "mailto" | "tel" => !parsed.path().is_empty(),
            _ => false,
        },
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn only_web_mail_telephone_and_site_addresses_are_supported() {
        for good in
            ["https://www.jobs.nhs.uk/", "http://a.example/x?y#z", "mailto:a@b.example", "tel:0800", "/ict", "/"]
        {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "//evil.example",
            "data:text/html,x",
            "www.nhs.uk",
            "https://",
            "/\\evil",
            "ftp://a.b",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
